package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// hunt is the jobs of one call at work.
type hunt struct {
	flags    *fuzzFlags
	dir      *directory
	out      io.Writer
	progress *progress
	started  time.Time
	// interrupted says that the user wants no more; the end of the time is none.
	interrupted func() bool

	mu sync.Mutex
	// runs of all jobs in this call, found what was told of them.
	runs, found int
	// shrunk counts the findings that were shrunk, by property.
	shrunk map[string]int
	saved  time.Time
}

const (
	// mostShrunk is how many findings of one property are shrunk.
	mostShrunk = 3
	saveEvery  = 10 * time.Second
)

// run lets all jobs work until the time is over, or one fails.
func (h *hunt) run(ctx context.Context, cancel func(), campaigns []*fuzz.Campaign) error {
	h.shrunk, h.saved = map[string]int{}, time.Now()
	errs := make([]error, len(campaigns))
	var wait sync.WaitGroup
	for i := range campaigns {
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = h.work(ctx, cancel, campaigns[i])
		}()
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// work makes the runs of one job.
func (h *hunt) work(ctx context.Context, cancel func(), c *fuzz.Campaign) error {
	saved := time.Now()
	for ctx.Err() == nil && h.begin() {
		found, err := c.Step()
		if err != nil {
			return fmt.Errorf("run %d of shard %d/%d: %w", c.Runs+1, c.Shard.I, c.Shard.N, err)
		}
		if found != nil && h.isWanted(found) {
			if err := h.tell(c, found); err != nil {
				return err
			}
			if c.Bug != "" {
				cancel()
			}
		}
		if h.dir != nil && time.Since(saved) > saveEvery {
			saved = time.Now()
			if err := h.dir.save(c); err != nil {
				return failure{err}
			}
		}
	}
	if h.dir == nil {
		return nil
	}
	if err := h.dir.save(c); err != nil {
		return failure{err}
	}
	return nil
}

// begin counts another run, if there is to be one.
func (h *hunt) begin() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.flags.runs > 0 && h.runs == h.flags.runs {
		return false
	}
	h.runs++
	if h.runs%16 == 0 {
		h.progress.set(fmt.Sprintf("runs (%d broken)", h.found), int64(h.runs), -1)
	}
	return true
}

// isWanted says that a finding is worth telling: with a bug planted, it must be one of
// that bug.
func (h *hunt) isWanted(f *fuzz.Finding) bool {
	if b, ok := bugs.Find(f.Case.Bug); ok && !f.IsOf(&b) {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.found++
	h.shrunk[f.Outcome.Property]++
	return h.shrunk[f.Outcome.Property] <= mostShrunk
}

// tell saves a finding, shrinks it, and prints what is left.
func (h *hunt) tell(c *fuzz.Campaign, f *fuzz.Finding) error {
	if h.dir != nil {
		if err := h.dir.keep(&f.Case, f.Outcome.Property+"-whole"); err != nil {
			return h.rescue(f, err)
		}
	}
	s := fuzz.NewShrinking(&f.Case, f.Outcome)
	s.Innocent = c.Bug != ""
	s.Stop = func() bool { return s.Runs >= h.flags.shrinks || h.interrupted() }
	s.Run()
	if h.dir != nil {
		if err := h.dir.keep(&s.Best, f.Outcome.Property); err != nil {
			return h.rescue(f, err)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.flags.json {
		return nil
	}
	_, err := fmt.Fprintf(h.out, "%s broke in run %d of shard %d/%d; shrunk to %d lines by %d runs:\n\n%s\n",
		f.Outcome.Property, f.Run, c.Shard.I, c.Shard.N, s.Lines(), s.Runs, s.Best.Told())
	return err
}

// rescue prints a finding that can't be saved.
func (h *hunt) rescue(f *fuzz.Finding, why error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintf(h.out, "%s broke, and this can't be saved:\n\n%s\n", f.Outcome.Property, f.Case.Text()) //nolint:errcheck // the error below says more
	return failure{fmt.Errorf("%w: the run is printed instead; make room and go on", why)}
}
