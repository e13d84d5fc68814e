package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/castaway-kv/castaway/fuzz"
)

// However many files there is room for, a finding is lost neither for the disk nor for
// the output: it is in a file, printed, or told with the error.
func TestNothingFoundIsLost(t *testing.T) {
	for room := range 6 {
		for _, canPrint := range []bool{true, false} {
			t.Run(fmt.Sprint(room, canPrint), func(t *testing.T) { huntOnFullDisk(t, room, canPrint) })
		}
	}
}

func huntOnFullDisk(t *testing.T, room int, canPrint bool) {
	var stdout, stderr bytes.Buffer
	flags := &fuzzFlags{profile: "everything", bug: "quorum-miscounted", shard: "0/1", out: t.TempDir(), jobs: 1, runs: 50, shrinks: 100, saveEvery: time.Hour}
	campaigns, dir, err := openCampaigns(&stderr, flags)
	if err != nil {
		t.Fatal(err)
	}
	dir.write = func(name string, data []byte) error {
		if room--; room < 0 {
			return fmt.Errorf("%s can't be written: %w", name, syscall.ENOSPC)
		}
		return writeWhole(name, data)
	}
	h := &hunt{flags: flags, dir: dir, out: &stdout, stderr: &stderr, progress: &progress{}, interrupted: func() bool { return false }}
	if !canPrint {
		h.out = fullOutput{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = h.run(ctx, cancel, campaigns)
	if room < 0 && (err == nil || !strings.Contains(err.Error(), "make room")) {
		t.Errorf("the disk was full, and the error is %v", err)
	}
	text := stdout.String() + stderr.String()
	files, _ := filepath.Glob(filepath.Join(flags.out, foundDir, "*.scenario"))
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	i := strings.Index(text, "castaway 1\n")
	if i < 0 {
		t.Fatalf("the finding is lost: %v\n%s", err, text)
	}
	text, _, _ = strings.Cut(text[i:], "\n\n")
	x, err := fuzz.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if o, err := fuzz.Run(&x, nil); err != nil || o.Property != "CommittedIsDurable" {
		t.Errorf("what was kept breaks %q, %v:\n%s", o.Property, err, text)
	}
}

// fullOutput is one that takes nothing.
type fullOutput struct{}

func (fullOutput) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Runs are shared out so that in several calls all jobs make as many as in one.
func TestShareOut(t *testing.T) {
	const jobs = 3
	var parts, whole []*fuzz.Campaign
	for range jobs {
		parts, whole = append(parts, &fuzz.Campaign{}), append(whole, &fuzz.Campaign{})
	}
	for _, runs := range []int{7, 1, 50, 2} {
		for i, share := range shareOut(runs, parts) {
			parts[i].Runs += share
		}
	}
	for i, share := range shareOut(60, whole) {
		if parts[i].Runs != share {
			t.Errorf("job %d: %d runs in parts, %d in one", i, parts[i].Runs, share)
		}
	}
	if shares := shareOut(0, whole); shares[0] >= 0 {
		t.Errorf("without an end: %v", shares)
	}
}
