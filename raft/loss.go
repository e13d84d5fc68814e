package raft

// A member whose disk provably lost entries that it had promised to keep notes
// durably how far its log once went (Loss). Until it has got there again it
// must not help to elect a leader that lacks what it forgot:
//
//   - it never campaigns;
//   - it votes only for a candidate whose log is up to date against the greater
//     of its own last position and what it lost;
//   - it acknowledges only what it really has; and a leader begins anew with every
//     life of a follower, so that it forgets what an earlier one acknowledged.

// promised is the position that a candidate's log is compared with (§5.4.1).
func (n *Node) promised() Position {
	if last := n.log.last(); n.lost == (Position{}) || UpToDate(last, n.lost) {
		return last
	}
	return n.lost
}

// isLost reports whether entries are still missing.
func (n *Node) isLost() bool { return n.lost != Position{} }

// regain notes that the log on disk has got where it once was.
func (n *Node) regain() {
	if !n.isLost() {
		return
	}
	t, _ := n.log.term(n.log.durable)
	if UpToDate(Position{t, n.log.durable}, n.lost) {
		n.lost = Position{}
		n.write(Loss{})
	}
}
