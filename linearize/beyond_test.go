package linearize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// goodRecord is the record of a run in which nothing went wrong: writes through
// three members, of which two lag, serializable reads, reads of the past, watches,
// a compaction, leases and locks.
func goodRecord(seed uint64) *Record {
	choose := seeded(seed)
	r := &Record{LeaseGrace: 2}
	s := newStore()
	s.keepPast, s.journaling = true, true
	lag := [3]kv.Revision{1, 1, 1}
	stamp := int64(0)
	add := func(req kv.Request, served Served, outcome Outcome, resp kv.Response, err error) int {
		stamp += 2
		r.History = append(r.History, Operation{Client: 1, Call: stamp, Return: stamp + 1, Request: req, Outcome: outcome, Response: resp, Err: err})
		r.Served = append(r.Served, served)
		return len(r.History) - 1
	}
	for n := range 60 {
		key := string(rune('a' + choose(3)))
		var req kv.Request
		switch choose(8) {
		case 0:
			req = kv.DeleteRangeRequest{Span: kv.Span{Key: key}}
		case 1:
			req = kv.TxnRequest{
				Compare: []kv.Compare{{Key: key, Target: kv.TargetVersion, Operator: kv.Greater, Number: 1}},
				Success: []kv.Request{put(key, fmt.Sprint(n)), put("z", fmt.Sprint(n))},
			}
		case 2: // a lagging member answers
			m := choose(3)
			lag[m] += kv.Revision(choose(int(s.revision-lag[m]) + 1))
			get := kv.RangeRequest{Span: kv.Span{Key: key}, Serializable: true}
			past := get
			past.Revision = lag[m]
			var out answer
			if s.get(&past, &out, false) != nil {
				continue
			}
			out.revision = lag[m]
			add(get, Served{uint64(m + 1), 1}, Answered, out.response(get), nil)
			continue
		case 3: // the past, the future
			get := kv.RangeRequest{Span: kv.Span{Key: key}, Revision: kv.Revision(1 + choose(int(s.revision)+3))}
			if err := s.apply(get); err != nil {
				add(get, Served{1, 1}, Refused, nil, err)
			} else {
				add(get, Served{1, 1}, Answered, s.out.response(get), nil)
			}
			continue
		default:
			req = put(key, fmt.Sprint(n))
		}
		if n == 40 {
			req = kv.CompactRequest{Revision: 8}
		}
		before := s.revision
		if err := s.apply(req); err != nil {
			continue
		}
		outcome, resp := Answered, s.out.response(req)
		if choose(8) == 0 {
			outcome, resp = Unknown, nil
		}
		i := add(req, Served{1, 1}, outcome, resp, nil)
		r.Applied = append(r.Applied, Applied{
			Index: uint64(len(r.Applied) + 1), Revision: s.revision, Op: i, Request: req, Changed: s.revision != before,
		})
	}
	add(put("", ""), Served{1, 1}, Refused, nil, kv.ErrEmptyKey)
	r.watch(Watch{Name: "all", Span: kv.Prefix(""), From: 2, PrevKV: true, AtRest: true}, choose)
	r.watch(Watch{Name: "a", Span: kv.Span{Key: "a"}, From: 5, NoDelete: true, AtRest: true}, choose)
	r.leasesAndLocks()
	return r
}

// watch delivers what a watch asks for.
func (r *Record) watch(w Watch, choose chooser) {
	t := newTimeline(r.Applied, nil)
	c := watchCheck{Watch: &w, timeline: t}
	var b Batch
	for rev := w.From; rev <= t.head(); rev++ {
		for _, e := range c.wanted(rev) {
			if !w.PrevKV {
				e.Prev = nil
			}
			b.Events = append(b.Events, e)
		}
		if len(b.Events) > 0 && choose(2) == 0 {
			b.Revision = rev
			w.Batches = append(w.Batches, b, Batch{Revision: rev, Progress: true})
			b = Batch{}
		}
	}
	b.Revision = t.head()
	w.Batches = append(w.Batches, b)
	r.Watches = append(r.Watches, w)
}

func (r *Record) leasesAndLocks() {
	r.Leases = []LeaseEvent{
		{At: 0, Kind: LeaseGranted, ID: 1, TTL: 10, Second: 1},
		{At: 5, Kind: LeaseRenewed, ID: 1, TTL: 10, Second: 1},
		{At: 6, Kind: LeaseGranted, ID: 2, TTL: 3, Second: 1},
		{At: 10, Kind: LeaseExpired, ID: 2},
		{At: 12, Kind: LeaseObserved, ID: 1},
		{At: 16, Kind: LeaseExpired, ID: 1},
	}
	r.Locks = []Hold{
		{Lock: "l", Client: 1, Acquired: 2, Released: 5, From: 1, To: 20},
		{Lock: "l", Client: 2, Acquired: 6, Released: 9, From: 10, To: 30},
		{Lock: "l", Client: 1, Acquired: 9, From: 40, To: 50},
	}
	r.Fenced = []FencedWrite{
		{Resource: "f", Client: 1, Token: 2, Stamp: 2, Landed: true},
		{Resource: "f", Client: 2, Token: 6, Stamp: 11, Landed: true},
		{Resource: "f", Client: 1, Token: 2, Stamp: 12},
		{Resource: "f", Client: 1, Token: 9, Stamp: 41, Landed: true},
	}
	r.Compactions = []Compaction{{Served{1, 1}, 3}, {Served{2, 1}, 3}, {Served{1, 1}, 8}, {Served{1, 2}, 3}}
	r.Hashes = []MemberHash{{Served{1, 1}, 9, 3, 7}, {Served{2, 1}, 9, 3, 7}, {Served{1, 1}, 9, 8, 5}, {Served{1, 1}, 10, 8, 6}}
}

