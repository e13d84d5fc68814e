package peer

import (
	"cmp"
	"slices"

	compat "github.com/castaway-kv/castaway/compat/raft"
	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"
)

// placed is a configuration that was applied, and the entry that brought it.
type placed struct {
	index   castaway.Index
	request castaway.RequestID
	castaway.Configuration
}

// other is how far another member has applied.
type other struct {
	id      castaway.ID
	applied castaway.Index
}

// newest is the configuration in force.
func (c *Core) newest() *placed { return &c.configurations[len(c.configurations)-1] }

// at is the configuration at an index that was applied.
func (c *Core) at(i castaway.Index) int {
	k := len(c.configurations) - 1
	for k > 0 && c.configurations[k].index > i {
		k--
	}
	return k
}

// change starts a change of the members.
func (c *Core) change(in castaway.Change) {
	if !c.leads(in.Request) {
		return
	}
	now := c.newest().Configuration
	switch {
	case in.Target.Validate() != nil || in.Target.Joint() || in.Target.Equal(now):
		c.refuse(in.Request, castaway.BadChange)
	case now.Joint() || !c.mayChange():
		c.refuse(in.Request, castaway.ChangePending)
	case !in.Target.IsVoter(c.config.ID) && !c.options.Resigns:
		c.transfer(in.Target.Voters[0])
		c.refuse(in.Request, castaway.ChangePending)
	default:
		c.enter(in.Request, enter(now, in.Target))
	}
}

// reconfigure does what a leader owes the configuration in force: it leaves a joint one,
// hands over if it is no voter any more, and gives a vote to who has caught up. It reports
// whether there was something to do.
func (c *Core) reconfigure() bool {
	newest := c.newest()
	voter := newest.IsVoter(c.config.ID)
	if c.Role() != castaway.Leader || voter && !newest.Joint() && len(newest.Promoting) == 0 || !c.mayChange() {
		return false
	}
	switch {
	case newest.Joint():
		c.enter(newest.request, leave(newest.Configuration))
		return true
	case !voter:
		c.transfer(0)
		return true
	}
	for _, f := range c.followers() {
		if slices.Contains(newest.Promoting, f.ID) && f.Match >= c.commit {
			c.enter(castaway.RequestID{}, promote(newest.Configuration, f.ID))
			return true
		}
	}
	return false
}

// mayChange reports whether another change may begin: this leader has applied an entry of
// its own term, there is no change behind it, and everybody in the configuration in force
// is known to go by it. The last is not asked for by etcd's core; but who goes by a
// configuration of two changes ago waits for votes that nobody gives any more, or takes
// itself for a learner that it is no more (etcd-io/etcd#11284).
func (c *Core) mayChange() bool {
	if c.position(c.applied).Term != c.hard.term {
		return false
	}
	for _, e := range c.entries(c.applied+1, c.Last().Index) {
		if e.Kind == castaway.ConfigChange {
			return false
		}
	}
	if c.options.Hasty {
		return true
	}
	newest := c.newest()
	for _, id := range newest.Members() {
		i := slices.IndexFunc(c.others, func(o other) bool { return o.id == id })
		if id != c.config.ID && (i < 0 || c.others[i].applied < newest.index) {
			return false
		}
	}
	return true
}

// hear notes how far a member has applied: it says so when it answers a heartbeat.
func (c *Core) hear(from castaway.ID, m *castaway.AppendEntriesReply) {
	if m.Sent != heartbeatMark || m.Term != c.Term() {
		return
	}
	i := slices.IndexFunc(c.others, func(o other) bool { return o.id == from })
	if i < 0 {
		i = len(c.others)
		c.others = append(c.others, other{id: from})
	}
	c.others[i].applied = max(c.others[i].applied, m.Match)
}

// settled is how far this member has applied, and will have after a crash.
func (c *Core) settled() castaway.Index { return min(c.applied, c.commits.durable) }

// enter proposes a configuration.
func (c *Core) enter(request castaway.RequestID, to castaway.Configuration) {
	change := steps(c.newest().Configuration, to)
	change.Context = encodeCommand(request, to.Encode())
	data, err := proto.Marshal(change)
	must(err)
	c.append(request, &pb.Entry{Type: pb.EntryConfChangeV2.Enum(), Data: data})
}

// applyChange puts a configuration in force.
func (c *Core) applyChange(e *castaway.Entry) {
	to, err := castaway.DecodeConfiguration(e.Data)
	must(err)
	c.node.ApplyConfChange(steps(c.newest().Configuration, to))
	c.configurations = append(c.configurations, placed{e.Index, e.Request, to})
}

// steps are what to do to get from one configuration to the next.
func steps(from, to castaway.Configuration) *pb.ConfChangeV2 {
	if from.Joint() {
		return &pb.ConfChangeV2{}
	}
	change := compat.Difference(from, leave(to))
	if len(change.Changes) == 0 { // only who is to be promoted: for etcd's core nothing
		learner := pb.ConfChangeAddLearnerNode.Enum()
		change.Changes = []*pb.ConfChangeSingle{{Type: learner, NodeId: new(uint64(to.Learners[0]))}}
	}
	return change
}

// enter is the first step from a configuration to another: a joint one, if there is more
// than one change.
func enter(from, to castaway.Configuration) castaway.Configuration {
	if len(compat.Difference(from, to).Changes) <= 1 {
		return to
	}
	joint := castaway.Configuration{Voters: to.Voters, Outgoing: from.Voters}
	for _, id := range to.Learners {
		if slices.Contains(from.Voters, id) {
			joint.Demoting = append(joint.Demoting, id)
		} else {
			joint.Learners = append(joint.Learners, id)
		}
	}
	joint.Promoting = without(to.Promoting, joint.Demoting)
	return joint
}

// leave is what a configuration ends in.
func leave(c castaway.Configuration) castaway.Configuration {
	learners := slices.Concat(c.Learners, c.Demoting)
	slices.Sort(learners)
	return castaway.Configuration{Voters: c.Voters, Learners: learners, Promoting: c.Promoting}
}

func promote(c castaway.Configuration, id castaway.ID) castaway.Configuration {
	only := []castaway.ID{id}
	voters := slices.Concat(c.Voters, only)
	slices.Sort(voters)
	return castaway.Configuration{Voters: voters, Learners: without(c.Learners, only), Promoting: without(c.Promoting, only)}
}

func without(list, remove []castaway.ID) []castaway.ID {
	return slices.DeleteFunc(slices.Clone(list), func(id castaway.ID) bool { return slices.Contains(remove, id) })
}

// followers are the others as a leader sees them, by their numbers.
func (c *Core) followers() (list []castaway.FollowerState) {
	c.node.WithProgress(func(id uint64, _ etcd.ProgressType, p progress) {
		if castaway.ID(id) != c.config.ID {
			list = append(list, castaway.FollowerState{
				ID: castaway.ID(id), Match: castaway.Index(p.Match), Next: castaway.Index(p.Next), State: stateNames[p.State],
			})
		}
	})
	slices.SortFunc(list, func(a, b castaway.FollowerState) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
