package wal

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// A power loss at every write boundary of the script: every subset of the
// sectors that were not synced, and the tail cut and zeroed from every byte on.
// What was synced is there, and what is written next goes on from it.
func TestEveryCrash(t *testing.T) {
	const sector = 64
	images := 0
	for n := range len(script) + 1 {
		b := play(n)
		dirty := b.dirty(sector)
		if len(dirty) > 12 {
			t.Fatalf("%d sectors are too many for this test", len(dirty))
		}
		for kept := range 1 << len(dirty) {
			checkCrash(t, b, b.crash(sector, dirty, func(i int) bool { return kept>>i&1 == 1 }))
			images++
		}
		last := len(b.segments) - 1
		for at := b.syncedSize(last); last >= 0 && at < len(b.segments[last]); at++ {
			cut := slices.Clone(b.segments)
			cut[last] = cut[last][:at:at]
			checkCrash(t, b, cut)
			zeroed := slices.Clone(b.segments)
			zeroed[last] = bytes.Clone(zeroed[last])
			clear(zeroed[last][at:])
			checkCrash(t, b, zeroed)
			images += 2
		}
	}
	if images < 5000 {
		t.Errorf("only %d images", images)
	}
}

// Random logs, large sectors.
func TestCrashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := begin()
		b.sync()
		b.known()
		b.grow(t, 12)
		sector := rapid.SampledFrom([]int{8, 64, 512}).Draw(t, "sector")
		dirty := b.dirty(sector)
		kept := rapid.SliceOfN(rapid.Bool(), len(dirty), -1).Draw(t, "kept")
		checkCrash(t, b, b.crash(sector, dirty, func(i int) bool { return kept[i] }))
	})
}

// grow writes random records that fit together.
func (b *book) grow(t *rapid.T, most int) {
	for range rapid.IntRange(0, most).Draw(t, "records") {
		switch rapid.IntRange(0, 10).Draw(t, "record") {
		case 0:
			term := b.now.Term + raft.Term(rapid.IntRange(1, 300).Draw(t, "more"))
			b.write(raft.TermVote{Term: term, Vote: raft.ID(rapid.IntRange(0, 3).Draw(t, "vote"))})
		case 1:
			if len(b.log) > b.floor {
				b.write(raft.Truncate{Last: append([]raft.Position{{}}, b.log...)[rapid.IntRange(b.floor, len(b.log)-1).Draw(t, "last")]})
			}
		case 2:
			b.sync()
		case 3:
			b.known()
		case 4:
			b.write(raft.Base{TermVote: b.now.TermVote, Lost: b.now.lost, Snapshot: raft.Snapshot{Last: b.last(), Members: members}})
		default:
			b.append(rapid.SliceOfN(rapid.StringN(0, 40, 600), 1, 4).Draw(t, "data")...)
		}
	}
}

// syncedSize is how many bytes of a segment are durable.
func (b *book) syncedSize(segment int) int {
	size := 0
	for _, w := range b.written {
		if w.segment == segment && w.number <= b.synced {
			size = w.end
		}
	}
	return size
}

// dirty are the sectors, of all segments, that were written since the last sync.
func (b *book) dirty(sector int) (list [][2]int) {
	for s := range b.segments {
		if from := b.syncedSize(s); from < len(b.segments[s]) {
			for i := from / sector; i*sector < len(b.segments[s]); i++ {
				list = append(list, [2]int{s, i})
			}
		}
	}
	return list
}

// crash keeps what is synced and some of the dirty sectors.
func (b *book) crash(sector int, dirty [][2]int, kept func(i int) bool) [][]byte {
	image := make([][]byte, len(b.segments))
	for s := range image {
		image[s] = bytes.Clone(b.segments[s][:b.syncedSize(s)])
	}
	for i, d := range dirty {
		if !kept(i) {
			continue
		}
		s, from := d[0], d[1]*sector
		to := min(from+sector, len(b.segments[s]))
		for len(image[s]) < to {
			image[s] = append(image[s], 0)
		}
		copy(image[s][from:to], b.segments[s][from:to])
	}
	return image
}

