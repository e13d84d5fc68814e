package peer

import (
	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
)

// Term implements replica.Core.
func (c *Core) Term() castaway.Term { return castaway.Term(c.node.BasicStatus().GetTerm()) }

var roles = map[etcd.StateType]castaway.Role{
	etcd.StateFollower: castaway.Follower, etcd.StatePreCandidate: castaway.PreCandidate,
	etcd.StateCandidate: castaway.Candidate, etcd.StateLeader: castaway.Leader,
}

// Role implements replica.Core.
func (c *Core) Role() castaway.Role { return roles[c.node.BasicStatus().RaftState] }

// Leader implements replica.Core.
func (c *Core) Leader() castaway.ID { return castaway.ID(c.node.BasicStatus().Lead) }

// Members implements replica.Core: etcd's configurations count when they are applied.
func (c *Core) Members() castaway.Configuration { return c.newest().Configuration }

// CommittedBy implements replica.Core.
func (c *Core) CommittedBy() castaway.Configuration { return c.decided }

// First implements replica.Core.
func (c *Core) First() castaway.Index {
	first, err := c.storage.FirstIndex()
	must(err)
	return castaway.Index(first)
}

// Last implements replica.Core.
func (c *Core) Last() castaway.Position {
	last, err := c.storage.LastIndex()
	must(err)
	return c.position(castaway.Index(last))
}

// position of an entry of the log.
func (c *Core) position(i castaway.Index) castaway.Position {
	term, err := c.storage.Term(uint64(i))
	must(err)
	return castaway.Position{Term: castaway.Term(term), Index: i}
}

// Entry implements replica.Core.
func (c *Core) Entry(i castaway.Index) (castaway.Entry, bool) {
	if list := c.entries(max(i, c.First()), min(i, c.Last().Index)); len(list) == 1 {
		return list[0], true
	}
	return castaway.Entry{}, false
}

// entries of the log from one to another.
func (c *Core) entries(first, last castaway.Index) []castaway.Entry {
	if last < first {
		return nil
	}
	list, err := c.storage.Entries(uint64(first), uint64(last+1), 1<<62)
	must(err)
	return toEntries(list)
}

// Durable implements replica.Core.
func (c *Core) Durable() castaway.Index { return c.log.durable }

// Commit implements replica.Core.
func (c *Core) Commit() castaway.Index { return c.commit }

// Snapshot implements replica.Core.
func (c *Core) Snapshot() castaway.Snapshot { return c.snapshot }

// Snapshots implements replica.Core: a file is sent as a whole, the newest one.
func (c *Core) Snapshots() []castaway.Snapshot { return []castaway.Snapshot{c.snapshot} }

// State implements replica.Core. Its timer is the next tick.
func (c *Core) State() castaway.State {
	s := castaway.State{
		ID: c.config.ID, Life: c.life, Term: c.Term(), Vote: castaway.ID(c.node.BasicStatus().GetVote()), Role: c.Role(),
		Leader: c.Leader(), Commit: c.commit, Durable: c.log.durable, Last: c.Last(), First: c.First(),
		TimerFrom: c.clock.next.Add(-tick), TimerUntil: c.clock.next, Snapshot: c.snapshot.Last.Index, Members: c.Members(),
		TransferTo: castaway.ID(c.node.BasicStatus().LeadTransferee),
	}
	if s.Role == castaway.Leader {
		s.Followers = c.followers()
	}
	return s
}
