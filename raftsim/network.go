package raftsim

import (
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// network is what lies between the members.
type network struct {
	members int
	links   []link
	// messages counts those sent, for their ids.
	messages uint64
}

// link carries messages from one member to another.
type link struct {
	cut bool
	// ordinals count the messages of each kind since its highest term.
	ordinals [messageKinds]ordinal
}

type ordinal struct {
	term raft.Term
	n    uint64
}

func newNetwork(members int) network {
	return network{members: members, links: make([]link, members*members)}
}

func (n *network) clone() network {
	return network{n.members, slices.Clone(n.links), n.messages}
}

func (n *network) link(from, to raft.ID) *link {
	return &n.links[(int(from)-1)*n.members+int(to)-1]
}

// setCut sets or removes the cuts between two sides, given as bits by id.
func (n *network) setCut(a, b uint16, cut bool) {
	for from := range n.members {
		for to := range n.members {
			x, y := uint16(1)<<(from+1), uint16(1)<<(to+1)
			if from != to && (a&x != 0 && b&y != 0 || b&x != 0 && a&y != 0) {
				n.links[from*n.members+to].cut = cut
			}
		}
	}
}

// key names the choices about the next message of its kind on the link. One of
// an earlier term counts with the latest: no name is given twice.
func (l *link) key(from, to raft.ID, m raft.Message) Key {
	kind, term := KindOf(m), m.MessageTerm()
	o := &l.ordinals[kind]
	if o.term < term {
		*o = ordinal{term: term}
	}
	o.n++
	return Key{Kind: kind, From: uint16(from), To: uint16(to), Term: uint64(o.term), Ordinal: o.n}
}

// send puts a message on its way.
func (w *World) send(from, to raft.ID, m raft.Message) {
	l := w.network.link(from, to)
	key := l.key(from, to, m)
	w.network.messages++
	id := w.network.messages
	e := Event{Kind: MessageSent, Member: from, Peer: to, Term: m.MessageTerm(), Message: m, N: id}
	w.emit(e)
	e.Kind = MessageDropped
	if l.cut {
		e.Cause = CauseCut
		w.emit(e)
		return
	}
	key.Draw = DrawDrop
	if w.chance.happens(key, w.config.Network.Drop) {
		e.Cause = CauseLoss
		w.emit(e)
		return
	}
	key.Draw = DrawLatency
	at := w.now + w.chance.spread(key, w.config.Network.Latency)
	w.queue.add(at, happening{kind: doDeliver, from: from, member: to, number: id, sent: w.now, message: m})
}

// deliver hands a message to its receiver.
func (w *World) deliver(h happening) {
	to := w.host(h.member)
	e := Event{
		Kind: MessageDelivered, Member: h.from, Peer: h.member,
		Term: h.message.MessageTerm(), Message: h.message, N: h.number,
	}
	switch {
	case w.network.link(h.from, h.member).cut:
		e.Kind, e.Cause = MessageDropped, CauseCut
	case to.replica == nil:
		e.Kind, e.Cause = MessageDropped, CauseDown
	}
	w.emit(e)
	if e.Kind == MessageDelivered {
		w.step(to, replica.Receive{From: h.from, Message: h.message})
	}
}
