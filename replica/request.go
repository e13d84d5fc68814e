package replica

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
)

// Errors of a member, with etcd's texts. After each of them the request did
// not happen and will not.
var (
	// ErrNoLeader: the member knows no leader.
	ErrNoLeader = errors.New("etcdserver: no leader")
	// ErrLeaderChanged: the leader was replaced before the request was committed.
	ErrLeaderChanged = errors.New("etcdserver: leader changed")
	// ErrTooManyRequests: more is waiting for a majority than the leader takes.
	ErrTooManyRequests = errors.New("etcdserver: too many requests")
)

// NotLeaderError refuses a request at a member that does not forward (§8).
type NotLeaderError struct {
	// Leader to ask instead.
	Leader raft.ID
}

func (e *NotLeaderError) Error() string {
	return fmt.Sprintf("etcdserver: not leader; ask member %d", e.Leader)
}

// proposal is a request that was given to the core.
type proposal struct {
	sequence uint64
	ticket   uint64
	// term in which it was proposed or forwarded: it can be appended in no other.
	term raft.Term
}

// read is a request that is served from the store, without a log entry.
type read struct {
	sequence uint64
	ticket   uint64
	request  kv.Request
	// index that must be applied first; unset until the core has said it.
	index raft.Index
	ready bool
}

// request takes an operation of a client.
func (r *Replica) request(now raft.Time, in Request) {
	if err := kv.Validate(in.Request); err != nil {
		r.reply(Reply{Ticket: in.Ticket, Err: err})
		r.step(now, raft.Wake{})
		return
	}
	if get, ok := in.Request.(kv.RangeRequest); ok && get.Serializable {
		r.serve(in.Ticket, in.Request)
		r.step(now, raft.Wake{})
		return
	}
	r.sequence++
	id := raft.RequestID{Member: r.id, Life: r.life, Sequence: r.sequence}
	if kv.ReadOnly(in.Request) {
		r.reads = append(r.reads, read{sequence: r.sequence, ticket: in.Ticket, request: in.Request})
		r.step(now, raft.Read{Request: id})
		return
	}
	r.pending = append(r.pending, proposal{r.sequence, in.Ticket, r.node.Term()})
	r.step(now, raft.Propose{Request: id, Data: encode(in)})
}

// encode makes a log entry's data: the ticket, then the request.
func encode(in Request) string {
	b := binary.AppendUvarint(make([]byte, 0, 64), in.Ticket)
	return string(kv.AppendRequest(b, in.Request))
}

// Decode reads the data of a log entry of kind raft.Normal.
func Decode(data string) (ticket uint64, request kv.Request, err error) {
	b := []byte(data)
	ticket, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, fmt.Errorf("replica: a command of %d bytes has no ticket", len(data))
	}
	request, err = kv.DecodeRequest(b[n:])
	return ticket, request, err
}

// apply runs a committed entry on the store, and answers whoever waits for it.
func (r *Replica) apply(e *raft.Entry) {
	a := Applied{Position: e.Position()}
	if e.Kind == raft.Normal {
		a.Ticket, a.Request, a.Err = Decode(e.Data)
		if a.Err == nil {
			a.Response, a.Err = r.store.Apply(a.Request)
			r.notify()
		}
	}
	r.applied, a.Revision = e.Index, r.store.Revision()
	r.out.Applied = append(r.out.Applied, a)
	if e.Request.Member == r.id && e.Request.Life == r.life {
		if _, ok := r.take(e.Request.Sequence); ok {
			r.reply(Reply{a.Ticket, a.Response, a.Err, e.Index})
		}
	}
	r.refuseBefore(e.Term)
}

// take removes a pending proposal.
func (r *Replica) take(sequence uint64) (proposal, bool) {
	i, ok := slices.BinarySearchFunc(r.pending, sequence, func(p proposal, s uint64) int {
		return cmp.Compare(p.sequence, s)
	})
	if !ok {
		return proposal{}, false
	}
	p := r.pending[i]
	r.pending = slices.Delete(r.pending, i, i+1)
	return p, true
}

// refuseBefore refuses the proposals of terms before term, once an entry of
// term is applied: an entry of an earlier term can't come behind it, so what is
// not applied by now never will be.
func (r *Replica) refuseBefore(term raft.Term) {
	k := 0
	for ; k < len(r.pending) && r.pending[k].term < term; k++ {
		r.reply(Reply{Ticket: r.pending[k].ticket, Err: ErrLeaderChanged})
	}
	r.pending = slices.Delete(r.pending, 0, k)
}

// refused passes on the core's no.
func (r *Replica) refused(x raft.Refusal) {
	err := refusalError(x)
	if p, ok := r.take(x.Request.Sequence); ok {
		r.reply(Reply{Ticket: p.ticket, Err: err})
	}
	for i, q := range r.reads {
		if q.sequence == x.Request.Sequence {
			r.reads = slices.Delete(r.reads, i, i+1)
			r.reply(Reply{Ticket: q.ticket, Err: err})
			return
		}
	}
}

func refusalError(x raft.Refusal) error {
	switch x.Reason {
	case raft.NoLeader:
		return ErrNoLeader
	case raft.NotLeader:
		return &NotLeaderError{x.Leader}
	case raft.LeaderChanged, raft.Transferring:
		return ErrLeaderChanged
	case raft.TooMuchUncommitted:
		return ErrTooManyRequests
	case raft.ChangePending, raft.BadChange:
		panic("replica: a request changed no configuration, and yet this was refused")
	}
	panic(fmt.Sprintf("replica: unknown reason %d", x.Reason))
}

// readReady notes how far the store must be for a read.
func (r *Replica) readReady(x raft.ReadReady) {
	for i := range r.reads {
		if r.reads[i].sequence == x.Request.Sequence {
			r.reads[i].index, r.reads[i].ready = x.Index, true
		}
	}
}

// serveReads answers the reads that the store has caught up with.
func (r *Replica) serveReads() {
	kept := r.reads[:0]
	for _, q := range r.reads {
		if q.ready && q.index <= r.applied {
			r.serve(q.ticket, q.request)
			continue
		}
		kept = append(kept, q)
	}
	clear(r.reads[len(kept):])
	r.reads = kept
}

// serve answers a read from the store as it is.
func (r *Replica) serve(ticket uint64, request kv.Request) {
	response, err := r.store.Apply(request)
	r.reply(Reply{Ticket: ticket, Response: response, Err: err})
}

func (r *Replica) reply(x Reply) { r.out.Replies = append(r.out.Replies, x) }
