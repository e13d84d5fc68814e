package wal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden log in testdata")

// What was written is what is read, and the writer goes on as if it had never
// stopped, whatever a driver puts between the records.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := begin()
		b.grow(t, 12)
		b.sync()
		b.known()
		if r, wrong := b.check(b.segments); wrong != "" || r.Writer != b.writer {
			t.Fatalf("%s; the writer goes on from %+v, want %+v", wrong, r.Writer, b.writer)
		}
		apart := make([][]byte, len(b.segments))
		for _, w := range b.written {
			between := rapid.SliceOfN(rapid.SampledFrom([]byte("\x00\xffcast")), 0, 5).Draw(t, "between")
			apart[w.segment] = append(append(apart[w.segment], between...), b.segments[w.segment][w.at:w.end]...)
		}
		if r, err := Recover(apart, StandardRules()); err != nil || r.Writer != b.writer {
			t.Fatalf("with gaps: %+v, %v", r, err)
		}
	})
}

// The format can't change unnoticed: a log written today must be read by all
// versions to come, or be refused by its version.
func TestGoldenLog(t *testing.T) {
	const file = "testdata/small.hex"
	got := ""
	for _, s := range small().segments {
		got += hex.Dump(s)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Fatalf("%v; the log's bytes are not those of %s; got:\n%s", err, file, got)
	}
}

// A client may store anything, records of a log too. In a torn tail they prove nothing.
func TestRecordAsValue(t *testing.T) {
	forged := Writer{number: 1000, through: 1000, based: true}
	value := string(forged.Append(raft.TermVote{Term: 1}).Data)
	for pad := range 9 {
		b := begin()
		b.sync()
		b.known()
		b.write(raft.TermVote{Term: 1, Vote: 1})
		b.append(strings.Repeat(".", pad) + value)
		data := bytes.Clone(b.segments[0])
		clear(data[b.written[1].end:b.written[2].end])
		if r, wrong := b.check([][]byte{data}); wrong != "" || r.Writer.number != 2 {
			t.Fatalf("after %d bytes: %s %+v", pad, wrong, r)
		}
	}
}

// Values that look like a record at every byte, under many masks.
func TestMask(t *testing.T) {
	var words []byte
	for m := range uint32(300) {
		for range 4 {
			words = binary.LittleEndian.AppendUint32(words, binary.LittleEndian.Uint32(magicBytes)^m)
		}
		words = append(words, 'c') // the next ones stand at another offset
	}
	b := begin()
	for pad := range 4 {
		b.append(strings.Repeat(".", pad) + string(words))
	}
	b.append(strings.Repeat("cast", 1000), strings.Repeat("cas", 1000))
	if _, wrong := b.check(b.segments); wrong != "" {
		t.Fatal(wrong)
	}
	if found := bytes.Count(b.segments[0], magicBytes); found != len(b.written) {
		t.Errorf("%d places look like the start of %d records", found, len(b.written))
	}
}

func TestMaskAgainstSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Under many low masks, the magic stands somewhere in this.
		var payload []byte
		for _, m := range rapid.SliceOfN(rapid.Uint32Range(0, 12), 0, 40).Draw(t, "masks") {
			payload = append(payload, "...."[:rapid.IntRange(0, 3).Draw(t, "pad")]...)
			for i := range magic {
				payload = append(payload, magic[i]^byte(m>>(8*(len(payload)%4))))
			}
		}
		want := uint32(0)
		for ; ; want++ {
			masked := bytes.Clone(payload)
			xor(masked, want)
			if !bytes.Contains(masked, magicBytes) {
				xor(masked, want)
				if !bytes.Equal(masked, payload) {
					t.Fatal("masked twice it is not what it was")
				}
				break
			}
		}
		if got := chooseMask(payload); got != want {
			t.Fatalf("mask %d, the lowest is %d", got, want)
		}
	})
}

