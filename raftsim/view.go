package raftsim

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// MemberView is a member to look at.
type MemberView struct {
	raft.State
	Up bool
	// CutOff says that cuts keep it from a majority.
	CutOff  bool
	Applied raft.Index
	// Revision of its store, 0 while it is down.
	Revision kv.Revision
	// DiskBytes is the size of its log file, UnsyncedBytes what a crash may lose of it.
	DiskBytes, UnsyncedBytes int64
}

// Member returns a view of a member. Of one that is down it shows what its disk
// holds.
func (w *World) Member(id raft.ID) MemberView {
	h := w.host(id)
	v := MemberView{DiskBytes: h.disk.cache.size, UnsyncedBytes: h.disk.unsynced(), CutOff: w.cutOff(id)}
	if n := h.node(); n != nil {
		v.State = n.State()
	}
	v.ID = id
	if r := h.replica; r != nil {
		v.Up, v.Applied, v.Revision = true, r.Applied(), r.Store().Revision()
	}
	return v
}

// Entry returns an entry of a member's log, of one that is down as its disk
// holds it; false if there is none.
func (w *World) Entry(id raft.ID, i raft.Index) (raft.Entry, bool) {
	if n := w.host(id).node(); n != nil {
		return n.Entry(i)
	}
	return raft.Entry{}, false
}

// node is the member's core, or while it is down what one would start from; nil
// if none can.
func (h *host) node() *raft.Node {
	if h.replica != nil {
		return h.replica.Node()
	}
	return h.atRest
}

// rest reads what a member that is down would start from.
func (w *World) rest(h *host) *raft.Node {
	r, _, err := replica.Open(w.replicaConfig(h.id), h.disk.read())
	if err != nil {
		return nil
	}
	return r.Node()
}

func (w *World) cutOff(id raft.ID) bool {
	reached := 1
	for i := range w.hosts {
		other := w.hosts[i].id
		if other != id && !w.network.link(id, other).cut && !w.network.link(other, id).cut {
			reached++
		}
	}
	return reached <= len(w.hosts)/2
}

// IsCut reports whether a cut stands between two members, in that direction.
func (w *World) IsCut(from, to raft.ID) bool { return w.network.link(from, to).cut }

// Flight is a message under way: between members, or between a client and a member.
type Flight struct {
	// ID is unique in the run.
	ID int64
	// From and To are members; 0 stands for the client of operation Op.
	From, To raft.ID
	// Message is nil for one between client and member.
	Message raft.Message
	// Op is an index of the history, −1 for a message between members.
	Op int
	// Err is the error in an answer to a client.
	Err           error
	Sent, Arrives Time
	// Lost says that it will not arrive if things stay as they are.
	Lost bool
}

// InFlight returns the messages under way, ordered by ID.
func (w *World) InFlight() []Flight {
	var list []Flight
	for _, k := range w.queue.heap {
		h := &w.queue.slab[k.slot()]
		f := Flight{From: h.from, To: h.member, Sent: h.sent, Arrives: k.at, Op: -1, Message: h.message}
		switch h.kind {
		case doDeliver:
			f.ID = int64(h.number)
			f.Lost = w.IsCut(f.From, f.To) || w.host(f.To).replica == nil
		case doArrive:
			f.ID, f.Op = -int64(2*h.number+1), attempt(h.number).op()
			f.Lost = w.host(f.To).replica == nil
		case doReply:
			f.ID, f.Op, f.Err = -int64(2*h.number+2), attempt(h.number).op(), h.reply.err
			f.Lost = !w.isUnderWay(attempt(h.number))
		default:
			continue
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Flight) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Stamps is the number of calls and returns so far: the clock of the history.
func (w *World) Stamps() int64 { return w.stamps }

// HistoryUntil is the history as it stood at a stamp: what was called later is
// not in it, and what returned later is unknown.
func (w *World) HistoryUntil(stamp int64) linearize.History {
	var h linearize.History
	for i := range w.ops.Len() {
		op := w.ops.At(i).Operation
		if op.Call > stamp {
			break
		}
		if op.Return > stamp {
			op = linearize.Operation{Client: op.Client, Call: op.Call, Request: op.Request}
		}
		h = append(h, op)
	}
	return h
}
