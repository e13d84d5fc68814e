package session

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/replica"
)

// sentence says what is going on, the most remarkable first.
func sentence(w *raftsim.World) string {
	if v := w.Violation(); v != nil {
		return v.Error()
	}
	ids := w.MemberIDs()
	up := 0
	var deluded, candidate string
	for _, id := range ids {
		m := w.Member(id)
		switch {
		case !m.Up:
			continue
		case m.Role == raft.Leader && m.CutOff:
			deluded = fmt.Sprintf("%s is cut off and still believes it leads term %d", raftsim.Name(id), m.Term)
		case m.Role == raft.Candidate:
			candidate = fmt.Sprintf("%s asks for votes in term %d", raftsim.Name(id), m.Term)
		case m.Role == raft.PreCandidate && candidate == "":
			candidate = fmt.Sprintf("%s asks whether it would win an election", raftsim.Name(id))
		}
		up++
	}
	leader := w.Leader()
	switch {
	case 2*up <= len(ids):
		return fmt.Sprintf("only %d of %d members are up: nothing can be committed", up, len(ids))
	case deluded != "":
		return deluded
	case candidate != "":
		return candidate
	case leader == 0:
		return "nobody leads: the first member whose timer runs out asks for votes"
	}
	return leaderSentence(w, leader)
}

func leaderSentence(w *raftsim.World, leader raft.ID) string {
	m := w.Member(leader)
	behind := 0
	for _, f := range m.Followers {
		if f.Match > 0 && f.Match < m.Commit { // 0: not heard of yet
			behind++
		}
	}
	text := fmt.Sprintf("%s leads term %d", raftsim.Name(leader), m.Term)
	switch {
	case behind > 0:
		return fmt.Sprintf("%s; %d of its %d followers lag behind", text, behind, len(m.Followers))
	case m.Last.Index > m.Commit:
		return fmt.Sprintf("%s and replicates index %d", text, m.Last.Index)
	}
	return text
}

// entryWords is an entry in a few characters, and in full.
func entryWords(e *raft.Entry) (label, detail string) {
	if e.Kind == raft.NoOp {
		return "∅", fmt.Sprintf("the empty entry that starts term %d", e.Term)
	}
	if e.Kind == raft.ConfigChange {
		members, err := raft.DecodeConfiguration(e.Data)
		if err != nil {
			return "?", err.Error()
		}
		return "cfg", "the members: " + members.String()
	}
	_, request, err := replica.Decode(e.Data)
	if err != nil {
		return "?", err.Error()
	}
	return shortRequest(request), clip(fmt.Sprint(request))
}

// shortRequest is a request in a few characters: its first change.
func shortRequest(r kv.Request) string {
	switch r := r.(type) {
	case kv.PutRequest:
		return shortKey(r.Key) + "=" + shorten(r.Value, 4)
	case kv.DeleteRangeRequest:
		return "−" + shortKey(r.Key)
	case kv.TxnRequest:
		for _, op := range r.Success {
			if !kv.ReadOnly(op) {
				return shortRequest(op)
			}
		}
		return "txn"
	case kv.RangeRequest:
		return "get"
	}
	name, _, _ := strings.Cut(fmt.Sprint(r), " ")
	return name
}

// shortKey is a key in at most three characters: all of it, or how the last
// part of its path begins.
func shortKey(key string) string {
	if utf8.RuneCountInString(key) <= 3 {
		return shorten(key, 3)
	}
	key = key[strings.LastIndexByte(key, '/')+1:]
	return string([]rune(shorten(key, 3))[:min(1, len(key))])
}

// describe fills in what a message between members says.
func describe(m *Message, x raft.Message) {
	m.Term = uint64(x.MessageTerm())
	switch x := x.(type) {
	case *raft.RequestVote:
		m.Kind, m.Label = VoteRequest, fmt.Sprintf("asks for a vote in term %d; its log ends at %v", x.Term, x.Last)
	case *raft.RequestPreVote:
		m.Kind, m.Label = VoteRequest, fmt.Sprintf("asks whether a vote in term %d would be granted", x.Term)
	case *raft.RequestVoteReply:
		m.Kind, m.Positive, m.Label = VoteReply, x.Granted, granted(x.Granted, "the vote")
	case *raft.RequestPreVoteReply:
		m.Kind, m.Positive, m.Label = VoteReply, x.Granted, granted(x.Granted, "the pre-vote")
	case *raft.AppendEntries:
		m.Count = len(x.Entries)
		m.Kind, m.Label = Heartbeat, fmt.Sprintf("heartbeat; commit index %d", x.Commit)
		if m.Count > 0 {
			m.Kind, m.Label = Entries, fmt.Sprintf("%d entries behind %v; commit index %d", m.Count, x.Prev, x.Commit)
		}
	case *raft.AppendEntriesReply:
		m.Kind, m.Positive, m.Label = AppendReply, x.Success, fmt.Sprintf("agrees up to index %d", x.Match)
		if !x.Success {
			m.Label = fmt.Sprintf("does not have what stands at index %d", x.Prev)
		}
	case *raft.ForwardProposal:
		m.Kind, m.Label = Forward, "hands a client's request to the leader"
	case *raft.ReadIndex:
		m.Kind, m.Label = ReadIndex, "asks how far a read must be"
	case *raft.ReadIndexReply:
		m.Kind, m.Positive, m.Label = ReadIndexReply, true, fmt.Sprintf("a read must see index %d", x.Index)
	case *raft.InstallSnapshot:
		m.Kind, m.Label = Entries, fmt.Sprintf("a snapshot up to index %d, %d of %d bytes", x.Snapshot.Last.Index, x.Offset+x.Length, x.Snapshot.Size)
	case *raft.InstallSnapshotReply:
		m.Kind, m.Positive, m.Label = AppendReply, true, fmt.Sprintf("has %d bytes of the snapshot", x.Offset)
	case *raft.TimeoutNow:
		m.Kind, m.Label = VoteRequest, "asks it to start an election at once"
	default:
		panic(fmt.Sprintf("session: unknown message %T", x))
	}
}

func granted(yes bool, what string) string {
	if yes {
		return "grants " + what
	}
	return "refuses " + what
}

// describeClient fills in what a message between a client and a member says.
func describeClient(m *Message, op raftsim.Op, x raftsim.Flight) {
	m.Client = op.Name
	m.Kind, m.Label = ClientRequest, clip(fmt.Sprint(op.Request))
	if x.To == 0 {
		m.Kind, m.Positive, m.Label = ClientReply, x.Err == nil, "answer to "+m.Label
	}
}

func lineKind(k raftsim.EventKind) LineKind {
	switch k {
	case raftsim.RoleChanged:
		return LineElection
	case raftsim.MemberCrashed, raftsim.MemberStarted, raftsim.MemberRefused, raftsim.ActionDone,
		raftsim.ActionSkipped, raftsim.PropertyBroken:
		return LineFault
	case raftsim.OpAnswered:
		return LineAnswer
	case raftsim.OpRefused:
		return LineRefused
	case raftsim.OpUnknown:
		return LineUnknown
	default:
		return LineOther
	}
}

// clip bounds a text that came from a user.
func clip(text string) string { return shorten(text, maxText) }

// shorten cuts a text to n characters, and what is not UTF-8 from it.
func shorten(text string, n int) string {
	text = strings.ToValidUTF8(text, "�")
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text[:min(len(text), 4*n)])
	return string(runes[:n-1]) + "…"
}
