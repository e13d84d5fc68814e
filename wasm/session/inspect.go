package session

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/replica/wal"
)

// Bounds of what is shown of a disk.
const (
	maxSectors = 512
	maxRecords = 12
	maxFiles   = 40
	// maxTail is how much of the end of a log is read for its records, in bytes.
	maxTail = 16 << 10
)

// inspection is a look inside a member.
func (s *Session) inspection(w *raftsim.World) *Inspection {
	id := looksAt(w, s.look.Inspect)
	if id == 0 {
		return nil
	}
	now := w.Member(id)
	var was *raftsim.MemberView
	if s.watching != nil {
		was = s.watching.before(w)
	}
	return &Inspection{
		Member: int(id), Persistent: changed(persistent, &now, was), Volatile: changed(volatile, &now, was),
		Beyond: changed(beyond, &now, was), Peers: peers(&now, was), Files: files(w, id),
	}
}

// changed marks the fields that are not as they were.
func changed(of func(*raftsim.MemberView) fields, now, was *raftsim.MemberView) []Field {
	list := of(now)
	if was == nil {
		return list
	}
	old := map[string]string{}
	for _, f := range of(was) {
		old[f.Name] = f.Value
	}
	for i := range list {
		value, ok := old[list[i].Name]
		list[i].Changed = !ok || value != list[i].Value
	}
	return list
}

// persistent is Figure 2, persistent state on all servers.
func persistent(v *raftsim.MemberView) fields {
	var f fields
	f.add("currentTerm", v.Term)
	f.add("votedFor", memberOrNone(v.Vote))
	f.add("log[]", logWords(v))
	return f
}

func logWords(v *raftsim.MemberView) string {
	if v.Last.Index < v.First || v.Last.Index == 0 {
		return fmt.Sprintf("no entries after index %d", v.Snapshot)
	}
	return fmt.Sprintf("entries %d to %d, the last of term %d", v.First, v.Last.Index, v.Last.Term)
}

func memberOrNone(id raft.ID) string {
	if id == 0 {
		return "none"
	}
	return raftsim.Name(id)
}

// volatile is Figure 2, volatile state on all servers. What leaders have besides, for each
// server, are the peers.
func volatile(v *raftsim.MemberView) fields {
	var f fields
	f.add("commitIndex", v.Commit)
	f.add("lastApplied", v.Applied)
	return f
}

// beyond is what the figure does not have.
func beyond(v *raftsim.MemberView) fields {
	var f fields
	if v.Up {
		f.add("state", v.Role)
		f.add("leader", memberOrNone(v.Leader))
	} else {
		f.add("state", "down")
	}
	f.add("durable log", fmt.Sprintf("up to index %d", v.Durable))
	f.add("snapshot", snapshotWords(v.Snapshot))
	f.add("configuration", v.Members)
	f.add("configuration at", v.MembersAt)
	f.add("life", v.Life)
	f.add("store revision", v.Revision)
	if v.Reads > 0 {
		f.add("reads waiting", v.Reads)
	}
	if v.TransferTo != 0 {
		f.add("hands over to", raftsim.Name(v.TransferTo))
	}
	if v.Lost != (raft.Position{}) {
		f.add("lost", lostWords(v.Lost))
	}
	return f
}

func snapshotWords(i raft.Index) string {
	if i == 0 {
		return "none"
	}
	return fmt.Sprintf("up to index %d", i)
}

// peers are what a leader, or a candidate, knows of the others.
func peers(now, was *raftsim.MemberView) []Peer {
	list := peersOf(now)
	if was == nil {
		return list
	}
	old := map[int]Peer{}
	for _, p := range peersOf(was) {
		old[p.ID] = p
	}
	for i := range list {
		list[i].Changed = old[list[i].ID] != list[i]
	}
	return list
}

func peersOf(v *raftsim.MemberView) []Peer {
	list := []Peer{}
	if !v.Up {
		return list
	}
	if v.Role == raft.Leader {
		for _, p := range v.Followers {
			list = append(list, Peer{ID: int(p.ID), Next: uint64(p.Next), Match: uint64(p.Match)})
		}
		return list
	}
	for _, id := range v.Granted {
		if id != v.ID {
			list = append(list, Peer{ID: int(id), Vote: "granted"})
		}
	}
	for _, id := range v.Refused {
		list = append(list, Peer{ID: int(id), Vote: "refused"})
	}
	return list
}

// files are those on a member's disk, the newest ones if there are many.
func files(w *raftsim.World, id raft.ID) []File {
	list := []File{}
	views := w.Files(id)
	newest := ""
	for i := range views {
		if raftsim.IsLog(views[i].Name) {
			newest = views[i].Name
		}
	}
	for i := max(0, len(views)-maxFiles); i < len(views); i++ {
		v := &views[i]
		f := File{Name: v.Name, Cached: v.Size, Durable: v.Synced, Sectors: sectors(v.Sectors), Records: []string{}}
		if v.Name == newest {
			f.Records = wal.Describe(w.FileTail(id, v.Name, maxTail), maxRecords)
		}
		list = append(list, f)
	}
	return list
}

func sectors(states []raftsim.SectorState) string {
	var text strings.Builder
	for _, state := range states[max(0, len(states)-maxSectors):] {
		switch state {
		case raftsim.SectorDurable:
			text.WriteByte('d')
		case raftsim.SectorDirty, raftsim.SectorSyncing:
			text.WriteByte('c')
		case raftsim.SectorDiffers, raftsim.SectorUnreadable:
			text.WriteByte('x')
		}
	}
	return text.String()
}
