package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
)

// hash adds the event to a run's hash.
func (e *Event) hash(h *mix.Hash) {
	h.Word(uint64(e.Time))
	h.Word(uint64(e.Kind) | uint64(e.Cause)<<8 | uint64(e.Role)<<16 | uint64(e.Member)<<24 | uint64(e.Peer)<<32 | uint64(e.Op)<<40)
	h.Word(uint64(e.Term))
	h.Word(uint64(e.Index) ^ e.N<<32)
	if e.Message != nil {
		hashMessage(h, e.Message)
	}
	if e.Request != nil {
		h.String(string(kv.AppendRequest(nil, e.Request)))
	}
	hashResponse(h, e.Response)
	if e.Claim != nil {
		h.String(e.Claim.Key)
		h.Word(uint64(e.Claim.Token))
	}
	if e.Watch != nil {
		h.String(fmt.Sprint(e.Watch))
	}
	if e.Told != nil {
		hashTold(h, e.Told)
	}
	if e.Err != nil {
		h.String(e.Err.Error())
	}
	if e.Members != nil {
		h.String(e.Members.String())
	}
	if e.Action != nil {
		h.String(fmt.Sprint(e.Action))
	}
}

func hashMessage(h *mix.Hash, m raft.Message) {
	h.Word(uint64(m.MessageTerm())<<8 | uint64(KindOf(m)))
	switch m := m.(type) {
	case *raft.RequestVote:
		hashPosition(h, m.Last)
		h.Word(bit(m.Transfer))
	case *raft.RequestPreVote:
		hashPosition(h, m.Last)
	case *raft.RequestVoteReply:
		h.Word(bit(m.Granted))
	case *raft.RequestPreVoteReply:
		h.Word(bit(m.Granted))
	case *raft.AppendEntries:
		hashPosition(h, m.Prev)
		h.Word(uint64(m.Commit))
		h.Word(m.Round)
		for i := range m.Entries {
			m.Entries[i].Hash(h)
		}
	case *raft.AppendEntriesReply:
		h.Word(uint64(m.Prev)<<1 | bit(m.Success))
		h.Word(uint64(m.Match))
		hashPosition(h, m.Conflict)
		hashEcho(h, m.Echo)
	case *raft.InstallSnapshot:
		hashPosition(h, m.Snapshot.Last)
		h.Word(m.Snapshot.Checksum)
		h.Word(m.Offset)
		h.Word(m.Length)
		h.Word(m.Round)
	case *raft.InstallSnapshotReply:
		h.Word(m.Checksum)
		h.Word(m.Offset)
		h.Word(uint64(m.Match))
		hashEcho(h, m.Echo)
	case *raft.ForwardProposal:
		h.Word(m.Request.Sequence)
		h.String(m.Data)
	case *raft.ReadIndex:
		h.Word(m.Request.Sequence)
	case *raft.ReadIndexReply:
		h.Word(m.Request.Sequence)
		h.Word(uint64(m.Index))
	}
}

func hashEcho(h *mix.Hash, e raft.Echo) {
	h.Word(e.Round)
	h.Word(uint64(e.Life)<<1 | bit(e.Lost))
}

// hashResponse adds all that a response says; nothing for nil.
func hashResponse(h *mix.Hash, r kv.Response) {
	if r == nil {
		return
	}
	h.Word(uint64(r.At()))
	switch r := r.(type) {
	case kv.RangeResponse:
		h.Word(uint64(r.Count)<<1 | bit(r.More))
		for i := range r.KVs {
			hashKeyValue(h, &r.KVs[i])
		}
	case kv.PutResponse:
		hashPrevious(h, r.PrevKV)
	case kv.DeleteRangeResponse:
		h.Word(uint64(r.Deleted))
		for i := range r.PrevKVs {
			hashKeyValue(h, &r.PrevKVs[i])
		}
	case kv.CommandResponse:
		h.String(r.Answer)
	case kv.LeaseGrantResponse:
		h.Word(uint64(r.ID))
		h.Word(uint64(r.TTL))
	case kv.LeaseKeepAliveResponse:
		h.Word(uint64(r.ID))
		h.Word(uint64(r.TTL))
	case kv.LeaseTimeToLiveResponse:
		h.Word(uint64(r.ID))
		h.Word(uint64(r.TTL))
		h.Word(uint64(r.Granted))
		for _, key := range r.Keys {
			h.String(key)
		}
	case kv.LeaseListResponse:
		for _, id := range r.Leases {
			h.Word(uint64(id))
		}
	case kv.TxnResponse:
		h.Word(uint64(len(r.Responses))<<1 | bit(r.Succeeded))
		for _, x := range r.Responses {
			hashResponse(h, x)
		}
	}
}

func hashKeyValue(h *mix.Hash, p *kv.KeyValue) {
	h.String(p.Key)
	h.String(p.Value)
	h.Word(uint64(p.CreateRevision))
	h.Word(uint64(p.ModRevision))
	h.Word(uint64(p.Version))
	h.Word(uint64(p.Lease))
}

func hashPrevious(h *mix.Hash, p *kv.KeyValue) {
	if p != nil {
		hashKeyValue(h, p)
	}
}

// hashTold adds all that a watch stream said.
func hashTold(h *mix.Hash, r *watch.Response) {
	h.Word(uint64(r.ID))
	h.Word(uint64(r.Revision))
	h.Word(uint64(r.CompactRevision)<<3 | bit(r.Created)<<2 | bit(r.Canceled)<<1 | bit(r.Fragment))
	h.String(r.Reason)
	h.Word(uint64(len(r.Events)))
	for i := range r.Events {
		e := &r.Events[i]
		h.Word(uint64(e.Kind)<<1 | bit(e.Prev != nil))
		hashKeyValue(h, &e.KV)
		if e.Prev != nil {
			hashKeyValue(h, e.Prev)
		}
	}
}

func hashPosition(h *mix.Hash, p raft.Position) {
	h.Word(uint64(p.Term))
	h.Word(uint64(p.Index))
}
