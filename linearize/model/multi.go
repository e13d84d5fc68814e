package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// cell is a key with its value.
type cell struct {
	key   string
	value any
}

// cells is a small map that is never changed in place, in the order of keys.
type cells []cell

func (c cells) find(key string) (int, bool) {
	return slices.BinarySearchFunc(c, key, func(c cell, key string) int { return strings.Compare(c.key, key) })
}

func (c cells) get(key string) any {
	if i, ok := c.find(key); ok {
		return c[i].value
	}
	return nil
}

func (c cells) with(key string, value any) cells {
	i, ok := c.find(key)
	next := slices.Clone(c)
	if ok {
		next[i].value = value
		return next
	}
	return slices.Insert(next, i, cell{key, value})
}

// String is such as `a 7, b 10`.
func (c cells) String() string {
	words := make([]string, len(c))
	for i, e := range c {
		words[i] = e.key + " " + history.Text(e.value)
	}
	return strings.Join(words, ", ")
}

func (c cells) hash() uint64 {
	var h uint64
	for _, e := range c {
		h = scatter(h ^ hashText(e.key) + 3*hashValue(e.value))
	}
	return h
}

// microOp is one read or write of a transaction.
type microOp struct {
	write bool
	key   string
	value any
}

type multiInput []microOp

// multiOutput has a value for each read, in order.
type multiOutput []any

// multiRegister is a map of registers, nil in the beginning, that transactions
// read and write; a transaction takes effect at one moment, and reads its own
// writes.
var multiRegister = linearize.Model[cells, multiInput, multiOutput]{
	Step: func(s cells, in multiInput, out *multiOutput) (cells, bool) {
		reads := 0
		for _, op := range in {
			if op.write {
				s = s.with(op.key, op.value)
				continue
			}
			if out != nil && s.get(op.key) != (*out)[reads] {
				return s, false
			}
			reads++
		}
		return s, true
	},
	Equal: slices.Equal[cells],
	Hash:  cells.hash,
	ReadOnly: func(in multiInput, _ *multiOutput) bool {
		return !slices.ContainsFunc(in, func(op microOp) bool { return op.write })
	},
	Describe: func(in multiInput, out *multiOutput) string {
		var words []string
		reads := 0
		for _, op := range in {
			switch {
			case op.write:
				words = append(words, fmt.Sprintf("%s := %s", op.key, history.Text(op.value)))
				continue
			case out == nil:
				words = append(words, op.key+" = ?")
			default:
				words = append(words, fmt.Sprintf("%s = %s", op.key, history.Text((*out)[reads])))
			}
			reads++
		}
		return strings.Join(words, ", ")
	},
}

// parseMulti reads a list of micro-operations [f key value], as Jepsen's
// multi-register and txn workloads have them; a lone read or write is a list of one.
func parseMulti(e *history.Entry) (in multiInput, out multiOutput, err error) {
	asked, err := microOps(e, e.Value)
	if err != nil {
		return nil, nil, err
	}
	answered := asked
	if e.Result != nil {
		if answered, err = microOps(e, e.Result); err != nil {
			return nil, nil, err
		}
	}
	if len(answered) != len(asked) {
		return nil, nil, fmt.Errorf("%d micro-operations are answered by %d", len(asked), len(answered))
	}
	for i, op := range asked {
		if answered[i].key != op.key || answered[i].write != op.write {
			return nil, nil, fmt.Errorf("micro-operation %d is answered by another one", i)
		}
		if !op.write {
			out = append(out, answered[i].value)
		}
	}
	return asked, out, nil
}

func microOps(e *history.Entry, v any) ([]microOp, error) {
	if e.F == "read" && e.Key != "" {
		return []microOp{{key: e.Key, value: scalar(e.Result)}}, nil
	}
	if e.F == "write" && e.Key != "" {
		return []microOp{{write: true, key: e.Key, value: scalar(e.Value)}}, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the value is a list of [f key value] with f read or write, found %s", history.Text(v))
	}
	var ops []microOp
	for _, item := range list {
		op, ok := item.([]any)
		if !ok || len(op) != 3 {
			return nil, fmt.Errorf("a micro-operation is [f key value], found %s", history.Text(item))
		}
		f := history.Text(op[0])
		switch f {
		case "r", "read":
			ops = append(ops, microOp{key: history.Text(op[1]), value: scalar(op[2])})
		case "w", "write":
			ops = append(ops, microOp{write: true, key: history.Text(op[1]), value: scalar(op[2])})
		default:
			return nil, fmt.Errorf("unknown micro-operation %q: use read or write", f)
		}
	}
	return ops, nil
}
