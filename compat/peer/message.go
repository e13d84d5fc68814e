package peer

import (
	"encoding/binary"
	"fmt"

	castaway "github.com/castaway-kv/castaway/raft"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Members talk to one another in our words, so that the world knows them: what was said
// in etcd's is understood again as it was said. An AppendEntries with this Sent is a
// heartbeat, a reply with it the answer to one.
const heartbeatMark = castaway.Time(1)

// transferContext marks etcd's votes in an election that the leader asked for.
const transferContext = "CampaignTransfer"

// toCastaway says one of this member's messages in our words.
func (c *Core) toCastaway(m *pb.Message) castaway.Message {
	term := castaway.Term(m.GetTerm())
	at := castaway.Position{Term: castaway.Term(m.GetLogTerm()), Index: castaway.Index(m.GetIndex())}
	commit := castaway.Index(m.GetCommit())
	switch m.GetType() {
	case pb.MsgVote:
		return &castaway.RequestVote{Term: term, Last: at, Transfer: string(m.Context) == transferContext}
	case pb.MsgPreVote:
		return &castaway.RequestPreVote{Term: term, Last: at}
	case pb.MsgVoteResp:
		return &castaway.RequestVoteReply{Term: term, Granted: !m.GetReject()}
	case pb.MsgPreVoteResp:
		return &castaway.RequestPreVoteReply{Term: term, Granted: !m.GetReject()}
	case pb.MsgApp:
		return &castaway.AppendEntries{Term: term, Prev: at, Entries: toEntries(m.GetEntries()), Commit: commit}
	case pb.MsgAppResp:
		return appendReply(m)
	case pb.MsgHeartbeat:
		return &castaway.AppendEntries{Term: term, Commit: commit, Round: number(m.Context), Sent: heartbeatMark}
	case pb.MsgHeartbeatResp:
		reply := &castaway.AppendEntriesReply{Term: term, Success: true, Match: c.settled()}
		reply.Round, reply.Sent = number(m.Context), heartbeatMark
		return reply
	case pb.MsgSnap:
		s := decodeSnapshot(m.GetSnapshot().GetData())
		return &castaway.InstallSnapshot{Term: term, Snapshot: s, Length: s.Size}
	case pb.MsgTimeoutNow:
		return &castaway.TimeoutNow{Term: term}
	case pb.MsgReadIndex:
		return &castaway.ReadIndex{Term: c.Term(), Request: decodeRequest(m.GetEntries()[0].GetData())}
	case pb.MsgReadIndexResp:
		return &castaway.ReadIndexReply{Term: term, Request: decodeRequest(m.GetEntries()[0].GetData()), Index: at.Index}
	default:
		panic(fmt.Sprintf("we have no words for %v", m.GetType()))
	}
}

// appendReply says what a MsgAppResp says: a rejection's hint stands in Conflict.
func appendReply(m *pb.Message) *castaway.AppendEntriesReply {
	reply := &castaway.AppendEntriesReply{Term: castaway.Term(m.GetTerm()), Success: !m.GetReject()}
	if reply.Success {
		reply.Match = castaway.Index(m.GetIndex())
		return reply
	}
	reply.Prev = castaway.Index(m.GetIndex())
	reply.Conflict = castaway.Position{Term: castaway.Term(m.GetLogTerm()), Index: castaway.Index(m.GetRejectHint())}
	return reply
}

// toEtcd says a message in etcd's words. A snapshot comes by another way.
func toEtcd(from, to castaway.ID, m castaway.Message) *pb.Message {
	x := &pb.Message{From: new(uint64(from)), To: new(uint64(to)), Term: new(uint64(m.MessageTerm()))}
	switch m := m.(type) {
	case *castaway.RequestVote:
		say(x, pb.MsgVote, m.Last)
		if m.Transfer {
			x.Context = []byte(transferContext)
		}
	case *castaway.RequestPreVote:
		say(x, pb.MsgPreVote, m.Last)
	case *castaway.RequestVoteReply:
		x.Type, x.Reject = pb.MsgVoteResp.Enum(), new(!m.Granted)
	case *castaway.RequestPreVoteReply:
		x.Type, x.Reject = pb.MsgPreVoteResp.Enum(), new(!m.Granted)
	case *castaway.AppendEntries:
		sayAppend(x, m)
	case *castaway.AppendEntriesReply:
		sayAppendReply(x, m)
	case *castaway.TimeoutNow:
		x.Type = pb.MsgTimeoutNow.Enum()
	case *castaway.ReadIndex:
		x.Type, x.Term, x.Entries = pb.MsgReadIndex.Enum(), nil, []*pb.Entry{{Data: encodeRequest(m.Request)}}
	case *castaway.ReadIndexReply:
		x.Type, x.Index, x.Entries = pb.MsgReadIndexResp.Enum(), new(uint64(m.Index)), []*pb.Entry{{Data: encodeRequest(m.Request)}}
	default:
		panic(fmt.Sprintf("etcd has no words for %T", m))
	}
	return x
}

func say(x *pb.Message, kind pb.MessageType, at castaway.Position) {
	x.Type, x.LogTerm, x.Index = kind.Enum(), new(uint64(at.Term)), new(uint64(at.Index))
}

func sayAppend(x *pb.Message, m *castaway.AppendEntries) {
	x.Commit = new(uint64(m.Commit))
	if m.Sent == heartbeatMark {
		x.Type, x.Context = pb.MsgHeartbeat.Enum(), context(m.Round)
		return
	}
	say(x, pb.MsgApp, m.Prev)
	x.Entries = fromEntries(m.Entries)
}

func sayAppendReply(x *pb.Message, m *castaway.AppendEntriesReply) {
	switch {
	case m.Sent == heartbeatMark:
		x.Type, x.Context = pb.MsgHeartbeatResp.Enum(), context(m.Round)
	case m.Success:
		x.Type, x.Index = pb.MsgAppResp.Enum(), new(uint64(m.Match))
	default:
		say(x, pb.MsgAppResp, castaway.Position{Term: m.Conflict.Term, Index: m.Prev})
		x.Reject, x.RejectHint = new(true), new(uint64(m.Conflict.Index))
	}
}

// context and number are the name of a read, by which heartbeats and their answers
// confirm it: nothing for 0.
func context(name uint64) []byte {
	if name == 0 {
		return nil
	}
	return binary.BigEndian.AppendUint64(nil, name)
}

func number(context []byte) uint64 {
	if len(context) == 0 {
		return 0
	}
	return binary.BigEndian.Uint64(context)
}

// encodeRequest names a read in eight bytes: what a run has of members, lives and reads
// fits in.
func encodeRequest(r castaway.RequestID) []byte {
	return context(uint64(r.Member)<<56 | uint64(r.Life)<<32&(1<<56-1) | r.Sequence&(1<<32-1))
}

func decodeRequest(b []byte) castaway.RequestID {
	x := number(b)
	return castaway.RequestID{Member: castaway.ID(x >> 56), Life: castaway.Life(x << 8 >> 40), Sequence: x & (1<<32 - 1)}
}