// checkCrash checks what a crash has left: it must be whole up to what was synced at least.
func checkCrash(t interface{ Fatalf(string, ...any) }, b *book, segments [][]byte) {
	r, wrong := b.check(segments)
	switch {
	case wrong != "":
		t.Fatalf("%s", wrong)
	case r == nil || r.Loss != nil:
		t.Fatalf("a crash is taken for loss")
	case r.Writer.number < b.synced:
		t.Fatalf("%d records are left, %d were synced", r.Writer.number, b.synced)
	}
	goOn(t, b, r, segments)
}

// goOn begins a new life behind a torn tail, and recovers again.
func goOn(t interface{ Fatalf(string, ...any) }, b *book, r *Recovery, segments [][]byte) {
	next := &book{writer: r.Writer, segments: cutAt(segments, r.Cut)}
	for _, w := range b.written {
		if r.Base != nil && w.number <= r.Writer.number {
			next.written = append(next.written, w)
			next.now = w.facts
		}
	}
	if r.Base == nil {
		next.write(raft.Base{Snapshot: raft.Snapshot{Members: members}})
	}
	next.start(r.Life + 1)
	next.write(raft.TermVote{Term: next.now.Term + 1, Vote: 2})
	again, wrong := next.check(next.segments)
	if wrong != "" || again.Torn || again.Life != r.Life+1 || again.Writer.number != next.writer.number {
		t.Fatalf("after %d records, then more: %s %+v", r.Writer.number, wrong, again)
	}
}

func cutAt(segments [][]byte, c Cut) [][]byte {
	if len(segments) == 0 {
		return nil
	}
	kept := slices.Clone(segments[:c.Segment+1])
	kept[c.Segment] = bytes.Clone(kept[c.Segment][:c.Size])
	if c.Size == 0 {
		return kept[:c.Segment]
	}
	return kept
}

// Segments before the last Base don't matter: they may be gone, or damaged.
func TestOldSegments(t *testing.T) {
	b := small()
	want, wrong := b.check(b.segments)
	if wrong != "" || want.Base.Snapshot.Size == 0 {
		t.Fatal(wrong)
	}
	old := b.segments[0]
	for name, segments := range map[string][][]byte{
		"gone":    b.segments[1:],
		"damaged": {bytes.Repeat([]byte("cast"), 99), b.segments[1]},
		"cut":     {old[:300], b.segments[1]},
		"a part":  {old[300:], b.segments[1]},
		"in two":  {old[:b.written[3].end], old[b.written[3].end:], b.segments[1]},
	} {
		r, err := Recover(segments, StandardRules())
		if err != nil || r.Writer != want.Writer || r.Torn || r.Cut.Segment != len(segments)-1 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// Both rules, replaced: this is what they are there for.
func TestRules(t *testing.T) {
	b := small()
	torn := slices.Clone(b.segments)
	torn[1] = torn[1][:len(torn[1])-1]
	rules := StandardRules()
	rules.MayCutTail = func() bool { return false }
	if _, err := Recover(torn, rules); !errors.As(err, new(*TornTailError)) {
		t.Errorf("a torn tail that may not be cut: %v", err)
	}
	if _, err := Recover([][]byte{b.segments[0][:50]}, rules); !errors.As(err, new(*TornTailError)) {
		t.Errorf("a torn first record that may not be cut: %v", err)
	}
	if r, err := Recover(b.segments, rules); err != nil || r.Torn {
		t.Errorf("a whole log: %+v, %v", r, err)
	}
	middle := slices.Clone(b.segments)
	middle[1] = bytes.Clone(middle[1])
	middle[1][b.written[12].at] ^= 1 // an entry
	if r, err := Recover(middle, StandardRules()); err != nil || r.Loss == nil {
		t.Errorf("a torn middle: %+v, %v", r, err)
	}
	rules = StandardRules()
	rules.ProvesLoss = func(uint64, uint64) bool { return false }
	if r, err := Recover(middle, rules); err != nil || r.Loss != nil || !r.Torn {
		t.Errorf("a torn middle that nothing proves: %+v, %v", r, err)
	}
}
