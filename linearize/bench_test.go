package linearize

import (
	"fmt"
	"math/rand/v2"
	"testing"

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
