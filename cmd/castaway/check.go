package main

import (
	"bufio"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/model"
)

// statusUndecided: the check ended without a verdict.
const statusUndecided = 3

// errUndecided ends a check whose output has said already why there is no verdict.
var errUndecided = errors.New("undecided")

// checkFlags are what castaway check was asked for.
type checkFlags struct {
	model, format, report string
	timeout               time.Duration
	steps                 int64
	independent, json     bool
	quiet                 bool
}

func newCheck() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Judge a recorded history",
		Long: `Decide whether a recorded history is linearizable, and explain the verdict. The
formats are JSON lines, Jepsen's EDN and its log lines; docs/CHECK.md describes
them. Without a FILE, or for the FILE "-", the standard input is read.

Exit status: 0 if every history is linearizable, 1 if one is not, 3 if one is
undecided, 2 for bad input, with FILE:LINE: and the reason.`,
		Example: "  castaway check --model cas-register --report out.html history.edn",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"-"}
			}
			return check(cmd, args, &flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.model, "model", "", "`name` of the specification: "+strings.Join(modelNames(), ", ")+" (default: what the history says or looks like)")
	f.StringVar(&flags.format, "format", "detect", "`name` of the format: detect, jsonl, edn, jepsen-log")
	f.DurationVar(&flags.timeout, "timeout", 0, "end undecided after this `time`, such as 30s (default: no limit of time)")
	f.Int64Var(&flags.steps, "steps", 0, "end a search undecided after this `number` of steps, the same on every machine")
	f.StringVar(&flags.report, "report", "", "write the verdict with a picture to this HTML `file`")
	f.BoolVar(&flags.independent, "independent", false, "each value is a pair [key value], as Jepsen's independent generators make them")
	f.BoolVar(&flags.json, "json", false, "print the verdict as JSON, one object for each history")
	f.BoolVar(&flags.quiet, "quiet", false, "no progress bar")
	return cmd
}

func modelNames() []string {
	names := []string{etcdModel, valuesModel}
	for _, m := range model.All {
		names = append(names, m.Name)
	}
	return names
}

// The models of package linearize.
const (
	etcdModel   = "etcd"
	valuesModel = "etcd-no-revisions"
)

// check judges one file after the other; the worst result counts.
func check(cmd *cobra.Command, args []string, flags *checkFlags) error {
	if flags.model != "" && !slices.Contains(modelNames(), flags.model) {
		return fmt.Errorf("--model: unknown model %q: use one of %s", flags.model, strings.Join(modelNames(), ", "))
	}
	format, err := history.ParseFormat(flags.format)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	if flags.report != "" && len(args) > 1 {
		return fmt.Errorf("--report: it is about one history, found %d files", len(args))
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	var worst error
	for _, name := range args {
		c := &checking{flags: flags, format: format, name: name, out: out, ctx: cmd.Context(), many: len(args) > 1}
		c.progress = newProgress(cmd.ErrOrStderr(), flags.quiet)
		err := c.open(cmd.InOrStdin())
		c.progress.close()
		if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, errUndecided) {
			return errors.Join(err, out.Flush())
		}
		if worst == nil || errors.Is(err, errBroken) {
			worst = err
		}
	}
	if err := out.Flush(); err != nil {
		return failure{err}
	}
	return worst
}
