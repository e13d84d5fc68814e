package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
)

// shrinkFlags are what castaway fuzz shrink was asked for.
type shrinkFlags struct {
	most  int
	out   string
	quiet bool
}

func newFuzzShrink() *cobra.Command {
	var flags shrinkFlags
	cmd := &cobra.Command{
		Use:   "shrink FILE",
		Short: "Make the smallest scenario of one that breaks something",
		Long: `Make the smallest scenario that still breaks the same property, and print it with
what happens at each step. It is also written to NAME-shrunk.scenario, beside
NAME.scenario, with a page of pictures in NAME-shrunk.html. FILE "-" is the
standard input, of which nothing is written unless --out says where.

An interrupt ends the search with the smallest one so far. The same scenario
always shrinks to the same one.`,
		Example: "  castaway fuzz shrink campaign/found/LogMatching-whole-0123abcd.scenario",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runShrink(cmd, args[0], &flags) },
	}
	f := cmd.Flags()
	f.IntVar(&flags.most, "shrink", 20_000, "most `runs` to spend")
	f.StringVar(&flags.out, "out", "", "write to `NAME`.scenario and NAME.html; - writes nothing (default: beside FILE)")
	f.BoolVar(&flags.quiet, "quiet", false, "no progress bar")
	return cmd
}

func runShrink(cmd *cobra.Command, file string, flags *shrinkFlags) error {
	if flags.most < 1 {
		return fmt.Errorf("--shrink: expected a positive number of runs, found %d", flags.most)
	}
	c, o, err := readBroken(file, cmd.InOrStdin())
	if err != nil {
		return err
	}
	name := flags.target(file)
	bar := newProgress(cmd.ErrOrStderr(), flags.quiet)
	s := fuzz.NewShrinking(&c, o)
	s.Innocent = c.Bug != "" && fuzz.IsInnocent(&c)
	s.Stop = func() bool {
		bar.status(fmt.Sprintf("%d lines after %d runs", s.Lines(), s.Runs))
		return s.Runs >= flags.most || cmd.Context().Err() != nil
	}
	saved := time.Now()
	s.Progress = func(s *fuzz.Shrinking) {
		if name != "" && time.Since(saved) > time.Second {
			saved = time.Now()
			_ = writeWhole(name+".scenario", []byte(s.Best.Told())) // in the end it is written again, and an error told of
		}
	}
	s.Run()
	bar.close()
	return writeShrunk(cmd, s, name)
}

// target is the name of the files that are written, without its end; "" if none are.
func (f *shrinkFlags) target(file string) string {
	switch {
	case f.out == "-" || f.out == "" && file == "-":
		return ""
	case f.out != "":
		return strings.TrimSuffix(f.out, ".scenario")
	}
	return strings.TrimSuffix(file, ".scenario") + "-shrunk"
}

// readBroken reads a scenario in which something breaks.
func readBroken(file string, stdin io.Reader) (fuzz.Case, fuzz.Outcome, error) {
	s, err := open(file, stdin)
	if err != nil {
		return fuzz.Case{}, fuzz.Outcome{}, err
	}
	c, err := fuzz.Parse(s.String())
	if err != nil {
		return c, fuzz.Outcome{}, inFile(file, err)
	}
	o, err := fuzz.Run(&c, nil)
	if err != nil {
		return c, o, inFile(file, err)
	}
	if o.Property == "" {
		return c, o, fmt.Errorf("%s: nothing breaks in it, so that there is nothing to shrink: castaway run tells what happens", shownName(file))
	}
	return c, o, nil
}

// writeShrunk prints the smallest scenario, and writes it with its page.
func writeShrunk(cmd *cobra.Command, s *fuzz.Shrinking, name string) error {
	text := s.Best.Told()
	_, failed := io.WriteString(cmd.OutOrStdout(), text)
	if failed != nil {
		failed = fmt.Errorf("the output can't be written: %w", failed)
	}
	if name == "" {
		return failureOf(failed)
	}
	if err := writeWhole(name+".scenario", []byte(text)); err != nil {
		return failureOf(errors.Join(failed, err))
	}
	html, err := findingPage(&s.Best, &s.Outcome, filepath.Base(name))
	if err == nil {
		err = writeWhole(name+".html", html)
	}
	return failureOf(errors.Join(failed, err))
}

// failureOf is an error that is not the input's fault, nil if there is none.
func failureOf(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
}
