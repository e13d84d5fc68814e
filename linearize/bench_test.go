package linearize

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/castaway-kv/castaway/kv"
)

func seeded(seed uint64) chooser { return rand.New(rand.NewPCG(seed, 0)).IntN }

// busy is a history of clients that are always busy, etcd-like: half of the
// operations write, values are unique, an operation takes effect at a moment
// between its call and its return, and some have no answer; the log tells what
// of those happened.
func busy(seed uint64, operations, clients, keys, unknown int) (History, []Applied) {
	choose := seeded(seed)
	store := newStore()
	h := make(History, 0, operations)
	var applied []Applied
	inflight := make([]int, clients) // the operation of each client
	names := make([]string, keys)
	for i := range names {
		names[i] = fmt.Sprintf("/registry/%04d", i)
	}
	stamp := int64(0)
	call := func(client int) {
		stamp++
		key := names[choose(keys)]
		var r kv.Request
		switch n := choose(100); {
		case n < 40:
			r = kv.PutRequest{Key: key, Value: fmt.Sprint(len(h))}
		case n < 45:
			r = kv.DeleteRangeRequest{Span: kv.Span{Key: key}}
		case n < 55:
			c := store.cell(key)
			r = kv.TxnRequest{
				Compare: []kv.Compare{{Key: key, Target: kv.TargetMod, Number: int64(c.pair.ModRevision)}},
				Success: []kv.Request{kv.PutRequest{Key: key, Value: fmt.Sprint(len(h))}},
				Failure: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: key}}},
			}
		default:
			r = kv.RangeRequest{Span: kv.Span{Key: key}}
		}
		inflight[client] = len(h)
		h = append(h, Operation{Client: client, Call: stamp, Request: r})
	}
	for c := range clients {
		call(c)
	}
	index := uint64(0)
	for len(h) < operations || stamp < int64(2*operations) {
		client := choose(clients)
		op := &h[inflight[client]]
		lost := choose(100) < unknown
		if !lost || choose(2) == 0 {
			before := store.revision
			if err := store.apply(op.Request); err != nil {
				panic(err)
			}
			index++
			if store.revision != before {
				applied = append(applied, Applied{Index: index, Revision: store.revision, Op: inflight[client], Request: op.Request, Changed: true})
			}
		}
		stamp++
		op.Return = stamp
		if lost {
			op.Outcome = Unknown
		} else {
			op.Outcome, op.Response = Answered, store.out.response(op.Request)
		}
		if len(h) == operations {
			break
		}
		call(client)
	}
	return h, applied
}

func benchmark(b *testing.B, h History, opts Options) {
	var v Verdict
	b.ReportAllocs()
	for b.Loop() {
		v = Check(h, opts)
	}
	if v.Result != Linearizable {
		b.Fatal(v)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(h)), "ns/operation")
}

// 64 clients always busy, 10% unknown, with the applied log.
func BenchmarkWithLog(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("clients=64/operations=%d", n), func(b *testing.B) {
			h, applied := busy(1, n, 64, 100, 10)
			benchmark(b, h, Options{Applied: applied})
		})
	}
}

// The same without the log: what nobody was told of is searched for.
func BenchmarkWithoutLog(b *testing.B) {
	for _, clients := range []int{4, 16, 64} {
		for _, keys := range []int{8, 100} {
			b.Run(fmt.Sprintf("clients=%d/keys=%d/operations=10000", clients, keys), func(b *testing.B) {
				h, _ := busy(1, 10_000, clients, keys, 10)
				benchmark(b, h, Options{})
			})
		}
	}
}

// Porcupine alone, on the same kind of history: without the slots that revisions
// give. It doesn't finish; the metric says so.
func BenchmarkPorcupineAlone(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("clients=64/operations=%d", n), func(b *testing.B) {
			h, _ := busy(1, n, 64, 100, 10)
			finished := 0.0
			for b.Loop() {
				if porcupineAlone(h, 2*time.Second) != porcupine.Unknown {
					finished++
				}
			}
			b.ReportMetric(finished/float64(b.N), "finished")
		})
	}
}

// porcupineAlone gives a history to porcupine as it is: an operation without an
// answer lasts to the end.
func porcupineAlone(h History, timeout time.Duration) porcupine.CheckResult {
	w := newWorld(h, comparison{}, false)
	end := int64(2 * len(h))
	ops := make([]porcupine.Operation, len(h))
	for i := range h {
		ops[i] = porcupine.Operation{ClientId: h[i].Client, Input: i, Call: h[i].Call, Return: end}
		if h[i].Outcome == Answered {
			ops[i].Return = h[i].Return
		}
	}
	return porcupine.CheckOperationsTimeout(porcupine.Model{
		Init: func() any { return w.path[0] },
		Step: func(s, input, _ any) (bool, any) {
			i := input.(int)
			w.goTo(s.(*node))
			mark := w.store.mark()
			err := w.store.apply(h[i].Request)
			if h[i].Outcome == Answered && (err != nil || !w.store.out.matches(h[i].Request, h[i].Response, comparison{})) {
				w.store.undo(mark)
				return false, s
			}
			next := &node{world: w, parent: s.(*node), op: i, depth: s.(*node).depth + 1, revision: w.store.revision, digest: w.store.digest}
			w.path, w.marks = append(w.path, next), append(w.marks, mark)
			return true, next
		},
		Equal: func(a, b any) bool {
			return a.(*node).digest == b.(*node).digest && a.(*node).revision == b.(*node).revision
		},
		Hash: func(s any) uint64 { return s.(*node).digest.a },
	}, ops, timeout)
}

// A history that is judged while it is read.
func BenchmarkStream(b *testing.B) {
	const n = 1_000_000
	h, _ := busy(1, n, 64, 100, 0)
	b.ReportAllocs()
	for b.Loop() {
		s := NewStream(Options{})
		for i := range h {
			if more, err := s.Add(h[i]); !more || err != nil {
				b.Fatal(s.verdict, err)
			}
		}
		if v := s.Finish(); v.Result != Linearizable {
			b.Fatal(v)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/operation")
}
