package machine_test

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
)

// model is what members share, as naively as can be.
type model struct {
	keys   map[string]leased
	leases map[kv.LeaseID]kv.TTL
}

type leased struct {
	value string
	lease kv.LeaseID
}

func (m *model) clone() *model {
	return &model{maps.Clone(m.keys), maps.Clone(m.leases)}
}

// apply carries out a request; the error is all that it answers.
func (m *model) apply(r kv.Request) error {
	switch r := r.(type) {
	case kv.PutRequest:
		if _, ok := m.leases[r.Lease]; !ok && r.Lease != 0 {
			return kv.ErrLeaseNotFound
		}
		m.keys[r.Key] = leased{r.Value, r.Lease}
	case kv.DeleteRangeRequest:
		maps.DeleteFunc(m.keys, func(key string, _ leased) bool { return r.Contains(key) })
	case kv.TxnRequest:
		after := m.clone()
		for _, op := range r.Success {
			if err := after.apply(op); err != nil {
				return err
			}
		}
		*m = *after
	case kv.LeaseGrantRequest:
		if _, ok := m.leases[r.ID]; ok {
			return kv.ErrLeaseExists
		}
		m.leases[r.ID] = max(r.TTL, 2)
	case kv.LeaseRevokeRequest:
		if _, ok := m.leases[r.ID]; !ok {
			return kv.ErrLeaseNotFound
		}
		delete(m.leases, r.ID)
		maps.DeleteFunc(m.keys, func(_ string, l leased) bool { return l.lease == r.ID })
	}
	return nil
}

// member is a machine with a clock of its own and one client that mirrors the store
// by watching it.
type member struct {
	m      *machine.Machine
	ahead  lease.Time // of the true time
	stream watch.StreamID
	mirror map[string]string
}

func newMember(ahead lease.Time) *member {
	x := &member{m: machine.New(testConfig()), ahead: ahead}
	x.follow()
	return x
}

// follow lists the store and watches from there on, as a client does that has just
// come, or that was told of a compaction.
func (x *member) follow() {
	x.mirror = map[string]string{}
	for pair := range x.m.Store().All() {
		x.mirror[pair.Key] = pair.Value
	}
	s := x.m.Watches().Open()
	s.Create(watch.CreateRequest{Span: kv.Prefix(""), Start: x.m.Store().Revision() + 1})
	x.stream = s.ID()
}

// read takes what the client's stream has to say.
func (x *member) read() {
	s := x.m.Watches().Stream(x.stream)
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		if r.CompactRevision != 0 {
			s.Close()
			x.follow()
			return
		}
		for _, e := range r.Events {
			if e.Kind == kv.EventDelete {
				delete(x.mirror, e.KV.Key)
			} else {
				x.mirror[e.KV.Key] = e.KV.Value
			}
		}
	}
}

// world is a leader, a follower and a model. What the leader promised about leases
// is kept in true time.
type world struct {
	now              lease.Time
	leader, follower *member
	model            *model
	promised         map[kv.LeaseID]lease.Time
}

func newWorld() *world {
	w := &world{
		leader: newMember(0), follower: newMember(1e15),
		model:    &model{map[string]leased{}, map[kv.LeaseID]kv.TTL{}},
		promised: map[kv.LeaseID]lease.Time{},
	}
	w.leader.m.Promote(0, 0)
	return w
}

var (
	someKey   = rapid.SampledFrom([]string{"a", "b", "ba", "c", "\xff"})
	someLease = rapid.Custom(func(t *rapid.T) kv.LeaseID { return kv.LeaseID(rapid.Int64Range(-1, 4).Draw(t, "lease")) })
)

func somePut(t *rapid.T) kv.Request {
	r := kv.PutRequest{Key: someKey.Draw(t, "key"), Value: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "value")}
	if rapid.Bool().Draw(t, "leased") {
		r.Lease = someLease.Draw(t, "lease")
	}
	return r
}

