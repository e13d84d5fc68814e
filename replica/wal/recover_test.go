package wal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden log in testdata")

// What was written is what is read, and the writer goes on as if it had never stopped.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := begin()
		b.grow(t, "records", 12)
		r, err := Recover(b.data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := b.expect(r, len(b.records)); diff != "" {
			t.Fatal(diff)
		}
		b.sync()
		if r.Writer != b.writer {
			t.Fatalf("the writer goes on from %+v, want %+v", r.Writer, b.writer)
		}
	})
}

// The format can't change unnoticed: a log written today must be read by all
// versions to come.
func TestGoldenLog(t *testing.T) {
	const file = "testdata/small.hex"
	b := small()
	got := hex.Dump(b.data)
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

// A file that ends early keeps the records that are whole; what is written
// behind them continues the chain.
func TestCutAtEveryByte(t *testing.T) {
	b := small()
	for n := range int64(len(b.data) + 1) {
		data := b.data[:n:n]
		k := b.prefix(n)
		r, err := Recover(data)
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		if diff := b.expect(r, k); diff != "" {
			t.Fatalf("cut at %d: %s", n, diff)
		}
		goOn(t, b, r, data, k)
	}
}

// goOn writes behind a recovery of the first k records, and recovers again.
func goOn(t interface{ Fatalf(string, ...any) }, b *book, r *Recovery, data []byte, k int) {
	next := &book{
		data: bytes.Clone(data[:r.Valid]), writer: r.Writer,
		records: append([]any(nil), b.records[:k]...), ends: append([]int64(nil), b.ends[:k]...),
		through: append([]uint64(nil), b.through[:k]...), term: r.Writer.state.term,
	}
	next.start(r.Life + 1)
	if r.Base == nil {
		next.write(raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1}}}})
	}
	next.write(raft.TermVote{Term: next.term + 1, Vote: 2})
	again, err := Recover(next.data)
	if err != nil {
		t.Fatalf("%d records, then more: %v", k, err)
	}
	if diff := next.expect(again, len(next.records)); diff != "" {
		t.Fatalf("%d records, then more: %s", k, diff)
	}
}

// A crash keeps what was synced and any subset of the sectors that were not.
// Recovery keeps exactly the longest prefix of whole records, and never takes
// the torn tail for loss.
func TestCrashKeepsAnySubset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sector := rapid.SampledFrom([]int64{8, 64, 512}).Draw(t, "sector")
		b := begin()
		b.sync()
		b.grow(t, "synced", 8)
		b.sync()
		b.grow(t, "torn", 8)
		crashAndGoOn(t, b, sector)
	})
}

// All subsets, for a log whose tail is ten sectors.
func TestCrashKeepsEverySubset(t *testing.T) {
	b := begin()
	b.sync()
	b.write(raft.TermVote{Term: 1, Vote: 1})
	for range 3 {
		b.append(strings.Repeat("x", 90))
	}
	const sector = 64
	first := b.synced / sector
	count := (int64(len(b.data))-1)/sector - first + 1
	if count > 12 {
		t.Fatalf("%d sectors are too many for this test", count)
	}
	for kept := range 1 << count {
		checkCrash(t, b, sector, func(i int64) bool { return kept>>(i-first)&1 == 1 })
	}
}

func crashAndGoOn(t *rapid.T, b *book, sector int64) {
	kept := rapid.SliceOfN(rapid.Bool(), len(b.data)/int(sector)+1, -1).Draw(t, "kept")
	checkCrash(t, b, sector, func(i int64) bool { return kept[i] })
}

// checkCrash loses the sectors that were not synced and not kept.
func checkCrash(t interface{ Fatalf(string, ...any) }, b *book, sector int64, kept func(i int64) bool) {
	data := bytes.Clone(b.data)
	size := b.synced
	for i := b.synced / sector; i*sector < int64(len(data)); i++ {
		from, to := max(b.synced, i*sector), min((i+1)*sector, int64(len(data)))
		if kept(i) {
			size = max(size, to)
		} else {
			clear(data[from:to])
		}
	}
	data = data[:size]
	k := 0
	for k < len(b.ends) && b.ends[k] <= size && bytes.Equal(data[b.end(k):b.ends[k]], b.data[b.end(k):b.ends[k]]) {
		k++
	}
	if b.end(k) < b.synced {
		t.Fatalf("the test itself lost what was synced")
	}
	r, err := Recover(data)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if diff := b.expect(r, k); diff != "" {
		t.Fatalf("%s", diff)
	}
	goOn(t, b, r, data, k)
}

