package raftsim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// leaseRun is a rough run whose clients have leases, fall asleep, and pause
// members; at the end of the faults all must come to rest. It is as long as
// leases need.
func leaseRun(roll dice, make func(i int) Workload) Config {
	c := roughConfig(roll)
	c.Clocks = Clocks{Offset: Second, Drift: 1000}
	c.Clients = nil
	for i := range 3 {
		c.Clients = append(c.Clients, Client{
			Name: string(rune('a' + i)), Timeout: 400 * Millisecond, Think: Spread{Millisecond, 40 * Millisecond}, Workload: make(i),
		})
	}
	for at := Time(0); at < 3*rough; at += Time(1+roll("awake", 3000)) * Millisecond {
		asleep := Time(1+roll("asleep", 4000)) * Millisecond
		c.Schedule = append(c.Schedule, Scheduled{at, PauseClient{c.Clients[roll("client", 3)].Name, asleep}})
		if roll("leader falls", 3) == 0 {
			c.Schedule = append(c.Schedule, Scheduled{at, Pause{TheLeader}}, Scheduled{at + asleep/2, Resume{}})
		}
	}
	c.Schedule = append(c.Schedule, Scheduled{3 * rough, Settle{60 * Second}})
	return c
}

// runLeases runs to the rest at the end.
func runLeases(t *rapid.T, c Config) *World {
	w := newWorld(t, c)
	half := Time(rapid.Int64Range(0, int64(3*rough)).Draw(t, "half"))
	w.RunUntil(half)
	clone := w.Clone()
	if !untilSettled(w, func() {}) {
		t.Fatal(w.violation)
	}
	w.RunUntil(w.now)
	clone.RunUntil(w.now)
	if clone.Hash() != w.Hash() || len(clone.Holdings()) != len(w.Holdings()) {
		t.Fatalf("the clone of %d ns went another way", half)
	}
	return w
}

// untilSettled goes on until the cluster has come to rest, and says whether it has.
func untilSettled(w *World, afterStep func()) (settled bool) {
	for !settled {
		if _, ok := w.Next(); !ok {
			return false
		}
		w.Step()
		afterStep()
		settled = slices.ContainsFunc(w.Events(), func(e Event) bool { return e.Kind == Settled })
	}
	return true
}

// Locks in a cluster with faults: holders have different tokens, and with fencing
// nobody writes when his time is over.
func TestLockRuns(t *testing.T) {
	for _, fenced := range []bool{true, false} {
		t.Run(fmt.Sprint("fenced ", fenced), func(t *testing.T) {
			stale, overlapping, holdings := 0, 0, 0
			rapid.Check(t, func(t *rapid.T) {
				lock := Lock{Key: "lock", Resource: "precious", Fenced: fenced, TTL: 1, Work: Spread{0, 500 * Millisecond}, Writes: 3}
				w := runLeases(t, leaseRun(rapidDice(t), func(int) Workload { return lock.Clone() }))
				n, same := overlaps(w.Holdings())
				if same {
					t.Fatalf("two have the same token: %+v", w.Holdings())
				}
				overlapping += n
				holdings += len(w.Holdings())
				stale += len(w.StaleWrites(&lock))
			})
			if fenced != (stale == 0) || overlapping == 0 || holdings < 500 {
				t.Errorf("%d holdings, %d overlap, %d stale writes", holdings, overlapping, stale)
			}
		})
	}
}

// Elections by leases in a cluster with faults: leaders have different tokens, and
// what they proclaim lands only while they are the oldest.
func TestElectionRuns(t *testing.T) {
	overlapping, terms := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := runLeases(t, leaseRun(rapidDice(t), func(int) Workload {
			return &Election{Prefix: "e/", TTL: 1, Term: Spread{0, 2 * Second}, Pause: Spread{0, 300 * Millisecond}}
		}))
		n, same := overlaps(w.Holdings())
		if same {
			t.Fatalf("two have the same token: %+v", w.Holdings())
		}
		overlapping += n
		terms += len(w.Holdings())
		checkEffects(t, w)
	})
	if overlapping == 0 || terms < 300 {
		t.Errorf("%d terms, %d overlap", terms, overlapping)
	}
}

// Registrations in a cluster with faults: leases are revoked and run out; after the
// last one nothing is left.
func TestLeaseRuns(t *testing.T) {
	registered, revoked, gone := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := runLeases(t, leaseRun(rapidDice(t), func(int) Workload {
			return &Lease{Prefix: "s/", TTL: 1, Life: Spread{0, 3 * Second}, Expire: Always / 2}
		}))
		w.RunUntil(w.now + 60*Second)
		if left, _ := w.CommittedStore().Range(kv.RangeRequest{Span: kv.Prefix("s/")}); left.Count != 0 {
			t.Errorf("a minute after the last keep-alive there are %v", left.KVs)
		}
		checkEffects(t, w)
		for i := range w.Ops() {
			op := w.Op(i)
			found, ok := op.Response.(kv.RangeResponse)
			switch op.Request.(type) {
			case kv.PutRequest:
				registered++
			case kv.LeaseRevokeRequest:
				revoked++
			case kv.RangeRequest:
				if ok && len(found.KVs) == 0 {
					gone++
				}
			}
		}
	})
	if registered < 300 || revoked < 50 || gone < 50 {
		t.Errorf("%d registrations, %d are revoked, %d found to have run out", registered, revoked, gone)
	}
}

// mirror applies what the cluster applies, and never compacts.
type mirror struct {
	machine *machine.Machine
	applied raft.Index
}

