package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// reporter tells a run while it goes on.
type reporter interface {
	begin(*scenario.Scenario)
	event(*raftsim.Event)
	// end returns the first error of what was printed.
	end(*scenario.Result) error
}

func newRun() *cobra.Command {
	var seed string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a scenario and judge it",
		Long: `Run a scenario to its end and tell what happens: elections, faults, answers, and
requests whose outcome is unknown. Then say what became of its expectations, and
end with the verdict on what the clients saw and the hash of all events. FILE
"-" is the standard input.

Exit status: 0 if all expectations and the verdict hold, 1 if not, 2 for bad
input, with FILE:LINE:COLUMN: and the reason.`,
		Example: "  castaway run examples/cas-counter.scenario",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := open(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			if seed != "" {
				n, err := strconv.ParseUint(seed, 10, 64)
				if err != nil {
					return fmt.Errorf("--seed: expected a number from 0 to 18446744073709551615, found %q", seed)
				}
				s = s.WithSeed(n)
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			var r reporter = &story{out}
			if asJSON {
				r = newJSONLines(out)
			}
			return execute(s, r, out)
		},
	}
	cmd.Flags().StringVar(&seed, "seed", "", "`number` to use instead of the scenario's seed")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print trace and history as JSON lines")
	return cmd
}

func execute(s *scenario.Scenario, r reporter, out *bufio.Writer) error {
	r.begin(s)
	result, err := scenario.Run(s, scenario.Options{Observe: r.event})
	if err != nil {
		return err
	}
	if err := errors.Join(r.end(result), out.Flush()); err != nil {
		return failure{err}
	}
	if !result.OK() {
		return errBroken
	}
	return nil
}

// open reads a scenario; its errors say FILE:LINE: and the reason.
func open(name string, stdin io.Reader) (*scenario.Scenario, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, inFile(name, err)
		}
		defer file.Close() //nolint:errcheck // it is only read
		in = file
	}
	s, err := scenario.Read(in)
	if err != nil {
		return nil, inFile(name, err)
	}
	return s, nil
}

func inFile(name string, err error) error {
	if name == "-" {
		name = "<stdin>"
	}
	var problem *scenario.Error
	if errors.As(err, &problem) && problem.Column == 0 {
		return fmt.Errorf("%s:%d: %s", name, problem.Line, problem.Text)
	}
	if problem != nil {
		return fmt.Errorf("%s:%d:%d: %s", name, problem.Line, problem.Column, problem.Text)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// story tells a run in sentences.
type story struct{ out io.Writer }

func (s *story) begin(*scenario.Scenario) {}

func (s *story) event(e *raftsim.Event) {
	if line, ok := scenario.Line(e); ok {
		fmt.Fprintln(s.out, line) //nolint:errcheck // a buffer, flushed in the end
	}
}

func (s *story) end(r *scenario.Result) error {
	_, err := fmt.Fprint(s.out, r)
	return err
}
