package wal

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// tally counts what came of damage.
type tally struct{ whole, lost, dead, unnoticed int }

// Every bit of a log flipped. What it does to the record it hits, it is never
// served: the log ends before it, or it is proven loss.
func TestEveryBitFlip(t *testing.T) {
	b := small()
	var got tally
	for s := range b.segments {
		for bit := range 8 * len(b.segments[s]) {
			segments := slices.Clone(b.segments)
			segments[s] = bytes.Clone(segments[s])
			segments[s][bit/8] ^= 1 << (bit % 8)
			checkDamage(t, b, segments, &got)
		}
		// Without the newer segments the older ones are what the log is made of.
		for bit := range 8 * len(b.segments[0]) {
			segments := [][]byte{bytes.Clone(b.segments[0])}
			segments[0][bit/8] ^= 1 << (bit % 8)
			checkDamage(t, b, segments, &got)
		}
	}
	if got.whole == 0 || got.lost == 0 || got.dead == 0 || got.unnoticed == 0 {
		t.Errorf("some outcome was not met: %+v", got)
	}
}

// Every sequence of records zeroed.
func TestEveryGap(t *testing.T) {
	b := small()
	var got tally
	for i := range b.written {
		for j := i; j < len(b.written); j++ {
			segments := slices.Clone(b.segments)
			for _, w := range b.written[i : j+1] {
				segments[w.segment] = bytes.Clone(segments[w.segment])
				clear(segments[w.segment][w.at:w.end])
			}
			checkDamage(t, b, segments, &got)
		}
	}
}

// Damage of any size, anywhere, in any log.
func TestDamage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := begin()
		b.sync()
		b.known()
		b.grow(t, 12)
		segments := slices.Clone(b.segments)
		for range rapid.IntRange(1, 3).Draw(t, "places") {
			s := rapid.IntRange(0, len(segments)-1).Draw(t, "segment")
			data := bytes.Clone(segments[s])
			from := rapid.IntRange(0, len(data)-1).Draw(t, "from")
			for i := from; i < min(len(data), from+rapid.IntRange(1, 700).Draw(t, "length")); i++ {
				data[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
			}
			segments[s] = data
		}
		checkDamage(t, b, segments, new(tally))
	})
}

// checkDamage recovers a damaged log, and if synced records are gone without
// notice, checks that it was not to be noticed: they are the last ones, and
// nothing that is left knows that they were synced.
func checkDamage(t interface{ Fatalf(string, ...any) }, b *book, segments [][]byte, got *tally) {
	r, wrong := b.check(segments)
	if wrong != "" {
		t.Fatalf("%s", wrong)
	}
	switch {
	case r == nil:
		got.dead++
	case r.Loss != nil:
		got.lost++
		afterLoss(t, b, r, segments)
	case r.Writer.number >= b.synced:
		got.whole++
	default:
		got.unnoticed++
		for i, w := range b.written {
			if w.number > r.Writer.number+1 && w.through > r.Writer.number && b.left(segments, i) {
				t.Fatalf("record %d is gone, record %d proves it, and nobody notices", r.Writer.number+1, w.number)
			}
		}
	}
}

