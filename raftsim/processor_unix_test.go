//go:build unix

package raftsim

import (
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used: other processes don't count.
func processorTime(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
