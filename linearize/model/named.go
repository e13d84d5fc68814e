package model

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// Named is one of the models that have a name.
type Named struct {
	// Name is what `castaway check --model` takes; Doc is one line about it.
	Name, Doc string
	prepare   func([]history.Entry) (Prepared, error)
}

// Prepared is a history that was read under a model.
type Prepared interface {
	// Check judges it.
	Check(linearize.Options) linearize.Verdict
	// Core finds a small set of operations that contradict each other; see
	// linearize.ModelCore.
	Core(linearize.Verdict, linearize.Options) linearize.Contradiction
	// Words is operation i with its answer.
	Words(i int) string
}

// All are the models with a name, without those of package linearize.
var All = []Named{
	{"register", "a value that is read and written", prepare(register, parseRegister(false))},
	{"cas-register", "a register with compare-and-swap: cas [old new]", prepare(register, parseRegister(true))},
	{"multi-register", "transactions of reads and writes over many registers: [[read x nil] [write y 1]]", prepare(multiRegister, parseMulti)},
	{"append-kv", "keys with strings: get, put, append", prepare(appendKV, parseAppend)},
	{"mutex", "a lock: acquire, release", prepare(mutex, parseMutex)},
	{"bank", "accounts: transfer {from, to, amount}, read", prepare(bank, parseBank)},
}

// Find returns the model with a name.
func Find(name string) (Named, bool) {
	for _, m := range All {
		if m.Name == name {
			return m, true
		}
	}
	return Named{}, false
}

// Prepare reads a history under the model. Its error is a *history.Error that
// names the line of an operation that the model does not have.
func (n Named) Prepare(entries []history.Entry) (Prepared, error) { return n.prepare(entries) }

// prepared is a history under a model.
type prepared[S, I, O any] struct {
	model linearize.Model[S, I, O]
	ops   []linearize.Event[I, O]
}

func prepare[S, I, O any](m linearize.Model[S, I, O], parse func(*history.Entry) (I, O, error)) func([]history.Entry) (Prepared, error) {
	return func(entries []history.Entry) (Prepared, error) {
		p := &prepared[S, I, O]{model: m, ops: make([]linearize.Event[I, O], len(entries))}
		for i := range entries {
			e := &entries[i]
			if e.Request != nil {
				return nil, &history.Error{Line: e.Line, Text: "a request of a store with revisions: use the model etcd or etcd-no-revisions"}
			}
			in, out, err := parse(e)
			if err != nil {
				return nil, &history.Error{Line: e.Line, Text: err.Error()}
			}
			p.ops[i] = linearize.Event[I, O]{Client: e.Client, Call: e.Call, Return: e.Return, Input: in, Outcome: e.Outcome, Output: out}
		}
		return p, nil
	}
}

func (p *prepared[S, I, O]) Check(opts linearize.Options) linearize.Verdict {
	return linearize.CheckModel(p.model, p.ops, opts)
}

func (p *prepared[S, I, O]) Core(v linearize.Verdict, opts linearize.Options) linearize.Contradiction {
	return linearize.ModelCore(p.model, p.ops, v, opts)
}

func (p *prepared[S, I, O]) Words(i int) string {
	op := &p.ops[i]
	if op.Outcome == linearize.Answered {
		return p.model.Describe(op.Input, &op.Output)
	}
	return p.model.Describe(op.Input, nil)
}

func scatter(x uint64) uint64 { return mix.Bits(x + 1) }

func hashText(s string) uint64 {
	var h mix.Hash
	h.String(s)
	return h.Sum()
}
