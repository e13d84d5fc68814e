package session

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// maxMessages bounds the messages that a frame shows: those that were sent last.
const maxMessages = 400

func messages(w *raftsim.World) []Message {
	flights := w.InFlight()
	list := make([]Message, 0, len(flights))
	for i := range flights {
		list = append(list, message(w, &flights[i]))
	}
	return newestMessages(list)
}

func message(w *raftsim.World, x *raftsim.Flight) Message {
	m := Message{
		ID: x.ID, From: int(x.From), To: int(x.To), Client: x.Client, Sent: int64(x.Sent), Arrives: int64(x.Arrives), Lost: x.Lost,
	}
	switch {
	case x.Message != nil:
		m.Name = x.Name.String()
		describe(&m, x.Message)
		m.Fields = fieldsOf(x)
	case x.Step != raftsim.NoStream:
		describeStream(&m, x)
	default:
		describeClient(&m, w.Op(x.Op), x)
	}
	return m
}

// newestMessages bounds a list, which is in the order of ids, to those that were sent last.
func newestMessages(list []Message) []Message {
	if len(list) <= maxMessages {
		return list
	}
	sent := make([]int64, len(list))
	for i := range list {
		sent[i] = list[i].Sent
	}
	from := nthLargest(sent, maxMessages)
	kept := make([]Message, 0, maxMessages)
	for i := range list {
		if list[i].Sent >= from && len(kept) < maxMessages {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// describe says what a message between members is.
func describe(m *Message, x raft.Message) {
	m.Term = uint64(x.MessageTerm())
	switch x := x.(type) {
	case *raft.RequestVote:
		m.Kind, m.Label = VoteRequest, fmt.Sprintf("asks for a vote in term %d; its log ends at %v", x.Term, x.Last)
	case *raft.RequestPreVote:
		m.Kind, m.Label = PreVoteRequest, fmt.Sprintf("asks whether a vote in term %d would be granted", x.Term)
	case *raft.RequestVoteReply:
		m.Kind, m.Positive, m.Label = VoteReply, x.Granted, granted(x.Granted, "the vote")
	case *raft.RequestPreVoteReply:
		m.Kind, m.Positive, m.Label = PreVoteReply, x.Granted, granted(x.Granted, "the pre-vote")
	case *raft.AppendEntries:
		m.Count = len(x.Entries)
		m.Kind, m.Label = Heartbeat, fmt.Sprintf("heartbeat; commit index %d", x.Commit)
		if m.Count > 0 {
			m.Kind, m.Label = Entries, fmt.Sprintf("%d %s behind %v; commit index %d", m.Count, entriesWord(m.Count), x.Prev, x.Commit)
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
		m.Kind, m.Label = SnapshotChunk, fmt.Sprintf("a snapshot up to index %d, %d of %d bytes", x.Snapshot.Last.Index, x.Offset+x.Length, x.Snapshot.Size)
	case *raft.InstallSnapshotReply:
		m.Kind, m.Positive, m.Label = SnapshotReply, true, fmt.Sprintf("has %d bytes of the snapshot", x.Offset)
		if x.Match > 0 {
			m.Label = fmt.Sprintf("has the snapshot, and agrees up to index %d", x.Match)
		}
	case *raft.TimeoutNow:
		m.Kind, m.Label = TimeoutNow, "asks it to start an election at once"
	default:
		panic(fmt.Sprintf("session: unknown message %T", x))
	}
}

func entriesWord(n int) string {
	if n == 1 {
		return "entry"
	}
	return "entries"
}

func granted(yes bool, what string) string {
	if yes {
		return "grants " + what
	}
	return "refuses " + what
}

// fields collects names and values.
type fields []Field

func (f *fields) add(name string, value any) {
	*f = append(*f, Field{Name: name, Value: fmt.Sprint(value)})
}

// position adds the index and the term of a place in the log, under Raft's names.
func (f *fields) position(name string, p raft.Position) {
	f.add(name+"LogIndex", p.Index)
	f.add(name+"LogTerm", p.Term)
}

// fieldsOf are the contents of a message between members, under the names of the paper's
// figures where they have one.
func fieldsOf(x *raftsim.Flight) fields {
	var f fields
	f.add("term", x.Message.MessageTerm())
	switch m := x.Message.(type) {
	case *raft.RequestVote:
		f.add("candidateId", raftsim.Name(x.From))
		f.position("last", m.Last)
		if m.Transfer {
			f.add("transfer", "the leader asked for this election")
		}
	case *raft.RequestPreVote:
		f.add("candidateId", raftsim.Name(x.From))
		f.position("last", m.Last)
	case *raft.RequestVoteReply:
		f.add("voteGranted", m.Granted)
	case *raft.RequestPreVoteReply:
		f.add("voteGranted", m.Granted)
	case *raft.AppendEntries:
		f.add("leaderId", raftsim.Name(x.From))
		f.position("prev", m.Prev)
		f.add("entries", entryList(m.Entries))
		f.add("leaderCommit", m.Commit)
		f.add("round", m.Round)
	case *raft.AppendEntriesReply:
		f.appendReply(m)
	case *raft.InstallSnapshot:
		f.add("leaderId", raftsim.Name(x.From))
		f.add("lastIncludedIndex", m.Snapshot.Last.Index)
		f.add("lastIncludedTerm", m.Snapshot.Last.Term)
		f.add("offset", m.Offset)
		f.add("data", fmt.Sprintf("%d of %d bytes", m.Length, m.Snapshot.Size))
		f.add("done", m.Offset+m.Length == m.Snapshot.Size)
		f.add("configuration", m.Snapshot.Members)
	case *raft.InstallSnapshotReply:
		f.add("offset", m.Offset)
		f.add("matchIndex", m.Match)
		f.echo(m.Echo)
	case *raft.ForwardProposal:
		f.add("leaderId", raftsim.Name(m.Leader))
		f.add("request", commandWords(m.Data))
	case *raft.ReadIndex:
		f.add("request", requestWords(m.Request))
	case *raft.ReadIndexReply:
		f.add("request", requestWords(m.Request))
		f.add("index", m.Index)
	}
	return f
}

func (f *fields) appendReply(m *raft.AppendEntriesReply) {
	f.add("success", m.Success)
	f.add("prevLogIndex", m.Prev)
	if m.Success {
		f.add("matchIndex", m.Match)
	} else {
		f.add("conflictIndex", m.Conflict.Index)
		f.add("conflictTerm", m.Conflict.Term)
	}
	f.echo(m.Echo)
}

func (f *fields) echo(e raft.Echo) {
	f.add("round", e.Round)
	f.add("life", e.Life)
	if e.Lost {
		f.add("lost", "a part of its log")
	}
}

func requestWords(id raft.RequestID) string {
	return fmt.Sprintf("number %d of %s", id.Sequence, raftsim.Name(id.Member))
}

// entryList is the first entries of a list, in words.
func entryList(entries []raft.Entry) string {
	const most = 6
	if len(entries) == 0 {
		return "none: a heartbeat"
	}
	var words []string
	for i := range entries[:min(most, len(entries))] {
		label, _ := entryWords(&entries[i])
		words = append(words, fmt.Sprintf("%v %s", entries[i].Position(), label))
	}
	text := strings.Join(words, ", ")
	if more := len(entries) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// describeClient says what a message between a client and a member is.
func describeClient(m *Message, op raftsim.Op, x *raftsim.Flight) {
	request := clip(fmt.Sprint(op.Request))
	f := fields{}
	f.add("operation", x.Op)
	f.add("request", request)
	if x.Retry > 0 {
		f.add("attempt", x.Retry+1)
	}
	m.Kind, m.Label, m.Read = ClientRequest, request, readKind(op.Request)
	if x.To == 0 {
		m.Kind, m.Positive, m.Label = ClientReply, x.Err == nil, "answer to "+request
		if x.Err != nil {
			f.add("error", clip(x.Err.Error()))
		} else if x.Response != nil {
			f.add("answer", clip(fmt.Sprint(x.Response)))
			f.add("revision", x.Response.At())
		}
	}
	m.Fields = f
}

// describeStream says what a message of a client's watch is.
func describeStream(m *Message, x *raftsim.Flight) {
	f := fields{}
	f.add("stream", x.Stream)
	m.Kind = WatchRequest
	switch x.Step {
	case raftsim.StreamOpens:
		m.Label = "asks for a watch"
	case raftsim.StreamPulls:
		m.Label = "is ready for one more response"
	case raftsim.StreamAsks:
		m.Label = "asks whether it has heard all"
	case raftsim.StreamCloses:
		m.Label = "does not listen any more"
	case raftsim.StreamSays:
		m.Kind, m.Positive, m.Label = WatchResponse, !x.Told.Canceled, clip(x.Told.String())
		m.Count = len(x.Told.Events)
		f.add("revision", x.Told.Revision)
		f.add("events", eventList(x.Told.Events))
	case raftsim.NoStream:
	}
	m.Fields = f
}

func eventList(events []kv.Event) string {
	const most = 6
	if len(events) == 0 {
		return "none"
	}
	var words []string
	for i := range events[:min(most, len(events))] {
		e := &events[i]
		word := fmt.Sprintf("%s=%s", shorten(e.KV.Key, 20), shorten(e.KV.Value, 20))
		if e.Kind == kv.EventDelete {
			word = "−" + shorten(e.KV.Key, 20)
		}
		words = append(words, word)
	}
	text := strings.Join(words, ", ")
	if more := len(events) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