func TestGoodRecordHolds(t *testing.T) {
	checked := map[string]int{}
	for seed := range uint64(200) {
		r := goodRecord(seed)
		for _, p := range CheckRecord(r) {
			checked[p.Name] += p.Checked
			if p.Result != Holds && p.Checked > 0 {
				t.Fatalf("seed %d: %v", seed, p)
			}
			if p.Name == "locks" && len(p.Notes) != 1 {
				t.Errorf("%v", p.Notes)
			}
		}
	}
	for name, n := range checked {
		if n == 0 {
			t.Errorf("nothing was checked: %s", name)
		}
	}
}

func TestEmptyRecordIsNotChecked(t *testing.T) {
	for _, p := range CheckRecord(&Record{}) {
		if p.Result != NotChecked || p.Reason == "" {
			t.Errorf("%v", p)
		}
	}
	if new(Property).Result != NotChecked {
		t.Error("the zero result is a pass")
	}
}

// opOf is the first operation of a kind.
func (r *Record) opOf(which func(*Operation) bool) int {
	return slices.IndexFunc(r.History, func(op Operation) bool { return which(&op) })
}

// enemies are ways to break a good record, with the check that must find each.
var enemies = []struct {
	name, check, reason string
	plant               func(*Record) bool
}{
	{"a log that says another revision", "applied log", "by the specification", func(r *Record) bool {
		r.Applied[len(r.Applied)-1].Revision += 5
		return r.Applied[len(r.Applied)-1].Changed
	}},
	{"a serializable read of a value that never was", "serializable reads", "not what the store held", func(r *Record) bool {
		return r.spoilRead(func(op *Operation) bool { return serializable(op.Request) })
	}},
	{"a serializable read from beyond the log", "serializable reads", "never reached", func(r *Record) bool {
		i := r.opOf(func(op *Operation) bool { return op.Outcome == Answered && serializable(op.Request) })
		if i < 0 {
			return false
		}
		r.History[i].Response = kv.RangeResponse{Header: kv.Header{Revision: 10_000}}
		return true
	}},
	{"a member that goes back", "serializable reads", "went back in one life", func(r *Record) bool {
		last := -1
		for i := range r.History {
			if !serializable(r.History[i].Request) {
				continue
			}
			if last >= 0 && r.History[last].Response.At() > r.History[i].Response.At() {
				r.Served[i] = r.Served[last]
				return true
			}
			last = i
		}
		return false
	}},
	{"another past", "explicit revisions", "not what the store held at revision", func(r *Record) bool {
		return r.spoilRead(func(op *Operation) bool { get, ok := op.Request.(kv.RangeRequest); return ok && get.Revision > 0 })
	}},
	{"compacted that was not", "explicit revisions", "nothing above revision", func(r *Record) bool {
		r.History = append(r.History, Operation{
			Call: 1000, Return: 1001, Request: kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: 9}, Outcome: Refused, Err: kv.ErrCompacted,
		})
		return true
	}},
	{"a future that was past", "explicit revisions", "had been answered before", func(r *Record) bool {
		r.History = append(r.History, Operation{
			Call: 1000, Return: 1001, Request: kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: 2}, Outcome: Refused, Err: kv.ErrFutureRevision,
		})
		return true
	}},
	{"an event lost", "watches", "", func(r *Record) bool {
		b := r.batch(2)
		if b == nil {
			return false
		}
		b.Events = slices.Delete(b.Events, 0, 1)
		return b.Events[0].KV.ModRevision > 2
	}},
	{"an event twice", "watches", "again, or late", func(r *Record) bool {
		b := r.batch(1)
		b.Events = append(b.Events, b.Events[len(b.Events)-1])
		return true
	}},
	{"events out of order", "watches", "", func(r *Record) bool {
		b := r.batch(2)
		if b == nil {
			return false
		}
		slices.Reverse(b.Events)
		return b.Events[0].KV.ModRevision != b.Events[len(b.Events)-1].KV.ModRevision
	}},
	{"another value", "watches", "another event", func(r *Record) bool {
		r.batch(1).Events[0].KV.Value += "?"
		return true
	}},
	{"another pair before", "watches", "wrong pair before", func(r *Record) bool {
		for _, b := range r.Watches[0].Batches {
			for k := range b.Events {
				if b.Events[k].Prev != nil {
					p := *b.Events[k].Prev
					p.Value += "?"
					b.Events[k].Prev = &p
					return true
				}
			}
		}
		return false
	}},
	{"half a revision", "watches", "arrives whole", func(r *Record) bool {
		w := &r.Watches[0]
		for k := range w.Batches {
			events := w.Batches[k].Events
			for n := 1; n < len(events); n++ {
				if events[n].KV.ModRevision == events[n-1].KV.ModRevision {
					w.Batches = slices.Insert(w.Batches, k, Batch{Revision: w.Batches[k].Revision, Events: events[:n]})
					w.Batches[k+1].Events = events[n:]
					return true
				}
			}
		}
		return false
	}},
	{"progress that overtakes", "watches", "before the events of", func(r *Record) bool {
		w := &r.Watches[0]
		w.Batches = slices.Insert(w.Batches, 0, Batch{Revision: 4, Progress: true})
		return true
	}},
	{"a watch that falls silent", "watches", "never got revision", func(r *Record) bool {
		w := &r.Watches[0]
		w.Batches = w.Batches[:1]
		return len(w.Batches[0].Events) < 5
	}},
	{"ended without need", "watches", "although it needed nothing below", func(r *Record) bool {
		w := &r.Watches[0]
		w.Batches = append(w.Batches, Batch{Compacted: 8})
		return true
	}},
	{"a lease that ends early", "leases", "before its time", func(r *Record) bool { r.Leases[5].At = 14; return true }},
	{"a lease that never ends", "leases", "still there", func(r *Record) bool {
		r.Leases[5] = LeaseEvent{At: 100, Kind: LeaseObserved, ID: 1}
		return true
	}},
	{"a lease renewed after its end", "leases", "ended or was never granted", func(r *Record) bool {
		r.Leases = append(r.Leases, LeaseEvent{At: 17, Kind: LeaseRenewed, ID: 1, TTL: 10, Second: 1})
		return true
	}},
	{"two holders", "locks", "while client", func(r *Record) bool { r.Locks[0].Released = 7; return true }},
	{"a holder that was never released", "locks", "while client", func(r *Record) bool { r.Locks[0].Released = 0; return true }},
	{"a stale write lands", "fencing", "after client", func(r *Record) bool { r.Fenced[2].Landed = true; return true }},
	{"compaction undone", "compaction", "after it was at", func(r *Record) bool {
		r.Compactions = append(r.Compactions, Compaction{Served{1, 1}, 4})
		return true
	}},
	{"members that differ", "compaction", "differ at revision", func(r *Record) bool { r.Hashes[1].Hash++; return true }},
	{"an acknowledged write is gone", "durability", "the log ends at", func(r *Record) bool {
		last := r.Applied[len(r.Applied)-1]
		r.Applied = r.Applied[:len(r.Applied)-1]
		return last.Changed && r.History[last.Op].Outcome == Answered
	}},
	{"an acknowledged write is another one", "durability", "was made by", func(r *Record) bool {
		for k := range r.Applied {
			a := &r.Applied[k]
			if p, ok := a.Request.(kv.PutRequest); ok && r.History[a.Op].Outcome == Answered {
				p.Value += "?"
				a.Request = p
				return true
			}
		}
		return false
	}},
	{"a lie", "honesty of errors", "but the log has it", func(r *Record) bool {
		a := &r.Applied[len(r.Applied)-1]
		op := &r.History[a.Op]
		op.Outcome, op.Response, op.Err = Refused, nil, kv.ErrTimeout
		return a.Changed
	}},
}

