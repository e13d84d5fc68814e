package lease

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// model is a lessor as naively as can be: a map of leases, looked through from
// end to end for everything.
type model struct {
	primary bool
	leases  map[kv.LeaseID]*modelLease
	of      map[string]kv.LeaseID
}

type modelLease struct {
	ttl           kv.TTL
	deadline, due Time
}

const (
	testMinTTL = 2
	extend     = Second / 2
)

func (m *model) clone() *model {
	c := &model{primary: m.primary, leases: map[kv.LeaseID]*modelLease{}, of: maps.Clone(m.of)}
	for id, x := range m.leases {
		copied := *x
		c.leases[id] = &copied
	}
	return c
}

func (m *model) grant(now Time, id kv.LeaseID, ttl kv.TTL) (kv.TTL, error) {
	switch {
	case id == 0:
		return 0, kv.ErrLeaseNotFound
	case ttl > kv.MaxTTL:
		return 0, kv.ErrTTLTooLarge
	case m.leases[id] != nil:
		return 0, kv.ErrLeaseExists
	}
	m.leases[id] = &modelLease{ttl: max(ttl, testMinTTL)}
	m.leases[id].renew(now)
	return m.leases[id].ttl, nil
}

func (x *modelLease) renew(now Time) {
	x.deadline = now + Time(x.ttl)*Time(Second)
	x.due = x.deadline
}

