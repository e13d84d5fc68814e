package raftsim

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/cow"
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// Violation is a property of the whole cluster that does not hold.
type Violation struct {
	// Property by its usual name: ElectionSafety, LogMatching, …
	Property string
	Members  []raft.ID
	// Detail says in a sentence what contradicts it.
	Detail string
	// Time and Count are those of the event after which it did not hold any more.
	Time  Time
	Count int64
	// Excuse is a fault before it that no replication survives, if the run asked for
	// such; else empty.
	Excuse string
}

func (v *Violation) Error() string {
	text := v.Property + " is broken: " + v.Detail
	if v.Excuse != "" {
		text += " (excused, for this is beyond the fault model: " + v.Excuse + ")"
	}
	return text
}

// checks holds what the properties of Figure 3 are checked against, after every
// event. Logs are compared by digests: that of an entry covers all before it.
type checks struct {
	// leaders of all terms that had one, by term.
	leaders []termLeader
	// chains hold each member's log as digests.
	chains []chain
	// seen holds, per index, the digest of each entry that stood there, by term.
	seen cow.Vector[[]termDigest]
	// agreed holds, per index, the digest of the entry that was committed; term is the
	// one in which the last was.
	agreed cow.Vector[uint64]
	term   raft.Term
	// applied holds, per index, the digest of the entry applied and its answer.
	applied cow.Vector[uint64]
	// saved are the checksums of snapshots by index, in ascending order.
	saved []savedState
	// members is the newest configuration that is committed.
	members raft.Configuration
}

type termLeader struct {
	term   raft.Term
	leader raft.ID
}

type termDigest struct {
	term   raft.Term
	digest uint64
}

type savedState struct {
	index    raft.Index
	checksum uint64
}

// chain is a log as digests.
type chain struct {
	// base is the index before the first one; below it all is committed.
	base    raft.Index
	digests cow.Vector[uint64]
}

func (c *chain) last() raft.Index { return c.base + raft.Index(c.digests.Len()) }

func newChecks(members int) checks {
	var c checks
	for i := range members {
		c.members.Voters = append(c.members.Voters, raft.ID(i+1))
	}
	return c
}

func (c *checks) clone() checks {
	d := *c
	d.leaders = slices.Clone(c.leaders)
	d.chains = slices.Clone(c.chains)
	for i := range d.chains {
		d.chains[i].digests = c.chains[i].digests.Clone()
	}
	d.seen, d.applied, d.agreed = c.seen.Clone(), c.applied.Clone(), c.agreed.Clone()
	d.saved = slices.Clone(c.saved)
	return d
}

// committed is the highest index that any member knows to be committed.
func (c *checks) committed() raft.Index { return raft.Index(c.agreed.Len()) }

// agreedAt is the digest of the committed log up to i, 0 if it does not go so far.
func (c *checks) agreedAt(i raft.Index) uint64 {
	if i == 0 || int(i) > c.agreed.Len() {
		return 0
	}
	return c.agreed.At(int(i - 1))
}

// at is the digest of a log up to i, 0 if it ends before.
func (c *checks) at(x *chain, i raft.Index) uint64 {
	switch {
	case i <= x.base:
		return c.agreedAt(i)
	case i > x.last():
		return 0
	}
	return x.digests.At(int(i - x.base - 1))
}

// broken records the first violation; the run ends there.
func (w *World) broken(property string, members []raft.ID, format string, args ...any) {
	if w.violation != nil {
		return
	}
	w.violation = &Violation{property, members, fmt.Sprintf(format, args...), w.now, w.count, w.excuse}
	e := Event{Kind: PropertyBroken, Err: w.violation}
	if len(members) > 0 {
		e.Member = members[0]
	}
	w.emit(e)
}

// checkTerm: MonotonicTerm, a member's term never goes below one that it has spoken in.
func (w *World) checkTerm(h *host, term raft.Term) {
	if term < h.promised.term {
		w.broken("MonotonicTerm", []raft.ID{h.id}, "%s is in term %d and has spoken in term %d", Name(h.id), term, h.promised.term)
	}
}

