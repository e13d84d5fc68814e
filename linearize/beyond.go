package linearize

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// Record is what a run left behind besides what clients saw. Each check beyond
// linearizability takes from it what it needs, and says that it was not made
// where that is missing. Whoever runs a store fills it in; a simulated run knows
// it all.
type Record struct {
	// History of the clients.
	History History
	// Applied is the whole log that the members applied, from its first record on,
	// as it stands in the end: nil if it is not known.
	Applied []Applied
	// Served says, for each operation of the history, which member answered; nil
	// if that is not known.
	Served []Served
	// Watches that were open, one for each stream of events.
	Watches []Watch
	// Leases are what happened to leases, in the order of the leader's clock.
	Leases []LeaseEvent
	// LeaseGrace is how much later than its end a lease may be gone, in the unit
	// of LeaseEvent.At: an election, and the way through the log.
	LeaseGrace int64
	// Locks are the times at which clients held locks, and Fenced what they wrote
	// to resources that look at tokens.
	Locks  []Hold
	Fenced []FencedWrite
	// Compactions are what members gave up, each member's in order; Hashes what
	// members said of their contents.
	Compactions []Compaction
	Hashes      []MemberHash
	// Poll, if not nil, is called from time to time: a caller that has other things to do
	// does them there.
	Poll func()
}

// Served says who answered an operation.
type Served struct {
	// Member that answered, and its life: how often it had started.
	Member, Life uint64
}

// PropertyResult says what a check beyond linearizability found.
type PropertyResult uint8

const (
	// NotChecked: there was nothing to check, or not enough to check it with. It
	// is not a pass.
	NotChecked PropertyResult = iota
	// Holds: everything that was looked at is as it must be.
	Holds
	// Broken: something is not.
	Broken
)

// String returns the result in words.
func (r PropertyResult) String() string {
	switch r {
	case NotChecked:
		return "not checked"
	case Holds:
		return "holds"
	case Broken:
		return "broken"
	}
	return fmt.Sprintf("property result %d", uint8(r))
}

// Property is the outcome of one check beyond linearizability.
type Property struct {
	// Name of the check.
	Name   string         `json:"name"`
	Result PropertyResult `json:"result"`
	// Checked counts what was looked at.
	Checked int `json:"checked"`
	// Reason is one sentence: what is broken, or why nothing was checked.
	Reason string `json:"reason,omitempty"`
	// Operations of the history that it is about.
	Operations []int `json:"operations,omitempty"`
	// Revision that it is about, 0 for none.
	Revision kv.Revision `json:"revision,omitempty"`
	// Notes are worth knowing, and nothing is wrong with them.
	Notes []string `json:"notes,omitempty"`
}

// MarshalText is the result in words.
func (r PropertyResult) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String is the property on one line.
func (p Property) String() string {
	words := fmt.Sprintf("%s: %v (%d checked)", p.Name, p.Result, p.Checked)
	if p.Reason != "" {
		words += ": " + p.Reason
	}
	return words
}

// breaks notes the first thing that is broken.
func (p *Property) breaks(operations []int, revision kv.Revision, format string, args ...any) {
	if p.Result == Broken {
		return
	}
	p.Result, p.Operations, p.Revision, p.Reason = Broken, operations, revision, fmt.Sprintf(format, args...)
}

// done ends a check.
func (p *Property) done(missing string) Property {
	switch {
	case p.Result == Broken:
	case missing != "":
		p.Reason = "it needs " + missing
	case p.Checked > 0:
		p.Result = Holds
	default:
		p.Reason = "there was nothing to check"
	}
	return *p
}

// CheckRecord makes all checks beyond linearizability.
func CheckRecord(r *Record) []Property {
	t := newTimeline(r.Applied, r.Poll)
	return []Property{
		t.property(),
		checkSerializable(r, t), checkExplicit(r, t), checkWatches(r, t), checkLeases(r), checkLocks(r), checkFencing(r),
		checkCompaction(r), checkDurability(r, t), checkHonesty(r),
	}
}

// FirstBroken is the first property that is broken, nil if none is.
func FirstBroken(list []Property) *Property {
	for i := range list {
		if list[i].Result == Broken {
			return &list[i]
		}
	}
	return nil
}

