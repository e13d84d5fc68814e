package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// State is the specification as tests use it: a state that never changes, by the
// requests that led to it.
type State struct{ requests []kv.Request }

func NewState() *State { return &State{} }

// at is a store in the state.
func (s *State) at() *store {
	st := newStore()
	st.keepPast, st.digesting, st.journaling = true, true, true
	for _, r := range s.requests {
		st.apply(r) //nolint:errcheck // as it was
	}
	return st
}

func (s *State) Revision() kv.Revision { return s.at().revision }

func (s *State) Apply(r kv.Request) (*State, kv.Response, error) {
	st := s.at()
	if err := st.apply(r); err != nil {
		return s, nil, err
	}
	return &State{append(slices.Clone(s.requests), r)}, st.out.response(r), nil
}

// equal says whether two answers to a request look alike to a client, headers included.
func equal(r kv.Request, a, b kv.Response) bool {
	var out answer
	out.fill(a)
	return out.matches(r, b, comparison{})
}

// fill makes an answer of a response.
func (a *answer) fill(resp kv.Response) {
	a.revision = resp.At()
	switch resp := resp.(type) {
	case kv.RangeResponse:
		a.kvs, a.count, a.more = resp.KVs, resp.Count, resp.More
	case kv.PutResponse:
		if resp.PrevKV != nil {
			a.prev, a.hasPrev = *resp.PrevKV, true
		}
	case kv.DeleteRangeResponse:
		a.kvs, a.count = resp.PrevKVs, resp.Deleted
	case kv.TxnResponse:
		a.succeeded = resp.Succeeded
		for _, inner := range resp.Responses {
			a.more1().fill(inner)
		}
	}
}