// batch is the first batch of the first watch with at least n events.
func (r *Record) batch(n int) *Batch {
	for k := range r.Watches[0].Batches {
		if b := &r.Watches[0].Batches[k]; len(b.Events) >= n {
			return b
		}
	}
	return nil
}

// spoilRead changes a value that a read of a kind showed.
func (r *Record) spoilRead(which func(*Operation) bool) bool {
	i := r.opOf(func(op *Operation) bool {
		get, ok := op.Response.(kv.RangeResponse)
		return ok && which(op) && len(get.KVs) > 0
	})
	if i < 0 {
		return false
	}
	get := r.History[i].Response.(kv.RangeResponse)
	get.KVs = slices.Clone(get.KVs)
	get.KVs[0].Value += "?"
	r.History[i].Response = get
	return true
}

func TestEnemiesAreFound(t *testing.T) {
	for _, e := range enemies {
		t.Run(e.name, func(t *testing.T) {
			planted := 0
			for seed := range uint64(40) {
				r := goodRecord(seed)
				if !e.plant(r) {
					continue
				}
				planted++
				for _, p := range CheckRecord(r) {
					if p.Name == e.check && (p.Result != Broken || !strings.Contains(p.Reason, e.reason)) {
						t.Fatalf("seed %d: %v; want %q in it", seed, p, e.reason)
					}
				}
			}
			if planted == 0 {
				t.Error("the enemy was never planted")
			}
		})
	}
}