// timeline is what the applied log leads to by the specification.
type timeline struct {
	applied []Applied
	// at is the record that made each revision, from 2 on.
	at []int
	// events of each revision, from 2 on.
	events [][]kv.Event
	// compactions that were applied.
	compactions []appliedCompaction
	wrong       *Property
	// noted: the log was carried out once.
	noted bool
	poll  func()
}

type appliedCompaction struct {
	record   int
	revision kv.Revision
}

func newTimeline(applied []Applied, poll func()) *timeline {
	t := &timeline{applied: applied, poll: poll}
	t.replay(func(int, *store) {})
	return t
}

// replay carries the log out; visit sees the store after each record.
func (t *timeline) replay(visit func(record int, s *store)) {
	s := newStore()
	s.keepPast, s.journaling = true, true
	s.until = int64(^uint64(0) >> 1)
	first := !t.noted
	t.noted = true
	for k := range t.applied {
		if t.poll != nil && k%yieldSteps == yieldSteps-1 {
			t.poll()
		}
		a := &t.applied[k]
		before := s.revision
		s.journal = s.journal[:0]
		err := carryOut(s, a.Request)
		if first {
			t.note(k, s, before, err)
		}
		visit(k, s)
	}
}

// carryOut applies one record of the log.
func carryOut(s *store, r kv.Request) error {
	if isLeaseRequest(r) {
		s.leaseStep(r, nil)
		return nil
	}
	return s.apply(r)
}

func (t *timeline) note(k int, s *store, before kv.Revision, err error) {
	a := &t.applied[k]
	changed := s.revision != before
	if changed {
		t.at = append(t.at, k)
		t.events = append(t.events, s.lastEvents())
	}
	if c, ok := a.Request.(kv.CompactRequest); ok && err == nil {
		t.compactions = append(t.compactions, appliedCompaction{k, c.Revision})
	}
	if t.wrong == nil && (a.Changed != changed || changed && a.Revision != 0 && a.Revision != s.revision) {
		t.wrong = &Property{}
		t.wrong.breaks(a.ops(), s.revision, "the record at index %d (%s) says that it made revision %d: by the specification it makes %s",
			a.Index, shorten(a.Request.String()), a.Revision, madeWords(changed, s.revision))
	}
}

func madeWords(changed bool, r kv.Revision) string {
	if changed {
		return fmt.Sprintf("revision %d", r)
	}
	return "none"
}

func (a *Applied) ops() []int {
	if a.Op < 0 {
		return nil
	}
	return []int{a.Op}
}

// property says whether the log itself is what the specification makes of it.
func (t *timeline) property() Property {
	p := Property{Name: "applied log", Checked: len(t.applied)}
	if t.wrong != nil {
		p.Result, p.Operations, p.Revision, p.Reason = Broken, t.wrong.Operations, t.wrong.Revision, t.wrong.Reason
	}
	return p.done(t.missing())
}

func (t *timeline) missing() string {
	if t.applied == nil {
		return "the applied log"
	}
	return ""
}

// head is the last revision.
func (t *timeline) head() kv.Revision { return kv.Revision(len(t.at) + 1) }

// lastEvents are the events of the request that was carried out last, read off
// the journal.
func (s *store) lastEvents() []kv.Event {
	var events []kv.Event
	for k := range s.journal {
		c := s.journal[k].cell
		if c == nil {
			continue
		}
		before, after := s.before(c), version{c.pair, c.live}
		for j := k + 1; j < len(s.journal); j++ {
			if s.journal[j].cell == c {
				after = s.journal[j].version
				break
			}
		}
		e := kv.Event{Kind: kv.EventPut, KV: after.pair, Prev: before}
		if !after.live {
			e.Kind = kv.EventDelete
			e.KV = kv.KeyValue{Key: c.pair.Key, ModRevision: after.pair.ModRevision}
		}
		events = append(events, e)
	}
	return events
}

// before is a cell's pair before the request that was carried out last.
func (s *store) before(c *cell) *kv.KeyValue {
	for k := range s.journal {
		if s.journal[k].cell == c {
			if !s.journal[k].live {
				return nil
			}
			p := s.journal[k].pair
			return &p
		}
	}
	return nil
}
