package mvcc

import (
	"cmp"

	"github.com/castaway-kv/castaway/kv"
)

// checker finds everything that can fail in a request, before its first change,
// and makes all its comparisons.
type checker struct {
	store  *Store
	leases Leases
	// taken says which branch runs in the transaction and, depth first, in each
	// one nested in that branch.
	taken []bool
	// clears are the deletions without an upper bound met so far. After all other
	// changes of a key, a transaction that changes it again is refused by
	// kv.Validate; after these it is not.
	clears []kv.Span
}

// put is etcd's check of a put, on the state before.
func (c *checker) put(r kv.PutRequest) error {
	if r.Lease != 0 && (c.leases == nil || !c.leases.Granted(r.Lease)) {
		return kv.ErrLeaseNotFound
	}
	if (r.IgnoreValue || r.IgnoreLease) && !c.there(r.Key) {
		return kv.ErrKeyNotFound
	}
	return nil
}

// there says whether a put finds its key. Where one transaction first clears the
// key and then puts it, keeping what it had, etcd 3.7 goes down with a panic; here
// the key is not found.
func (c *checker) there(key string) bool {
	for _, span := range c.clears {
		if span.Contains(key) {
			return false
		}
	}
	return c.store.index.get(key).live()
}

func (c *checker) txn(r kv.TxnRequest) error {
	succeeded := c.store.allHold(r.Compare)
	c.taken = append(c.taken, succeeded)
	for _, op := range branch(r, succeeded) {
		var err error
		switch op := op.(type) {
		case kv.RangeRequest:
			err = c.readInTxn(op.Revision)
		case kv.PutRequest:
			err = c.put(op)
		case kv.DeleteRangeRequest:
			if op.End == "\x00" {
				c.clears = append(c.clears, op.Span)
			}
		case kv.TxnRequest:
			err = c.txn(op)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readInTxn is etcd's check of a read inside a transaction. It is stricter than
// that of a read outside, where all negative revisions mean the newest.
func (c *checker) readInTxn(r kv.Revision) error {
	switch {
	case r == 0:
		return nil
	case r > c.store.revision:
		return kv.ErrFutureRevision
	case r < c.store.compacted:
		return kv.ErrCompacted
	default:
		return nil
	}
}

func (s *Store) allHold(compares []kv.Compare) bool {
	for _, c := range compares {
		if !s.holds(c) {
			return false
		}
	}
	return true
}

// holds says whether a comparison is true of every key of its span, or of a
// missing key if the span is empty.
func (s *Store) holds(c kv.Compare) bool {
	found := false
	for v := range s.live(c.Span(), s.revision) {
		found = true
		if !satisfies(c.Operator, difference(v, c)) {
			return false
		}
	}
	if found {
		return true
	}
	return c.Target != kv.TargetValue && satisfies(c.Operator, difference(&version{}, c))
}

// difference orders what the comparison looks at against what it names.
func difference(v *version, c kv.Compare) int {
	switch c.Target {
	case kv.TargetVersion:
		return cmp.Compare(v.number, c.Number)
	case kv.TargetCreate:
		return cmp.Compare(int64(v.create), c.Number)
	case kv.TargetMod:
		return cmp.Compare(int64(v.mod), c.Number)
	case kv.TargetValue:
		return cmp.Compare(v.value, c.Value)
	case kv.TargetLease:
		return cmp.Compare(int64(v.lease), c.Number)
	default:
		return 0
	}
}

func satisfies(o kv.Operator, difference int) bool {
	switch o {
	case kv.Equal:
		return difference == 0
	case kv.Greater:
		return difference > 0
	case kv.Less:
		return difference < 0
	case kv.NotEqual:
		return difference != 0
	default:
		return true
	}
}
