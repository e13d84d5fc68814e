package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
)

func newFuzzShrink() *cobra.Command {
	var most int
	cmd := &cobra.Command{
		Use:   "shrink FILE",
		Short: "Make the smallest scenario of one that breaks something",
		Long: `Make the smallest scenario that still breaks the same property, and print it with
what happens at each step. An interrupt ends the search, and prints the smallest
one so far.`,
		Example: "  castaway fuzz shrink campaign/found/LogMatching-whole-0123abcd.scenario",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := os.ReadFile(args[0])
			if err != nil {
				return inFile(args[0], err)
			}
			c, err := fuzz.Parse(string(text))
			if err != nil {
				return inFile(args[0], err)
			}
			o, err := fuzz.Run(&c, nil)
			if err != nil {
				return err
			}
			if o.Property == "" {
				return fmt.Errorf("%s: nothing breaks in it", args[0])
			}
			bar := newProgress(cmd.ErrOrStderr(), false)
			s := fuzz.NewShrinking(&c, o)
			s.Innocent = c.Bug != "" && fuzz.IsInnocent(&c)
			s.Stop = func() bool {
				bar.set(fmt.Sprintf("shrinking: %d lines", s.Lines()), int64(s.Runs), int64(most))
				return s.Runs >= most || cmd.Context().Err() != nil
			}
			s.Run()
			bar.close()
			if _, err := fmt.Fprint(cmd.OutOrStdout(), s.Best.Told()); err != nil {
				return failure{err}
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&most, "shrink", 20_000, "most `runs` to spend")
	return cmd
}
