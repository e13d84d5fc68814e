package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// scoring measures how well the search finds the bugs of the catalogue.
type scoring struct {
	starts, shrinks int
	bug             string
	// limit is the processor time that a start may take.
	limit time.Duration
}

func newFuzzScore() *cobra.Command {
	var s scoring
	cmd := &cobra.Command{
		Use:   "score",
		Short: "Measure how soon each known bug is found from a cold start",
		Long: `Plant one bug of the catalogue after the other, search for it with the profile
everything and without a hint, on one core, and print a table: how many starts
found it, what it broke most often, the median of runs and of seconds of
processor time (the garbage collector's too), and the lines of the scenario
after shrinking. It is found by a run that breaks something, whatever it is, in
which the right rules break nothing. If three starts in a row find nothing, the
bug is given up.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.starts < 1 || s.limit <= 0 || s.shrinks < 0 {
				return fmt.Errorf("--starts, --limit and --shrink: expected positive numbers")
			}
			return s.table(cmd)
		},
	}
	cmd.Flags().IntVar(&s.starts, "starts", 10, "`number` of cold starts for each bug")
	cmd.Flags().DurationVar(&s.limit, "limit", time.Minute, "give up a start after so much processor `time`")
	cmd.Flags().IntVar(&s.shrinks, "shrink", 3000, "most `runs` to spend on shrinking; 0 for none")
	cmd.Flags().StringVar(&s.bug, "bug", "", "only the bug of this `name`")
	return cmd
}

// fuzzGarbage lets the heap of runs, which is small and short-lived, grow longer before it
// is looked through.
const fuzzGarbage = 400

// score is what the starts for one bug came to.
type score struct {
	tried       int
	runs, lines []int
	// broken counts what the findings broke.
	broken    map[string]int
	seconds   []float64
	shrinking []float64
}

func (s *scoring) table(cmd *cobra.Command) error {
	debug.SetGCPercent(fuzzGarbage)
	out := cmd.OutOrStdout()
	if _, err := fmt.Fprint(out, "| bug | breaks | found | runs | seconds | lines | seconds to shrink |\n|---|---|---|---|---|---|---|\n"); err != nil {
		return failure{err}
	}
	for _, b := range bugs.All() {
		if s.bug != "" && s.bug != b.Name {
			continue
		}
		result := score{broken: map[string]int{}}
		for start := range s.starts {
			if result.tried == 3 && len(result.runs) == 0 || cmd.Context().Err() != nil {
				break
			}
			if err := s.start(&b, uint64(start), &result); err != nil {
				return err
			}
		}
		if err := result.print(out, &b); err != nil {
			return failure{err}
		}
	}
	return nil
}

// start makes one cold start.
func (s *scoring) start(b *bugs.Bug, seed uint64, result *score) error {
	result.tried++
	profile, _ := fuzz.FindProfile("everything")
	c := &fuzz.Campaign{Profile: &profile, Bug: b.Name, Seed: seed, Shard: fuzz.Shard{I: 0, N: 1}}
	began := processorTime()
	for processorTime()-began < s.limit {
		found, err := c.Step()
		if err != nil {
			return err
		}
		if found != nil && found.IsOf(b) {
			result.runs = append(result.runs, c.Runs)
			result.seconds = append(result.seconds, (processorTime() - began).Seconds())
			result.broken[found.Outcome.Property]++
			s.shrink(found, result)
			return nil
		}
	}
	return nil
}

// shrink measures how small a finding gets.
func (s *scoring) shrink(f *fuzz.Finding, result *score) {
	if s.shrinks == 0 {
		return
	}
	began := processorTime()
	x := fuzz.NewShrinking(&f.Case, f.Outcome)
	x.Innocent = true
	x.Stop = func() bool { return x.Runs >= s.shrinks }
	x.Run()
	result.lines = append(result.lines, x.Lines())
	result.shrinking = append(result.shrinking, (processorTime() - began).Seconds())
}

func (r *score) print(out io.Writer, b *bugs.Bug) error {
	line := fmt.Sprintf("| %s | %s | %d of %d | ", b.Name, cmp.Or(r.mostBroken(), b.Breaks), len(r.runs), r.tried)
	if len(r.runs) > 0 {
		line += fmt.Sprintf("%d | %.1f | ", median(r.runs), median(r.seconds))
	} else {
		line += "| | "
	}
	if len(r.lines) > 0 {
		line += fmt.Sprintf("%d | %.1f |", median(r.lines), median(r.shrinking))
	} else {
		line += "| |"
	}
	_, err := fmt.Fprintln(out, line)
	return err
}

// mostBroken is what broke most often, "" if nothing did.
func (r *score) mostBroken() (most string) {
	for _, property := range slices.Sorted(maps.Keys(r.broken)) {
		if r.broken[property] > r.broken[most] {
			most = property
		}
	}
	return most
}

// median is that of some numbers, the lower one of two.
func median[T int | float64](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[(len(list)-1)/2]
}
