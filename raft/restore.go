package raft

import "fmt"

// Restore starts a member from what its disk holds: the last Base record, and
// the records after it, oldest first. A new member's disk holds a Base with
// the first configuration. Life must be higher than in any start before.
func Restore(config Config, base Base, tail []Record, life Life) (*Node, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	if err := base.Snapshot.Members.Validate(); err != nil {
		return nil, err
	}
	last := base.Snapshot.Last
	if last.Term > base.Term || base.Term > maxTerm || last.Index > maxIndex {
		return nil, fmt.Errorf("raft: a base of term %d with a snapshot up to %v: damaged, or of another kind", base.Term, last)
	}
	n := &Node{
		config: config, life: life, term: base.Term, vote: base.Vote, lost: base.Lost,
		snapshot: base.Snapshot, commit: last.Index, handed: last.Index,
		configurations: []placedConfiguration{{index: last.Index, Configuration: base.Snapshot.Members}},
		members:        base.Snapshot.Members, inForce: last.Index,
	}
	n.log.reset(last)
	if err := n.replayAppend(base.Entries); err != nil {
		return nil, fmt.Errorf("raft: the base: %w", err)
	}
	for i, r := range tail {
		if err := n.replay(r); err != nil {
			return nil, fmt.Errorf("raft: record %d after the base: %w", i+1, err)
		}
	}
	n.log.durable = n.log.last().Index
	n.before = n.milestone()
	return n, nil
}

// replay applies a record of an earlier life: it is durable.
func (n *Node) replay(r Record) error {
	switch r := r.(type) {
	case TermVote:
		if r.Term < n.term || r.Term > maxTerm {
			return fmt.Errorf("term %d after term %d", r.Term, n.term)
		}
		n.term, n.vote = r.Term, r.Vote
	case *Append:
		return n.replayAppend(r.Entries)
	case Truncate:
		if !n.log.holds(r.Last) {
			return fmt.Errorf("truncation to %v, which the log up to %v does not hold", r.Last, n.log.last())
		}
		n.log.truncate(r.Last.Index)
		n.forgetConfigurations(r.Last.Index)
	case Loss:
		if !UpToDate(n.lost, r.Last) || r.Last == (Position{}) {
			n.lost = r.Last
		}
	default:
		return fmt.Errorf("unexpected %T", r)
	}
	return nil
}

func (n *Node) replayAppend(entries []Entry) error {
	for i := range entries {
		e := &entries[i]
		if e.Index != n.log.last().Index+1 || e.Term < n.log.last().Term || e.Term > n.term {
			return fmt.Errorf("entry %v after %v in term %d", e.Position(), n.log.last(), n.term)
		}
		if err := e.validate(); err != nil {
			return fmt.Errorf("entry %v: %w", e.Position(), err)
		}
		n.log.add(*e)
	}
	n.noteConfigurations(entries)
	return nil
}

// Base is one record that holds all that the disk must remember.
func (n *Node) Base() Base {
	return Base{
		TermVote: TermVote{n.term, n.vote}, Lost: n.lost, Snapshot: n.snapshot,
		Entries: n.log.between(n.snapshot.Last.Index, n.log.last().Index),
	}
}
