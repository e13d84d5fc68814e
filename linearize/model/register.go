package model

import (
	"fmt"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// registerInput is a function of a register.
type registerInput struct {
	f          registerFunc
	key        string
	value, old any
}

type registerFunc uint8

const (
	read registerFunc = iota
	write
	cas
)

// registerOutput is the value read; of a compare-and-swap, whether it swapped.
type registerOutput struct {
	value any
	ok    bool
}

// register is a value, nil in the beginning, that is read, written, and swapped
// for another if it is the one expected. With keys there is one for each.
var register = linearize.Model[any, *registerInput, registerOutput]{
	Step: func(s any, in *registerInput, out *registerOutput) (any, bool) {
		switch in.f {
		case write:
			return in.value, true
		case cas:
			if s == in.old {
				return in.value, out == nil || out.ok
			}
			return s, out == nil || !out.ok
		case read:
		}
		return s, out == nil || s == out.value
	},
	Hash:      hashValue,
	Partition: func(in *registerInput) string { return in.key },
	ReadOnly: func(in *registerInput, out *registerOutput) bool {
		return in.f == read || in.f == cas && out != nil && !out.ok
	},
	Describe: func(in *registerInput, out *registerOutput) string {
		return in.words() + ": " + in.answer(out)
	},
}

func (in *registerInput) words() string {
	key := ""
	if in.key != "" {
		key = " " + in.key
	}
	switch in.f {
	case write:
		return fmt.Sprintf("write%s %s", key, history.Text(in.value))
	case cas:
		return fmt.Sprintf("cas%s %s to %s", key, history.Text(in.old), history.Text(in.value))
	case read:
	}
	return "read" + key
}

func (in *registerInput) answer(out *registerOutput) string {
	switch {
	case out == nil:
		return "no answer"
	case in.f == read:
		return history.Text(out.value)
	case in.f == cas && !out.ok:
		return "another value"
	}
	return "ok"
}

// hashValue is a hash of a plain value.
func hashValue(v any) uint64 {
	switch v := v.(type) {
	case nil:
		return 0
	case int64:
		return scatter(uint64(v))
	case string:
		return hashText(v)
	}
	return hashText(fmt.Sprint(v))
}

// parseRegister reads read, write and, if allowed, cas with a value [old new].
func parseRegister(withCas bool) func(*history.Entry) (*registerInput, registerOutput, error) {
	return func(e *history.Entry) (in *registerInput, out registerOutput, err error) {
		in = &registerInput{key: e.Key}
		switch {
		case e.F == "read" || e.F == "get":
			out.value = scalar(e.Result)
		case e.F == "write" || e.F == "put":
			in.f, in.value = write, scalar(e.Value)
		case e.F == "cas" && withCas:
			pair, ok := e.Value.([]any)
			if !ok || len(pair) != 2 {
				return in, out, fmt.Errorf("the value of a cas is a pair [old new], found %s", history.Text(e.Value))
			}
			in.f, in.old, in.value = cas, scalar(pair[0]), scalar(pair[1])
			out.ok = e.Result != false
		case e.F == "cas":
			return in, out, fmt.Errorf("a register has no cas: use the model cas-register")
		default:
			return in, out, unknownFunction(e, "read, write or cas")
		}
		return in, out, nil
	}
}

// scalar makes a value comparable: lists and maps become their text.
func scalar(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, string:
		return v
	}
	return history.Text(v)
}

func unknownFunction(e *history.Entry, known string) error {
	return fmt.Errorf("unknown function %q for this model: it has %s", e.F, known)
}
