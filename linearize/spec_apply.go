package linearize

import (
	"cmp"

	"github.com/castaway-kv/castaway/kv"
)

// apply carries out a request as one step. Its answer is in s.out until the next
// one. After an error, one of kv's, nothing happened. The limit on a request's
// encoded size is not part of the specification, nor are alarms.
func (s *store) apply(r kv.Request) error {
	s.begin()
	err := s.run(r)
	if err == nil {
		s.commit()
	}
	return err
}

func (s *store) run(r kv.Request) error {
	s.out.reset()
	switch r := r.(type) {
	case kv.RangeRequest:
		if err := checkRange(&r); err != nil {
			return err
		}
		return s.get(&r, &s.out, false)
	case kv.PutRequest:
		if err := cmp.Or(checkPutShape(&r), s.checkPut(&r)); err != nil {
			return err
		}
		s.put(&r, &s.out)
	case kv.DeleteRangeRequest:
		if r.Key == "" {
			return kv.ErrEmptyKey
		}
		s.del(&r, &s.out)
	case kv.TxnRequest:
		if err := checkRequest(r, kv.MaxTxnOps); err != nil {
			return err
		}
		return s.txn(r)
	case kv.CompactRequest:
		return s.compact(r)
	default:
		panic("linearize: not a request on keys")
	}
	return nil
}

func (s *store) checkPut(r *kv.PutRequest) error {
	if r.Lease != 0 && !s.observeAlive(r.Lease) {
		return kv.ErrLeaseNotFound
	}
	if r.IgnoreValue || r.IgnoreLease {
		if c := s.keys[r.Key]; c == nil || !c.live {
			return kv.ErrKeyNotFound
		}
	}
	return nil
}

func (s *store) put(r *kv.PutRequest, out *answer) {
	c := s.cell(r.Key)
	s.changed = true
	now := s.now()
	pair := kv.KeyValue{Key: c.pair.Key, Value: r.Value, CreateRevision: now, ModRevision: now, Version: 1, Lease: r.Lease}
	if c.live {
		pair.CreateRevision, pair.Version = c.pair.CreateRevision, c.pair.Version+1
		if r.IgnoreValue {
			pair.Value = c.pair.Value
		}
		if r.IgnoreLease {
			pair.Lease = c.pair.Lease
		}
		if r.PrevKV {
			out.prev, out.hasPrev = c.pair, true
		}
	}
	s.set(c, pair, true)
	out.revision = now
}

func (s *store) del(r *kv.DeleteRangeRequest, out *answer) {
	s.each(r.Span, func(c *cell) bool {
		if c.live {
			if r.PrevKV {
				out.kvs = append(out.kvs, c.pair)
			}
			s.remove(c)
			out.count++
		}
		return true
	})
	out.revision = s.now()
}

// remove deletes a cell's key.
func (s *store) remove(c *cell) {
	s.changed = true
	s.set(c, kv.KeyValue{Key: c.pair.Key, ModRevision: s.now()}, false)
}

func (s *store) compact(r kv.CompactRequest) error {
	switch {
	case r.Revision < 0, r.Revision <= s.compacted:
		return kv.ErrCompacted
	case r.Revision > s.revision:
		return kv.ErrFutureRevision
	}
	s.note()
	s.compacted = r.Revision
	s.out.revision = s.revision
	return nil
}

// txn decides on all branches, looks for everything that can fail, and runs.
func (s *store) txn(r kv.TxnRequest) error {
	if err := s.checkTxn(r, &clears{}); err != nil {
		return err
	}
	next := 0
	s.runTxn(r, &s.out, &next)
	s.out.revision = s.now()
	return nil
}

// clears are the deletions without an upper bound met so far: a put after one
// does not find what it cleared.
type clears []kv.Span

func (s *store) checkTxn(r kv.TxnRequest, cleared *clears) error {
	succeeded := true
	for _, c := range r.Compare {
		succeeded = succeeded && s.holds(c)
	}
	s.taken = append(s.taken, succeeded)
	for _, op := range branchOf(r, succeeded) {
		var err error
		switch op := op.(type) {
		case kv.RangeRequest:
			err = s.checkReadInTxn(op.Revision)
		case kv.PutRequest:
			err = s.checkPut(&op)
			if err == nil && (op.IgnoreValue || op.IgnoreLease) {
				for _, span := range *cleared {
					if contains(span, op.Key) {
						err = kv.ErrKeyNotFound
					}
				}
			}
		case kv.DeleteRangeRequest:
			if op.End == "\x00" {
				*cleared = append(*cleared, op.Span)
			}
		case kv.TxnRequest:
			err = s.checkTxn(op, cleared)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkReadInTxn: etcd refuses in a transaction what it takes for the newest
// elsewhere, and a transaction can't name the revision that it is about to make.
func (s *store) checkReadInTxn(r kv.Revision) error {
	switch {
	case r == 0:
		return nil
	case r > s.revision:
		return kv.ErrFutureRevision
	case r < s.compacted:
		return kv.ErrCompacted
	case r > 0 && r < s.forgotten:
		return errForgotten
	}
	return nil
}

func branchOf(r kv.TxnRequest, succeeded bool) []kv.Request {
	if succeeded {
		return r.Success
	}
	return r.Failure
}

// runTxn leaves the header empty, as etcd does for a transaction inside another.
func (s *store) runTxn(r kv.TxnRequest, out *answer, next *int) {
	out.succeeded = s.taken[*next]
	*next++
	for _, op := range branchOf(r, out.succeeded) {
		inner := out.more1()
		switch op := op.(type) {
		case kv.RangeRequest:
			s.get(&op, inner, true) //nolint:errcheck // checkTxn has seen to it
		case kv.PutRequest:
			s.put(&op, inner)
		case kv.DeleteRangeRequest:
			s.del(&op, inner)
		case kv.TxnRequest:
			s.runTxn(op, inner, next)
		}
	}
}

// holds says whether a comparison is true of every key of its span, or of a
// missing one if the span is empty.
func (s *store) holds(c kv.Compare) bool {
	found, all := false, true
	s.each(c.Span(), func(k *cell) bool {
		if k.live {
			found = true
			all = all && ordered(difference(&k.pair, &c), c.Operator)
		}
		return all
	})
	if found {
		return all
	}
	return c.Target != kv.TargetValue && ordered(difference(&kv.KeyValue{}, &c), c.Operator)
}

// difference is the sign of what the comparison looks at against what it names.
// As in etcd, an unknown target compares as equal.
func difference(p *kv.KeyValue, c *kv.Compare) int {
	switch c.Target {
	case kv.TargetVersion:
		return cmp.Compare(p.Version, c.Number)
	case kv.TargetCreate:
		return cmp.Compare(int64(p.CreateRevision), c.Number)
	case kv.TargetMod:
		return cmp.Compare(int64(p.ModRevision), c.Number)
	case kv.TargetValue:
		return cmp.Compare(p.Value, c.Value)
	case kv.TargetLease:
		return cmp.Compare(int64(p.Lease), c.Number)
	}
	return 0
}

// ordered says whether an operator accepts a sign; an unknown one, as in etcd, does.
func ordered(sign int, by kv.Operator) bool {
	switch by {
	case kv.Equal:
		return sign == 0
	case kv.Greater:
		return sign > 0
	case kv.Less:
		return sign < 0
	case kv.NotEqual:
		return sign != 0
	}
	return true
}

func contains(s kv.Span, key string) bool {
	switch s.End {
	case "":
		return key == s.Key
	case "\x00":
		return key >= s.Key
	}
	return s.Key <= key && key < s.End
}
