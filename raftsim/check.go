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
}

func (v *Violation) Error() string { return v.Property + " is broken: " + v.Detail }

// checks holds what the properties of Figure 3 are checked against, after every
// event. Logs are compared by digests: that of an entry covers all before it.
type checks struct {
	// leaders of all terms that had one, by term.
	leaders []termLeader
	// chains hold each member's log as digests.
	chains []cow.Vector[uint64]
	// seen holds, per index, the digest of each entry that stood there, by term.
	seen cow.Vector[[]termDigest]
	// applied holds, per index, the digest of the entry applied and the store after it.
	applied cow.Vector[uint64]
	// committed is the highest index that any member knows to be committed, chain
	// the digest there, and term the one in which it was.
	committed raft.Index
	chain     uint64
	term      raft.Term
}

type termLeader struct {
	term   raft.Term
	leader raft.ID
}

type termDigest struct {
	term   raft.Term
	digest uint64
}

func newChecks(members int) checks {
	return checks{chains: make([]cow.Vector[uint64], members)}
}

func (c *checks) clone() checks {
	d := *c
	d.leaders = slices.Clone(c.leaders)
	d.chains = slices.Clone(c.chains)
	for i := range d.chains {
		d.chains[i] = c.chains[i].Clone()
	}
	d.seen, d.applied = c.seen.Clone(), c.applied.Clone()
	return d
}

// broken records the first violation; the run ends there.
func (w *World) broken(property string, members []raft.ID, format string, args ...any) {
	if w.violation != nil {
		return
	}
	w.violation = &Violation{property, members, fmt.Sprintf(format, args...)}
	w.emit(Event{Kind: PropertyBroken, Member: members[0], Err: w.violation})
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
	if h.term > c.term && c.committed > 0 && w.digest(h.id, c.committed) != c.chain {
		w.broken("LeaderCompleteness", []raft.ID{h.id},
			"%s leads term %d, but its log lacks an entry that was committed, at or before index %d", Name(h.id), h.term, c.committed)
	}
}

// digest of a member's log up to i, 0 if it ends before.
func (w *World) digest(id raft.ID, i raft.Index) uint64 {
	if chain := &w.checks.chains[id-1]; int(i) <= chain.Len() && i > 0 {
		return chain.At(int(i - 1))
	}
	return 0
}

// checkLog: LogMatching, two logs with the same index and term agree up to it.
// The member's log has changed from index from on; 0 means that it has not.
func (w *World) checkLog(h *host, from raft.Index) {
	if from == 0 {
		return
	}
	c := &w.checks
	chain := &c.chains[h.id-1]
	chain.Truncate(int(from - 1))
	for i := from; i <= h.replica.Node().Last().Index; i++ {
		e, _ := h.replica.Node().Entry(i)
		digest := mix.Hash(w.digest(h.id, i-1))
		e.Hash(&digest)
		chain.Append(digest.Sum())
		if !c.note(i, e.Term, digest.Sum()) {
			w.broken("LogMatching", []raft.ID{h.id},
				"the log of %s has index %d of term %d like another member's, but differs from it at or before there", Name(h.id), i, e.Term)
		}
	}
}

// note remembers the digest of an entry, and reports whether it is the same as
// that of every other entry with its index and term.
func (c *checks) note(i raft.Index, term raft.Term, digest uint64) bool {
	if int(i) > c.seen.Len() {
		c.seen.Append([]termDigest{{term, digest}})
		return true
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
// disks of a majority when that is first known.
func (w *World) checkCommit(h *host) {
	c := &w.checks
	commit := h.replica.Node().Commit()
	if commit <= c.committed {
		return
	}
	c.committed, c.chain, c.term = commit, w.digest(h.id, commit), h.term
	holders := 0
	for i := range w.hosts {
		other := &w.hosts[i]
		if other.durable >= commit && w.digest(other.id, commit) == c.chain {
			holders++
		}
		if other.replica != nil && other.role == raft.Leader {
			w.checkComplete(other)
		}
	}
	if holders <= len(w.hosts)/2 {
		w.broken("CommittedIsDurable", []raft.ID{h.id},
			"%s takes index %d for committed, but only %d of %d members have it on disk", Name(h.id), commit, holders, len(w.hosts))
	}
}

// checkApplied: StateMachineSafety, no two members apply different entries at
// one index, or get different stores from them. It also notes what became of
// the client's operation.
func (w *World) checkApplied(h *host, a *replica.Applied) {
	var d mix.Hash
	d.Word(w.digest(h.id, a.Position.Index))
	d.Word(uint64(a.Revision))
	hashResponse(&d, a.Response)
	i := int(a.Position.Index - 1)
	if i < w.checks.applied.Len() {
		if w.checks.applied.At(i) != d.Sum() {
			w.broken("StateMachineSafety", []raft.ID{h.id},
				"%s applied something else at index %d than another member before it", Name(h.id), a.Position.Index)
		}
		return
	}
	w.checks.applied.Append(d.Sum())
	w.noteEffect(a)
}
