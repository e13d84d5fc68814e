package raft_test

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// judge watches a whole cluster from outside, knowing what no member knows.
// It keeps its own copies of logs and disks, made from the writes alone.
//
// Properties, those of the paper's Figure 3 first:
//
//	ElectionSafety        at most one leader a term
//	LeaderAppendOnly      a leader removes nothing from its log
//	LogMatching           an index and a term stand for one entry and one past
//	LeaderCompleteness    what is committed in a term is in the logs of all later leaders
//	StateMachineSafety    all members apply the same entries, in order, without gaps
//	CommittedIsDurable    what is committed is on the disks of a majority, and stays
//	OneVotePerTerm        over all lives of a member, as heard by the others
//	LinearizableRead      a read sees all that was committed anywhere before it began
//	RefusedNeverHappens   a refused proposal is never applied
//	AppliedOnce           a proposal is applied at most once, as it was made
//	MonotonicMatch        what a leader knows of a follower's log never shrinks
//	WakeInFuture          a member that has nothing to do says so
type judge struct {
	voters    int
	leaders   map[raft.Term]raft.ID
	elected   map[raft.Term][]raft.Position
	past      map[raft.Position]origin
	votes     map[ballot]raft.ID
	committed []commitment
	reads     map[raft.RequestID]int
	proposals map[raft.RequestID]proposal
	logs      map[raft.ID][]raft.Position
	disks     map[raft.ID][]raft.Position
	applied   map[raft.ID]int
	// verdict is the first violation, empty if there is none.
	verdict string
}

// origin is an entry and the term of the one before it.
type origin struct {
	entry raft.Entry
	prev  raft.Term
}

type ballot struct {
	voter raft.ID
	term  raft.Term
}

// commitment is a committed entry, and the term in which it was committed.
type commitment struct {
	entry raft.Entry
	term  raft.Term
}

type proposal struct {
	data             string
	refused, applied bool
}

func newJudge(voters int) *judge {
	return &judge{
		voters: voters, leaders: map[raft.Term]raft.ID{}, elected: map[raft.Term][]raft.Position{},
		past: map[raft.Position]origin{}, votes: map[ballot]raft.ID{}, reads: map[raft.RequestID]int{},
		proposals: map[raft.RequestID]proposal{}, logs: map[raft.ID][]raft.Position{},
		disks: map[raft.ID][]raft.Position{}, applied: map[raft.ID]int{},
	}
}

func (j *judge) violated(property, format string, args ...any) {
	if j.verdict == "" {
		j.verdict = property + ": " + fmt.Sprintf(format, args...)
	}
}

// started notes a new life: its log is what its disk holds.
func (j *judge) started(m *member) {
	j.disks[m.id] = nil
	for _, r := range m.disk {
		j.disks[m.id] = replay(j.disks[m.id], r)
		if a, ok := r.(raft.Append); ok {
			j.originate(a.Entries, j.disks[m.id])
		}
	}
	j.logs[m.id] = slices.Clone(j.disks[m.id])
	j.applied[m.id] = 0
}

// replay applies a record to a log of positions.
func replay(log []raft.Position, r raft.Record) []raft.Position {
	switch r := r.(type) {
	case raft.Append:
		for i := range r.Entries {
			log = append(log, r.Entries[i].Position())
		}
	case raft.Truncate:
		log = slices.Clone(log[:r.Last.Index])
	}
	return log
}

// before notes what a client asks.
func (j *judge) before(in raft.Input) {
	switch in := in.(type) {
	case raft.Read:
		j.reads[in.Request] = len(j.committed)
	case raft.Propose:
		j.proposals[in.Request] = proposal{data: in.Data}
	}
}

// stepped judges a step.
func (j *judge) stepped(m *member, before raft.State, out raft.Output) {
	if out.Violation != nil {
		j.violated(out.Violation.Name, "S%d: %s", m.id, out.Violation.Detail)
	}
	for _, w := range out.Writes {
		j.wrote(m, before, w.Record)
	}
	if m.node.Role() == raft.Leader {
		j.leads(m)
		j.follows(m, before)
	}
	for _, e := range out.Committed {
		j.commits(m, e)
	}
	j.answers(m, out)
	if out.Wake <= m.clock {
		j.violated("WakeInFuture", "S%d wants to be woken at %d, at %d", m.id, out.Wake, m.clock)
	}
}

func (j *judge) wrote(m *member, before raft.State, r raft.Record) {
	if _, ok := r.(raft.Truncate); ok && before.Role == raft.Leader && m.node.Term() == before.Term {
		j.violated("LeaderAppendOnly", "S%d truncates while it leads term %d", m.id, before.Term)
	}
	j.logs[m.id] = replay(j.logs[m.id], r)
	if a, ok := r.(raft.Append); ok {
		j.originate(a.Entries, j.logs[m.id])
	}
}

// originate checks entries just appended to a log against all that was ever
// seen under their positions.
func (j *judge) originate(entries []raft.Entry, log []raft.Position) {
	for _, e := range entries {
		if e.Index == 0 || int(e.Index) > len(log) || log[e.Index-1] != e.Position() {
			j.violated("LogMatching", "entry %v is not written in its place", e.Position())
			return
		}
		o := origin{entry: e}
		if e.Index > 1 {
			o.prev = log[e.Index-2].Term
		}
		if seen, ok := j.past[e.Position()]; ok && seen != o {
			j.violated("LogMatching", "%v stands for two entries or pasts", e.Position())
		}
		j.past[e.Position()] = o
	}
}

