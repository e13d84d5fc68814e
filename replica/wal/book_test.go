package wal

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// book is a log as it was written, with what recovery should make of it, found
// without looking at a byte of a header.
type book struct {
	segments [][]byte
	writer   Writer
	written  []written
	// synced is the number of the last record that is durable.
	synced uint64

	now facts
	log []raft.Position
	// floor is the index that the snapshot covers: nothing is truncated before it.
	floor int
}

// written is a record, what the log adds up to with it, and where it stands.
type written struct {
	record  any // raft.Life for a Start
	number  uint64
	through uint64
	facts   facts
	segment int
	at, end int
}

type facts struct {
	life raft.Life
	raft.TermVote
	last, lost raft.Position
}

func (b *book) note(r any, e Encoded) {
	if e.Base || len(b.segments) == 0 {
		b.segments = append(b.segments, nil)
	}
	s := len(b.segments) - 1
	at := len(b.segments[s])
	b.segments[s] = append(b.segments[s], e.Data...)
	b.written = append(b.written, written{r, e.Number, b.writer.through, b.now, s, at, len(b.segments[s])})
}

func (b *book) start(life raft.Life) {
	b.now.life = life
	b.note(life, b.writer.AppendStart(life))
}

func (b *book) write(r raft.Record) {
	switch r := r.(type) {
	case raft.Base:
		b.now.TermVote, b.now.lost = r.TermVote, r.Lost
		b.floor = int(r.Snapshot.Last.Index)
		b.log = make([]raft.Position, b.floor)
		if n := len(b.log); n > 0 {
			b.log[n-1] = r.Snapshot.Last
		}
		b.extend(r.Entries)
	case raft.TermVote:
		b.now.TermVote = r
	case *raft.Append:
		b.extend(r.Entries)
	case raft.Truncate:
		b.log = b.log[:r.Last.Index]
	case raft.Loss:
		b.now.lost = r.Last
	}
	b.now.last = b.last()
	b.note(r, b.writer.Append(r))
}

func (b *book) extend(entries []raft.Entry) {
	for i := range entries {
		b.log = append(b.log, entries[i].Position())
	}
}

// sync makes everything durable; the writer may not know it yet.
func (b *book) sync() { b.synced = b.writer.Number() }

// known lets the writer know what is synced.
func (b *book) known() { b.writer.Synced(b.synced) }

func (b *book) last() raft.Position {
	if len(b.log) == 0 {
		return raft.Position{}
	}
	return b.log[len(b.log)-1]
}

// append adds entries of the book's term.
func (b *book) append(data ...string) {
	var a raft.Append
	for i, d := range data {
		a.Entries = append(a.Entries, raft.Entry{
			Term: b.now.Term, Index: b.last().Index + raft.Index(i+1), Data: d,
			Request: raft.RequestID{Member: 2, Life: 1, Sequence: uint64(len(b.log)+i) * 100},
		})
	}
	b.write(&a)
}

var members = raft.Configuration{Voters: []raft.ID{1, 2, 3}}

// begin opens a log as a new member does.
func begin() *book {
	b := &book{}
	b.write(raft.Base{Snapshot: raft.Snapshot{Members: members}})
	b.start(1)
	return b
}

// act is one step in the making of a log.
type act func(b *book)

func sync(b *book)  { b.sync() }
func known(b *book) { b.known() }

// script is the making of a log of two lives, with every kind of record, two
// Bases, and syncs that end later than the next writes.
var script = []act{
	func(b *book) { b.write(raft.Base{Snapshot: raft.Snapshot{Members: members}}) },
	func(b *book) { b.start(1) },
	sync, known,
	func(b *book) { b.write(raft.TermVote{Term: 1, Vote: 1}) },
	sync, known,
	func(b *book) { b.append("") },
	func(b *book) { b.append("put x 1", "put x 2") },
	sync,
	func(b *book) { b.append("put x 3") },
	known,
	sync,
	func(b *book) { b.start(2) },
	known,
	func(b *book) { b.write(raft.TermVote{Term: 3, Vote: 3}) },
	func(b *book) { b.write(raft.Truncate{Last: b.log[1]}) },
	func(b *book) { b.append("put y 1") },
	sync, known,
	func(b *book) {
		b.write(raft.Base{
			TermVote: b.now.TermVote, Lost: raft.Position{Term: 2, Index: 7},
			Snapshot: raft.Snapshot{Last: b.log[1], Members: members, Size: 1 << 40, Checksum: 1<<64 - 1},
			Entries:  []raft.Entry{{Term: 3, Index: 3, Data: "put y 1"}},
		})
	},
	func(b *book) { b.append("put y 2") },
	sync, known,
	func(b *book) { b.write(raft.Loss{}) },
	func(b *book) { b.append("put z 1") },
	sync,
	func(b *book) { b.write(raft.TermVote{Term: 4, Vote: 2}) },
	known,
	func(b *book) { b.append("put z 2") },
}

// play is the log after the first n acts.
func play(n int) *book {
	b := &book{}
	for _, act := range script[:n] {
		act(b)
	}
	return b
}

func small() *book { return play(len(script)) }