// checkLeader: ElectionSafety, at most one leader in a term.
func (w *World) checkLeader(h *host) {
	c := &w.checks
	i, found := slices.BinarySearchFunc(c.leaders, h.term, func(l termLeader, t raft.Term) int {
		return cmp.Compare(l.term, t)
	})
	if !found {
		c.leaders = slices.Insert(c.leaders, i, termLeader{h.term, h.id})
	} else if other := c.leaders[i].leader; other != h.id {
		w.broken("ElectionSafety", []raft.ID{h.id, other}, "%s and %s both lead term %d", Name(other), Name(h.id), h.term)
	}
	w.checkComplete(h)
}

// checkComplete: LeaderCompleteness, the log of a leader holds all that was
// committed in earlier terms.
func (w *World) checkComplete(h *host) {
	c := &w.checks
	last := c.committed()
	if h.term > c.term && last > 0 && w.digest(h.id, last) != c.agreedAt(last) {
		w.broken("LeaderCompleteness", []raft.ID{h.id},
			"%s leads term %d, but its log lacks an entry that was committed, at or before index %d", Name(h.id), h.term, last)
	}
}

// digest of a member's log up to i, 0 if it ends before.
func (w *World) digest(id raft.ID, i raft.Index) uint64 {
	return w.checks.at(&w.checks.chains[id-1], i)
}

// checkLog: LogMatching, two logs with the same index and term agree up to it; and
// LeaderAppendOnly. The member's log has changed from index from on; 0 means that it
// has not.
func (w *World) checkLog(h *host, from raft.Index) {
	x := &w.checks.chains[h.id-1]
	n := h.replica.Node()
	if from > 0 {
		if from <= x.last() && h.role == raft.Leader && n.Role() == raft.Leader {
			w.broken("LeaderAppendOnly", []raft.ID{h.id}, "%s leads term %d and replaces index %d of its own log", Name(h.id), h.term, from)
		}
		x.digests.Truncate(int(max(from-1, x.base) - x.base))
		w.extend(h.id, x, n)
	}
	if h.lostIndex > 0 && n.State().Lost == (raft.Position{}) {
		h.lost, h.lostIndex = chain{}, 0
	}
	h.promised.index = min(n.Durable(), x.last())
	h.promised.digest = w.checks.at(x, h.promised.index)
}

// extend adds the digests of the entries that a log has and its chain has not.
func (w *World) extend(id raft.ID, x *chain, n replica.Core) {
	for i := x.last() + 1; i <= n.Last().Index; i++ {
		e, _ := n.Entry(i)
		digest := mix.Hash(w.checks.at(x, i-1))
		e.Hash(&digest)
		x.digests.Append(digest.Sum())
		if !w.checks.note(i, e.Term, digest.Sum()) {
			w.broken("LogMatching", []raft.ID{id},
				"the log of %s has index %d of term %d like another member's, but differs from it at or before there", Name(id), i, e.Term)
		}
	}
}

// checkRestart compares a log that was read from the disk with all others.
func (w *World) checkRestart(h *host) {
	n := h.replica.Node()
	w.checks.chains[h.id-1] = chain{base: n.First() - 1}
	w.checkLog(h, n.First())
}

// digestOf is the digest of the log of a member that starts, up to i, 0 if it ends
// before.
func (w *World) digestOf(n replica.Core, i raft.Index) uint64 {
	first := n.First()
	if i < first {
		return w.checks.agreedAt(i)
	}
	sum := w.checks.agreedAt(first - 1)
	for k := first; k <= i; k++ {
		e, ok := n.Entry(k)
		if !ok {
			return 0
		}
		digest := mix.Hash(sum)
		e.Hash(&digest)
		sum = digest.Sum()
	}
	return sum
}

// note remembers the digest of an entry, and reports whether it is the same as
// that of every other entry with its index and term.
func (c *checks) note(i raft.Index, term raft.Term, digest uint64) bool {
	for int(i) > c.seen.Len() {
		c.seen.Append(nil)
	}
	list := c.seen.At(int(i - 1))
	for _, d := range list {
		if d.term == term {
			return d.digest == digest
		}
	}
	c.seen.Set(int(i-1), append(list[:len(list):len(list)], termDigest{term, digest}))
	return true
}

