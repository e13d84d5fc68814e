package main

import (
	"bytes"
	"path/filepath"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim/report"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// findingPage is a page with pictures of a case that breaks something, as a file.
func findingPage(c *fuzz.Case, o *fuzz.Outcome, title string) ([]byte, error) {
	s, err := scenario.Parse(c.Told())
	if err != nil {
		return nil, err
	}
	recorder := report.New()
	result, err := scenario.Run(s, scenario.Options{Look: recorder.Look})
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	about := report.Page{
		Title: title, Engine: version(), Broken: &report.Broken{Property: o.Property, Detail: o.Detail, Excuse: o.Excuse},
		Again: []string{"castaway run " + title + ".scenario"},
	}
	err = recorder.HTML(&file, about, s, result)
	return file.Bytes(), err
}

// draw writes the page of a case beside its scenario.
func (d *directory) draw(c *fuzz.Case, o *fuzz.Outcome, name string) error {
	text, err := findingPage(c, o, filepath.Base(name))
	if err != nil {
		return err
	}
	return d.write(name+".html", text)
}