// leads notes a leader; at its election it must have all that was committed in
// earlier terms.
func (j *judge) leads(m *member) {
	term := m.node.Term()
	if id, ok := j.leaders[term]; ok {
		if id != m.id {
			j.violated("ElectionSafety", "S%d and S%d lead term %d", id, m.id, term)
		}
		return
	}
	j.leaders[term] = m.id
	j.elected[term] = slices.Clone(j.logs[m.id])
	for _, c := range j.committed {
		j.mustLead(c, term)
	}
}

// follows compares what a leader knows of its followers with the step before.
func (j *judge) follows(m *member, before raft.State) {
	after := m.node.State()
	if before.Term != after.Term || before.Role != raft.Leader {
		return
	}
	for i, f := range after.Followers {
		if was := before.Followers[i].Match; f.Match < was {
			j.violated("MonotonicMatch", "S%d takes back %d of S%d for %d", m.id, was, f.ID, f.Match)
		}
	}
}

// mustLead checks that the leader elected in a term has a committed entry.
func (j *judge) mustLead(c commitment, term raft.Term) {
	if term > c.term && !holds(j.elected[term], c.entry.Position()) {
		j.violated("LeaderCompleteness", "S%d leads term %d without %v, committed in term %d",
			j.leaders[term], term, c.entry.Position(), c.term)
	}
}

func holds(log []raft.Position, p raft.Position) bool {
	return int(p.Index) <= len(log) && log[p.Index-1] == p
}

// commits notes an entry that a member applies.
func (j *judge) commits(m *member, e raft.Entry) {
	j.applied[m.id]++
	if int(e.Index) != j.applied[m.id] {
		j.violated("StateMachineSafety", "S%d applies %v as number %d", m.id, e.Position(), j.applied[m.id])
		return
	}
	if int(e.Index) <= len(j.committed) {
		if first := j.committed[e.Index-1].entry; first != e {
			j.violated("StateMachineSafety", "S%d applies %v, another member %v", m.id, e.Position(), first.Position())
		}
		return
	}
	j.firstCommit(commitment{e, m.node.Term()})
}

func (j *judge) firstCommit(c commitment) {
	j.committed = append(j.committed, c)
	if n := j.copies(c); 2*n <= j.voters {
		j.violated("CommittedIsDurable", "%v is committed with %d durable copies", c.entry.Position(), n)
	}
	for term := range j.elected {
		j.mustLead(c, term)
	}
	if c.entry.Kind == raft.NoOp {
		return
	}
	id := c.entry.Request
	switch p, ok := j.proposals[id]; {
	case p.refused:
		j.violated("RefusedNeverHappens", "%v of %v is committed", c.entry.Position(), id)
	case p.applied || ok && p.data != c.entry.Data:
		j.violated("AppliedOnce", "%v of %v is committed again, or changed", c.entry.Position(), id)
	case ok:
		p.applied = true
		j.proposals[id] = p
	}
}

// copies counts the disks that hold a committed entry.
func (j *judge) copies(c commitment) int {
	n := 0
	for _, disk := range j.disks {
		if holds(disk, c.entry.Position()) {
			n++
		}
	}
	return n
}

// persisted notes a record that reached a disk; it must not take a committed
// entry from the last majority that has it.
func (j *judge) persisted(m *member, r raft.Record) {
	j.disks[m.id] = replay(j.disks[m.id], r)
	t, ok := r.(raft.Truncate)
	if !ok {
		return
	}
	for i := int(t.Last.Index); i < len(j.committed); i++ {
		if n := j.copies(j.committed[i]); 2*n <= j.voters {
			j.violated("CommittedIsDurable", "S%d leaves %v with %d durable copies", m.id, j.committed[i].entry.Position(), n)
		}
	}
}

// answers judges what a member tells its clients.
func (j *judge) answers(m *member, out raft.Output) {
	for _, r := range out.Reads {
		floor, ok := j.reads[r.Request]
		if !ok {
			j.violated("LinearizableRead", "S%d answers %v twice", m.id, r.Request)
		}
		if int(r.Index) < floor {
			j.violated("LinearizableRead", "S%d may read at %d, though %d was committed before", m.id, r.Index, floor)
		}
		delete(j.reads, r.Request)
	}
	for _, r := range out.Refused {
		if r.Leader == m.id {
			j.violated("RefusedNeverHappens", "S%d refuses %v and names itself", m.id, r.Request)
		}
		delete(j.reads, r.Request)
		if p, ok := j.proposals[r.Request]; ok {
			p.refused = true
			j.proposals[r.Request] = p
		}
	}
}

// left judges a message as it leaves: now its promises count.
func (j *judge) left(from raft.ID, s raft.Send) {
	switch m := s.Message.(type) {
	case *raft.RequestVote:
		j.voted(from, m.Term, from)
	case *raft.RequestVoteReply:
		if m.Granted {
			j.voted(from, m.Term, s.To)
		}
	}
}

func (j *judge) voted(voter raft.ID, term raft.Term, candidate raft.ID) {
	b := ballot{voter, term}
	if before, ok := j.votes[b]; ok && before != candidate {
		j.violated("OneVotePerTerm", "S%d votes for S%d and S%d in term %d", voter, before, candidate, term)
	}
	j.votes[b] = candidate
}
