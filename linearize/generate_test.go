package linearize

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// chooser is a source of choices: rapid's, or a seeded one for benchmarks.
type chooser func(n int) int

// fault is a named way in which a store or a recorder can be wrong.
type fault int

const (
	noFault fault = iota
	staleRead
	lostWrite
	doubledWrite
	phantomValue
	wrongRevision
	revisionReused
	reordered
	faults
)

func (f fault) String() string {
	return []string{"none", "stale read", "lost write", "doubled write", "phantom value", "wrong revision", "revision reused", "reordered"}[f]
}

// recipe says what kind of history to make.
type recipe struct {
	operations, clients, keys int
	// unknown is the share of operations without an answer, in percent.
	unknown int
	fault   fault
	// pasts allows reads at an explicit revision.
	pasts bool
}

// generate runs requests one after another on a naive store, each at a later
// moment, and gives each an interval around its moment, so that without a fault
// the history is linearizable by construction.
func generate(choose chooser, r recipe) History {
	store := newNaive()
	older := newNaive()
	free := make([]int64, r.clients) // when each client may call again
	var h History
	at := -1
	if r.fault != noFault {
		at = choose(r.operations)
	}
	moment := int64(0)
	var late []kv.Request // lost operations that happen at a later moment
	for i := range r.operations {
		if len(late) > 0 && choose(3) == 0 {
			store.apply(late[0])
			late = late[1:]
		}
		op := Operation{Client: freeClient(choose, free, moment), Request: request(choose, r, store)}
		moment = max(moment+10, free[op.Client])
		op.Call = max(free[op.Client], moment-int64(choose(40)))
		op.Return = moment + int64(choose(40))
		free[op.Client] = op.Return
		if choose(100) < r.unknown {
			op.Err = errTimeout
			switch choose(3) {
			case 0:
				store.apply(op.Request)
			case 1:
				late = append(late, op.Request)
			}
			h = append(h, op)
			continue
		}
		before := store.clone()
		op.Outcome, op.Response = Answered, store.apply(op.Request)
		if i == at {
			store = spoil(r.fault, &op, older, before, store)
			free[op.Client] = op.Return
		}
		if op.Response == nil {
			op.Outcome, op.Err = Refused, kv.ErrFutureRevision
		}
		if choose(3) == 0 {
			older = before
		}
		h = append(h, op)
	}
	return h
}

var errTimeout = errors.New("timed out")

// spoil corrupts one operation; it returns the store to go on with.
func spoil(f fault, op *Operation, older, before, after *naive) *naive {
	switch f {
	case staleRead:
		op.Response = older.clone().apply(op.Request)
	case lostWrite:
		return before
	case doubledWrite:
		after.apply(op.Request)
	case phantomValue:
		if get, ok := op.Response.(kv.RangeResponse); ok && len(get.KVs) > 0 {
			get.KVs[0].Value += "?"
		}
	case wrongRevision:
		if put, ok := op.Response.(kv.PutResponse); ok {
			op.Response = kv.PutResponse{Header: kv.Header{Revision: put.Revision + 1}}
		}
		if get, ok := op.Response.(kv.RangeResponse); ok {
			get.Revision++
			op.Response = get
		}
	case revisionReused:
		if put, ok := op.Response.(kv.PutResponse); ok && put.Revision > 2 {
			op.Response = kv.PutResponse{Header: kv.Header{Revision: put.Revision - 1}}
		}
	case reordered: // it took effect before its call
		op.Call += 100
		op.Return = op.Call + 5
	default:
		panic("no such fault")
	}
	return after
}

// freeClient is a client that can call by the moment, if there is one.
func freeClient(choose chooser, free []int64, moment int64) int {
	c := choose(len(free))
	for range free {
		if free[c] <= moment {
			return c
		}
		c = (c + 1) % len(free)
	}
	return c
}

func request(choose chooser, r recipe, store *naive) kv.Request {
	key := string(rune('a' + choose(r.keys)))
	value := fmt.Sprint(choose(4))
	switch choose(8) {
	case 0, 1:
		return kv.PutRequest{Key: key, Value: value}
	case 2:
		return kv.DeleteRangeRequest{Span: kv.Span{Key: key}}
	case 3:
		return kv.RangeRequest{Span: kv.Span{Key: "a", End: "\x00"}, Limit: int64(choose(3))}
	case 4:
		if r.pasts {
			return kv.RangeRequest{Span: kv.Span{Key: key}, Revision: kv.Revision(choose(len(store.states) + 1))}
		}
		return kv.RangeRequest{Span: kv.Span{Key: key}}
	case 5, 6:
		return kv.TxnRequest{
			Compare: []kv.Compare{{Key: key, Target: kv.TargetValue, Value: value}},
			Success: []kv.Request{kv.PutRequest{Key: key, Value: fmt.Sprint(choose(4))}},
			Failure: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: key}}},
		}
	}
	return kv.RangeRequest{Span: kv.Span{Key: key}}
}
