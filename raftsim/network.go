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
	flaps    []flap
}

// link carries messages from one member to another.
type link struct {
	// cut says that nothing comes through.
	cut bool
	// set says that quality stands for the quality of the network.
	set     bool
	quality Link
	// latest is when the last message arrives that keeps the order, and free when the
	// line has sent all that came before.
	latest, free Time
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
	return network{n.members, slices.Clone(n.links), n.messages, slices.Clone(n.flaps)}
}

// grow makes room for one more member.
func (n *network) grow() {
	old := n.links
	n.members++
	n.links = make([]link, n.members*n.members)
	for i := range old {
		n.links[i/(n.members-1)*n.members+i%(n.members-1)] = old[i]
	}
}

func (n *network) link(from, to raft.ID) *link {
	return &n.links[(int(from)-1)*n.members+int(to)-1]
}

// sides are two sets of members, as bits by id.
type sides struct{ a, b uint64 }

// between goes through the links from a to b and, unless only that way is meant,
// back.
func (n *network) between(s sides, oneWay bool, do func(l *link)) {
	for from := range n.members {
		for to := range n.members {
			x, y := uint64(1)<<(from+1), uint64(1)<<(to+1)
			if from != to && (s.a&x != 0 && s.b&y != 0 || !oneWay && s.b&x != 0 && s.a&y != 0) {
				do(&n.links[from*n.members+to])
			}
		}
	}
}

// setCut sets or removes cuts.
func (n *network) setCut(s sides, oneWay, cut bool) {
	n.between(s, oneWay, func(l *link) { l.cut = cut })
}

// setQuality makes links as q says, or as the network is if q is nil.
func (n *network) setQuality(s sides, oneWay bool, q *Link) {
	n.between(s, oneWay, func(l *link) {
		l.set = q != nil
		if l.set {
			l.quality = *q
		}
	})
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

// qualityOf is how messages fare on a link now.
func (w *World) qualityOf(l *link) *Link {
	if l.set {
		return &l.quality
	}
	return &w.config.Network
}

// send puts a message on its way.
func (w *World) send(from, to raft.ID, m raft.Message) {
	if int(to) > len(w.hosts) {
		return // a member that was never there
	}
	l := w.network.link(from, to)
	key := l.key(from, to, m)
	w.network.messages++
	id := w.network.messages
	e := Event{Kind: MessageSent, Member: from, Peer: to, Term: m.MessageTerm(), Message: m, N: id, Sent: w.now}
	w.emit(e)
	e.Kind = MessageDropped
	if l.cut {
		e.Cause = CauseCut
		w.emit(e)
		return
	}
	q := w.qualityOf(l)
	key.Draw = DrawDrop
	if w.chance.happens(key, q.Drop) {
		e.Cause = CauseLoss
		w.emit(e)
		return
	}
	x := happening{kind: doDeliver, from: from, member: to, number: id, sent: w.now, message: m}
	x.name = MessageName{from, to, key.Kind, raft.Term(key.Term), key.Ordinal}
	key.Draw = DrawLatency
	w.queue.add(w.arrival(l, q, key, messageBytes(m)), x)
	key.Draw = DrawDuplicate
	if w.chance.happens(key, q.Duplicate) {
		key.Draw = DrawCopy
		w.double(x, w.now+q.Latency.draw(w.chance, key))
	}
}

// arrival is when a message arrives that is sent now.
func (w *World) arrival(l *link, q *Link, key Key, bytes int64) Time {
	at := w.now
	if q.Bandwidth > 0 {
		l.free = max(l.free, w.now) + Time(bytes*int64(Second)/q.Bandwidth)
		at = l.free
	}
	at += q.Latency.draw(w.chance, key)
	key.Draw = DrawReorder
	if q.Reorder < Always && !w.chance.happens(key, q.Reorder) {
		l.latest = max(l.latest, at)
		return l.latest
	}
	return at
}

// double sends a copy of a message that is under way.
func (w *World) double(x happening, at Time) {
	w.network.messages++
	x.number = w.network.messages
	w.emit(Event{
		Kind: MessageSent, Member: x.from, Peer: x.member, Term: x.message.MessageTerm(), Message: x.message,
		N: x.number, Cause: CauseDoubled, Sent: w.now,
	})
	w.queue.add(at, x)
}

// messageBytes is about how long a message is on the wire.
func messageBytes(m raft.Message) int64 {
	const header = 64
	switch m := m.(type) {
	case *raft.AppendEntries:
		n := int64(header)
		for i := range m.Entries {
			n += 32 + int64(len(m.Entries[i].Data))
		}
		return n
	case *raft.InstallSnapshot:
		return header + int64(len(m.Data))
	case *raft.ForwardProposal:
		return header + int64(len(m.Data))
	}
	return header
}

// deliver hands a message to its receiver.
func (w *World) deliver(x happening) {
	to := w.host(x.member)
	if to.defers(x) {
		return
	}
	e := Event{
		Kind: MessageDelivered, Member: x.from, Peer: x.member,
		Term: x.message.MessageTerm(), Message: x.message, N: x.number, Sent: x.sent,
	}
	switch {
	case w.network.link(x.from, x.member).cut:
		e.Kind, e.Cause = MessageDropped, CauseCut
	case to.replica == nil:
		e.Kind, e.Cause = MessageDropped, CauseDown
	}
	w.emit(e)
	if e.Kind == MessageDelivered {
		w.step(to, replica.Receive{From: x.from, Message: x.message})
	}
}

// flap is a cut that comes and goes.
type flap struct {
	sides  sides
	oneWay bool
	// period is how long it stands, and how long it does not.
	period Time
	on     bool
	// number tells it from others, ended says that it was healed.
	number uint64
}

// startFlap cuts at once, and from then on heals and cuts in turn.
func (w *World) startFlap(s sides, oneWay bool, period Time) {
	w.network.messages++ // a number that nothing else has
	f := flap{sides: s, oneWay: oneWay, period: period, number: w.network.messages}
	w.network.flaps = append(w.network.flaps, f)
	w.toggle(f.number)
}

// toggle lets a flapping cut come or go, unless it was healed.
func (w *World) toggle(number uint64) {
	i := slices.IndexFunc(w.network.flaps, func(f flap) bool { return f.number == number })
	if i < 0 {
		return
	}
	f := &w.network.flaps[i]
	f.on = !f.on
	w.network.setCut(f.sides, f.oneWay, f.on)
	w.emit(Event{Kind: LinkFlapped, N: bit(f.on), Action: Flap{w.targets(f.sides.a), w.targets(f.sides.b), f.oneWay, f.period}})
	w.queue.add(w.now+f.period, happening{kind: doFlap, number: number})
}

// healFlaps ends the flapping cuts that have a link among those that are healed.
func (w *World) healFlaps(s sides) {
	w.network.flaps = slices.DeleteFunc(w.network.flaps, func(f flap) bool {
		return f.sides.a&s.a != 0 && f.sides.b&s.b != 0 || f.sides.a&s.b != 0 && f.sides.b&s.a != 0
	})
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
