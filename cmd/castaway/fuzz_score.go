package main

import (
	"fmt"
	"io"
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
found what the bug is said to break, the median of runs and seconds, and the
lines of the scenario after shrinking. If three starts in a row find nothing,
the bug is given up.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.starts < 1 || s.limit <= 0 {
				return fmt.Errorf("--starts and --limit: expected positive numbers")
			}
			if err := s.table(cmd); err != nil {
				return err
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&s.starts, "starts", 10, "`number` of cold starts for each bug")
	cmd.Flags().DurationVar(&s.limit, "limit", 60*time.Second, "give up a start after so much processor `time`")
	cmd.Flags().IntVar(&s.shrinks, "shrink", 3000, "most `runs` to spend on shrinking")
	cmd.Flags().StringVar(&s.bug, "bug", "", "only the bug of this `name`")
	return cmd
}

// fuzzGarbage lets the heap of runs, which is small and short-lived, grow longer before it
// is looked through.
const fuzzGarbage = 400

// score is what the starts for one bug came to.
type score struct {
	tried, found int
	runs, lines  []int
	broken       map[string]int
	seconds      []float64
	shrinking    []float64
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
			if result.tried == 3 && result.found == 0 || cmd.Context().Err() != nil {
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
		if found == nil || (found.Outcome.Excuse != "") != b.BeyondModel || !fuzz.IsInnocent(&found.Case) {
			continue
		}
		result.found++
		result.runs = append(result.runs, c.Runs)
		result.seconds = append(result.seconds, (processorTime() - began).Seconds())
		result.broken[found.Outcome.Property]++
		began = processorTime()
		x := fuzz.NewShrinking(&found.Case, found.Outcome)
		x.Innocent = true
		x.Stop = func() bool { return x.Runs >= s.shrinks }
		x.Run()
		result.lines = append(result.lines, x.Lines())
		result.shrinking = append(result.shrinking, (processorTime() - began).Seconds())
		return nil
	}
	return nil
}

func (r *score) print(out io.Writer, b *bugs.Bug) error {
	if r.found == 0 {
		_, err := fmt.Fprintf(out, "| %s | %s | 0 of %d | | | | |\n", b.Name, b.Breaks, r.tried)
		return err
	}
	_, err := fmt.Fprintf(out, "| %s | %s | %d of %d | %d | %.1f | %d | %.1f |\n", b.Name, b.Breaks, r.found, r.tried,
		median(r.runs), median(r.seconds), median(r.lines), median(r.shrinking))
	return err
}

// median is that of some numbers, the lower one of two.
func median[T int | float64](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[(len(list)-1)/2]
}
