package raft

import "slices"

// placedConfiguration is a configuration and the entry that brought it.
type placedConfiguration struct {
	index   Index
	request RequestID
	Configuration
}

// refreshMembers finds the configuration in force: the newest in the log,
// committed or not (thesis §4.1). A leader's view of the members follows it.
func (n *Node) refreshMembers() {
	k := len(n.configurations) - 1
	for k > 0 && !n.config.Rules.ConfigurationCounts(n.configurations[k].index, n.commit) {
		k--
	}
	placed := &n.configurations[k]
	if placed.index == n.inForce {
		return
	}
	n.members, n.inForce = placed.Configuration, placed.index
	if n.role == Leader {
		n.lead.progress = n.progressFor(n.members, n.lead.progress, n.commit+1)
	}
}

// progressFor returns the progress of all other members: what is known of them
// is kept, and to the others goes next first.
func (n *Node) progressFor(c Configuration, known []progress, next Index) []progress {
	var list []progress
	for _, id := range c.Members() {
		if id == n.config.ID {
			continue
		}
		i := slices.IndexFunc(known, func(p progress) bool { return p.id == id })
		if i >= 0 {
			list = append(list, known[i])
			continue
		}
		list = append(list, progress{id: id, next: next, heard: n.now})
	}
	return list
}

// noteConfigurations takes over the configurations in entries that were added
// to the log.
func (n *Node) noteConfigurations(entries []Entry) {
	for i := range entries {
		e := &entries[i]
		if e.Kind != ConfigChange {
			continue
		}
		c, err := DecodeConfiguration(e.Data)
		if err != nil {
			panic("raft: an unchecked configuration: " + err.Error())
		}
		n.configurations = append(n.configurations, placedConfiguration{e.Index, e.Request, c})
	}
	n.refreshMembers()
}

// forgetConfigurations rolls back those behind last, whose entries were removed
// from the log.
func (n *Node) forgetConfigurations(last Index) {
	k := len(n.configurations)
	for k > 1 && n.configurations[k-1].index > last {
		k--
	}
	n.configurations = n.configurations[:k]
	n.refreshMembers()
}

// configurationAt is the configuration in force at index i: a snapshot holds
// the one there, not the newest.
func (n *Node) configurationAt(i Index) Configuration {
	k := len(n.configurations) - 1
	for k > 0 && n.configurations[k].index > i {
		k--
	}
	return n.configurations[k].Configuration
}

// change starts a change of the configuration (§6, thesis §4).
func (n *Node) change(in Change) {
	newest := n.configurations[len(n.configurations)-1]
	committed, _ := n.log.term(n.commit)
	switch {
	case n.role != Leader && n.leader == 0:
		n.refuse(in.Request, NoLeader)
	case n.role != Leader:
		n.refuse(in.Request, NotLeader)
	case n.lead.transfer.to != 0:
		n.refuse(in.Request, Transferring)
	case in.Target.Validate() != nil || in.Target.Joint() || in.Target.Equal(newest.Configuration):
		n.refuse(in.Request, BadChange)
	case newest.Joint() || !n.config.Rules.MayChange(newest.index <= n.commit, committed, n.term):
		n.refuse(in.Request, ChangePending)
	default:
		n.appendConfiguration(in.Request, enter(newest.Configuration, in.Target))
	}
}

// enter returns the first step from one configuration to another: the other
// itself if at most one voter differs (thesis §4.1), else a joint one (§6).
func enter(from, to Configuration) Configuration {
	if len(without(from.Voters, to.Voters))+len(without(to.Voters, from.Voters)) <= 1 {
		return to
	}
	joint := Configuration{Voters: to.Voters, Outgoing: from.Voters}
	for _, id := range to.Learners {
		if has(from.Voters, id) {
			joint.Demoting = append(joint.Demoting, id)
		} else {
			joint.Learners = append(joint.Learners, id)
		}
	}
	joint.Promoting = without(to.Promoting, joint.Demoting)
	return joint
}

// leave returns what a joint configuration ends in.
func leave(c Configuration) Configuration {
	learners := slices.Concat(c.Learners, c.Demoting)
	slices.Sort(learners)
	return Configuration{Voters: c.Voters, Learners: learners, Promoting: c.Promoting}
}

// promote returns the configuration with a learner made a voter.
func promote(c Configuration, id ID) Configuration {
	only := []ID{id}
	return Configuration{
		Voters:    insert(slices.Clone(c.Voters), id),
		Learners:  without(c.Learners, only),
		Promoting: without(c.Promoting, only),
	}
}

func (n *Node) appendConfiguration(request RequestID, c Configuration) {
	n.appendOwn(Entry{Kind: ConfigChange, Request: request, Data: c.Encode()})
	n.noteConfigurations(n.log.slice(n.log.last().Index, 1))
	n.replicateAll()
}

// reconfigure does what a leader owes the newest configuration once that is
// committed, whoever began it: leave a joint one, promote who has caught up,
// step down if it is no longer a voter itself (thesis §4.2.2, §4.3).
func (n *Node) reconfigure() {
	newest := &n.configurations[len(n.configurations)-1]
	voter := newest.IsVoter(n.config.ID)
	if n.role != Leader || voter && !newest.Joint() && len(newest.Promoting) == 0 {
		return
	}
	committed, _ := n.log.term(n.commit)
	if !n.config.Rules.MayChange(newest.index <= n.commit, committed, n.term) {
		return
	}
	switch {
	case newest.Joint():
		n.appendConfiguration(newest.request, leave(newest.Configuration))
	case n.config.Rules.MustStepDown(voter):
		n.replicateAll() // the others learn that it is committed
		n.follow(n.term, 0)
	default:
		n.promoteNext(newest.Configuration)
	}
}

// promoteNext makes the first learner a voter that has all committed entries
// (thesis §4.2.1).
func (n *Node) promoteNext(c Configuration) {
	for _, id := range c.Promoting {
		if p := n.progressOf(id); p != nil && p.match >= n.commit {
			n.appendConfiguration(RequestID{}, promote(c, id))
			return
		}
	}
}
