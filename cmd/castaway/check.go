package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/model"
	"github.com/castaway-kv/castaway/raftsim/scenario"
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
	out := bufio.NewWriter(cmd.OutOrStdout())
	var worst error
	for _, name := range args {
		c := &checking{flags: flags, format: format, name: name, stdin: cmd.InOrStdin(), out: out}
		err := c.run()
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

// checking is the check of one file.
type checking struct {
	flags  *checkFlags
	format history.Format
	name   string
	stdin  io.Reader
	out    *bufio.Writer
}

func (c *checking) run() error {
	in := c.stdin
	if c.name != "-" {
		file, err := os.Open(c.name)
		if err != nil {
			return inFile(c.name, err)
		}
		defer file.Close() //nolint:errcheck // it is only read
		in = file
	}
	r, err := history.NewReader(in, history.Options{Format: c.format, Command: scenario.ParseCommand, Independent: c.flags.independent})
	if err != nil {
		return inHistory(c.name, err)
	}
	var entries []history.Entry
	for e, err := range r.All() {
		if err != nil {
			return inHistory(c.name, err)
		}
		entries = append(entries, *e)
	}
	v, err := c.judge(r, entries)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, v) //nolint:errcheck // a buffer, flushed in the end
	switch v.Result {
	case linearize.Linearizable:
		return nil
	case linearize.Violation:
		return errBroken
	case linearize.Undecided:
	}
	return errUndecided
}

func (c *checking) judge(r *history.Reader, entries []history.Entry) (linearize.Verdict, error) {
	options := linearize.Options{Steps: c.flags.steps}
	if c.flags.timeout > 0 {
		end := time.Now().Add(c.flags.timeout)
		options.Poll = func(int64) bool { return time.Now().Before(end) }
	}
	name := c.flags.model
	if name == "" {
		name = r.Model()
	}
	if name == "" {
		name = guess(entries)
	}
	if name == etcdModel || name == valuesModel {
		h := make(linearize.History, len(entries))
		for i, e := range entries {
			h[i] = e.Operation
		}
		return linearize.Check(h, options), nil
	}
	m, ok := model.Find(name)
	if !ok {
		return linearize.Verdict{}, fmt.Errorf("%s: unknown model %q: use --model with one of %s", c.name, name, strings.Join(modelNames(), ", "))
	}
	p, err := m.Prepare(entries)
	if err != nil {
		return linearize.Verdict{}, inHistory(c.name, err)
	}
	return p.Check(options), nil
}

// guess is the model that a history looks like by its functions.
func guess(entries []history.Entry) string {
	byFunction := map[string]string{
		"cas": "cas-register", "append": "append-kv", "get": "append-kv", "put": "append-kv", "txn": "multi-register",
		"acquire": "mutex", "release": "mutex", "lock": "mutex", "unlock": "mutex", "transfer": "bank",
	}
	for i := range entries {
		if entries[i].Request != nil {
			return etcdModel
		}
		if name, ok := byFunction[entries[i].F]; ok {
			return name
		}
	}
	return "register"
}

// inHistory gives a complaint about a history its file.
func inHistory(name string, err error) error {
	var problem *history.Error
	if errors.As(err, &problem) {
		err = &scenario.Error{Line: problem.Line, Text: problem.Text}
	}
	return inFile(name, err)
}
