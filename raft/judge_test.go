package raft_test

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
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
//	StateMachineSafety    all members apply the same entries, in order, without gaps,
//	                      or take over a state that has them
//	CommittedIsDurable    what is committed is on the disks of a majority, or was and its
//	                      loss is known; nobody removes it again
//	NeverCommitPrevTerms  a leader commits an entry of its own term, or none
//	MonotonicTerm         no life begins in a term before those that earlier ones spoke of
//	OneVotePerTerm        over all lives of a member, as heard by the others
//	LeaderIsVoter         who is elected is a voter, or its removal is not committed; and it
//	                      has lost nothing
//	OneChangeAtATime      a leader changes the configuration when the one before is committed,
//	                      and an entry of its own term
//	RemovedLeaderGoes     who is no longer a voter leads until that is committed
//	LinearizableRead      a read sees all that was committed anywhere before it began
//	RefusedNeverHappens   a refused proposal is never applied
//	AppliedOnce           a proposal is applied at most once, as it was made
//	MonotonicMatch        what a leader knows of a life of a follower never shrinks
//	WakeInFuture          a member that has nothing to do says so
type judge struct {
	// first is the configuration of the empty log.
	first     raft.Configuration
	leaders   map[raft.Term]raft.ID
	elected   map[raft.Term][]raft.Position
	past      map[raft.Position]origin
	votes     map[ballot]raft.ID
	committed []commitment
	reads     map[raft.RequestID]int
	proposals map[raft.RequestID]proposal
	// logs are as last written, disks as last synced; lost is what a disk says of
	// its losses.
	logs, disks map[raft.ID][]raft.Position
	lost        map[raft.ID]raft.Position
	// applied is how far each member has got.
	applied map[raft.ID]int
	// said is the latest term that each member has spoken of.
	said map[raft.ID]raft.Term
	// verdict is the first violation, empty if there is none; verdicts has the
	// first of each property.
	verdict  string
	verdicts map[string]string
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

// commitment is a committed entry, the term in which it was committed, and the
// state after applying it.
type commitment struct {
	entry raft.Entry
	term  raft.Term
	state mix.Hash
}

type proposal struct {
	data             string
	refused, applied bool
}

func newJudge(first raft.Configuration) *judge {
	return &judge{
		first: first, leaders: map[raft.Term]raft.ID{}, elected: map[raft.Term][]raft.Position{},
		past: map[raft.Position]origin{}, votes: map[ballot]raft.ID{}, reads: map[raft.RequestID]int{},
		proposals: map[raft.RequestID]proposal{}, logs: map[raft.ID][]raft.Position{},
		disks: map[raft.ID][]raft.Position{}, lost: map[raft.ID]raft.Position{},
		applied: map[raft.ID]int{}, said: map[raft.ID]raft.Term{}, verdicts: map[string]string{},
	}
}

func (j *judge) violated(property, format string, args ...any) {
	if j.verdicts[property] == "" {
		j.verdicts[property] = property + ": " + fmt.Sprintf(format, args...)
	}
	if j.verdict == "" {
		j.verdict = j.verdicts[property]
	}
}

// stateAt is the state after applying entry i, as a file holds it.
func (j *judge) stateAt(i raft.Index) string {
	return fmt.Sprintf("%d:%016x", i, j.committed[i-1].state.Sum())
}

// configuration is the newest one that is committed.
func (j *judge) configuration() raft.Configuration {
	for i := len(j.committed) - 1; i >= 0; i-- {
		if e := j.committed[i].entry; e.Kind == raft.ConfigChange {
			c, _ := raft.DecodeConfiguration(e.Data)
			return c
		}
	}
	return j.first
}

// before notes what a client asks.
func (j *judge) before(in raft.Input) {
	switch in := in.(type) {
	case raft.Read:
		j.reads[in.Request] = len(j.committed)
	case raft.Propose:
		j.proposals[in.Request] = proposal{data: in.Data}
	case raft.ProposeBatch:
		for _, p := range in.Proposals {
			j.proposals[p.Request] = proposal{data: p.Data}
		}
	case raft.Change:
		j.proposals[in.Request] = proposal{}
	}
}

// stepped judges a step.
func (j *judge) stepped(m *member, before raft.State, out *raft.Output) {
	if out.Violation != nil {
		j.violated(out.Violation.Name, "S%d: %s", m.id, out.Violation.Detail)
	}
	for _, w := range out.Writes {
		j.wrote(m, before, w.Record)
	}
	after := m.node.State()
	if after.Role == raft.Leader {
		j.leads(m, after)
		j.follows(m, before, after)
	}
	if out.Installed != nil {
		j.installed(m, *out.Installed)
	}
	for _, e := range out.Committed {
		j.commits(m, e)
	}
	j.answers(m, out)
	if out.Wake <= m.clock {
		j.violated("WakeInFuture", "S%d wants to be woken at %d, at %d", m.id, out.Wake, m.clock)
	}
}

// leads notes a leader; at its election it must have all that was committed in
// earlier terms.
func (j *judge) leads(m *member, s raft.State) {
	if id, ok := j.leaders[s.Term]; ok {
		if id != m.id {
			j.violated("ElectionSafety", "S%d and S%d lead term %d", id, m.id, s.Term)
		}
		if !s.Members.IsVoter(m.id) && m.node.Commit() >= j.newestChange(m.id).Index {
			j.violated("RemovedLeaderGoes", "S%d leads term %d and is no voter", m.id, s.Term)
		}
		return
	}
	j.leaders[s.Term] = m.id
	j.elected[s.Term] = slices.Clone(j.logs[m.id])
	for _, c := range j.committed {
		j.mustLead(c, s.Term)
	}
	j.elects(m, s)
}

// elects judges the election itself.
func (j *judge) elects(m *member, s raft.State) {
	removed := !s.Members.IsVoter(m.id) && m.node.Commit() >= j.newestChange(m.id).Index
	if removed || s.Lost != (raft.Position{}) {
		j.violated("LeaderIsVoter", "S%d leads term %d, with %v, lost up to %v", m.id, s.Term, s.Members, s.Lost)
	}
	as := func(voter raft.ID) bool { return voter == m.id || j.votes[ballot{voter, s.Term}] == m.id }
	if !majorities(s.Members, as) {
		j.violated("ElectionSafety", "S%d leads term %d without the votes of %v", m.id, s.Term, s.Members)
	}
}

// follows compares what a leader knows of its followers with the step before.
func (j *judge) follows(m *member, before, after raft.State) {
	if before.Term != after.Term || before.Role != raft.Leader {
		return
	}
	if t := j.logs[m.id][max(1, after.Commit)-1].Term; after.Commit > before.Commit && t != after.Term {
		j.violated("NeverCommitPrevTerms", "S%d commits %d of term %d in term %d", m.id, after.Commit, t, after.Term)
	}
	for _, was := range before.Followers {
		for _, f := range after.Followers {
			if f.ID == was.ID && f.Life == was.Life && f.Match < was.Match {
				j.violated("MonotonicMatch", "S%d takes back %d of S%d for %d", m.id, was.Match, f.ID, f.Match)
			}
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
	c := commitment{entry: e, term: m.node.Term()}
	if e.Index > 1 {
		c.state = j.committed[e.Index-2].state
	}
	e.Hash(&c.state)
	j.firstCommit(m, c)
}

// installed notes a state that a member takes over.
func (j *judge) installed(m *member, s raft.Snapshot) {
	if int(s.Last.Index) > len(j.committed) || m.partial.data != j.stateAt(s.Last.Index) {
		j.violated("StateMachineSafety", "S%d takes over a state up to %v that is none", m.id, s.Last)
	}
	j.applied[m.id] = int(s.Last.Index)
}

func (j *judge) firstCommit(m *member, c commitment) {
	j.committed = append(j.committed, c)
	j.mustBeDurable(m, c)
	for term := range j.elected {
		j.mustLead(c, term)
	}
	id := c.entry.Request
	p, ok := j.proposals[id]
	switch {
	case p.refused:
		j.violated("RefusedNeverHappens", "%v of %v is committed", c.entry.Position(), id)
	case c.entry.Kind != raft.Normal:
		// Two entries may carry one change, and nobody's request begins a term.
	case p.applied || ok && p.data != c.entry.Data:
		j.violated("AppliedOnce", "%v of %v is committed again, or changed", c.entry.Position(), id)
	}
	if ok {
		p.applied = true
		j.proposals[id] = p
	}
}

// answers judges what a member tells its clients.
func (j *judge) answers(m *member, out *raft.Output) {
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
		if r.Leader == m.id && r.Reason == raft.NotLeader {
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
	case *raft.RequestPreVote, *raft.RequestPreVoteReply:
		return // of a term that may never come
	default:
		j.said[from] = max(j.said[from], m.MessageTerm())
	}
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