func someDelete(t *rapid.T) kv.Request {
	return kv.DeleteRangeRequest{Span: kv.Span{Key: someKey.Draw(t, "key"), End: rapid.SampledFrom([]string{"", "c"}).Draw(t, "end")}}
}

func (w *world) step(t *rapid.T) {
	switch rapid.IntRange(0, 14).Draw(t, "step") {
	case 0, 1, 2:
		w.apply(t, somePut(t))
	case 3:
		w.apply(t, someDelete(t))
	case 4:
		// Deletions first: what is put is not deleted again.
		w.apply(t, kv.TxnRequest{Success: []kv.Request{
			kv.TxnRequest{Success: []kv.Request{someDelete(t)}},
			kv.TxnRequest{Success: []kv.Request{kv.DeleteRangeRequest{Span: kv.Span{Key: "\xff", End: "\x00"}}}},
			kv.PutRequest{Key: "z", Value: "1", Lease: someLease.Draw(t, "lease")},
		}})
	case 5, 6:
		ttl := rapid.SampledFrom([]kv.TTL{0, 5, 20}).Draw(t, "ttl")
		w.apply(t, kv.LeaseGrantRequest{ID: 1 + someLease.Draw(t, "lease")*2, TTL: ttl})
	case 7:
		w.apply(t, kv.LeaseRevokeRequest{ID: someLease.Draw(t, "lease")})
	case 8, 9:
		w.keepAlive(t, someLease.Draw(t, "lease"))
	case 10:
		at := rapid.Int64Range(1, int64(w.leader.m.Store().Revision())).Draw(t, "compact")
		w.apply(t, kv.CompactRequest{Revision: kv.Revision(at)})
	case 11:
		w.change()
	case 12:
		w.install(t)
	case 13:
		w.leader.read()
		w.follower.read()
	case 14:
		w.leader.m, w.follower.m = w.leader.m.Clone(), w.follower.m.Clone()
	}
	w.pass(t)
}

// apply gives a request to both members, whose clocks say different things.
func (w *world) apply(t *rapid.T, r kv.Request) {
	got, err := w.leader.m.Apply(w.now+w.leader.ahead, r)
	same, sameErr := w.follower.m.Apply(w.now+w.follower.ahead, r)
	if !reflect.DeepEqual(got, same) || !errors.Is(err, sameErr) {
		t.Fatalf("%v\nleader   %v (%v)\nfollower %v (%v)", r, got, err, same, sameErr)
	}
	if want := w.model.apply(r); !errors.Is(err, want) && !errors.Is(err, kv.ErrCompacted) {
		t.Fatalf("%v: %v, want %v", r, err, want)
	}
	if granted, ok := got.(kv.LeaseGrantResponse); ok {
		w.promise(granted.ID, granted.TTL)
	}
}

func (w *world) promise(id kv.LeaseID, ttl kv.TTL) {
	w.promised[id] = w.now + lease.Time(ttl)*lease.Time(lease.Second)
}

func (w *world) keepAlive(t *rapid.T, id kv.LeaseID) {
	if _, err := w.follower.m.Apply(w.now+w.follower.ahead, kv.LeaseKeepAliveRequest{ID: id}); !errors.Is(err, kv.ErrNotLeader) {
		t.Fatalf("a follower keeps a lease alive: %v", err)
	}
	got, err := w.leader.m.Apply(w.now+w.leader.ahead, kv.LeaseKeepAliveRequest{ID: id})
	ttl, granted := w.model.leases[id]
	switch {
	case errors.Is(err, lease.ErrExpired) && granted:
	case err != nil || got.(kv.LeaseKeepAliveResponse).TTL != ttl:
		t.Fatalf("keep-alive of %v: %v (%v), want %d", id, got, err, ttl)
	case granted:
		w.promise(id, ttl)
	}
}

// change makes the follower the leader.
func (w *world) change() {
	w.leader.m.Demote()
	w.leader, w.follower = w.follower, w.leader
	w.leader.m.Promote(w.now+w.leader.ahead, lease.Second)
}

