package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// diffBudget is how many events of each run castaway diff looks at.
const diffBudget = 50_000_000

// only are the events that --only names.
var only = map[string]func(*raftsim.Event) bool{
	"elections": func(e *raftsim.Event) bool { return e.Kind == raftsim.RoleChanged && e.Role == raft.Leader },
	"answers": func(e *raftsim.Event) bool {
		return e.Kind == raftsim.OpAnswered || e.Kind == raftsim.OpRefused || e.Kind == raftsim.OpUnknown
	},
	"applied": func(e *raftsim.Event) bool { return e.Kind == raftsim.EntryApplied },
	"told":    func(e *raftsim.Event) bool { _, told := e.Sentence(); return told },
}

var onlyWords = []string{"elections", "answers", "applied", "told"}

func newDiff() *cobra.Command {
	var word string
	cmd := &cobra.Command{
		Use:   "diff LEFT RIGHT",
		Short: "Say where the runs of two scenarios part",
		Long: `Run two scenarios side by side, up to the end of the shorter one, and print the first
events in which they differ.

Exit status: 0 if the runs are alike, 1 if not, 2 for bad input.`,
		Example: "  castaway diff --only answers examples/lease-reads.scenario examples/lease-reads-and-a-bad-clock.scenario",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			which, ok := only[word]
			if word != "" && !ok {
				return fmt.Errorf("--only: unknown word %q: use one of %s", word, strings.Join(onlyWords, ", "))
			}
			var worlds []*raftsim.World
			var ends []raftsim.Time
			for _, name := range args {
				s, err := open(name, cmd.InOrStdin())
				if err != nil {
					return err
				}
				w, err := raftsim.New(s.Config())
				if err != nil {
					return inFile(name, err)
				}
				worlds, ends = append(worlds, w), append(ends, s.Length())
			}
			text, err := difference(worlds[0], worlds[1], which, slices.Min(ends))
			if text != "" {
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), text); err != nil {
					return failure{err}
				}
			}
			return err
		},
	}
	cmd.Flags().StringVar(&word, "only", "", "compare only `events` of this kind: "+strings.Join(onlyWords, ", "))
	return cmd
}

// difference is where two runs part, in words.
func difference(left, right *raftsim.World, which func(*raftsim.Event) bool, until raftsim.Time) (string, error) {
	d, differ, err := raftsim.FirstDifference(left, right, which, until, diffBudget)
	switch {
	case errors.Is(err, raftsim.ErrBudget):
		return "", failure{fmt.Errorf("the first %d events are alike; the rest is not compared", int64(diffBudget))}
	case err != nil:
		return "", err
	case !differ:
		return fmt.Sprintf("the runs are alike up to %s", scenario.FormatTime(until)), nil
	}
	return fmt.Sprintf("%d events are alike; then\n%v", d.Alike, d), errBroken
}
