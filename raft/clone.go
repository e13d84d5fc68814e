package raft

import (
	"slices"

	"github.com/castaway-kv/castaway/internal/mix"
)

// Clone returns a copy that goes on independently. They share the entries.
func (n *Node) Clone() *Node {
	c := *n
	c.log = n.log.clone()
	c.configurations = slices.Clone(n.configurations)
	c.election.granted = slices.Clone(n.election.granted)
	c.election.refused = slices.Clone(n.election.refused)
	c.lead.progress = slices.Clone(n.lead.progress)
	for i := range c.lead.progress {
		c.lead.progress[i].inflight = slices.Clone(n.lead.progress[i].inflight)
	}
	c.reads.queue, c.reads.asked = slices.Clone(n.reads.queue), slices.Clone(n.reads.asked)
	c.forwards = slices.Clone(n.forwards)
	c.out = Output{}
	c.appends, c.replies, c.records = slab[AppendEntries]{}, slab[AppendEntriesReply]{}, slab[Append]{}
	return &c
}

// Hash of the state: two members with equal configurations and equal states
// have equal hashes, whatever path led there.
func (n *Node) Hash() uint64 {
	var h mix.Hash
	hashWords(&h,
		uint64(n.life), uint64(n.term), uint64(n.vote), uint64(n.role), uint64(n.leader), uint64(n.commit), uint64(n.handed),
		uint64(n.log.durable), uint64(n.now), n.number, n.written, n.termWrite, uint64(n.broken),
		uint64(n.lost.Term), uint64(n.lost.Index))
	n.snapshot.hash(&h)
	n.log.hash(&h)
	n.election.hash(&h)
	n.lead.hash(&h)
	n.reads.hash(&h)
	n.incoming.hash(&h)
	h.Word(uint64(len(n.forwards)))
	for _, o := range n.forwards {
		RequestID{o.member, o.life, o.newest}.hash(&h)
		h.Word(o.taken)
	}
	h.Word(uint64(len(n.configurations)))
	for i := range n.configurations {
		h.Word(uint64(n.configurations[i].index))
		n.configurations[i].request.hash(&h)
		n.configurations[i].hash(&h)
	}
	n.members.hash(&h)
	return h.Sum()
}

func hashWords(h *mix.Hash, words ...uint64) {
	for _, w := range words {
		h.Word(w)
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func hashIDs(h *mix.Hash, ids []ID) {
	h.Word(uint64(len(ids)))
	for _, id := range ids {
		h.Word(uint64(id))
	}
}

func (e *election) hash(h *mix.Hash) {
	hashWords(h, uint64(e.deadline), uint64(e.armed), uint64(e.attempt), uint64(e.heard), uint64(e.quiet))
	hashIDs(h, e.granted)
	hashIDs(h, e.refused)
}

func (l *leading) hash(h *mix.Hash) {
	hashWords(h, uint64(l.heartbeatDue), uint64(l.quorumDue), l.round, uint64(l.uncommitted),
		uint64(l.transfer.to), uint64(l.transfer.until), bit(l.transfer.failed), bit(l.leaseEnded), uint64(len(l.progress)))
	for i := range l.progress {
		l.progress[i].hash(h)
	}
}

func (p *progress) hash(h *mix.Hash) {
	hashWords(h, uint64(p.id), uint64(p.match), uint64(p.next), uint64(p.state), bit(p.paused), uint64(p.told),
		p.round, uint64(p.sent), uint64(p.heard), uint64(p.life), p.offset, uint64(len(p.inflight)))
	p.sending.hash(h)
	for _, f := range p.inflight {
		hashWords(h, uint64(f.last), uint64(f.bytes))
	}
}

func (r *reads) hash(h *mix.Hash) {
	hashWords(h, uint64(r.again), uint64(len(r.queue)))
	for _, q := range r.queue {
		hashWords(h, uint64(q.from), uint64(q.index), q.round)
		q.request.hash(h)
	}
	h.Word(uint64(len(r.asked)))
	for _, id := range r.asked {
		id.hash(h)
	}
}

func (x *incoming) hash(h *mix.Hash) {
	x.snapshot.hash(h)
	hashWords(h, x.offset, uint64(x.from))
}

func (s *Snapshot) hash(h *mix.Hash) {
	hashWords(h, uint64(s.Last.Term), uint64(s.Last.Index), s.Size, s.Checksum)
	s.Members.hash(h)
}

func (c *Configuration) hash(h *mix.Hash) {
	for _, list := range c.lists() {
		hashIDs(h, *list)
	}
}

func (l *log) hash(h *mix.Hash) {
	hashWords(h, uint64(l.base.Term), uint64(l.base.Index), uint64(l.entries.Len()))
	for i := range l.entries.Len() {
		e := l.entries.At(i)
		e.Hash(h)
	}
	h.Word(uint64(len(l.pending)))
	for _, p := range l.pending {
		hashWords(h, p.number, uint64(p.last))
	}
}

// Hash adds the entry to h.
func (e *Entry) Hash(h *mix.Hash) {
	hashWords(h, uint64(e.Term), uint64(e.Index), uint64(e.Kind))
	e.Request.hash(h)
	h.String(e.Data)
}

func (id RequestID) hash(h *mix.Hash) {
	hashWords(h, uint64(id.Member), uint64(id.Life), id.Sequence)
}
