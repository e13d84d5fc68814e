package session

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Bounds on what one frame shows.
const (
	maxEntries = 12
	maxKeys    = 200
	maxStory   = 40
	maxConsole = 50
	maxOps     = 500
	// maxText bounds a key, a value or the words of a request, in bytes.
	maxText = 200
)

// frame draws the moment at the playhead.
func (s *Session) frame() Frame {
	w := s.timeline.World()
	config := w.Config()
	f := Frame{
		Time: int64(w.Now()), Head: int64(s.timeline.Head()), Events: w.Count(), Hash: fmt.Sprintf("%016x", w.Hash()),
		Rules: s.current.Rules(), Seed: config.Seed, Sentence: sentence(w),
		Members: members(w), Cuts: cuts(w), Messages: messages(w), Store: s.store(w),
		Story: s.story(), Console: s.console(), Verdict: s.judge.verdict(w), Branches: []Branch{},
	}
	if next, ok := w.Next(); ok {
		f.Next = int64(next)
	}
	if v := s.timeline.Version(); v != s.sent.lanes {
		s.sent.lanes = v
		f.Lanes = s.lanes().lanes()
	}
	if text := s.current.String(); text != s.sent.scenario {
		s.sent.scenario = text
		f.Scenario = text
	}
	return f
}

func members(w *raftsim.World) []Member {
	ids := w.MemberIDs()
	first := raft.Index(1)
	views := make([]raftsim.MemberView, len(ids))
	for i, id := range ids {
		views[i] = w.Member(id)
		if last := views[i].Last.Index; last >= first+maxEntries {
			first = last - maxEntries + 1
		}
	}
	list := make([]Member, len(ids))
	for i, v := range views {
		list[i] = member(v)
		list[i].Log = entries(w, v.ID, first, v.Last.Index)
	}
	return list
}

func member(v raftsim.MemberView) Member {
	m := Member{
		ID: int(v.ID), Name: raftsim.Name(v.ID), Role: Down,
		Term: uint64(v.Term), Vote: int(v.Vote),
		Last: uint64(v.Last.Index), Durable: uint64(v.Durable), Commit: uint64(v.Commit),
		Applied: uint64(v.Applied), Revision: int64(v.Revision),
		DiskBytes: v.DiskBytes, UnsyncedBytes: v.UnsyncedBytes, CutOff: v.CutOff,
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

func entries(w *raftsim.World, id raft.ID, first, last raft.Index) []Entry {
	list := []Entry{}
	for i := first; i <= last; i++ {
		e, ok := w.Entry(id, i)
		if !ok {
			continue // it is in the snapshot
		}
		label, detail := entryWords(&e)
		list = append(list, Entry{Index: uint64(i), Term: uint64(e.Term), Label: label, Detail: detail})
	}
	return list
}

func cuts(w *raftsim.World) []Cut {
	list := []Cut{}
	ids := w.MemberIDs()
	for _, from := range ids {
		for _, to := range ids {
			if from != to && w.IsCut(from, to) {
				list = append(list, Cut{int(from), int(to)})
			}
		}
	}
	return list
}

func messages(w *raftsim.World) []Message {
	list := []Message{}
	for _, x := range w.InFlight() {
		if x.Stream != 0 {
			continue // the page does not show watching clients yet
		}
		m := Message{
			ID: x.ID, From: int(x.From), To: int(x.To), Sent: int64(x.Sent), Arrives: int64(x.Arrives), Lost: x.Lost,
			Fields: []Field{},
		}
		if x.Message != nil {
			describe(&m, x.Message)
		} else {
			describeClient(&m, w.Op(x.Op), x)
		}
		list = append(list, m)
	}
	return list
}

func (s *Session) store(w *raftsim.World) Store {
	id := raft.ID(s.look.Member)
	if id == 0 {
		id = w.Leader()
	}
	from := w.CommittedStore()
	if id != 0 && w.Store(id) != nil {
		from = w.Store(id)
	} else {
		id = 0
	}
	out := Store{Member: int(id), Revision: int64(from.Revision()), At: int64(from.Revision()), Keys: []Key{}, Leases: []Lease{}, Watchers: []Watcher{}}
	for p := range from.All() {
		if out.Count++; out.Count <= maxKeys {
			out.Keys = append(out.Keys, Key{
				Key: clip(p.Key), Value: clip(p.Value),
				CreateRevision: int64(p.CreateRevision), ModRevision: int64(p.ModRevision), Version: p.Version,
			})
		}
	}
	return out
}

func (s *Session) story() []Line {
	list := []Line{}
	count := s.timeline.World().Count()
	var told [2]int
	room := [2]int{maxStory / 2, maxStory / 2}
	for i := s.timeline.Landmarks() - 1; i >= 0 && told != room; i-- {
		mark := s.timeline.Landmark(i)
		kind := lineKind(mark.Kind)
		group := 0
		if kind == LineAnswer || kind == LineRefused {
			group = 1
		}
		if mark.Count > count || told[group] == room[group] {
			continue
		}
		if text, ok := mark.Sentence(); ok {
			list = append(list, Line{int64(mark.Time), kind, clip(text)})
			told[group]++
		}
	}
	slices.Reverse(list)
	return list
}

// console are the page's own operations, as they stand at the playhead.
func (s *Session) console() []Op {
	list := []Op{}
	count := s.timeline.World().Count()
	h := s.lanes()
	for _, i := range h.console {
		op := h.ops[i]
		if op.called > count {
			break
		}
		if op.ended > count {
			op.Op = op.pending()
		}
		list = append(list, op.Op)
	}
	return list[max(0, len(list)-maxConsole):]
}