// Any bit that flips is found out: what follows is cut if nothing says that it
// was synced, and proven lost if something does. It is never served.
func TestEveryBitFlip(t *testing.T) {
	b := small()
	losses := 0
	for bit := range 8 * len(b.data) {
		data := bytes.Clone(b.data)
		data[bit/8] ^= 1 << (bit % 8)
		checkDamaged(t, b, data, b.prefix(int64(bit/8)), &losses)
	}
	if losses == 0 {
		t.Error("no flip was proven to be a loss")
	}
}

// checkDamaged checks a log whose first damaged record is records[k].
func checkDamaged(t interface{ Fatalf(string, ...any) }, b *book, data []byte, k int, losses *int) {
	var proof uint64
	for j := k + 1; j < len(b.records) && proof == 0; j++ {
		if b.through[j] > uint64(k) {
			proof = uint64(j + 1)
		}
	}
	r, err := Recover(data)
	var loss *LossError
	switch {
	case proof == 0:
		if err != nil {
			t.Fatalf("record %d is damaged, nothing proves that it was synced, and yet: %v", k+1, err)
		}
		if diff := b.expect(r, k); diff != "" {
			t.Fatalf("record %d is damaged: %s", k+1, diff)
		}
	case !errors.As(err, &loss):
		t.Fatalf("record %d is damaged, as record %d proves; got %v", k+1, proof, err)
	case *loss != LossError{Number: uint64(k + 1), Offset: b.end(k), Proof: proof}:
		t.Fatalf("record %d is damaged, as record %d proves; got %+v", k+1, proof, *loss)
	default:
		*losses++
	}
}

// Damage of any size, anywhere.
func TestDamage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := begin()
		b.sync()
		b.grow(t, "records", 12)
		data := bytes.Clone(b.data)
		from := rapid.IntRange(0, len(data)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, min(len(data), from+700)).Draw(t, "to")
		for i := from; i < to; i++ {
			data[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		}
		// The records that the damage reaches prove nothing.
		k, last := b.prefix(int64(from)), b.prefix(int64(to-1))
		damaged := *b
		damaged.through = append([]uint64(nil), b.through...)
		for j := k; j <= last; j++ {
			damaged.through[j] = 0
		}
		losses := 0
		checkDamaged(t, &damaged, data, k, &losses)
	})
}

// A log does not contain parts of another one.
func TestForeignRecords(t *testing.T) {
	a, b := begin(), begin()
	a.write(raft.TermVote{Term: 1, Vote: 1})
	a.append("a")
	b.write(raft.TermVote{Term: 1, Vote: 2})
	b.append("b")
	data := append(bytes.Clone(a.data[:a.ends[2]]), b.data[b.ends[2]:]...)
	r, err := Recover(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := a.expect(r, 3); diff != "" {
		t.Errorf("a record that another one precedes: %s", diff)
	}
}

// Records that are whole but can't follow one another: no crash leaves such.
func TestContradictions(t *testing.T) {
	position := raft.Position{Term: 1, Index: 1}
	tests := []struct {
		name string
		make func(w *Writer, b []byte) []byte
		want string
	}{
		{"no base before it", func(w *Writer, b []byte) []byte {
			*w = Writer{}
			return w.Append(nil, raft.TermVote{Term: 1})
		}, "wal: record 1 at byte 0: no base record comes before it"},
		{"unknown kind", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(w.header(b, 77), start)
		}, "kind 77 is unknown"},
		{"a life again", func(w *Writer, b []byte) []byte {
			return w.AppendStart(b, Start{1})
		}, "life"},
		{"more than a life", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(append(w.header(b, kindStart), 2, 3), start)
		}, "does not decode"},
		{"no life", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(w.header(b, kindStart), start)
		}, "does not decode"},
		{"no entries", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(append(w.header(b, kindAppend), 0), start)
		}, "does not decode"},
		{"fewer entries than it says", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(append(w.header(b, kindAppend), 0xff, 0xff, 0xff, 0xff, 0x7f), start)
		}, "does not decode"},
		{"an entry longer than the record", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(append(w.header(b, kindAppend), 1, 1, 1, 0, 1, 1, 1, 99, 'x'), start)
		}, "does not decode"},
		{"more voters than it says", func(w *Writer, b []byte) []byte {
			start := len(b)
			return w.seal(append(w.header(b, kindBase), 1, 1, 2), start)
		}, "does not decode"},
		{"another term than before", func(w *Writer, b []byte) []byte {
			w.state.term = 9
			return w.Append(b, &raft.Append{Entries: []raft.Entry{{Term: 1, Index: 1}}})
		}, "contradicts"},
		{"another vote than before", func(w *Writer, b []byte) []byte {
			w.state.vote = 9
			return w.Append(b, &raft.Append{Entries: []raft.Entry{{Term: 1, Index: 1}}})
		}, "contradicts"},
		{"another log than before", func(w *Writer, b []byte) []byte {
			w.state.last = position
			return w.Append(b, raft.TermVote{Term: 2})
		}, "contradicts"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := begin()
			b.write(raft.TermVote{Term: 1})
			r, err := Recover(test.make(&b.writer, b.data))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("recovery returns %+v, %v; want an error that says %q", r, err, test.want)
			}
			if loss := (*LossError)(nil); errors.As(err, &loss) {
				t.Error("it is taken for loss")
			}
		})
	}
}

