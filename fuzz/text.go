package fuzz

import (
	"fmt"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raftsim/bugs"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Text is the case as a scenario.
func (c *Case) Text() string { return scenario.Write(&c.Config, c.Length, c.Bug) }

// digestLength is how long a digest is.
const digestLength = 16

// Digest names the case by its text, in hex digits.
func (c *Case) Digest() string {
	var h mix.Hash
	h.String(c.Text())
	return fmt.Sprintf("%0*x", digestLength, h.Sum())
}

// Parse is the case that a scenario makes.
func Parse(text string) (Case, error) {
	s, err := scenario.Parse(text)
	if err != nil {
		return Case{}, err
	}
	return Case{Config: s.WithoutBug().Config(), Length: s.Length(), Bug: s.Bug()}, nil
}

// planted is the configuration with the case's bug.
func (c *Case) planted() Case {
	p := *c
	p.Config = c.clone().Config
	if b, ok := bugs.Find(c.Bug); ok {
		b.Apply(&p.Config)
	}
	return p
}
