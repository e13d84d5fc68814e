package raft

// incoming is a snapshot that this member is receiving (Figure 13).
type incoming struct {
	snapshot Snapshot
	// offset is how many bytes have come. Invariant 12: offset ≤ size.
	offset uint64
	// from is the leader that sends it.
	from ID
}

// snapshotTaken compacts the log: what the snapshot covers may go, but for the
// last entries before it (§7). The Base record holds all entries that go on
// living, so that older records are not needed any more.
func (n *Node) snapshotTaken(in SnapshotTaken) {
	if in.Index > n.handed || in.Index <= n.snapshot.Last.Index {
		n.ignore(Stale)
		return
	}
	t, _ := n.log.term(in.Index)
	n.snapshot = Snapshot{
		Last: Position{t, in.Index}, Members: n.snapshotMembers(in.Index), Size: in.Size, Checksum: in.Checksum,
	}
	n.writeBase()
	if keep := Index(n.config.KeepEntries); in.Index > keep {
		n.compact(in.Index - keep)
	}
}

// snapshotMembers is the configuration in a snapshot that ends at i.
func (n *Node) snapshotMembers(i Index) Configuration {
	newest := n.configurations[len(n.configurations)-1].Configuration
	return n.config.Rules.SnapshotMembers(n.configurationAt(i), newest)
}

// writeBase writes all that the disk must remember, as one record: a crash in
// the midst of several would leave a log without its end.
func (n *Node) writeBase() uint64 {
	return n.write(n.Base())
}

// compact drops the entries up to i, and the configurations before it.
func (n *Node) compact(i Index) {
	n.log.compact(i)
	k := 0
	for k+1 < len(n.configurations) && n.configurations[k+1].index <= n.log.base.Index {
		k++
	}
	n.configurations = n.configurations[k:]
}

// sendChunk sends the next piece of a snapshot, unless one is under way. A newer
// snapshot doesn't take the place of one of which something has arrived, or a slow
// transfer would never end; unless the log behind that one is gone.
func (n *Node) sendChunk(p *progress) {
	nothing := p.offset == 0 && !p.sending.same(&n.snapshot)
	if p.state != snapshotting || nothing || p.sending.Last.Index < n.log.base.Index {
		p.snapshot(n.snapshot)
	}
	if p.paused {
		return
	}
	p.paused = true
	n.send(p.id, &InstallSnapshot{
		Term: n.term, Snapshot: p.sending, Offset: p.offset,
		Length: min(uint64(n.config.MaxChunk), p.sending.Size-p.offset),
		Round:  n.lead.round, Sent: n.now,
	}, 0)
}

// Snapshots are those whose files the member may still need: its newest, and
// those of which a leader sends pieces. Once all writes are durable, other files
// may go.
func (n *Node) Snapshots() []Snapshot {
	list := []Snapshot{n.snapshot}
	for i := range n.lead.progress {
		if p := &n.lead.progress[i]; p.state == snapshotting && !p.sending.same(&n.snapshot) {
			list = append(list, p.sending)
		}
	}
	return list
}

// installSnapshot is Figure 13, InstallSnapshot RPC, receiver.
func (n *Node) installSnapshot(from ID, m *InstallSnapshot) {
	echo := n.echo(m.Round, m.Sent)
	if m.Term < n.term {
		n.ignore(Stale)
		n.send(from, &InstallSnapshotReply{Term: n.term, Checksum: m.Snapshot.Checksum, Echo: echo}, 0)
		return
	}
	if n.role == Leader || !m.wellFormed() {
		n.ignore(Malformed)
		return
	}
	n.hearLeader(m.Term, from)
	last := m.Snapshot.Last
	if n.isRedundant(last) {
		n.learnCommit(min(last.Index, n.log.last().Index))
		n.replySnapshot(from, &m.Snapshot, m.Snapshot.Size, last.Index, echo)
		return
	}
	n.receiveChunk(from, m, echo)
}