// FuzzRecover: whatever stands on the disk, recovery ends, and what it took for
// good it takes for good again. Repaired, the records have the checksums of
// what stands in them, so that it comes to that.
func FuzzRecover(f *testing.F) {
	b := small()
	for _, repaired := range []bool{false, true} {
		f.Add(b.segments[0], b.segments[1], repaired)
		f.Add(b.segments[0], []byte(nil), repaired)
		f.Add(b.segments[0][:400], b.segments[0][600:], repaired)
		f.Add(b.segments[1][300:], b.segments[0], repaired)
	}
	f.Fuzz(func(t *testing.T, first, second []byte, repaired bool) {
		segments := [][]byte{bytes.Clone(first), bytes.Clone(second)}
		if repaired {
			repair(segments)
		}
		r, err := Recover(segments, StandardRules())
		if err != nil {
			return
		}
		if r.Cut.Segment < 0 || r.Cut.Segment > 1 || r.Cut.Size < 0 || r.Cut.Size > int64(len(segments[r.Cut.Segment])) {
			t.Fatalf("cut at %v", r.Cut)
		}
		if r.Base == nil || r.Life+1 == 0 {
			return
		}
		kept := cutAt(segments, r.Cut)
		again, err := Recover(kept, StandardRules())
		if err != nil || again.Torn || again.Writer != r.Writer || len(again.Tail) != len(r.Tail) || again.Lost != r.Lost {
			t.Fatalf("recovery of what was good: %+v, %v; want %+v", again, err, r)
		}
		w := r.Writer
		if r.Loss != nil {
			kept = append(kept, w.Append(*r.Base).Data)
		}
		last := len(kept) - 1
		kept[last] = append(kept[last], w.AppendStart(r.Life+1).Data...)
		more, err := Recover(kept, StandardRules())
		if r.Loss == nil && (err != nil || more.Writer.number != w.number || more.Life != r.Life+1) {
			t.Fatalf("a record behind what was good: %+v, %v", more, err)
		}
	})
}

// repair numbers the records of a log and chains them.
func repair(segments [][]byte) {
	var number uint64
	var crc uint32
	for _, b := range segments {
		for len(b) >= headerSize {
			size := frameSize + int(binary.LittleEndian.Uint32(b[lengthOffset:]))
			if size > len(b) || size < headerSize {
				break
			}
			number++
			copy(b, magic)
			binary.LittleEndian.PutUint16(b[versionOffset:], Version)
			binary.LittleEndian.PutUint64(b[numberOffset:], number)
			binary.LittleEndian.PutUint32(b[previousOffset:], crc)
			crc = checksum(b[:size])
			binary.LittleEndian.PutUint32(b[crcOffset:], crc)
			b = b[size:]
		}
	}
}

// entries is a log of 10,000 entries of about 100 bytes, a record each.
func entries() (w Writer, list []*raft.Append) {
	w.Append(raft.Base{Snapshot: raft.Snapshot{Members: members}})
	for i := range 10000 {
		list = append(list, &raft.Append{Entries: []raft.Entry{{
			Term: 1, Index: raft.Index(i + 1), Data: strings.Repeat("v", 100),
			Request: raft.RequestID{Member: 1, Life: 1, Sequence: uint64(i)},
		}}})
	}
	return w, list
}

func BenchmarkEncode(b *testing.B) {
	w, list := entries()
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		size = 0
		for _, r := range list {
			size += len(w.Append(r).Data)
		}
	}
	b.SetBytes(int64(size))
}

func BenchmarkRecover(b *testing.B) {
	var w Writer
	log := w.Append(raft.Base{TermVote: raft.TermVote{Term: 1}, Snapshot: raft.Snapshot{Members: members}}).Data
	_, list := entries()
	for _, r := range list {
		log = append(log, w.Append(r).Data...)
	}
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Recover([][]byte{log}, StandardRules()); err != nil || len(r.Tail) != len(list) {
			b.Fatal(err)
		}
	}
}