// afterLoss starts the member as a replica does: a Base with all that is left
// and what is known to be lost, in a new segment. A crash at any byte of that
// leaves the loss as it was, or noted; nothing is ever forgotten.
func afterLoss(t interface{ Fatalf(string, ...any) }, b *book, r *Recovery, segments [][]byte) {
	config := raft.Default(1)
	config.MinElectionTimeout, config.HeartbeatInterval = 100, 10
	config.ElectionTimeout = func(raft.ID, raft.Term, int) raft.Duration { return 100 }
	n, err := raft.Restore(config, *r.Base, r.Tail, r.Life+1)
	if err != nil {
		t.Fatalf("can't restore: %v", err)
	}
	newest := b.written[b.find(segments).newest].facts
	base := n.Base()
	if base.TermVote != newest.TermVote || base.Lost != r.Lost {
		t.Fatalf("%v and %v, want %v and %v", base.TermVote, base.Lost, newest.TermVote, r.Lost)
	}
	w := r.Writer
	start, anew := w.AppendStart(r.Life+1), w.Append(base)
	if start.Number != r.Writer.number+1 || !anew.Base {
		t.Fatalf("the new life begins with record %d behind %d", start.Number, r.Writer.number)
	}
	for _, size := range []int{0, 1, headerSize - 1, headerSize, len(anew.Data) - 1, len(anew.Data)} {
		for _, started := range []bool{false, true} {
			after := slices.Clone(segments)
			if started {
				last := len(after) - 1
				after[last] = append(slices.Clip(after[last]), start.Data...)
			}
			after = append(after, anew.Data[:size])
			again, err := Recover(after, StandardRules())
			switch {
			case err != nil:
				t.Fatalf("after loss: %v", err)
			case size < len(anew.Data) && (again.Loss == nil || again.Lost != r.Lost || again.Loss.Number != r.Loss.Number):
				t.Fatalf("loss of %v, a crash, and then %+v, lost %v", r.Lost, again.Loss, again.Lost)
			case size < len(anew.Data):
			case again.Loss != nil || again.Base.Lost != r.Lost || again.Base.TermVote != newest.TermVote || len(again.Tail) > 0 || again.Life != r.Life+1:
				t.Fatalf("after loss of %v is noted: %+v", r.Lost, again)
			}
		}
	}
}

// What the disk had before shows the way to what is lost now: a Base that noted
// loss is itself lost, and the records before it are still there.
func TestLossOfWhatNotedLoss(t *testing.T) {
	b := begin()
	b.write(raft.TermVote{Term: 2, Vote: 1})
	b.append("a", "b", "c")
	b.sync()
	b.known()
	lost := raft.Position{Term: 2, Index: 9}
	b.write(raft.Base{TermVote: raft.TermVote{Term: 2, Vote: 1}, Lost: lost, Snapshot: raft.Snapshot{Members: members}})
	b.sync()
	b.known()
	b.write(raft.TermVote{Term: 5, Vote: 2})
	segments := slices.Clone(b.segments)
	segments[1] = bytes.Clone(segments[1])
	segments[1][100] ^= 1
	r, wrong := b.check(segments)
	if wrong != "" || r.Loss == nil || r.Lost != lost || r.Tail[len(r.Tail)-2] != (raft.TermVote{Term: 5, Vote: 2}) {
		t.Errorf("%s %+v; want loss of %v in term 5", wrong, r, lost)
	}
}

// A log does not contain parts of another one.
func TestForeignRecords(t *testing.T) {
	a, b := begin(), begin()
	a.write(raft.TermVote{Term: 1, Vote: 1})
	a.append("a")
	b.write(raft.TermVote{Term: 1, Vote: 2})
	b.append("b")
	from := b.written[2].end
	data := append(bytes.Clone(a.segments[0][:from]), b.segments[0][from:]...)
	if r, wrong := a.check([][]byte{data}); wrong != "" || r.Writer.number != 3 {
		t.Errorf("%+v: %s", r, wrong)
	}
}

