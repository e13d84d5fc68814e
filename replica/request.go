package replica

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
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

// NotLeaderError refuses a request at a member that does not forward (§8), or one
// that only the leader can answer: those about the time that leases have left.
type NotLeaderError struct {
	// Leader to ask instead, 0 if it is not known.
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

// request takes an operation of a client.
func (r *Replica) request(now raft.Time, in Request) {
	if err := kv.Validate(in.Request); err != nil {
		r.refuse(now, in.Ticket, err)
		return
	}
	switch x := in.Request.(type) {
	case kv.RangeRequest:
		if x.Serializable {
			r.serve(now, in.Ticket, x)
			r.step(now, raft.Wake{})
			return
		}
	case kv.LeaseKeepAliveRequest, kv.LeaseTimeToLiveRequest:
		if r.node.Role() != raft.Leader {
			r.refuse(now, in.Ticket, &NotLeaderError{r.node.Leader()})
			return
		}
	case kv.LeaseGrantRequest:
		in.Request = r.named(x)
	}
	if isRead(in.Request) {
		r.read(now, in)
		return
	}
	id := r.nextID()
	r.pending = append(r.pending, proposal{id.Sequence, in.Ticket, r.node.Term()})
	r.step(now, raft.Propose{Request: id, Data: encode(in)})
}

// refuse answers with an error at once.
func (r *Replica) refuse(now raft.Time, ticket uint64, err error) {
	r.reply(Reply{Ticket: ticket, Err: err})
	r.step(now, raft.Wake{})
}

// nextID names a proposal or a read.
func (r *Replica) nextID() raft.RequestID {
	r.sequence++
	return raft.RequestID{Member: r.id, Life: r.life, Sequence: r.sequence}
}

// named gives a lease that has none an id that no other member, life or request
// gives.
func (r *Replica) named(x kv.LeaseGrantRequest) kv.LeaseGrantRequest {
	if x.ID == 0 {
		x.ID = kv.LeaseID(uint64(r.id)<<48&(1<<63-1) | uint64(r.life)<<32&(1<<48-1) | (r.sequence+1)&(1<<32-1))
	}
	return x
}

// propose proposes what time requires of the leader: the ends of leases, and
// alarms. It is bound to the leader's term, and never handed on to another.
func (r *Replica) propose(now raft.Time) {
	if r.primary == 0 || r.machine.Wake() > lease.Time(now) {
		return
	}
	var due []kv.Request
	for request := range r.machine.Due(lease.Time(now)) {
		due = append(due, request)
	}
	for _, request := range due {
		r.step(now, raft.Propose{Request: r.nextID(), Data: encode(Request{Request: request})})
	}
}

// encode makes a log entry's data: the ticket, then the request.
func encode(in Request) string {
	b := binary.AppendUvarint(make([]byte, 0, 64), in.Ticket)
	return string(kv.AppendRequest(b, in.Request))
}

// Decode reads the data of a log entry of kind raft.Normal. The ticket of what
// members ask for themselves is 0.
func Decode(data string) (ticket uint64, request kv.Request, err error) {
	b := []byte(data)
	ticket, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, fmt.Errorf("replica: a command of %d bytes has no ticket", len(data))
	}
	request, err = kv.DecodeRequest(b[n:])
	return ticket, request, err
}

// apply runs a committed entry on the machine, and answers whoever waits for it.
func (r *Replica) apply(now raft.Time, e *raft.Entry) {
	r.lead(now, e)
	r.applied = e.Position()
	a := Applied{Position: e.Position()}
	switch e.Kind {
	case raft.Normal:
		a.Ticket, a.Request, a.Err = Decode(e.Data)
		if a.Err == nil {
			a.Response, a.Err = r.machine.Apply(lease.Time(now), a.Request)
		}
		r.answer(e, a.Response, a.Err)
	case raft.ConfigChange:
		a.Members = r.reconfigured(e)
	case raft.NoOp:
	}
	a.Revision = r.machine.Store().Revision()
	r.out.Applied = append(r.out.Applied, a)
	r.refuseBefore(e.Term)
}

// answer tells the client of this member that an entry came from.
func (r *Replica) answer(e *raft.Entry, response kv.Response, err error) {
	if e.Request.Member != r.id || e.Request.Life != r.life {
		return
	}
	if p, ok := r.take(e.Request.Sequence); ok {
		r.reply(Reply{p.ticket, response, err, e.Index})
	}
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
	for ; k < len(r.pending) && r.config.Rules.IsRefused(r.pending[k].term, term); k++ {
		r.reply(Reply{Ticket: r.pending[k].ticket, Err: ErrLeaderChanged})
	}
	r.pending = slices.Delete(r.pending, 0, k)
}

// forgetPending forgets the proposals of terms up to term: they may be in a snapshot
// of that term, and nobody can tell.
func (r *Replica) forgetPending(term raft.Term) {
	r.pending = slices.DeleteFunc(r.pending, func(p proposal) bool { return p.term <= term })
}

// refused passes on the core's no.
func (r *Replica) refused(x raft.Refusal) {
	err := refusalError(x)
	if p, ok := r.take(x.Request.Sequence); ok {
		r.reply(Reply{Ticket: p.ticket, Err: err})
	} else if q, ok := r.takeRead(x.Request.Sequence); ok {
		r.reply(Reply{Ticket: q.ticket, Err: err})
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
	case raft.ChangePending:
		return ErrChangePending
	case raft.BadChange:
		return kv.ErrMemberNotLearner // the target is the present configuration
	}
	panic(fmt.Sprintf("replica: unknown reason %d", x.Reason))
}

func (r *Replica) reply(x Reply) { r.out.Replies = append(r.out.Replies, x) }
