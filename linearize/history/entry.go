package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// Entry is one operation of a history: a request of the store, or a function
// of a model with its value.
type Entry struct {
	// Line of the file where the operation was called.
	Line int
	// Operation has client, stamps, outcome and error. Request and Response are
	// nil if the operation names a function.
	linearize.Operation
	// Name of the client.
	Name string
	// F is the function's name, empty for a request; Key and Value are what it
	// was given, Result what it answered.
	F             string
	Key           string
	Value, Result any
}

// Band is a span of a history in which something else was going on, a fault.
type Band struct {
	// From and To are stamps.
	From, To int64
	Label    string
}

// Applied is one record of the log that the members applied; see
// linearize.Applied. Op is the number of an operation line, −1 for none.
type Applied struct {
	Line     int
	Op       int
	Index    uint64
	Revision kv.Revision
	Request  kv.Request
}

func mapText(m map[string]any) string {
	words := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		words = append(words, k+" "+Text(m[k]))
	}
	return "{" + strings.Join(words, ", ") + "}"
}

// Words is the entry without its answer, such as `write 3` or `put x 1`.
func (e *Entry) Words() string {
	if e.Request != nil {
		return e.Request.String()
	}
	words := e.F
	if e.Key != "" {
		words += " " + e.Key
	}
	if e.Value != nil {
		words += " " + Text(e.Value)
	}
	return words
}

// Answer is what the client saw, in a few words.
func (e *Entry) Answer() string {
	switch {
	case e.Outcome == linearize.Unknown:
		return "no answer"
	case e.Outcome == linearize.Refused:
		return fmt.Sprintf("refused: %v", e.Err)
	case e.Response != nil:
		return fmt.Sprintf("%v at revision %d", e.Response, e.Response.At())
	case e.Result != nil:
		return Text(e.Result)
	}
	return "ok"
}