// Nothing at all, or nothing that was ever promised: a first start.
func TestEmpty(t *testing.T) {
	first := play(2).segments[0]
	for name, segments := range map[string][][]byte{
		"no files": nil, "an empty file": {nil}, "two": {nil, nil}, "zeros": {make([]byte, 999)},
		"half a Base": {first[:50]}, "the second record of the first write": {append(make([]byte, 100), first[100:]...)},
	} {
		r, err := Recover(segments, StandardRules())
		if err != nil || r.Base != nil || r.Loss != nil || r.Cut != (Cut{}) || r.Writer != (Writer{}) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// Records that are whole but can't follow one another: no crash leaves such.
func TestContradictions(t *testing.T) {
	forge := func(w *Writer, kind uint16, payload ...byte) []byte {
		return w.finish(kind, append(w.begin(kind, 0), payload...)).Data
	}
	tests := []struct {
		name string
		make func(w *Writer) []byte
		want string
	}{
		{"unknown kind", func(w *Writer) []byte { return forge(w, 77) }, "kind 77 is unknown"},
		{"a life again", func(w *Writer) []byte { return w.AppendStart(1).Data }, "life"},
		{"more than a life", func(w *Writer) []byte { w.state.life++; return forge(w, kindStart, 2) }, "does not decode"},
		{"no entries", func(w *Writer) []byte { return forge(w, kindAppend, 0) }, "does not decode"},
		{"nothing", func(w *Writer) []byte { return forge(w, kindAppend) }, "does not decode"},
		{"fewer entries than it says", func(w *Writer) []byte { return forge(w, kindAppend, 0xff, 0xff, 0xff, 0xff, 0x7f) }, "does not decode"},
		{"an entry longer than the record", func(w *Writer) []byte { return forge(w, kindAppend, 1, 1, 1, 0, 1, 1, 1, 99, 'x') }, "does not decode"},
		{"a kind of entry that does not exist", func(w *Writer) []byte { return forge(w, kindAppend, 1, 1, 1, 99, 1, 1, 1, 0) }, "does not decode"},
		{"more voters than it says", func(w *Writer) []byte { return forge(w, kindBase, 1, 1, 0, 0, 1, 2) }, "does not decode"},
		{"a Base that is not what it says", func(w *Writer) []byte { return append(forge(w, kindBase, 0, 0, 0, 0, 3), 0) }, "does not decode"},
		{"an earlier term", func(w *Writer) []byte { return w.Append(raft.TermVote{Term: 1}).Data }, "earlier"},
		{"another term than before", func(w *Writer) []byte {
			w.state.term = 9
			return w.Append(&raft.Append{Entries: []raft.Entry{{Term: 1, Index: 1}}}).Data
		}, "contradicts"},
		{"another vote than before", func(w *Writer) []byte {
			w.state.vote = 9
			return w.Append(&raft.Append{Entries: []raft.Entry{{Term: 1, Index: 1}}}).Data
		}, "contradicts"},
		{"another log than before", func(w *Writer) []byte {
			w.state.last = raft.Position{Term: 1, Index: 1}
			return w.Append(raft.TermVote{Term: 3}).Data
		}, "contradicts"},
		{"another loss than before", func(w *Writer) []byte {
			w.state.lost = raft.Position{Term: 1, Index: 1}
			return w.Append(raft.TermVote{Term: 3}).Data
		}, "contradicts"},
		{"synced before it was written", func(w *Writer) []byte {
			w.through = w.number + 1
			return w.Append(raft.TermVote{Term: 3}).Data
		}, "synced before"},
		{"loss, and the term goes back", func(w *Writer) []byte {
			w.number++
			w.through, w.state.term = w.number, 1
			return forge(w, kindTermVote)
		}, "earlier"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := begin()
			b.write(raft.TermVote{Term: 2})
			r, err := Recover([][]byte{append(b.segments[0], test.make(&b.writer)...)}, StandardRules())
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.As(err, new(*ContradictionError)) {
				t.Errorf("recovery returns %+v, %v; want an error that says %q", r, err, test.want)
			}
		})
	}
}

// Another version is not taken for damage.
func TestVersion(t *testing.T) {
	b := small()
	for _, w := range b.written {
		data := bytes.Clone(b.segments[w.segment])
		record := data[w.at:w.end]
		record[versionOffset]++
		crc := checksum(record)
		for i := range 4 {
			record[crcOffset+i] = byte(crc >> (8 * i))
		}
		segments := slices.Clone(b.segments)
		segments[w.segment] = data
		var version *VersionError
		if _, err := Recover(segments, StandardRules()); !errors.As(err, &version) || *version != (VersionError{Place{w.segment, int64(w.at)}, Version + 1}) {
			t.Errorf("record %d: %v", w.number, err)
		}
	}
}

// The first record, and the first one after loss, is a Base.
func TestNothingWithoutBase(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a TermVote without a Base before it is written")
		}
	}()
	var w Writer
	w.AppendStart(1)
	w.Append(raft.TermVote{Term: 1})
}