// A client may store anything, records of a log too. In a torn tail they prove nothing.
func TestRecordAsValue(t *testing.T) {
	forged := Writer{number: 1000, through: 1000}
	for pad := range alignment {
		b := begin()
		b.sync()
		b.write(raft.TermVote{Term: 1, Vote: 1})
		b.append(strings.Repeat(".", pad) + string(forged.Append(nil, raft.TermVote{Term: 1})))
		data := bytes.Clone(b.data)
		clear(data[b.ends[1]:b.ends[2]])
		r, err := Recover(data)
		if err != nil {
			t.Fatalf("after %d bytes: %v", pad, err)
		}
		if diff := b.expect(r, 2); diff != "" {
			t.Error(diff)
		}
	}
}

// Values that start like a record at every word, under many masks.
func TestMask(t *testing.T) {
	b := begin()
	var words []byte
	for m := range uint32(300) {
		words = binary.LittleEndian.AppendUint64(words, uint64(magic^m))
	}
	for pad := range alignment {
		b.append(strings.Repeat(".", pad) + string(words))
	}
	r, err := Recover(b.data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := b.expect(r, len(b.records)); diff != "" {
		t.Error(diff)
	}
	found := 0
	for off := 0; off < len(b.data); off += alignment {
		if binary.LittleEndian.Uint32(b.data[off:]) == magic {
			found++
		}
	}
	if found != len(b.records) {
		t.Errorf("%d words look like the start of %d records", found, len(b.records))
	}
}

// FuzzRecover: whatever stands on the disk, recovery ends, and what it took for
// good it takes for good again. Repaired, the records have the checksums of
// what stands in them, so that it comes to that.
func FuzzRecover(f *testing.F) {
	b := small()
	f.Add(b.data, false)
	f.Add(b.data, true)
	f.Add(b.data[:b.ends[3]+20], true)
	f.Add(b.data[b.ends[0]:], true)
	f.Fuzz(func(t *testing.T, data []byte, repaired bool) {
		if repaired {
			data = repair(data)
		}
		r, err := Recover(data)
		if err != nil {
			return
		}
		if r.Valid < 0 || r.Valid > int64(len(data)) {
			t.Fatalf("%d of %d bytes are good", r.Valid, len(data))
		}
		again, err := Recover(data[:r.Valid])
		if err != nil || again.Writer != r.Writer || again.Life != r.Life || len(again.Tail) != len(r.Tail) {
			t.Fatalf("recovery of what was good: %+v, %v; want %+v", again, err, r)
		}
		more := r.Writer.AppendStart(bytes.Clone(data[:r.Valid]), Start{r.Life + 1})
		if last, err := Recover(more); r.Life+1 > 0 && (err != nil || last.Valid != int64(len(more))) {
			t.Fatalf("a record behind what was good: %v", err)
		}
	})
}

// repair numbers the records of a log and chains them.
func repair(data []byte) []byte {
	data = bytes.Clone(data)
	var number uint64
	var crc uint32
	for b := data; len(b) >= headerSize; {
		length := int(binary.LittleEndian.Uint32(b[lengthOffset:]))
		size := (headerSize + length + alignment - 1) / alignment * alignment
		if size > len(b) {
			break
		}
		number++
		binary.LittleEndian.PutUint32(b, magic)
		binary.LittleEndian.PutUint32(b[prevOffset:], crc)
		binary.LittleEndian.PutUint64(b[numberOffset:], number)
		crc = checksum(b[:size])
		binary.LittleEndian.PutUint32(b[crcOffset:], crc)
		b = b[size:]
	}
	return data
}
