package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"github.com/castaway-kv/castaway/raftsim/scenario/link"
)

func newLink() *cobra.Command {
	var base string
	cmd := &cobra.Command{
		Use:   "link FILE",
		Short: "Make a link of a scenario",
		Long: `Print a scenario as the end of an address, from the number sign on: compressed, with
this engine's version and the hash of the run at eight marks. The playground opens it,
and so does castaway open. FILE "-" is the standard input.`,
		Example: "  castaway link --base http://localhost:8473/ examples/cas-counter.scenario",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := open(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			l, err := link.Make(s, version())
			if err != nil {
				return err
			}
			text := strings.TrimSuffix(base, "#") + l.String()
			if len(text) > link.MaxText {
				return fmt.Errorf("%s: a link of %d characters is longer than %d: hand out the file instead", shownName(args[0]), len(text), link.MaxText)
			}
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), text); err != nil {
				return failure{err}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "`address` to put before it, such as http://localhost:8473/")
	return cmd
}

func newOpen() *cobra.Command {
	var text bool
	var page string
	cmd := &cobra.Command{
		Use:   "open LINK",
		Short: "Run the scenario in a link, and compare it with the link's hashes",
		Long: `Run the scenario in a link as castaway run does. Then say whether it went as with the
engine that made the link; if not, name the first mark at which it did not. LINK is an
address, or its end from the number sign on; "-" reads it from the standard input.

Exit status: 0 if expectations and verdict hold and all marks agree, 1 if not, 2 for
bad input.`,
		Example: "  castaway open \"$(castaway link examples/cas-counter.scenario)\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := parseLink(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			if text {
				if _, err := io.WriteString(cmd.OutOrStdout(), l.Scenario.String()); err != nil {
					return failure{err}
				}
				return nil
			}
			return replay(l, bufio.NewWriter(cmd.OutOrStdout()), page)
		},
	}
	cmd.Flags().BoolVar(&text, "text", false, "print the scenario instead of running it")
	cmd.Flags().StringVar(&page, "report", "", "write a page with pictures of the run to this HTML `file`")
	return cmd
}

// parseLink reads a link; its errors are one line.
func parseLink(text string, stdin io.Reader) (*link.Link, error) {
	if text == "-" {
		all, err := io.ReadAll(io.LimitReader(stdin, link.MaxText+1))
		if err != nil {
			return nil, failure{err}
		}
		text = string(all)
	}
	l, err := link.Parse(text)
	var problem *scenario.Error
	switch {
	case errors.As(err, &problem):
		return nil, inFile("link", err)
	case err != nil:
		return nil, fmt.Errorf("link: %w", err)
	}
	return l, nil
}

// replay runs the scenario of a link.
func replay(l *link.Link, out *bufio.Writer, page string) error {
	marks := link.NewReplay(l)
	r := &running{reporter: &replayed{story{out: out}, marks}, out: out, name: "link", page: page, looks: []func(*raftsim.World){marks.Look}}
	if err := execute(l.Scenario, r); err != nil {
		return err
	}
	if marks.Differs {
		return errBroken
	}
	return nil
}

// replayed tells a run, and how it compares with the one that the link was made of.
type replayed struct {
	story
	marks *link.Replay
}

func (r *replayed) end(result *scenario.Result) error {
	err := r.story.end(result)
	_, again := fmt.Fprintf(r.out, "link: %s\n", r.marks.Words("castaway "+version()))
	return errors.Join(err, again)
}