// see follows one step of a world.
func (m *mirror) see(w *World) {
	for _, e := range w.Events() {
		if e.Kind != EntryApplied || e.Index <= m.applied {
			continue
		}
		m.applied = e.Index
		if _, compacts := e.Request.(kv.CompactRequest); e.Request != nil && e.Err == nil && !compacts {
			_, _ = m.machine.Apply(0, e.Request)
		}
	}
}

// Anything in a cluster with faults, compactions among it, with clients that watch:
// each stream says everything from where the one before it ended, in order, once.
func TestMixedRuns(t *testing.T) {
	kinds, compactions, streams := map[string]int{}, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c := leaseRun(rapidDice(t), func(int) Workload {
			return &Mixed{Keys: 4, Prefix: "k", Serializable: Always / 5, Compact: Always / 40, Leases: Always / 5, TTL: 1}
		})
		c.Snapshots.Every, c.Snapshots.Keep = 50, 10
		w := newWorld(t, watching(c, 700*Millisecond))
		m := &mirror{machine: machine.New(machine.Default(1))}
		if !untilSettled(w, func() { m.see(w) }) {
			t.Fatal(w.violation)
		}
		for until := w.Now() + 20*Second; w.Now() < until; {
			w.Step()
			m.see(w)
		}
		checkEffects(t, w)
		for i := range w.Ops() {
			kinds[fmt.Sprintf("%T", w.Op(i).Request)]++
		}
		for i := range w.config.Clients {
			if w.config.Clients[i].Watch != nil {
				compactions += checkStreams(t, w, i, m.machine.Store())
			}
		}
		streams += len(w.Streams())
	})
	if len(kinds) != 10 || compactions == 0 || streams < 500 {
		t.Errorf("%d streams, %d compactions, kinds of requests: %v", streams, compactions, kinds)
	}
}

// checkStreams checks all streams of a client against the store that keeps all
// history, and counts those that ended with a compaction.
func checkStreams(t checker, w *World, client int, store *mvcc.Store) (compactions int) {
	x := w.config.Clients[client].Watch
	next := x.Start
	told := map[uint64][]watch.Response{}
	for _, d := range w.Deliveries() {
		told[d.Stream] = append(told[d.Stream], d.Response)
	}
	for i, s := range w.Streams() {
		if s.Client != client {
			continue
		}
		if s.Create.Start != next {
			t.Fatalf("client %s goes on at %d, and should at %d", s.Name, s.Create.Start, next)
		}
		for _, r := range told[uint64(i+1)] {
			next = checkResponse(t, &r, x, next, store)
		}
		if s.Cause == CauseCompacted {
			compactions++
		}
	}
	if last := w.Client(client).Member; x.Progress && !w.checks.members.IsMember(last) {
		return compactions // it was removed, and hears nothing any more, but says so
	}
	if rest := eventsOf(t, store, x, next, store.Revision()); len(rest) > 0 {
		t.Errorf("client %s never hears %v", w.config.Clients[client].Name, words(rest))
	}
	return compactions
}

// checkResponse checks one response, and returns which revision is next.
func checkResponse(t checker, r *watch.Response, x *Watch, next kv.Revision, store *mvcc.Store) kv.Revision {
	until := r.Revision
	switch {
	case r.CompactRevision != 0:
		return max(next, r.CompactRevision)
	case r.Created && next == 0:
		return r.Revision + 1
	case r.Created:
		return next
	case len(r.Events) > 0:
		until = r.Events[len(r.Events)-1].KV.ModRevision
	}
	want := eventsOf(t, store, x, next, until)
	for i := range min(len(want), len(r.Events)) {
		if r.Events[i].Prev == nil {
			want[i].Prev = nil // compacted
		}
	}
	if !slices.Equal(words(want), words(r.Events)) {
		t.Fatalf("heard %v, want %v", r, words(want))
	}
	return max(next, until+1)
}

// The story of the lock without fencing: its holder falls asleep at work, somebody
// else gets the lock and writes, and then the first one writes over that. With
// fencing the same story ends well.
func TestPauseTheHolder(t *testing.T) {
	for _, fenced := range []bool{false, true} {
		c := Default(3)
		lock := Lock{Key: "lock", Resource: "precious", Fenced: fenced, TTL: 2, Work: Spread{500 * Millisecond, 500 * Millisecond}, Rounds: 1}
		c.Clients = []Client{
			{Name: "ann", Timeout: Second, Workload: lock.Clone()},
			{Name: "bob", Timeout: Second, Think: Spread{100 * Millisecond, 500 * Millisecond}, Workload: lock.Clone()},
		}
		var asleep Time
		w := newWorld(t, c)
		for asleep == 0 {
			w.Step()
			if held := w.Holdings(); len(held) > 0 {
				asleep = w.Now() + 100*Millisecond
				w.Reschedule([]Scheduled{{asleep, PauseClient{held[0].Name, 10 * Second}}})
			}
		}
		w.RunUntil(20 * Second)
		held, stale := w.Holdings(), w.StaleWrites(&lock)
		if len(held) != 2 || held[0].Name == held[1].Name {
			t.Fatalf("fenced %v: %+v", fenced, held)
		}
		if n, _ := overlaps(held); n != 1 || held[1].Since > asleep+5*Second {
			t.Errorf("fenced %v: the second holder does not come while the first one sleeps: %+v", fenced, held)
		}
		last, _ := w.CommittedStore().Range(kv.RangeRequest{Span: kv.Span{Key: "precious"}})
		sleeper := fmt.Sprintf("%d %s.1", held[0].Token, held[0].Name)
		if over := last.KVs[0].Value == sleeper; over == fenced || (len(stale) == 1) == fenced {
			t.Errorf("fenced %v: in the end there is %q, stale writes: %v", fenced, last.KVs[0].Value, stale)
		}
		checkEffects(t, w)
	}
}
