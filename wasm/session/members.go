package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// members are all members that there are or were.
func (s *Session) members(w *raftsim.World) []Member {
	ids := w.MemberIDs()
	first := raft.Index(1)
	views := make([]raftsim.MemberView, len(ids))
	for i, id := range ids {
		views[i] = w.Member(id)
		if last := views[i].Last.Index; last >= first+maxEntries {
			first = last - maxEntries + 1
		}
	}
	newest := newestMembers(w).Members
	list := make([]Member, len(ids))
	for i := range views {
		list[i] = member(w, &views[i])
		list[i].Kind = kindOf(&newest, views[i].ID)
		list[i].Log = s.entries(w, views[i].ID, first, views[i].Last.Index)
	}
	return list
}

func member(w *raftsim.World, v *raftsim.MemberView) Member {
	m := Member{
		ID: int(v.ID), Name: raftsim.Name(v.ID), Role: Down,
		Term: uint64(v.Term), Vote: int(v.Vote),
		Last: uint64(v.Last.Index), Durable: uint64(v.Durable), Commit: uint64(v.Commit),
		Applied: uint64(v.Applied), Revision: int64(v.Revision),
		DiskBytes: v.DiskBytes, UnsyncedBytes: v.UnsyncedBytes, CutOff: v.CutOff,
		Paused: v.Paused, ClockOffset: int64(v.Clock - w.Now()), ClockRate: v.ClockRate,
		DiskState: diskState(&v.Disk), SnapshotIndex: uint64(v.Snapshot), Lost: lostWords(v.Lost),
	}
	if v.Dead {
		m.Dead = clip(fmt.Sprint(v.Why))
	}
	if v.Up {
		m.Role, m.Leads = role(v.Role), int(v.Leader)
		m.TimerFrom, m.TimerUntil = int64(v.TimerFrom), int64(v.TimerUntil)
	}
	return m
}

func role(r raft.Role) Role {
	switch r {
	case raft.Follower:
		return Follower
	case raft.PreCandidate:
		return PreCandidate
	case raft.Candidate:
		return Candidate
	case raft.Leader:
		return Leader
	}
	panic(fmt.Sprintf("session: unknown role %d", r))
}

func (s *Session) entries(w *raftsim.World, id raft.ID, first, last raft.Index) []Entry {
	list := make([]Entry, 0, maxEntries)
	for i := first; i <= last; i++ {
		e, ok := w.Entry(id, i)
		if !ok {
			continue // it is in the snapshot
		}
		label, detail := s.told.entry(&e)
		list = append(list, Entry{Index: uint64(i), Term: uint64(e.Term), Label: label, Detail: detail})
	}
	return list
}

// diskState says what is wrong with a disk.
func diskState(d *raftsim.DiskView) string {
	var words []string
	note := func(is bool, format string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	note(d.Limited && d.Free == 0, "full")
	note(d.Limited && d.Free > 0, "%d B free", d.Free)
	note(d.Slow > 1, "slow x%d", d.Slow)
	note(d.Fails, "fails to sync")
	note(d.Lies, "lies about a sync")
	note(d.Unreadable > 0, "%d %s unreadable", d.Unreadable, plural(d.Unreadable, "sector"))
	note(d.Differing > 0, "%d %s damaged", d.Differing, plural(d.Differing, "sector"))
	return strings.Join(words, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func lostWords(p raft.Position) string {
	if p == (raft.Position{}) {
		return ""
	}
	return fmt.Sprintf("its log went up to index %d of term %d, and it knows that a part of that is lost", p.Index, p.Term)
}

// newestMembers is the member whose configuration counts as the newest: the leader, or
// as long as nobody leads whoever has the most of the log.
func newestMembers(w *raftsim.World) raftsim.MemberView {
	if leader := w.Leader(); leader != 0 {
		return w.Member(leader)
	}
	var newest raftsim.MemberView
	for _, id := range w.MemberIDs() {
		v := w.Member(id)
		if newest.ID == 0 || len(v.Members.Voters) > 0 && isLater(v.Last, newest.Last) {
			newest = v
		}
	}
	return newest
}

func isLater(a, b raft.Position) bool {
	return a.Term > b.Term || a.Term == b.Term && a.Index > b.Index
}

func membership(w *raftsim.World) Membership {
	v := newestMembers(w)
	c := &v.Members
	return Membership{
		Index: uint64(v.MembersAt), Committed: v.MembersAt <= v.Commit, Joint: c.Joint(),
		Voters: numbers(c.Voters), Outgoing: numbers(c.Outgoing), Learners: numbers(c.Learners),
	}
}

func numbers(ids []raft.ID) []int {
	list := make([]int, len(ids))
	for i, id := range ids {
		list[i] = int(id)
	}
	return list
}

// kindOf says how a member belongs to the cluster.
func kindOf(c *raft.Configuration, id raft.ID) MemberKind {
	voter, outgoing := slices.Contains(c.Voters, id), slices.Contains(c.Outgoing, id)
	switch {
	case slices.Contains(c.Learners, id):
		return Learner
	case voter && c.Joint() && !outgoing:
		return Joining
	case outgoing && !voter:
		return Leaving
	case voter:
		return Voter
	}
	return Outsider
}