// isRedundant reports whether the log needs no snapshot that ends at last. It may have
// got there while the snapshot was still on its way to the disk.
func (n *Node) isRedundant(last Position) bool {
	return last.Index <= n.commit || n.config.Rules.SnapshotIsRedundant(n.log.holds(last))
}

func (m *InstallSnapshot) wellFormed() bool {
	s := &m.Snapshot
	return m.Length == uint64(len(m.Data)) && m.Offset <= s.Size && m.Length <= s.Size-m.Offset &&
		s.Last.Index > 0 && s.Last.Index <= maxIndex && s.Last.Term <= m.Term && s.Members.Validate() == nil
}

// receiveChunk keeps a piece that continues what has come. A transfer that was
// broken off is resumed, by another leader too, if the checksum is the same.
func (n *Node) receiveChunk(from ID, m *InstallSnapshot, echo Echo) {
	in := &n.incoming
	if !in.snapshot.same(&m.Snapshot) {
		*in = incoming{snapshot: m.Snapshot}
	}
	in.from = from
	if m.Offset == in.offset && (m.Length > 0 || m.Snapshot.Size == 0) {
		n.out.Chunks = append(n.out.Chunks, Chunk{m.Snapshot, m.Offset, m.Data})
		in.offset += m.Length
	}
	n.replySnapshot(from, &m.Snapshot, in.offset, 0, echo)
}

// snapshotReceived installs a snapshot whose file is whole and durable. The
// answer confirms no round: the piece that it is about may be of an earlier term.
func (n *Node) snapshotReceived(in SnapshotReceived) {
	x := n.incoming
	if !x.snapshot.same(&in.Snapshot) || x.offset < x.snapshot.Size {
		n.ignore(Stale)
		return
	}
	n.incoming = incoming{}
	echo := n.echo(0, 0)
	if !in.OK {
		n.replySnapshot(x.from, &in.Snapshot, 0, 0, echo)
		return
	}
	last := in.Snapshot.Last
	if n.isRedundant(last) {
		n.learnCommit(min(last.Index, n.log.last().Index))
	} else {
		n.install(in.Snapshot)
	}
	n.replySnapshot(x.from, &in.Snapshot, in.Snapshot.Size, last.Index, echo)
}

// install replaces the whole log by a snapshot (Figure 13, 7 and 8).
func (n *Node) install(s Snapshot) {
	n.snapshot = s
	n.commit, n.handed = s.Last.Index, s.Last.Index
	n.configurations = []placedConfiguration{{index: s.Last.Index, Configuration: s.Members}}
	if !n.config.Rules.InstallKeeps(n.log.last().Index, s.Last.Index) {
		n.log.reset(s.Last)
	}
	n.log.writing(n.writeBase(), s.Last.Index)
	n.members, n.inForce = s.Members, s.Last.Index
	n.out.Installed = &s
}

// replySnapshot answers a piece: which one is wanted next, and from match > 0 on
// that the log agrees that far.
func (n *Node) replySnapshot(to ID, s *Snapshot, offset uint64, match Index, echo Echo) {
	reply := &InstallSnapshotReply{Term: n.term, Checksum: s.Checksum, Offset: offset, Match: match, Echo: echo}
	n.send(to, reply, n.log.writeOf(min(match, n.log.last().Index)))
}

// installSnapshotReply sends the next piece, or goes on with the log.
func (n *Node) installSnapshotReply(from ID, m *InstallSnapshotReply) {
	p := n.heedReply(from, m.Term, m.Echo)
	if p == nil {
		return
	}
	switch {
	case m.Match > n.log.last().Index:
		n.ignore(Malformed)
		return
	case m.Match > 0:
		p.accept(m.Match, n.log.first())
	case p.awaits(m):
		p.offset = m.Offset
		p.paused = m.Offset == p.sending.Size
	default:
		n.ignore(Stale)
	}
	n.afterReply(p)
}