// checkCommit: CommittedIsDurable, what a member takes for committed is on the
// disks of a majority when that is first known; and CommittedLogAppendOnly.
func (w *World) checkCommit(h *host) {
	c := &w.checks
	n := h.replica.Node()
	commit, before := n.Commit(), c.committed()
	if commit <= before {
		return
	}
	if w.digest(h.id, before) != c.agreedAt(before) {
		w.broken("CommittedLogAppendOnly", []raft.ID{h.id},
			"%s takes index %d for committed, but its log differs from what was committed up to %d", Name(h.id), commit, before)
	}
	for i := before + 1; i <= commit; i++ {
		c.agreed.Append(w.digest(h.id, i))
	}
	c.term = h.term
	var holders []raft.ID
	for i := range w.hosts {
		x := &w.hosts[i]
		if w.keeps(x, commit) {
			holders = append(holders, x.id)
		}
		if x.replica != nil && x.role == raft.Leader {
			w.checkComplete(x)
		}
	}
	if members := n.CommittedBy(); !isQuorum(holders, members) {
		w.broken("CommittedIsDurable", []raft.ID{h.id},
			"%s takes index %d for committed, but only %d of the %d voters have it on disk",
			Name(h.id), commit, len(holders), len(members.Voters))
	}
}

// keeps reports whether a member has the committed log up to an index on disk, or had
// and knows that it has lost it.
func (w *World) keeps(h *host, i raft.Index) bool {
	c := &w.checks
	return h.promised.index >= i && w.digest(h.id, i) == c.agreedAt(i) ||
		h.lostIndex >= i && c.at(&h.lost, i) == c.agreedAt(i)
}

// checkApplied: StateMachineSafety, no two members apply different entries at
// one index, or get different answers from them. It also notes what became of
// the client's operation, and who is a member now.
func (w *World) checkApplied(h *host, a *replica.Applied) {
	c := &w.checks
	var d mix.Hash
	d.Word(w.digest(h.id, a.Position.Index))
	d.Word(uint64(a.Revision))
	hashResponse(&d, a.Response)
	if a.Err != nil {
		d.String(a.Err.Error())
	}
	i := int(a.Position.Index - 1)
	if i < c.applied.Len() {
		if c.applied.At(i) != d.Sum() {
			w.broken("StateMachineSafety", []raft.ID{h.id},
				"%s applied something else at index %d than another member before it, or got another answer", Name(h.id), a.Position.Index)
		}
		return
	}
	c.applied.Append(d.Sum())
	w.noteApplied(a)
	if a.Members != nil {
		c.members = *a.Members
		w.emit(Event{Kind: MembersChanged, Member: h.id, Term: a.Position.Term, Index: a.Position.Index, Members: a.Members})
	}
	w.noteEffect(a)
}

// checkSaved: StateMachineSafety, the states of two members after one index are the
// same, byte for byte.
func (w *World) checkSaved(h *host, s *raft.Snapshot) {
	c, index := &w.checks, s.Last.Index
	i, found := slices.BinarySearchFunc(c.saved, index, func(s savedState, i raft.Index) int { return cmp.Compare(s.index, i) })
	switch {
	case !found:
		c.saved = slices.Insert(c.saved, i, savedState{index, s.Checksum})
	case c.saved[i].checksum != s.Checksum:
		w.broken("StateMachineSafety", []raft.ID{h.id}, "the state of %s after index %d is not that of another member", Name(h.id), index)
	}
}

// installed notes that another member's snapshot stands for the beginning of the log.
func (w *World) installed(h *host, s *raft.Snapshot) {
	w.emit(Event{Kind: SnapshotInstalled, Member: h.id, Term: s.Last.Term, Index: s.Last.Index, N: s.Size})
	if s.Last.Index > w.checks.committed() {
		w.broken("StateMachineSafety", []raft.ID{h.id}, "%s installs a snapshot up to index %d, which is not committed", Name(h.id), s.Last.Index)
	}
	w.checks.chains[h.id-1] = chain{base: s.Last.Index}
}
