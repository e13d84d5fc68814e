package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// formatter is castaway fmt.
type formatter struct {
	list, write bool
}

func newFmt() *cobra.Command {
	var f formatter
	cmd := &cobra.Command{
		Use:   "fmt FILE…",
		Short: "Print scenarios in canonical form",
		Long: `Print scenarios in canonical form: one blank between words, times and commands
spelled in one way. Comments, blank lines and the order of lines stay. FILE "-" is
the standard input.

Exit status: 0, 1 if a file can't be written, 2 for bad input, with
FILE:LINE:COLUMN: and the reason.`,
		Example: "  castaway fmt -w examples/*.scenario",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range args {
				if err := f.format(name, cmd.InOrStdin(), cmd.OutOrStdout()); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&f.list, "list", "l", false, "only name the files that are not in canonical form")
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "write to the files instead of printing")
	return cmd
}

func (f *formatter) format(name string, in io.Reader, out io.Writer) error {
	if f.write && name == "-" {
		return fmt.Errorf("-w: the standard input is no file to be written")
	}
	s, err := open(name, in)
	if err != nil {
		return err
	}
	if f.list && s.Format() != s.String() {
		if _, err := fmt.Fprintln(out, name); err != nil {
			return failure{err}
		}
	}
	switch {
	case f.write:
		return rewrite(name, s)
	case f.list:
		return nil
	}
	if _, err := fmt.Fprint(out, s.Format()); err != nil {
		return failure{err}
	}
	return nil
}

// rewrite writes a scenario in canonical form, unless the file has that already.
func rewrite(name string, s *scenario.Scenario) error {
	if s.Format() == s.String() {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil {
		err = os.WriteFile(name, []byte(s.Format()), info.Mode().Perm())
	}
	if err != nil {
		return failure{err}
	}
	return nil
}
