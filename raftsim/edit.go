package raftsim

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// MessageName names a message between members by what it is, not by when it was
// sent among others: so the name stays the same when a run is edited elsewhere.
type MessageName struct {
	From, To raft.ID
	Kind     MessageKind
	// Term of the message, or the highest of its kind on its link before.
	Term raft.Term
	// Ordinal counts the messages that are alike in all of the above, from 1.
	Ordinal uint64
}

func (n MessageName) String() string {
	return fmt.Sprintf("%s>%s %v %d.%d", Name(n.From), Name(n.To), n.Kind, n.Term, n.Ordinal)
}

// Edit is what may be done to a message under way.
type Edit uint8

// The edits.
const (
	// DropIt: it never arrives.
	DropIt Edit = iota
	// DoubleIt: a copy of it arrives too, By later.
	DoubleIt
	// DelayIt: it arrives By later.
	DelayIt
	// DeliverIt: it arrives now.
	DeliverIt
)

func (e Edit) String() string { return [...]string{"drop", "double", "delay", "deliver"}[e] }

// EditMessage changes the fate of a message under way, or of all its copies.
type EditMessage struct {
	Edit    Edit
	Message MessageName
	// By how much, for DoubleIt and DelayIt.
	By Time
}

func (a EditMessage) validate(c *Config) error {
	if a.Edit > DeliverIt {
		return fmt.Errorf("there is no edit %d", a.Edit)
	}
	if a.By < 0 || a.By > MaxSpan {
		return fmt.Errorf("%v: %d ns is not a span of time between 0 and 1 h", a.Edit, a.By)
	}
	for _, id := range []raft.ID{a.Message.From, a.Message.To} {
		if err := Target(id).validate(c); err != nil {
			return fmt.Errorf("%v: %w", a.Edit, err)
		}
	}
	return nil
}

func (w *World) actEdit(a EditMessage) Cause {
	list := w.queue.remove(func(x *happening) bool { return x.kind == doDeliver && x.name == a.Message })
	if len(list) == 0 {
		return CauseNotInFlight
	}
	w.done(a)
	for _, x := range list {
		switch a.Edit {
		case DropIt:
			w.emit(Event{
				Kind: MessageDropped, Member: x.from, Peer: x.member, Term: x.message.MessageTerm(),
				Message: x.message, N: x.number, Cause: CauseHand, Sent: x.sent,
			})
		case DoubleIt:
			w.queue.add(x.at, x.happening)
			w.double(x.happening, x.at+a.By)
		case DelayIt:
			w.queue.add(x.at+a.By, x.happening)
		case DeliverIt:
			w.queue.add(w.now, x.happening)
		}
	}
	return NoCause
}

// due is a happening and its moment.
type due struct {
	at Time
	happening
}

// remove takes happenings from the queue, those that come first in front.
func (q *queue) remove(which func(*happening) bool) []due {
	var found []heapKey
	for _, k := range q.heap {
		if which(&q.slab[k.slot()]) {
			found = append(found, k)
		}
	}
	slices.SortFunc(found, func(a, b heapKey) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	var list []due
	for _, k := range found {
		list = append(list, due{k.at, q.slab[k.slot()]})
		q.slab[k.slot()] = happening{}
		q.free = append(q.free, k.slot())
	}
	q.heap = slices.DeleteFunc(q.heap, func(k heapKey) bool { return slices.Contains(found, k) })
	for i := len(q.heap)/2 - 1; i >= 0; i-- {
		q.down(i)
	}
	return list
}
