//go:build !unix

package raftsim

import (
	"testing"
	"time"
)

var processStart = time.Now()

// processorTime is the time since the start, for want of something better.
func processorTime(*testing.B) time.Duration { return time.Since(processStart) }
