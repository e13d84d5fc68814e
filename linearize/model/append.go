package model

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

type appendInput struct {
	f     string // get, put or append
	key   string
	value string
}

// appendKV maps keys to strings, empty in the beginning, that are read, set, or
// made longer: the store of MIT 6.824's labs and of porcupine's kv histories.
var appendKV = linearize.Model[string, appendInput, string]{
	Step: func(s string, in appendInput, out *string) (string, bool) {
		switch in.f {
		case "put":
			return in.value, true
		case "append":
			return s + in.value, true
		}
		return s, out == nil || *out == s
	},
	Hash:      hashText,
	Partition: func(in appendInput) string { return in.key },
	ReadOnly:  func(in appendInput, _ *string) bool { return in.f == "get" },
	Feasible:  prefixes,
	Describe: func(in appendInput, out *string) string {
		words := fmt.Sprintf("%s %s", in.f, in.key)
		if in.f != "get" {
			words += " " + shorten(in.value)
		}
		switch {
		case out == nil:
			return words + ": no answer"
		case in.f == "get":
			return words + ": " + shorten(*out)
		}
		return words + ": ok"
	},
}

// prefixes: without a put, a value only grows, so it is at all times the
// beginning of the longest that was read, or begins with it.
func prefixes(ops []linearize.Event[appendInput, string]) func(string) bool {
	longest := ""
	for _, op := range ops {
		switch op.Input.f {
		case "put":
			return nil
		case "get":
			if op.Outcome == linearize.Answered && len(op.Output) > len(longest) {
				longest = op.Output
			}
		}
	}
	return func(s string) bool { return strings.HasPrefix(longest, s) || strings.HasPrefix(s, longest) }
}

func parseAppend(e *history.Entry) (in appendInput, out string, err error) {
	in = appendInput{f: e.F, key: e.Key}
	switch e.F {
	case "get", "read":
		in.f = "get"
		if e.Result != nil {
			out = history.Text(e.Result)
		}
	case "put", "write":
		in.f, in.value = "put", history.Text(e.Value)
	case "append":
		in.value = history.Text(e.Value)
	default:
		err = unknownFunction(e, "get, put and append")
	}
	return in, out, err
}

// shorten shows the end of a long value, where appended ones differ.
func shorten(s string) string {
	const most = 40
	if len(s) > most {
		return fmt.Sprintf("…%q", s[len(s)-most:])
	}
	return fmt.Sprintf("%q", s)
}
