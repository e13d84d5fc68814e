package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// hunt is the jobs of one call at work.
type hunt struct {
	flags       *fuzzFlags
	dir         *directory
	out, stderr io.Writer
	progress    *progress
	started     time.Time
	// interrupted says that the user wants no more; the end of the time is none.
	interrupted func() bool

	mu sync.Mutex
	// runs of all jobs in this call, in simulated time; features are those of the job
	// that has seen the most.
	runs, features int
	simulated      raftsim.Time
	// found is what broke and is worth telling: all of it is counted, told is what was
	// told of.
	found int
	told  []told
}

// told is a finding as the summary in JSON has it.
type told struct {
	Property string `json:"property"`
	Detail   string `json:"detail"`
	Run      int    `json:"run"`
	Shard    int    `json:"shard"`
	Shards   int    `json:"shards"`
	Lines    int    `json:"lines"`
	Scenario string `json:"scenario"`
	// File has the shrunk scenario, if there is a directory.
	File string `json:"file,omitempty"`
}

const (
	// mostShrunk is how many findings of one property are shrunk in each shard, and
	// mostSaved how many are saved as they were.
	mostShrunk = 3
	mostSaved  = 20
)

// run lets all jobs work until the time is over, or one fails.
func (h *hunt) run(ctx context.Context, cancel func(), campaigns []*fuzz.Campaign) error {
	shares := shareOut(h.flags.runs, campaigns)
	errs := make([]error, len(campaigns))
	var wait sync.WaitGroup
	for i := range campaigns {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if errs[i] = h.work(ctx, cancel, campaigns[i], shares[i]); errs[i] != nil {
				cancel()
			}
		}()
	}
	wait.Wait()
	return errors.Join(errs...)
}

// shareOut says how many runs each job makes; negative, as many as there is time for.
// Whoever has made the fewest gets the next one: so all have made the same in the end,
// in however many calls.
func shareOut(runs int, campaigns []*fuzz.Campaign) []int {
	shares := make([]int, len(campaigns))
	if runs == 0 {
		for i := range shares {
			shares[i] = -1
		}
		return shares
	}
	for range runs {
		least := 0
		for i := range campaigns {
			if campaigns[i].Runs+shares[i] < campaigns[least].Runs+shares[least] {
				least = i
			}
		}
		shares[least]++
	}
	return shares
}

// work makes the runs of one job. Whatever ends it, what it has done is saved.
func (h *hunt) work(ctx context.Context, cancel func(), c *fuzz.Campaign, share int) (err error) {
	defer func() { err = errors.Join(err, h.save(c)) }()
	saved := time.Now()
	for made := 0; made != share && ctx.Err() == nil; made++ {
		before := c.Simulated
		found, err := c.Step()
		if err != nil {
			return fmt.Errorf("run %d of shard %d/%d: %w", c.Runs+1, c.Shard.I, c.Shard.N, err)
		}
		h.count(c, c.Simulated-before)
		if found != nil && h.isWanted(c, found) {
			if err := h.tell(c, found); err != nil {
				return err
			}
			if c.Bug != "" {
				cancel()
			}
		}
		if time.Since(saved) > h.flags.saveEvery {
			saved = time.Now()
			if h.save(c) != nil {
				break // it is tried again, and told of, at the end
			}
		}
	}
	return nil
}

func (h *hunt) save(c *fuzz.Campaign) error {
	if h.dir == nil {
		return nil
	}
	if err := h.dir.save(c); err != nil {
		return failure{fmt.Errorf("%w: what was found before is there; make room and call again, it goes on from what was saved last", err)}
	}
	return nil
}

// count counts a run.
func (h *hunt) count(c *fuzz.Campaign, simulated raftsim.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.runs++
	h.simulated += simulated
	h.features = max(h.features, c.Coverage.Size())
	if h.runs%16 == 0 {
		h.progress.status(h.sofar())
	}
}

// sofar says how far this call is, in one line.
func (h *hunt) sofar() string {
	seconds := time.Since(h.started).Seconds()
	return fmt.Sprintf("%d runs, %.0f/s, %v simulated, %d features, %d broken",
		h.runs, float64(h.runs)/seconds, (time.Duration(h.simulated) * time.Nanosecond).Round(time.Second), h.features, h.found)
}

// isWanted says that a finding is worth telling: with a bug planted, it must be one of
// that bug.
func (h *hunt) isWanted(c *fuzz.Campaign, f *fuzz.Finding) bool {
	if b, ok := bugs.Find(f.Case.Bug); ok && !f.IsOf(&b) {
		return false
	}
	if c.Told == nil {
		c.Told = map[string]int{}
	}
	c.Told[f.Outcome.Property]++
	h.mu.Lock()
	defer h.mu.Unlock()
	h.found++
	return c.Told[f.Outcome.Property] <= mostSaved
}

// tell saves a finding before all else, then shrinks it, and prints what is left.
func (h *hunt) tell(c *fuzz.Campaign, f *fuzz.Finding) error {
	if h.dir != nil {
		if _, err := h.dir.keep(&f.Case, f.Outcome.Property+"-whole"); err != nil {
			return h.rescue(f, f.Case.Text(), err)
		}
	}
	if c.Told[f.Outcome.Property] > mostShrunk {
		return nil
	}
	s := fuzz.NewShrinking(&f.Case, f.Outcome)
	s.Innocent = c.Bug != ""
	s.Stop = func() bool { return s.Runs >= h.flags.shrinks || h.interrupted() }
	s.Run()
	t := told{
		Property: f.Outcome.Property, Detail: s.Outcome.Detail, Run: f.Run, Shard: c.Shard.I, Shards: c.Shard.N,
		Lines: s.Lines(), Scenario: s.Best.Told(),
	}
	if h.dir != nil {
		name, err := h.dir.keep(&s.Best, f.Outcome.Property)
		if err == nil {
			err = h.dir.draw(&s.Best, &s.Outcome, name)
		}
		if err != nil {
			return h.rescue(f, t.Scenario, err)
		}
		t.File = name + ".scenario"
	}
	return h.print(f, &t, s.Runs)
}

// print tells of a finding that was shrunk; in JSON, the summary does.
func (h *hunt) print(f *fuzz.Finding, t *told, runs int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, *t)
	if h.flags.json {
		return nil
	}
	h.progress.close()
	text := fmt.Sprintf("%s broke in run %d of shard %d/%d; shrunk to %d lines by %d runs:\n\n%s\n",
		t.Property, f.Run, t.Shard, t.Shards, t.Lines, runs, t.Scenario)
	if t.File != "" {
		text = fmt.Sprintf("%s%s\n\n", text, t.File)
	}
	if _, err := io.WriteString(h.out, text); err != nil {
		io.WriteString(h.stderr, text) //nolint:errcheck // the error says enough
		return failure{fmt.Errorf("the output can't be written: %w", err)}
	}
	return nil
}

// rescue prints a finding that can't be saved: to the output, or if that is full too,
// to where errors go.
func (h *hunt) rescue(f *fuzz.Finding, scenario string, why error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.progress.close()
	text := fmt.Sprintf("# %s broke in run %d, and this can't be saved:\n%s\n", f.Outcome.Property, f.Run, scenario)
	if _, err := io.WriteString(h.out, text); err != nil {
		io.WriteString(h.stderr, text) //nolint:errcheck // nobody to tell
	}
	return failure{fmt.Errorf("%w: the run that broke %s is printed instead: keep it; make room, and call again to go on", why, f.Outcome.Property)}
}
