package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/report"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"github.com/castaway-kv/castaway/raftsim/scenario/link"
)

// reporter tells a run while it goes on.
type reporter interface {
	begin(*scenario.Scenario)
	event(*raftsim.Event)
	// end returns the first error of what was printed.
	end(*scenario.Result) error
}

func newRun() *cobra.Command {
	var seed, page string
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
			var r reporter = &story{out: out}
			if asJSON {
				r = newJSONLines(out)
			}
			return execute(s, &running{reporter: r, out: out, name: args[0], page: page})
		},
	}
	cmd.Flags().StringVar(&seed, "seed", "", "`number` to use instead of the scenario's seed")
	cmd.Flags().StringVar(&page, "report", "", "write a page with pictures of the run to this HTML `file`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print trace and history as JSON lines")
	return cmd
}

// running is a run that is told while it goes on, and drawn in the end if somebody
// wants a page.
type running struct {
	reporter
	out *bufio.Writer
	// name of the scenario's file, and page that of the page, "" if there is none.
	name, page string
	// looks are told the world after every event.
	looks []func(*raftsim.World)
}

func execute(s *scenario.Scenario, r *running) error {
	r.begin(s)
	recorder, marker := report.New(), link.NewMarker(s)
	if r.page != "" {
		r.looks = append(r.looks, recorder.Look, marker.Look)
	}
	options := scenario.Options{Observe: r.event, Look: func(w *raftsim.World) {
		for _, look := range r.looks {
			look(w)
		}
	}}
	result, err := scenario.Run(s, options)
	if err != nil {
		return err
	}
	if err := errors.Join(r.end(result), r.out.Flush()); err != nil {
		return failure{err}
	}
	if r.page != "" {
		if err := r.draw(recorder, marker.Marks, s, result); err != nil {
			return failure{err}
		}
	}
	if !result.OK() {
		return errBroken
	}
	return nil
}

// draw writes the page.
func (r *running) draw(recorder *report.Recorder, marks []link.Mark, s *scenario.Scenario, result *scenario.Result) (err error) {
	file, err := os.Create(r.page)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	about := report.Page{Title: filepath.Base(shownName(r.name)), Engine: version()}
	const most = 4000 // a link beyond that is nothing to look at
	again := &link.Link{Scenario: s, Engine: version(), Marks: marks}
	if text := again.String(); len(text) <= most {
		about.Again = append(about.Again, "castaway open '"+text+"'")
	}
	return recorder.HTML(file, about, s, result)
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
