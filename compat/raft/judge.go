package raft

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
	castaway "github.com/castaway-kv/castaway/raft"
)

// judge watches a cluster for what Figure 3 of the paper promises. It knows the
// cores only from outside. What is broken stays in broken.
type judge struct {
	broken []string
	// leaders are those of each term.
	leaders map[castaway.Term]castaway.ID
	// committed are all entries that any member applied; entry i is at i-1.
	committed []Entry
	// prefixes are digests of all logs ever seen, each by its last position.
	prefixes map[castaway.Position]uint64
	seen     map[castaway.ID]*sight
	// reads asked for, by request: how much was committed then. Nobody can be
	// asked twice in the same name.
	reads map[uint64]castaway.Index
	// served are the reads that were answered.
	served map[uint64]bool
	// installs counts snapshots that members got from others, if they had applied
	// something before.
	installs int
	// changes counts committed entries that change the configuration.
	changes int
}

// sight is what was last seen of a member.
type sight struct {
	term            castaway.Term
	commit, applied castaway.Index
}

func newJudge() *judge {
	return &judge{
		leaders: map[castaway.Term]castaway.ID{}, prefixes: map[castaway.Position]uint64{},
		seen: map[castaway.ID]*sight{}, reads: map[uint64]castaway.Index{}, served: map[uint64]bool{},
	}
}

func (j *judge) complain(format string, args ...any) {
	j.broken = append(j.broken, fmt.Sprintf(format, args...))
}

// started notes a new life: it knows its term, but not what was committed.
func (j *judge) started(m *member) {
	if j.seen[m.id] == nil {
		j.seen[m.id] = &sight{}
	}
	j.seen[m.id].commit, j.seen[m.id].applied = 0, 0
}

// look judges a member by what it shows after a step.
func (j *judge) look(m *member) {
	now, before := m.Status(), j.seen[m.id]
	if now.Term < before.term {
		j.complain("member %d went back from term %d to %d", m.id, before.term, now.Term)
	}
	if now.Commit < before.commit || now.Commit > now.Last.Index {
		j.complain("member %d, whose log ends at %v, has committed up to %d after %d", m.id, now.Last, now.Commit, before.commit)
	}
	before.term, before.commit = now.Term, now.Commit
	if now.Leads {
		j.elected(m, now.Term)
	}
}

// elected is Election Safety (§5.2) and, once for each leader, Leader
// Completeness (§5.4).
func (j *judge) elected(m *member, term castaway.Term) {
	switch other, known := j.leaders[term]; {
	case !known:
		j.leaders[term] = m.id
		log := m.Log()
		if n := len(j.committed); len(log) < n || !slices.Equal(log[:n], j.committed) {
			j.complain("member %d leads in term %d without all that is committed", m.id, term)
		}
	case other != m.id:
		j.complain("members %d and %d both lead in term %d", other, m.id, term)
	}
}

// applied is State Machine Safety (§5.4.3).
func (j *judge) applied(id castaway.ID, e Entry) {
	s := j.seen[id]
	s.applied++
	switch n := castaway.Index(len(j.committed)); {
	case e.Index != s.applied:
		j.complain("member %d applied %d after %d", id, e.Index, s.applied-1)
	case e.Index == n+1:
		j.committed = append(j.committed, e)
		if e.Changes {
			j.changes++
		}
	case e.Index > n || j.committed[e.Index-1] != e:
		j.complain("member %d applied %v, which is not what others did", id, e)
	}
}

// restored judges a state that a member starts with, or got from another: nothing
// but what is committed.
func (j *judge) restored(id castaway.ID, state []Entry) {
	if n := len(state); n > len(j.committed) || !slices.Equal(state, j.committed[:n]) {
		j.complain("member %d has a snapshot of what is not committed", id)
	}
	if j.seen[id].applied > 0 {
		j.installs++
	}
	j.seen[id].applied = castaway.Index(len(state))
}

// compareLogs is Log Matching (§5.3), over all logs there ever were.
func (j *judge) compareLogs(members []*member) {
	for _, m := range members {
		var prefix mix.Hash
		for i, e := range m.Log() {
			if e.Index != castaway.Index(i+1) {
				j.complain("member %d has %v in place of entry %d", m.id, e, i+1)
			}
			prefix.Word(uint64(e.Term))
			prefix.String(e.Data)
			if known, ok := j.prefixes[e.Position]; ok && known != prefix.Sum() {
				j.complain("two logs have %v, but differ before or in it; one is of member %d", e.Position, m.id)
			}
			j.prefixes[e.Position] = prefix.Sum()
		}
	}
}

// asked notes what was committed when a read was asked for.
func (j *judge) asked(request uint64) { j.reads[request] = castaway.Index(len(j.committed)) }

// answered is linearizability of reads (thesis §6.4): they see all that was
// committed when they were asked for.
func (j *judge) answered(id castaway.ID, request uint64, index castaway.Index) {
	j.served[request] = true
	if least, ok := j.reads[request]; !ok || index < least {
		j.complain("member %d may read at %d what was asked for at %d", id, index, least)
	}
}

// hash is of all that was committed.
func (j *judge) hash() uint64 {
	var h mix.Hash
	for _, e := range j.committed {
		h.Word(uint64(e.Term))
		h.String(e.Data)
	}
	return h.Sum()
}
