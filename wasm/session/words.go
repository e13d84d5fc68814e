package session

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/replica"
)

// sentence says what is going on, the most remarkable first.
func sentence(w *raftsim.World) string {
	if v := w.Violation(); v != nil {
		return v.Error()
	}
	ids := w.MemberIDs()
	up := 0
	var deluded, candidate string
	for _, id := range ids {
		m := w.Member(id)
		switch {
		case !m.Up:
			continue
		case m.Role == raft.Leader && m.CutOff:
			deluded = fmt.Sprintf("%s is cut off and still believes it leads term %d", raftsim.Name(id), m.Term)
		case m.Role == raft.Candidate:
			candidate = fmt.Sprintf("%s asks for votes in term %d", raftsim.Name(id), m.Term)
		case m.Role == raft.PreCandidate && candidate == "":
			candidate = fmt.Sprintf("%s asks whether it would win an election", raftsim.Name(id))
		}
		up++
	}
	leader := w.Leader()
	switch {
	case 2*up <= len(ids):
		return fmt.Sprintf("only %d of %d members are up: nothing can be committed", up, len(ids))
	case deluded != "":
		return deluded
	case candidate != "":
		return candidate
	case leader == 0:
		return "nobody leads: the first member whose timer runs out asks for votes"
	}
	return leaderSentence(w, leader)
}

func leaderSentence(w *raftsim.World, leader raft.ID) string {
	m := w.Member(leader)
	behind := 0
	for _, f := range m.Followers {
		if f.Match > 0 && f.Match < m.Commit { // 0: not heard of yet
			behind++
		}
	}
	text := fmt.Sprintf("%s leads term %d", raftsim.Name(leader), m.Term)
	switch {
	case behind > 0:
		return fmt.Sprintf("%s; %d of its %d followers lag behind", text, behind, len(m.Followers))
	case m.Last.Index > m.Commit:
		return fmt.Sprintf("%s and replicates index %d", text, m.Last.Index)
	}
	return text
}

// entryWords is an entry in a few characters, and in full.
func entryWords(e *raft.Entry) (label, detail string) {
	if e.Kind == raft.NoOp {
		return "∅", fmt.Sprintf("the empty entry that starts term %d", e.Term)
	}
	if e.Kind == raft.ConfigChange {
		members, err := raft.DecodeConfiguration(e.Data)
		if err != nil {
			return "?", err.Error()
		}
		return "cfg", "the members: " + members.String()
	}
	_, request, err := replica.Decode(e.Data)
	if err != nil {
		return "?", err.Error()
	}
	return shortRequest(request), clip(fmt.Sprint(request))
}

// entryCache holds entries in words: the same few are shown in every frame, for each member.
type entryCache map[string][2]string

// maxCached bounds the entries in an entryCache.
const maxCached = 500

// entry is entryWords.
func (c *entryCache) entry(e *raft.Entry) (label, detail string) {
	if e.Kind != raft.Normal {
		return entryWords(e)
	}
	words, ok := (*c)[e.Data]
	if !ok {
		if *c == nil || len(*c) >= maxCached {
			*c = entryCache{}
		}
		words[0], words[1] = entryWords(e)
		(*c)[e.Data] = words
	}
	return words[0], words[1]
}

// commandWords is what the data of an entry ask for.
func commandWords(data string) string {
	_, request, err := replica.Decode(data)
	if err != nil {
		return err.Error()
	}
	return clip(fmt.Sprint(request))
}

// shortRequest is a request in a few characters: its first change.
func shortRequest(r kv.Request) string {
	switch r := r.(type) {
	case kv.PutRequest:
		return shortKey(r.Key) + "=" + shorten(r.Value, 4)
	case kv.DeleteRangeRequest:
		return "−" + shortKey(r.Key)
	case kv.TxnRequest:
		for _, op := range r.Success {
			if !kv.ReadOnly(op) {
				return shortRequest(op)
			}
		}
		return "txn"
	case kv.RangeRequest:
		return "get"
	}
	name, _, _ := strings.Cut(fmt.Sprint(r), " ")
	return name
}

// shortKey is a key in at most three characters: all of it, or how the last
// part of its path begins.
func shortKey(key string) string {
	if utf8.RuneCountInString(key) <= 3 {
		return shorten(key, 3)
	}
	key = key[strings.LastIndexByte(key, '/')+1:]
	return string([]rune(shorten(key, 3))[:min(1, len(key))])
}

func lineKind(k raftsim.EventKind) LineKind {
	switch k {
	case raftsim.RoleChanged:
		return LineElection
	case raftsim.MemberCrashed, raftsim.MemberStarted, raftsim.MemberRefused, raftsim.ActionDone,
		raftsim.ActionSkipped, raftsim.PropertyBroken:
		return LineFault
	case raftsim.OpAnswered:
		return LineAnswer
	case raftsim.OpRefused:
		return LineRefused
	case raftsim.OpUnknown:
		return LineUnknown
	default:
		return LineOther
	}
}

// clip bounds a text that came from a user.
func clip(text string) string { return shorten(text, maxText) }

// shorten cuts a text to n characters, and what is not UTF-8 from it.
func shorten(text string, n int) string {
	text = strings.ToValidUTF8(text, "�")
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	end := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return text[:end] + "…"
}

// nthLargest is the value that n of a list are not smaller than.
func nthLargest(list []int64, n int) int64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)-n]
}
