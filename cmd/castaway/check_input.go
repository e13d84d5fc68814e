package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/model"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Limits on what is held in memory: a longer history is judged while it is read,
// if its model is etcd, or refused.
var (
	wholeMost  = 200_000
	memoryMost = 5_000_000
)

// checking is the check of one file.
type checking struct {
	flags    *checkFlags
	format   history.Format
	name     string
	out      *bufio.Writer
	ctx      context.Context
	progress *progress
	// many: the output says which file it is about.
	many bool

	reader  *history.Reader
	entries []history.Entry
	end     time.Time
}

// open reads and judges the file, or the standard input for "-".
func (c *checking) open(stdin io.Reader) error {
	in, size := stdin, int64(-1)
	if c.name != "-" {
		file, err := os.Open(c.name)
		if err != nil {
			return inFile(c.name, err)
		}
		defer file.Close() //nolint:errcheck // it is only read
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		in = file
	}
	if c.flags.timeout > 0 {
		c.end = time.Now().Add(c.flags.timeout)
	}
	var err error
	options := history.Options{Format: c.format, Command: scenario.ParseCommand, Independent: c.flags.independent}
	c.reader, err = history.NewReader(c.progress.reading(in, size), options)
	if err != nil {
		return inHistory(c.name, err)
	}
	return c.run()
}

// run reads the history as a whole, or judges it while it is read if it is long.
func (c *checking) run() error {
	for e, err := range c.reader.All() {
		switch {
		case err != nil:
			return inHistory(c.name, err)
		case len(c.entries) == memoryMost:
			return fmt.Errorf("%s: more than %d operations: only the model etcd can be judged while it is read; cut the history", c.name, memoryMost)
		case len(c.entries)%4096 == 4095 && !c.goOn():
			return c.verdict(linearize.Verdict{Reason: "the time ended while the history was read"}, nil)
		}
		c.entries = append(c.entries, *e)
		if len(c.entries) >= wholeMost && c.modelName() == etcdModel {
			return c.stream()
		}
	}
	if !c.goOn() {
		return c.verdict(linearize.Verdict{Reason: "the time ended before the history was judged"}, nil)
	}
	return c.judge()
}

// stream goes on with a history that is too long to be held.
func (c *checking) stream() error {
	s := linearize.NewStream(c.options())
	add := func(e *history.Entry) (bool, error) {
		more, err := s.Add(e.Operation)
		if err != nil {
			err = inHistory(c.name, &history.Error{Line: e.Line, Text: err.Error()})
		}
		return more && c.goOn(), err
	}
	more := true
	for i := range c.entries {
		var err error
		if more, err = add(&c.entries[i]); err != nil || !more {
			if err != nil {
				return err
			}
			break
		}
	}
	c.entries = nil
	for more {
		e, err := c.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return inHistory(c.name, err)
		}
		if more, err = add(e); err != nil {
			return err
		}
	}
	if !c.goOn() {
		return c.verdict(linearize.Verdict{Judge: linearize.Witness, Reason: "the time ended while the history was read"}, nil)
	}
	return c.verdict(s.Finish(), nil)
}

// goOn says whether there is time left.
func (c *checking) goOn() bool {
	return c.ctx.Err() == nil && (c.end.IsZero() || time.Now().Before(c.end))
}

func (c *checking) options() linearize.Options {
	return linearize.Options{Steps: c.flags.steps, Poll: func(steps int64) bool {
		c.progress.searching(steps)
		return c.goOn()
	}}
}

// modelName is what was asked for, what the history says, or what it looks like.
func (c *checking) modelName() string {
	for _, name := range []string{c.flags.model, c.reader.Model()} {
		if name != "" {
			return name
		}
	}
	return guess(c.entries)
}

// judge judges the whole history.
func (c *checking) judge() error {
	name := c.modelName()
	if name == etcdModel || name == valuesModel {
		return c.judgeStore(name == valuesModel)
	}
	m, ok := model.Find(name)
	if !ok {
		return fmt.Errorf("%s: unknown model %q: use --model with one of %s", c.name, name, strings.Join(modelNames(), ", "))
	}
	p, err := m.Prepare(c.entries)
	if err != nil {
		return inHistory(c.name, err)
	}
	v := p.Check(c.options())
	e := linearize.NewExplanation(v, p.Core(v, c.options()), func(i int) linearize.CoreOperation { return c.operation(i, p.Words(i)) })
	return c.verdict(v, &explained{e, p.Words})
}

// judgeStore judges a history of a store with etcd's semantics.
func (c *checking) judgeStore(valuesOnly bool) error {
	h := make(linearize.History, len(c.entries))
	for i := range c.entries {
		e := &c.entries[i]
		if e.Request == nil {
			return inHistory(c.name, &history.Error{Line: e.Line, Text: fmt.Sprintf("%q is a function of a simple model: use --model with one of %s",
				e.F, strings.Join(modelNames()[2:], ", "))})
		}
		h[i] = e.Operation
	}
	options, record, err := c.record(h)
	if err != nil {
		return err
	}
	check := linearize.Check
	if valuesOnly {
		check = linearize.CheckValues
	}
	v := check(h, options)
	if v.Err != nil {
		return fmt.Errorf("%s: %w", shownName(c.name), v.Err)
	}
	e := linearize.Explain(h, v, options)
	words := func(i int) string { return c.entries[i].Words() + ": " + c.entries[i].Answer() }
	for i := range e.Core {
		e.Core[i] = c.operation(e.Core[i].Op, e.Core[i].Words)
	}
	if record != nil {
		e.Beyond = linearize.CheckRecord(record)
	}
	return c.verdict(v, &explained{e, words})
}

// record is what the history tells beyond what clients saw; nil if nothing.
func (c *checking) record(h linearize.History) (linearize.Options, *linearize.Record, error) {
	options := c.options()
	for _, a := range c.reader.Applied() {
		if a.Op >= len(h) || a.Request == nil && a.Op < 0 {
			return options, nil, inHistory(c.name, &history.Error{Line: a.Line, Text: fmt.Sprintf("an applied record of operation %d, which is not in the history, and without a request", a.Op)})
		}
		if n := len(options.Applied); n > 0 && options.Applied[n-1].Index >= a.Index {
			return options, nil, inHistory(c.name, &history.Error{Line: a.Line, Text: fmt.Sprintf("the index %d comes after %d: records stand in the order of the log", a.Index, options.Applied[n-1].Index)})
		}
		r := linearize.Applied{Index: a.Index, Revision: a.Revision, Op: a.Op, Request: a.Request, Changed: a.Revision > 0}
		if r.Request == nil {
			r.Request = h[a.Op].Request
		}
		options.Applied = append(options.Applied, r)
	}
	if len(options.Applied) == 0 {
		return options, nil, nil
	}
	return options, &linearize.Record{History: h, Applied: options.Applied}, nil
}

// operation names an operation as the file does.
func (c *checking) operation(i int, words string) linearize.CoreOperation {
	e := &c.entries[i]
	op := linearize.CoreOperation{Op: i, Client: e.Name, Call: e.Call, Return: e.Return, Words: words}
	if e.Outcome == linearize.Unknown {
		op.Return = 0
	}
	return op
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
