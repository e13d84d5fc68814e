package link

import (
	"fmt"
	"strconv"

	"github.com/castaway-kv/castaway/raftsim"
)

// Replay compares a run with the marks of a link, while it goes on.
type Replay struct {
	link *Link
	// Passed is how many marks are behind, and agree.
	Passed int
	// Found is the hash at the first mark that does not agree; Differs says that there
	// is one: number Passed.
	Differs bool
	Found   uint32
}

// NewReplay begins the comparison.
func NewReplay(l *Link) *Replay { return &Replay{link: l} }

// Look is told the world after every event; it is for scenario.Options.
func (r *Replay) Look(w *raftsim.World) {
	next, more := w.Next()
	for !r.Differs && r.Passed < len(r.link.Marks) {
		m := r.link.Marks[r.Passed]
		if more && next <= m.At {
			return
		}
		if found := uint32(w.Hash()); found != m.Hash {
			r.Differs, r.Found = true, found
			return
		}
		r.Passed++
	}
}

// Words say how the comparison went, in a sentence; engine is the version of this one.
func (r *Replay) Words(engine string) string {
	made := "the engine that made the link"
	if r.link.Engine != "" {
		made = "castaway " + printable(r.link.Engine) + ", which made the link"
	}
	if !r.Differs {
		return fmt.Sprintf("it went as with %s: %d of %d marks agree", made, r.Passed, len(r.link.Marks))
	}
	m := r.link.Marks[r.Passed]
	until := "from the beginning"
	if r.Passed > 0 {
		until = "after " + seconds(r.link.Marks[r.Passed-1].At)
	}
	return fmt.Sprintf("it goes another way than with %s; this is %s: they part %s, for mark %d of %d, at %s, is %08x and was %08x",
		made, engine, until, r.Passed+1, len(r.link.Marks), seconds(m.At), r.Found, m.Hash)
}

// seconds is a moment in words.
func seconds(t raftsim.Time) string {
	return fmt.Sprintf("%d.%09d s", t/raftsim.Second, t%raftsim.Second)
}

// printable is a version without anything that a terminal would obey.
func printable(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return quoted[1 : len(quoted)-1]
}