// read is what recovery should find in segments, given what was written.
type read struct {
	// base is the index in written of the last Base that is left, end that of the
	// first record behind it that is not. -1 if there is no Base.
	base, end int
	// proof and newest are the indexes of records behind the end; -1 if there are none.
	proof, newest int
}

// find works out what should be read.
func (b *book) find(segments [][]byte) read {
	r := read{-1, -1, -1, -1}
	left := make([]bool, len(b.written))
	for i, w := range b.written {
		left[i] = b.left(segments, i)
		if _, ok := w.record.(raft.Base); ok && left[i] {
			r.base = i
		}
	}
	bad := uint64(1)
	if r.base >= 0 {
		for r.end = r.base + 1; r.end < len(left) && left[r.end]; r.end++ {
		}
		bad = b.written[r.end-1].number + 1
	}
	for i := range left {
		if w := &b.written[i]; left[i] {
			r.newest = i
			if w.number > bad && w.through >= bad && r.proof < 0 {
				r.proof = i
			}
		}
	}
	return r
}

// left reports whether a record stands in segments as it was written.
func (b *book) left(segments [][]byte, i int) bool {
	w := &b.written[i]
	return w.segment < len(segments) && w.end <= len(segments[w.segment]) &&
		bytes.Equal(segments[w.segment][w.at:w.end], b.segments[w.segment][w.at:w.end])
}

// check recovers segments, and says what is wrong with the result, empty if nothing is.
func (b *book) check(segments [][]byte) (*Recovery, string) {
	want := b.find(segments)
	got, err := Recover(segments, StandardRules())
	if want.base < 0 && want.proof >= 0 {
		if !errors.As(err, new(*NoBaseError)) {
			return got, fmt.Sprintf("%+v, %v; want a NoBaseError", got, err)
		}
		return nil, ""
	}
	if err != nil {
		return nil, err.Error()
	}
	return got, b.compare(got, want)
}

func (b *book) compare(got *Recovery, want read) string {
	if want.base < 0 {
		if got.Base != nil || got.Loss != nil || got.Writer != (Writer{}) || got.Cut != (Cut{}) {
			return fmt.Sprintf("%+v; want an empty log", got)
		}
		return ""
	}
	last := b.written[want.end-1]
	base, _ := b.written[want.base].record.(raft.Base)
	var tail []raft.Record
	for _, w := range b.written[want.base+1 : want.end] {
		if r, ok := w.record.(raft.Record); ok {
			tail = append(tail, r)
		}
	}
	switch {
	case want.proof >= 0:
		if s := b.compareLoss(got, want); s != "" {
			return s
		}
		got = &Recovery{Base: got.Base, Tail: got.Tail[:len(got.Tail)-2]}
	case got.Loss != nil:
		return fmt.Sprintf("loss of record %d, which nothing proves", got.Loss.Number)
	case got.Writer.number != last.number || got.Writer.through != last.number || got.Cut != (Cut{last.segment, int64(last.end)}):
		return fmt.Sprintf("the log ends with record %d at %v; want %d at %d of segment %d",
			got.Writer.number, got.Cut, last.number, last.end, last.segment)
	}
	if !reflect.DeepEqual(*got.Base, base) {
		return fmt.Sprintf("base\n%v, want\n%v", *got.Base, base)
	}
	if !slices.EqualFunc(got.Tail, tail, func(a, b raft.Record) bool { return reflect.DeepEqual(a, b) }) {
		return fmt.Sprintf("tail\n%v, want\n%v", got.Tail, tail)
	}
	return ""
}

// compareLoss checks that nothing is forgotten of what the newest record knows.
func (b *book) compareLoss(got *Recovery, want read) string {
	bad, newest := b.written[want.end], b.written[want.newest]
	wantLoss := Loss{b.written[want.end-1].number + 1, Place{b.written[want.end-1].segment, int64(b.written[want.end-1].end)}, b.written[want.proof].number}
	if got.Loss == nil || *got.Loss != wantLoss {
		return fmt.Sprintf("record %d is lost, as record %d proves; got %+v", bad.number, b.written[want.proof].number, got.Loss)
	}
	reached := b.written[want.end-1].facts.last
	for _, promised := range []raft.Position{newest.facts.last, newest.facts.lost} {
		if !raft.UpToDate(reached, promised) && !raft.UpToDate(got.Lost, promised) {
			return fmt.Sprintf("the log went to %v, it reaches %v, and lost is %v", promised, reached, got.Lost)
		}
	}
	if got.Lost != (raft.Position{}) && got.Lost != newest.facts.last && got.Lost != newest.facts.lost {
		return fmt.Sprintf("lost is %v, the log went to %v", got.Lost, newest.facts.last)
	}
	n := len(got.Tail)
	switch {
	case got.Life < newest.facts.life:
		return fmt.Sprintf("life %d, want %d", got.Life, newest.facts.life)
	case n < 2 || got.Tail[n-2] != newest.facts.TermVote || got.Tail[n-1] != raft.Loss{Last: got.Lost}:
		return fmt.Sprintf("the tail ends with %v; want %v and a loss", got.Tail, newest.facts.TermVote)
	case got.Torn || got.Writer.number != newest.number || got.Writer.based:
		return fmt.Sprintf("the log goes on with %+v behind record %d", got.Writer, newest.number)
	}
	return ""
}
