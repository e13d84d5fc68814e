package wal

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// Describe is the last records of a segment, or of its tail, in words, at most so many.
// What is damaged is passed over.
func Describe(segment []byte, most int) []string {
	records, err := scan([][]byte{segment})
	if err != nil {
		return []string{err.Error()}
	}
	var words []string
	for i := max(0, len(records)-most); i < len(records); i++ {
		words = append(words, records[i].words())
	}
	return words
}

func (r *record) words() string {
	p := r.payload()
	what := ""
	switch r.kind {
	case kindBase:
		b := p.base(r.state)
		what = fmt.Sprintf("a log begins: term %d, vote %s", r.term, voteWords(r.vote))
		if b.Snapshot.Last.Index > 0 {
			what += fmt.Sprintf(", a snapshot up to %v", b.Snapshot.Last)
		}
		if n := len(b.Entries); n > 0 {
			what += fmt.Sprintf(", %d entries", n)
		}
	case kindStart:
		what = fmt.Sprintf("life %d starts", r.life)
	case kindTermVote:
		what = fmt.Sprintf("term %d, vote %s", r.term, voteWords(r.vote))
	case kindAppend:
		what = appendWords(p.entries())
	case kindTruncate:
		what = fmt.Sprintf("the log ends at %v", r.last)
	case kindLoss:
		what = fmt.Sprintf("the log was lost from somewhere up to %v", r.lost)
	default:
		what = fmt.Sprintf("kind %d", r.kind)
	}
	return fmt.Sprintf("%d: %s", r.number, what)
}

func voteWords(id raft.ID) string {
	if id == 0 {
		return "none"
	}
	return fmt.Sprintf("S%d", id)
}

func appendWords(entries []raft.Entry) string {
	switch len(entries) {
	case 0:
		return "no entries"
	case 1:
		return fmt.Sprintf("entry %v", entries[0].Position())
	}
	return fmt.Sprintf("entries %v to %v", entries[0].Position(), entries[len(entries)-1].Position())
}
