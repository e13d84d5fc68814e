package fuzz

import (
	"fmt"
	"hash/fnv"

	"github.com/castaway-kv/castaway/raftsim/bugs"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Text is the case as a scenario.
func (c *Case) Text() string { return scenario.Write(&c.Config, c.Length, c.Bug) }

// digestLength is how long a digest is.
const digestLength = 16

// Digest names the case by its text, in hex digits.
func (c *Case) Digest() string {
	h := fnv.New64a()
	h.Write([]byte(c.Text()))
	return fmt.Sprintf("%0*x", digestLength, h.Sum64())
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
