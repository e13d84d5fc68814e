package wal

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// book is a log as it was written, with what recovery should make of it.
type book struct {
	data   []byte
	writer Writer
	// records are what was written, a Start or a raft.Record each; ends[i] is
	// where records[i] ends, through[i] what it says was synced.
	records []any
	ends    []int64
	through []uint64
	// synced is the number of bytes that were synced.
	synced int64

	term raft.Term
	log  []raft.Position
}

func (b *book) note(r any) {
	b.records = append(b.records, r)
	b.ends = append(b.ends, int64(len(b.data)))
	b.through = append(b.through, b.writer.through)
}

func (b *book) start(life raft.Life) {
	b.data = b.writer.AppendStart(b.data, Start{life})
	b.note(Start{life})
}

func (b *book) write(r raft.Record) {
	b.data = b.writer.Append(b.data, r)
	b.note(r)
	switch r := r.(type) {
	case raft.TermVote:
		b.term = r.Term
	case *raft.Append:
		for i := range r.Entries {
			b.log = append(b.log, r.Entries[i].Position())
		}
	case raft.Truncate:
		b.log = b.log[:r.Last.Index]
	}
}

// sync makes everything durable and lets the writer know.
func (b *book) sync() {
	b.synced = int64(len(b.data))
	b.writer.Synced(b.writer.Number())
}

// last is where the log ends.
func (b *book) last() raft.Position {
	if len(b.log) == 0 {
		return raft.Position{}
	}
	return b.log[len(b.log)-1]
}

// entry is the next one, of the book's term.
func (b *book) entry(data string) raft.Entry {
	return raft.Entry{
		Term: b.term, Index: b.last().Index + 1, Data: data,
		Request: raft.RequestID{Member: 2, Life: 1, Sequence: uint64(len(b.log)) * 100},
	}
}

func (b *book) append(data ...string) {
	var a raft.Append
	for _, d := range data {
		e := b.entry(d)
		e.Index += raft.Index(len(a.Entries))
		a.Entries = append(a.Entries, e)
	}
	b.write(&a)
}

// begin opens a log as a new member does.
func begin() *book {
	b := &book{}
	b.start(1)
	b.write(raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1, 2, 3}}}})
	return b
}

// small is a log of two lives and every kind of record, synced in batches.
func small() *book {
	b := begin()
	b.sync()
	b.write(raft.TermVote{Term: 1, Vote: 1})
	b.sync()
	b.append("")
	b.append("put x 1", "put x 2")
	b.sync()
	b.start(2)
	b.write(raft.TermVote{Term: 2, Vote: 3})
	b.write(raft.Truncate{Last: b.log[1]})
	b.append("put y 1")
	return b
}

// prefix is how many records end at or before byte n.
func (b *book) prefix(n int64) int {
	k, found := slices.BinarySearch(b.ends, n)
	if found {
		k++
	}
	return k
}

// end of the first k records.
func (b *book) end(k int) int64 {
	if k == 0 {
		return 0
	}
	return b.ends[k-1]
}

// expect says how a recovery differs from the first k records, empty if not.
func (b *book) expect(r *Recovery, k int) string {
	var base *raft.Base
	var tail []raft.Record
	var life raft.Life
	for _, x := range b.records[:k] {
		switch x := x.(type) {
		case Start:
			life = x.Life
		case raft.Base:
			base, tail = &x, nil
		case raft.Record:
			tail = append(tail, x)
		}
	}
	switch {
	case r.Valid != b.end(k) || r.Writer.Number() != uint64(k):
		return fmt.Sprintf("%d bytes and %d records are good; want %d and %d", r.Valid, r.Writer.Number(), b.end(k), k)
	case r.Life != life:
		return fmt.Sprintf("life %d, want %d", r.Life, life)
	case (r.Base == nil) != (base == nil) || base != nil && fmt.Sprint(*r.Base) != fmt.Sprint(*base):
		return fmt.Sprintf("base %v, want %v", r.Base, base)
	case !reflect.DeepEqual(r.Tail, tail):
		return fmt.Sprintf("tail\n%s, want\n%s", spell(r.Tail), spell(tail))
	}
	return ""
}

// spell prints records with what they point to.
func spell(records []raft.Record) string {
	var b strings.Builder
	for _, r := range records {
		fmt.Fprintf(&b, "%T%v ", r, reflect.Indirect(reflect.ValueOf(r)))
	}
	return b.String()
}

// grow writes random records that fit together.
func (b *book) grow(t *rapid.T, label string, most int) {
	for range rapid.IntRange(0, most).Draw(t, label) {
		switch rapid.IntRange(0, 9).Draw(t, "record") {
		case 0:
			term := b.term + raft.Term(rapid.IntRange(1, 300).Draw(t, "more"))
			b.write(raft.TermVote{Term: term, Vote: raft.ID(rapid.IntRange(0, 3).Draw(t, "vote"))})
		case 1:
			if len(b.log) > 0 {
				b.write(raft.Truncate{Last: append([]raft.Position{{}}, b.log...)[rapid.IntRange(0, len(b.log)-1).Draw(t, "last")]})
			}
		case 2, 3:
			b.sync()
		default:
			b.append(rapid.SliceOfN(rapid.StringN(0, 40, 600), 1, 4).Draw(t, "data")...)
		}
	}
}