func (m *model) revoke(id kv.LeaseID) (keys []string, err error) {
	if m.leases[id] == nil {
		return nil, kv.ErrLeaseNotFound
	}
	delete(m.leases, id)
	for key, of := range m.of {
		if of == id {
			delete(m.of, key)
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

func (m *model) renew(now Time, id kv.LeaseID) (kv.TTL, error) {
	x := m.leases[id]
	switch {
	case !m.primary:
		return 0, kv.ErrNotLeader
	case x == nil:
		return 0, kv.ErrLeaseNotFound
	case now >= x.deadline:
		return 0, ErrExpired
	}
	x.renew(now)
	return x.ttl, nil
}

func (m *model) remaining(now Time, id kv.LeaseID) (kv.TTL, error) {
	switch {
	case !m.primary:
		return 0, kv.ErrNotLeader
	case m.leases[id] == nil:
		return 0, kv.ErrLeaseNotFound
	}
	return kv.TTL((m.leases[id].deadline - now) / Time(Second)), nil
}

func (m *model) promote(now Time) {
	m.primary = true
	for _, x := range m.leases {
		x.renew(now + Time(extend))
	}
}

func (m *model) list() []kv.LeaseID {
	ids := slices.Sorted(maps.Keys(m.leases))
	if m.primary {
		slices.SortStableFunc(ids, func(a, b kv.LeaseID) int { return cmp.Compare(m.leases[a].deadline, m.leases[b].deadline) })
	}
	return ids
}

func (m *model) expired(now Time) (ids []kv.LeaseID) {
	if !m.primary {
		return nil
	}
	ids = slices.DeleteFunc(slices.Sorted(maps.Keys(m.leases)), func(id kv.LeaseID) bool { return now < m.leases[id].due })
	slices.SortStableFunc(ids, func(a, b kv.LeaseID) int { return cmp.Compare(m.leases[a].due, m.leases[b].due) })
	for _, id := range ids {
		m.leases[id].due = now + Time(retryInterval)
	}
	return ids
}

func (m *model) wake() Time {
	wake := Never
	for _, x := range m.leases {
		if m.primary {
			wake = min(wake, x.due)
		}
	}
	return wake
}

// pair is a lessor beside its model.
type pair struct {
	lessor *Lessor
	model  *model
}

func newPair() pair {
	return pair{
		New(Config{MinTTL: testMinTTL, Rules: StandardRules()}),
		&model{leases: map[kv.LeaseID]*modelLease{}, of: map[string]kv.LeaseID{}},
	}
}

func same[T comparable](t *rapid.T, what string, got T, gotErr error, want T, wantErr error) {
	t.Helper()
	if got != want || !errors.Is(gotErr, wantErr) {
		t.Fatalf("%s: %v (%v), want %v (%v)", what, got, gotErr, want, wantErr)
	}
}

func (p pair) step(t *rapid.T, now Time) {
	l, m := p.lessor, p.model
	id := kv.LeaseID(rapid.Int64Range(-1, 5).Draw(t, "id"))
	key := rapid.SampledFrom([]string{"a", "b", "c", "\xff"}).Draw(t, "key")
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1:
		ttl := kv.TTL(rapid.SampledFrom([]int64{-1, 0, 2, 3, 7, 60, int64(kv.MaxTTL) + 1}).Draw(t, "ttl"))
		got, gotErr := l.Grant(now, id, ttl)
		want, wantErr := m.grant(now, id, ttl)
		same(t, "grant", got, gotErr, want, wantErr)
	case 2:
		got, gotErr := l.Revoke(id)
		want, wantErr := m.revoke(id)
		if !slices.Equal(got, want) || !errors.Is(gotErr, wantErr) {
			t.Fatalf("revoke: %q (%v), want %q (%v)", got, gotErr, want, wantErr)
		}
	case 3:
		got, gotErr := l.Renew(now, id)
		want, wantErr := m.renew(now, id)
		same(t, "renew", got, gotErr, want, wantErr)
	case 4, 5:
		if m.leases[id] == nil {
			id = 0
		}
		l.Observe(&kv.Event{KV: kv.KeyValue{Key: key, Lease: id, Version: 1}})
		if m.of[key] = id; id == 0 {
			delete(m.of, key)
		}
	case 6:
		l.Observe(&kv.Event{Kind: kv.EventDelete, KV: kv.KeyValue{Key: key}})
		delete(m.of, key)
	case 7:
		if got, want := slices.Collect(l.Expired(now)), m.expired(now); !slices.Equal(got, want) {
			t.Fatalf("expired: %v, want %v", got, want)
		}
	case 8:
		l.Promote(now, extend)
		m.promote(now)
	case 9:
		l.Demote()
		m.primary = false
	}
}

func (p pair) check(t *rapid.T, now Time) {
	l, m := p.lessor, p.model
	l.checkInvariants(t)
	if !slices.Equal(l.List(), m.list()) {
		t.Fatalf("list: %v, want %v", l.List(), m.list())
	}
	if l.Wake() != m.wake() {
		t.Fatalf("wake: %d, want %d", l.Wake(), m.wake())
	}
	for id := kv.LeaseID(-1); id <= 5; id++ {
		got, gotErr := l.Remaining(now, id)
		want, wantErr := m.remaining(now, id)
		same(t, "remaining", got, gotErr, want, wantErr)
		var keys []string
		for _, key := range slices.Sorted(maps.Keys(m.of)) {
			if m.of[key] == id {
				keys = append(keys, key)
			}
		}
		if got := slices.Collect(l.Keys(id)); !slices.Equal(got, keys) {
			t.Fatalf("keys of %v: %q, want %q", id, got, keys)
		}
		if l.Granted(id) != (m.leases[id] != nil) {
			t.Fatalf("exists(%v): %v", id, l.Granted(id))
		}
	}
}

// checkInvariants checks the numbered invariants of Lessor.
func (l *Lessor) checkInvariants(t *rapid.T) {
	if l.leaseOf.Len() != l.attached.Len() {
		t.Fatalf("invariant 1: %d keys have leases, %d are attached", l.leaseOf.Len(), l.attached.Len())
	}
	for key, id := range l.leaseOf.All() {
		if _, ok := l.attached.Get(attachment{id, key}); !ok {
			t.Fatalf("invariant 1: %q has lease %v, but is not attached to it", key, id)
		}
		if !l.Granted(id) {
			t.Fatalf("invariant 2: %q has lease %v, which does not exist", key, id)
		}
	}
	want := 0
	if l.primary {
		want = l.leases.Len()
	}
	if l.timers.Len() != want || l.queue.Len() != want {
		t.Fatalf("invariant 3: primary %v, %d leases, %d timers, %d queued", l.primary, l.leases.Len(), l.timers.Len(), l.queue.Len())
	}
	for id, x := range l.timers.All() {
		if _, ok := l.queue.Get(appointment{x.due, id}); !ok || !l.Granted(id) {
			t.Fatalf("invariant 3: lease %v has a timer but no place in the queue, or does not exist", id)
		}
	}
}

// Lessors and their clones do what the model does, and clones are isolated.
func TestLessorAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := []pair{newPair()}
		now := Time(0)
		for range rapid.IntRange(20, 60).Draw(t, "steps") {
			now += Time(rapid.Int64Range(0, int64(4*Second)).Draw(t, "pause"))
			p := pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "pair")]
			if len(pairs) < 3 && rapid.IntRange(0, 9).Draw(t, "clone") == 0 {
				pairs = append(pairs, pair{p.lessor.Clone(), p.model.clone()})
			}
			p.step(t, now)
		}
		for _, p := range pairs {
			p.check(t, now)
		}
	})
}

// Members that applied the same requests have the same hash, whoever led when;
// members that did not have another.
func TestHash(t *testing.T) {
	leader, follower := newPair().lessor, newPair().lessor
	leader.Promote(0, 0)
	for _, l := range []*Lessor{leader, follower} {
		for id := range kv.LeaseID(5) {
			if _, err := l.Grant(7, id+1, 10); err != nil {
				t.Fatal(err)
			}
		}
		l.Attach("k", 1)
	}
	if leader.Hash() != follower.Hash() {
		t.Error("a leader and a follower differ")
	}
	for what, change := range map[string]func(*Lessor){
		"key moved": func(l *Lessor) { l.Attach("k", 2) },
		"key more":  func(l *Lessor) { l.Attach("l", 1) },
		"key less":  func(l *Lessor) { l.Attach("k", 0) },
		"lease less": func(l *Lessor) {
			if _, err := l.Revoke(5); err != nil {
				t.Fatal(err)
			}
		},
		"another TTL": func(l *Lessor) {
			_, _ = l.Revoke(5)
			_, _ = l.Grant(0, 5, 11)
		},
	} {
		changed := follower.Clone()
		change(changed)
		if changed.Hash() == follower.Hash() {
			t.Errorf("%s: the same hash", what)
		}
	}
}
