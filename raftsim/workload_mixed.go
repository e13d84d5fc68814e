package raftsim

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Mixed is a client that asks for anything: puts, gets of all kinds, deletions,
// transactions within transactions, compactions, leases, on few keys, so that
// clients meet.
type Mixed struct {
	// Keys is how many keys there are, 1 to MaxMixedKeys; each is Prefix and a number
	// from 0.
	Keys   int
	Prefix string
	// Serializable is the share, among gets, of those that the member which is asked
	// may answer from its own state.
	Serializable Chance
	// Compact is the share of compactions among the requests, Leases that of requests
	// about leases. Both come out of the gets and puts.
	Compact, Leases Chance
	// TTL of the leases.
	TTL kv.TTL
	// Requests after which the client is done; 0 means that it never is.
	Requests int

	made int
	// seen is the newest revision that the client has heard of.
	seen kv.Revision
	// leases are the last that it asked for.
	leases []kv.LeaseID
}

// Bounds of a Mixed.
const (
	MaxMixedKeys = 100
	// mixedLeases is how many leases a client remembers.
	mixedLeases = 3
)

// Next implements Workload.
func (m *Mixed) Next(t *Turn) (kv.Request, bool) {
	if t.Last != nil && t.Last.Response != nil {
		m.seen = max(m.seen, t.Last.Response.At())
	}
	if m.Requests > 0 && m.made == m.Requests {
		return nil, false
	}
	m.made++
	switch {
	case t.Happens(m.Compact):
		return kv.CompactRequest{Revision: m.past(t)}, true
	case t.Happens(m.Leases):
		return m.aboutLeases(t), true
	}
	switch t.Choose(8) {
	case 0, 1, 2:
		return m.get(t), true
	case 3, 4:
		return m.put(t), true
	case 5:
		return kv.DeleteRangeRequest{Span: m.span(t), PrevKV: t.Choose(2) == 1}, true
	default:
		return m.txn(t, 2), true
	}
}

func (m *Mixed) key(t *Turn) string { return numbered(m.Prefix, int(t.Choose(uint64(m.Keys)))) }

// span is a key, two of them and what lies between, or all.
func (m *Mixed) span(t *Turn) kv.Span {
	switch t.Choose(4) {
	default:
		return kv.Span{Key: m.key(t)}
	case 2:
		a, b := m.key(t), m.key(t)
		return kv.Span{Key: min(a, b), End: max(a, b) + "\x00"}
	case 3:
		return kv.Prefix(m.Prefix)
	}
}

// past is one of the last revisions, the newest one most often.
func (m *Mixed) past(t *Turn) kv.Revision {
	back := kv.Revision(t.Choose(2) * t.Choose(10))
	return max(1, m.seen-back)
}

func (m *Mixed) value(t *Turn) string { return fmt.Sprintf("%s.%d", t.Name, m.made) }

func (m *Mixed) get(t *Turn) kv.Request {
	r := kv.RangeRequest{Span: m.span(t), Serializable: t.Happens(m.Serializable)}
	switch t.Choose(6) {
	case 1:
		r.Revision = m.past(t)
	case 2:
		r.Limit = 1 + int64(t.Choose(3))
	case 3:
		r.Order, r.Target = kv.SortOrder(t.Choose(3)), kv.SortTarget(t.Choose(5))
	case 4:
		r.KeysOnly, r.CountOnly = t.Choose(2) == 0, t.Choose(2) == 1
	case 5:
		r.MinModRevision = m.past(t)
	}
	return r
}

func (m *Mixed) put(t *Turn) kv.Request {
	r := kv.PutRequest{Key: m.key(t), Value: m.value(t), PrevKV: t.Choose(4) == 1}
	switch t.Choose(8) {
	case 1:
		r.IgnoreValue, r.Value = true, ""
	case 2:
		r.IgnoreLease = true
	case 3:
		if len(m.leases) > 0 {
			r.Lease = m.lease(t)
		}
	}
	return r
}

// txn is a transaction; depth bounds those within it.
func (m *Mixed) txn(t *Turn, depth int) kv.Request {
	var r kv.TxnRequest
	for range t.Choose(3) {
		r.Compare = append(r.Compare, m.compare(t))
	}
	r.Success, r.Failure = m.branch(t, depth), m.branch(t, depth)
	return r
}

func (m *Mixed) compare(t *Turn) kv.Compare {
	c := kv.Compare{Key: m.key(t), Target: kv.Target(t.Choose(4)), Operator: kv.Operator(t.Choose(4))}
	switch c.Target {
	case kv.TargetValue:
		c.Value = m.value(t)
	case kv.TargetVersion:
		c.Number = int64(t.Choose(3))
	default:
		c.Number = int64(t.Choose(2)) * int64(m.past(t))
	}
	return c
}

// branch is a list of operations. It changes no key twice, which would be refused:
// its first change may be of any keys, and the others are dropped.
func (m *Mixed) branch(t *Turn, depth int) (ops []kv.Request) {
	changes := false
	for range 1 + t.Choose(3) {
		var op kv.Request
		switch t.Choose(4) {
		case 0:
			op = m.get(t)
		case 1:
			op = m.put(t)
		case 2:
			op = kv.DeleteRangeRequest{Span: m.span(t)}
		default:
			op = m.get(t)
			if depth > 0 {
				op = m.txn(t, depth-1)
			}
		}
		if !kv.ReadOnly(op) && changes {
			continue
		}
		changes = changes || !kv.ReadOnly(op)
		ops = append(ops, op)
	}
	return ops
}

func (m *Mixed) lease(t *Turn) kv.LeaseID { return m.leases[t.Choose(uint64(len(m.leases)))] }

func (m *Mixed) aboutLeases(t *Turn) kv.Request {
	kind := t.Choose(6)
	if len(m.leases) == 0 || kind == 0 {
		id := kv.LeaseID(t.ID())
		m.leases = append(slices.Clone(m.leases[max(0, len(m.leases)-mixedLeases+1):]), id)
		return kv.LeaseGrantRequest{ID: id, TTL: m.TTL}
	}
	id := m.lease(t)
	switch kind {
	case 1:
		return kv.LeaseRevokeRequest{ID: id}
	case 2:
		return kv.LeaseKeepAliveRequest{ID: id}
	case 3:
		return kv.LeaseTimeToLiveRequest{ID: id, Keys: true}
	case 4:
		return kv.LeaseListRequest{}
	default:
		return kv.PutRequest{Key: m.key(t), Value: m.value(t), Lease: id}
	}
}

// Clone implements Workload. The list of leases is never written to.
func (m *Mixed) Clone() Workload {
	clone := *m
	return &clone
}

// Validate names the field that can't be.
func (m *Mixed) Validate() error {
	if m.Keys < 1 || m.Keys > MaxMixedKeys {
		return fmt.Errorf("keys: %d is not between 1 and %d", m.Keys, MaxMixedKeys)
	}
	if m.Leases > 0 {
		if err := validateTTL(m.TTL); err != nil {
			return err
		}
	}
	return firstError(
		notEmpty("prefix", m.Prefix), m.Serializable.validate("serializable"), m.Compact.validate("compact"),
		m.Leases.validate("leases"), notNegative("requests", m.Requests),
	)
}

// String says how far the client is.
func (m *Mixed) String() string { return fmt.Sprintf("mixed: %d requests made", m.made) }
