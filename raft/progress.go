package raft

// progress is what a leader knows of one other member (Figure 2, nextIndex and
// matchIndex).
type progress struct {
	id ID
	// match: the member's log agrees up to here, durably. Invariant 5: match < next.
	match Index
	// next is the first entry to send.
	next  Index
	state progressState
	// paused: the one message that this state allows is under way; the next
	// heartbeat tries again.
	paused bool
	// inflight are the messages with entries under way, oldest first, and
	// inflightBytes the data in them.
	// Invariant 13: inflightBytes ≥ 0, and 0 if there is none.
	inflight      []flight
	inflightBytes int
	// told is the highest commit index sent.
	told Index
	// round is the highest confirmation round answered, sent when, by the
	// leader's clock, the latest answered message left.
	round uint64
	sent  Time
	// heard is when the last answer came.
	heard Time
	// life of the member, as far as it has said.
	life Life
	// sending is the snapshot under way, offset the piece wanted next. Invariant
	// 12: offset ≤ size.
	sending Snapshot
	offset  uint64
}

// flight is a message with entries under way.
type flight struct {
	last  Index
	bytes int
}

// progressState says how entries are sent.
type progressState uint8

const (
	// probing: one message at a time, until an answer shows where the logs agree.
	probing progressState = iota
	// replicating: entries stream ahead of the answers, as far as the window
	// allows (thesis §10.2.2).
	replicating
	// snapshotting: the log no longer reaches back far enough; a snapshot goes,
	// one piece at a time.
	snapshotting
)

func (s progressState) String() string {
	return [...]string{"probe", "replicate", "snapshot"}[s]
}

// accept notes that the member's log agrees up to match; first is the first
// entry in the leader's log.
func (p *progress) accept(match, first Index) {
	p.match = max(p.match, match)
	p.next = max(p.next, match+1)
	if p.state == snapshotting && p.next < first {
		return // of a message from before the snapshot
	}
	p.state, p.paused = replicating, false
	k := 0
	for k < len(p.inflight) && p.inflight[k].last <= match {
		p.inflightBytes -= p.inflight[k].bytes
		k++
	}
	p.inflight = p.inflight[:copy(p.inflight, p.inflight[k:])]
}

// probe looks for agreement, from next on.
func (p *progress) probe(next Index) {
	p.next = max(p.match+1, next)
	p.state, p.paused = probing, false
	p.inflight, p.inflightBytes = p.inflight[:0], 0
}

// snapshot begins to send a snapshot.
func (p *progress) snapshot(s Snapshot) {
	p.probe(p.next)
	p.state, p.sending, p.offset = snapshotting, s, 0
}

// sentEntries notes a message with entries.
func (p *progress) sentEntries(last Index, bytes int) {
	if p.state == probing {
		p.paused = true
		return
	}
	p.next = last + 1
	p.inflight = append(p.inflight, flight{last, bytes})
	p.inflightBytes += bytes
}

// ready reports whether something may be sent now.
func (p *progress) ready(c *Config) bool {
	if p.state == replicating {
		return len(p.inflight) < c.MaxInflight && p.inflightBytes < c.MaxInflightBytes
	}
	return !p.paused
}

// relive takes note of an answer's life, and reports whether the answer counts.
// One of an earlier life does not; a new life is asked anew what it has, for a disk
// may forget between two lives what it had reported durable, and not even know it.
func (p *progress) relive(e Echo) bool {
	if e.Life < p.life {
		return false
	}
	if e.Life > p.life && p.life > 0 {
		p.match = 0
		p.probe(p.next)
	}
	p.life = e.Life
	return true
}

// awaits reports whether an answer tells something new about the snapshot under
// way. The answer to a copy of a piece does not: were it followed by the next
// piece, copies would breed copies for as long as the transfer lasts.
func (p *progress) awaits(m *InstallSnapshotReply) bool {
	return p.state == snapshotting && m.Checksum == p.sending.Checksum && m.Offset <= p.sending.Size && m.Offset != p.offset
}
