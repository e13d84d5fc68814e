package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

func newBugs() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bugs",
		Short: "List known bugs of Raft and etcd, to be planted in a scenario",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, b := range bugs.All() {
				fmt.Fprintf(table, "%s\t%s\t%s\n", b.Name, b.Breaks, b.Sentence) //nolint:errcheck // flushed in the end
			}
			if err := table.Flush(); err != nil {
				return failure{err}
			}
			return nil
		},
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "show NAME",
		Short:   "Tell of one bug, and print the scenario in which it breaks something",
		Example: "  castaway bugs show commit-old-term",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := findBug(args[0])
			if err != nil {
				return err
			}
			if _, err := fmt.Fprint(cmd.OutOrStdout(), describe(&b)); err != nil {
				return failure{err}
			}
			return nil
		},
	})
	return cmd
}

func findBug(name string) (bugs.Bug, error) {
	b, ok := bugs.Find(name)
	if !ok {
		return b, fmt.Errorf("there is no bug %q: castaway bugs lists them", name)
	}
	return b, nil
}

// describe is all about a bug; the whole is a scenario.
func describe(b *bugs.Bug) string {
	var text strings.Builder
	line := func(label, words string) {
		if words != "" {
			fmt.Fprintf(&text, "# %-8s %s\n", label, words)
		}
	}
	story, ok := examples.Bug(b.Name)
	rest, _ := strings.CutPrefix(story, "castaway 1\n")
	if ok {
		text.WriteString("castaway 1\n")
	}
	line("bug", b.Name)
	line("what", b.Sentence)
	line("source", b.Source)
	line("rule", b.Rule)
	line("breaks", b.Breaks)
	if b.BeyondModel {
		line("model", "beyond it: the right rules don't survive this either")
	}
	line("note", b.Note)
	if !ok {
		line("story", "none yet: see docs/BUGS.md")
	}
	return text.String() + rest
}
