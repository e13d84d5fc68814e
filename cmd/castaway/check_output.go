package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/report"
)

// explained is a verdict with what a report needs.
type explained struct {
	linearize.Explanation
	// words of an operation.
	words func(i int) string
}

// verdict prints a verdict and returns what the exit status says of it. A nil e
// is a verdict on a history that is not held.
func (c *checking) verdict(v linearize.Verdict, e *explained) error {
	c.progress.close()
	if e == nil {
		e = &explained{Explanation: linearize.NewExplanation(v, linearize.Contradiction{}, nil)}
	}
	e.Reason = c.named(e.Reason)
	if err := c.print(&e.Explanation); err != nil {
		return err
	}
	if c.flags.report != "" {
		if err := c.writeReport(e); err != nil {
			return failure{err}
		}
	}
	broken := slices.ContainsFunc(e.Beyond, func(p linearize.Property) bool { return p.Result == linearize.Broken })
	switch {
	case v.Result == linearize.Violation || broken:
		return errBroken
	case v.Result == linearize.Linearizable:
		return nil
	}
	return errUndecided
}

func (c *checking) print(e *linearize.Explanation) error {
	if c.flags.json {
		encoder := json.NewEncoder(c.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(struct {
			File string `json:"file"`
			*linearize.Explanation
		}{shownName(c.name), e})
	}
	if c.many {
		fmt.Fprintf(c.out, "%s: ", c.name) //nolint:errcheck // a buffer, flushed in the end
	}
	fmt.Fprintln(c.out, e) //nolint:errcheck // a buffer, flushed in the end
	return nil
}

// numbered is how a judge names an operation's client: by number.
var numbered = regexp.MustCompile(`operation (\d+) \(client -?\d+:`)

// named puts the names of clients, as the file has them, into a reason.
func (c *checking) named(reason string) string {
	return numbered.ReplaceAllStringFunc(reason, func(words string) string {
		i, err := strconv.Atoi(numbered.FindStringSubmatch(words)[1])
		if err != nil || i >= len(c.entries) {
			return words
		}
		return fmt.Sprintf("operation %d (client %s:", i, c.entries[i].Name)
	})
}

func shownName(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return name
}

// writeReport writes the HTML page.
func (c *checking) writeReport(e *explained) (err error) {
	p := &report.Picture{Bands: c.reader.Bands(), Order: e.Order}
	for i := range c.entries {
		entry := &c.entries[i]
		p.Bars = append(p.Bars, report.Bar{
			Op: i, Client: entry.Name, Call: entry.Call, Return: entry.Return, Outcome: entry.Outcome, Words: e.words(i),
		})
	}
	for _, w := range e.Core {
		p.Core = append(p.Core, w.Op)
	}
	file, err := os.Create(c.flags.report)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	if err := report.HTML(out, shownName(c.name), e.Explanation, p); err != nil {
		return err
	}
	return out.Flush()
}
