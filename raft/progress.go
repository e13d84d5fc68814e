package raft

// progress is what a leader knows of one follower (Figure 2, nextIndex and
// matchIndex).
//
// While probing, at most one message with entries is under way until a reply
// shows where the logs agree; then replicating, entries stream ahead of the
// replies, as far as the window allows (thesis §10.2.2).
type progress struct {
	id ID
	// match: the follower's log agrees up to here, durably. Invariant 5: match < next.
	match Index
	// next is the first entry to send.
	next Index
	// replicating, else probing.
	replicating bool
	// paused: a probe is under way; the next heartbeat tries again.
	paused bool
	// inflight holds the last index of each message with entries under way.
	inflight []Index
	// told is the highest commit index sent.
	told Index
	// round is the highest confirmation round answered.
	round uint64
	// heard is when the last answer came.
	heard Time
}

// accept notes that the follower's log agrees up to match.
func (p *progress) accept(match Index) {
	p.match = max(p.match, match)
	p.next = max(p.next, match+1)
	p.replicating, p.paused = true, false
	k := 0
	for k < len(p.inflight) && p.inflight[k] <= match {
		k++
	}
	p.inflight = append(p.inflight[:0], p.inflight[k:]...)
}

// reject goes back to probing from next.
func (p *progress) reject(next Index) {
	p.next = max(p.match+1, next)
	p.replicating, p.paused = false, false
	p.inflight = p.inflight[:0]
}

// sent notes a message whose entries end at last.
func (p *progress) sent(last Index) {
	if !p.replicating {
		p.paused = true
		return
	}
	p.next = last + 1
	p.inflight = append(p.inflight, last)
}

// ready reports whether entries may be sent now.
func (p *progress) ready(window int) bool {
	if p.replicating {
		return len(p.inflight) < window
	}
	return !p.paused
}
