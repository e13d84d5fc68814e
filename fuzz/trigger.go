package fuzz

import (
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// The moments when something is half done.
var (
	campaigns = role(func(e *raftsim.Event) bool { return e.Role == raft.Candidate })
	isElected = role(func(e *raftsim.Event) bool { return e.Role == raft.Leader })
	stepsDown = role(func(e *raftsim.Event) bool { return e.Before == raft.Leader && e.Role != raft.Leader })
	// seesTerm: a member hears of a later term, and has not written it yet.
	seesTerm = trigger{raftsim.RoleChanged, func(a *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		return e.Member, 0, e.Term > a.terms[e.Member] && e.Role == raft.Follower
	}}

	asksVote      = sends[*raft.RequestVote](nil)
	hearsVote     = hears[*raft.RequestVote](nil)
	grants        = sends(func(m *raft.RequestVoteReply) bool { return m.Granted })
	tells         = sends(hasEntries)
	hearsOf       = hears(hasEntries)
	beats         = sends(func(m *raft.AppendEntries) bool { return len(m.Entries) == 0 })
	accepts       = sends(func(m *raft.AppendEntriesReply) bool { return m.Success })
	hearsAccept   = hears(func(m *raft.AppendEntriesReply) bool { return m.Success })
	hearsLead     = hears[*raft.AppendEntries](nil)
	rejects       = sends(func(m *raft.AppendEntriesReply) bool { return !m.Success })
	tellsOfNew    = sends(hasChange)
	hearsOfNew    = hears(hasChange)
	sendsPiece    = sends[*raft.InstallSnapshot](nil)
	hearsPiece    = hears[*raft.InstallSnapshot](nil)
	tookPiece     = sends[*raft.InstallSnapshotReply](nil)
	hearsHandover = hears[*raft.TimeoutNow](nil)
	handsOver     = sends[*raft.TimeoutNow](nil)
	asksIndex     = sends[*raft.ReadIndex](nil)
	tellsIndex    = sends[*raft.ReadIndexReply](nil)
	forwards      = sends[*raft.ForwardProposal](nil)

	writes    = at(raftsim.DiskWritten)
	syncs     = at(raftsim.DiskSynced)
	saves     = at(raftsim.SnapshotSaved)
	installs  = at(raftsim.SnapshotInstalled)
	starts    = at(raftsim.MemberStarted)
	stops     = at(raftsim.MemberCrashed)
	isAsked   = at(raftsim.OpArrived)
	isTold    = at(raftsim.OpAnswered)
	applies   = at(raftsim.EntryApplied)
	claims    = trigger{raftsim.LockClaimed, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) { return 0, 0, true }}
	isWatched = at(raftsim.WatchDelivered)

	// isChanged: a change of the members is committed.
	isChanged = trigger{raftsim.MembersChanged, func(a *adversary, _ *raftsim.Event) (me, peer raft.ID, ok bool) {
		return a.w.Leader(), 0, true
	}}
	// tellsChosen: one that was not there from the beginning is told that it votes.
	tellsChosen = trigger{raftsim.MessageSent, func(a *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		m, ok := e.Message.(*raft.AppendEntries)
		return e.Member, e.Peer, ok && e.Cause == raftsim.NoCause && e.Peer > a.founders && makesVoter(m, e.Peer)
	}}
	// leases: a lease is granted, renewed or ended.
	leasesOf = trigger{raftsim.EntryApplied, func(_ *adversary, e *raftsim.Event) (me, peer raft.ID, ok bool) {
		switch e.Request.(type) {
		case kv.LeaseGrantRequest, kv.LeaseKeepAliveRequest, kv.LeaseRevokeRequest:
			return e.Member, 0, true
		}
		return 0, 0, false
	}}
)

// moments are all of them.
var moments = []trigger{
	campaigns, isElected, isElected, stepsDown, seesTerm, asksVote, hearsVote, grants, tells, hearsOf, beats, accepts, rejects, tellsOfNew, hearsOfNew, tellsChosen,
	sendsPiece, hearsPiece, tookPiece, handsOver, hearsLead, asksIndex, tellsIndex, forwards, writes, syncs, saves, installs, starts, stops, isAsked, isTold,
	applies, isWatched, claims, isChanged, leasesOf,
}

// letters are the moments when a message is sent, on which its own fate may turn.
var letters = []trigger{asksVote, grants, tells, beats, accepts, rejects, tellsOfNew, sendsPiece, tookPiece, handsOver, asksIndex, tellsIndex, forwards}

func hasEntries(m *raft.AppendEntries) bool { return len(m.Entries) > 0 }

// makesVoter says that a message carries a change of the members by which one votes.
func makesVoter(m *raft.AppendEntries, id raft.ID) bool {
	for i := range m.Entries {
		if m.Entries[i].Kind != raft.ConfigChange {
			continue
		}
		if c, err := raft.DecodeConfiguration(m.Entries[i].Data); err == nil && c.IsVoter(id) {
			return true
		}
	}
	return false
}

// hasChange says that a message carries a change of the members.
func hasChange(m *raft.AppendEntries) bool {
	for i := range m.Entries {
		if m.Entries[i].Kind == raft.ConfigChange {
			return true
		}
	}
	return false
}