// install gives the follower the leader's state as a snapshot.
func (w *world) install(t *rapid.T) {
	var snapshot bytes.Buffer
	if err := w.leader.m.Save(&snapshot); err != nil {
		t.Fatal(err)
	}
	if err := w.follower.m.Restore(&snapshot); err != nil || snapshot.Len() > 0 {
		t.Fatalf("%v, %d bytes left", err, snapshot.Len())
	}
}

// pass lets time go by and the leader propose what is due.
func (w *world) pass(t *rapid.T) {
	w.now += lease.Time(rapid.Int64Range(0, 4).Draw(t, "pass")) * lease.Time(lease.Second)
	now := w.now + w.leader.ahead
	for range w.follower.m.Due(w.now + w.follower.ahead) {
		t.Fatal("a follower has something to propose")
	}
	for r := range w.leader.m.Due(now) {
		id := r.(kv.LeaseRevokeRequest).ID
		if w.now < w.promised[id] {
			t.Fatalf("lease %v runs out %d ns early", id, w.promised[id]-w.now)
		}
		if rapid.IntRange(0, 3).Draw(t, "lost") > 0 {
			w.apply(t, r)
		}
	}
	if wake := w.leader.m.Wake(); wake <= now {
		t.Fatalf("all that is due was said, but it wakes at %d, now is %d", wake, now)
	}
}

func (w *world) check(t *rapid.T) {
	if a, b := w.leader.m.Hash(), w.follower.m.Hash(); a != b {
		t.Fatalf("hashes: %x and %x", a, b)
	}
	for _, x := range []*member{w.leader, w.follower} {
		found, values := map[string]leased{}, map[string]string{}
		for pair := range x.m.Store().All() {
			found[pair.Key], values[pair.Key] = leased{pair.Value, pair.Lease}, pair.Value
		}
		if !maps.Equal(found, w.model.keys) || !maps.Equal(maps.Collect(x.m.Leases().All()), w.model.leases) {
			t.Fatalf("%v, want %v, leases %v", found, w.model.keys, w.model.leases)
		}
		x.checkLeases(t, found)
		if x.read(); !maps.Equal(x.mirror, values) {
			t.Fatalf("the client has %v, the store %v", x.mirror, values)
		}
	}
}

// checkLeases checks that leases and store agree about which key has which lease.
func (x *member) checkLeases(t *rapid.T, found map[string]leased) {
	for id := range x.m.Leases().All() {
		var want []string
		for key, l := range found {
			if l.lease == id {
				want = append(want, key)
			}
		}
		slices.Sort(want)
		if got := slices.Collect(x.m.Leases().Keys(id)); !slices.Equal(got, want) {
			t.Fatalf("lease %v has %q, the store says %q", id, got, want)
		}
	}
}

// Members with different clocks that apply the same requests agree; leases end, but
// never before what was promised; a client that watches sees what the store has.
func TestMachinesAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		for range rapid.IntRange(20, 60).Draw(t, "steps") {
			w.step(t)
		}
		w.check(t)
	})
}

// A clone and what it was cloned from go separate ways.
func TestClonesAreIsolated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		for range 15 {
			w.step(t)
		}
		kept, hash := w.leader.m.Clone(), w.leader.m.Hash()
		revision := kept.Store().Revision()
		for range 15 {
			w.step(t)
		}
		if kept.Hash() != hash || kept.Store().Revision() != revision {
			t.Fatal("the clone has changed")
		}
		// It goes on by itself, its watchers too.
		if _, err := kept.Apply(w.now, kv.PutRequest{Key: "k", Value: "v"}); err != nil {
			t.Fatal(err)
		}
		for s := range kept.Watches().Ready() {
			for _, ok := s.Next(); ok; _, ok = s.Next() {
				continue
			}
		}
		w.check(t)
	})
}
