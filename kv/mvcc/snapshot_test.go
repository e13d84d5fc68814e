package mvcc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/castaway-kv/castaway/internal/blocks"
	"github.com/castaway-kv/castaway/kv"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// story is a store with something in each part of its snapshot: keys before the
// compacted revision, a put and a deletion at it, changes after it, a key with
// history, a lease, a transaction.
func story(t testing.TB) *Store {
	s := New()
	for _, r := range []kv.Request{
		put("config", "on"), put("counter", "5"), put("gone", "x"), put("counter", "6"),
		then(put("counter", "7"), del("gone", ""), kv.PutRequest{Key: "leader", Value: "node1", Lease: 7}),
		kv.CompactRequest{Revision: 6},
		put("gone", "back"), then(put("status", "ok"), del("config", "")),
		kv.PutRequest{Key: "leader", Value: "node2", Lease: -8},
	} {
		if _, err := s.Execute(r, someLeases); err != nil {
			t.Fatalf("%v: %v", r, err)
		}
	}
	return s
}

// Snapshots lie on disks and travel between versions: their bytes are golden.
func TestSnapshotBytes(t *testing.T) {
	got := save(t, story(t))
	golden := filepath.Join("testdata", "story.snapshot")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	restored, err := Restore(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	checkStore(t, restored)
	if got, want := contents(restored), contents(story(t)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A store goes on from its snapshot as it would have without.
func TestRestoredStoreGoesOn(t *testing.T) {
	a := story(t)
	b, err := Restore(bytes.NewReader(save(t, a)))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []kv.Request{
		put("counter", "8"), del("gone", ""), kv.CompactRequest{Revision: 9}, put("gone", "again"), kv.CompactRequest{Revision: 11},
	} {
		mustApply(t, a, r)
		mustApply(t, b, r)
		if !bytes.Equal(save(t, a), save(t, b)) {
			t.Fatalf("they differ after %v", r)
		}
	}
}

// Two snapshots may stand behind each other in one stream.
func TestRestoreTakesNoByteMore(t *testing.T) {
	a, b := story(t), New()
	in := bytes.NewReader(append(save(t, a), save(t, b)...))
	for _, want := range []*Store{a, b} {
		got, err := Restore(iotest.OneByteReader(in))
		if err != nil || contents(got) != contents(want) {
			t.Fatalf("%v, %v", got, err)
		}
	}
}

// large is a store whose snapshot has several blocks.
func large(t testing.TB) *Store {
	s := New()
	for i := range 300 {
		mustApply(t, s, put(fmt.Sprint("key", i%200), strings.Repeat("v", i*3)))
	}
	mustApply(t, s, kv.CompactRequest{Revision: 150})
	return s
}

// Whichever byte is flipped or missing, the snapshot is refused.
func TestDamagedSnapshots(t *testing.T) {
	for name, s := range map[string]*Store{"story": story(t), "large": large(t)} {
		saved := save(t, s)
		for i := range saved {
			if name == "large" && i%1013 != 0 {
				continue
			}
			if _, err := Restore(bytes.NewReader(saved[:i])); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s cut at %d: %v", name, i, err)
			}
			damaged := bytes.Clone(saved)
			damaged[i] ^= 1 << (i % 8)
			if _, err := Restore(bytes.NewReader(damaged)); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s with a flipped bit at %d: %v", name, i, err)
			}
		}
	}
}

// Blocks that are whole, with contents that no store can have had.
func TestImpossibleSnapshots(t *testing.T) {
	lists := func(fields ...any) []any { return fields }
	for _, tc := range []struct {
		fields []any
		want   string
	}{
		{lists(1, 0, markEnd, markEnd, markEnd), ""},
		{lists(0), "block 1, byte 25: revision 0, expected at least 1"},
		{lists(3, 5), "the number 5, expected at most 4"},
		{lists(1, 0, markPut), "the mark 2, expected 0 or one of [1]"},
		{lists(1, 0, 9), "the number 9, expected at most 4"},
		{lists(1, 0, markEnd, markEnd, markPut), "the mark 2, expected 0 or one of [4]"},
		{lists(1, 0, markEnd, markEnd, markEnd, 0), "1 bytes more than expected"},
		{lists(1, 0, markEnd, markEnd), "ends too early"},
		// Kept before the compacted revision: key value create mod number lease.
		{lists(5, 6, markKept, "", "v", 2, 3, 2, 0), "an empty key"},
		{lists(5, 6, markKept, "k", "v", 2, 5, 2, 0), "mod revision 5, expected one before 5"},
		{lists(5, 6, markKept, "k", "v", 2, 3, 0, 0), `version 0 of the key "k", created at revision 2 and changed at 3`},
		{lists(5, 6, markKept, "k", "v", 2, 2, 2, 0), `version 2 of the key "k", created at revision 2 and changed at 2`},
		{lists(5, 6, markKept, "k", "v", 2, 3, 1, 0), `version 1 of the key "k", created at revision 2 and changed at 3`},
		{lists(5, 6, markKept, "k", "v", 4, 3, 2, 0), `created at revision 4 and changed at 3`},
		{lists(5, 6, markKept, "k", "v", 1, 3, 2, 0), `created at revision 1 and changed at 3`},
		{lists(5, 6, markKept, "b", "v", 2, 3, 2, 0, markKept, "a", "v", 2, 3, 2, 0), `the key "a" after "b"`},
		{lists(5, 6, markKept, "b", "v", 2, 3, 2, 0, markKept, "b", "v", 2, 3, 2, 0), `the key "b" after "b"`},
		// At the compacted revision.
		{lists(5, 6, markEnd, markKept, "k", "v", 2, 3, 2, 0), "a change at revision 3 among those at the compacted revision 5"},
		{lists(5, 6, markKept, "k", "v", 2, 3, 2, 0, markEnd, markGone, "k"), `the key "k" a second time`},
		{lists(5, 6, markEnd, markGone, "k", markGone, "k"), `the key "k" a second time`},
		{lists(5, 2, markEnd, markGone, "k"), "a change at revision 1 among those at the compacted revision 1"},
		{lists(5, 6, markEnd, markPut, "k"), "the mark 2, expected 0 or one of [1 3]"},
		// After it.
		{lists(2, 0, markEnd, markEnd, markNext, markPut, "k", "v", 0, markEnd), ""},
		{lists(2, 0, markEnd, markEnd, markNext, markGone, "k", markEnd), `a deletion of the key "k", which is not there`},
		{lists(2, 0, markEnd, markEnd, markNext, markPut, "k", "v", 0, markPut, "k", "v", 0, markEnd), `a second put of the key "k" at revision 2`},
		{lists(3, 0, markEnd, markEnd, markNext, markPut, "k", "v", 0, markNext, markEnd), "revision 3 has no change"},
		{lists(3, 0, markEnd, markEnd, markNext, markPut, "k", "v", 0, markEnd), "changes up to revision 2, expected 3"},
		{lists(1, 0, markEnd, markEnd, markNext, markPut, "k", "v", 0, markEnd), "changes up to revision 2, expected 1"},
		{lists(2, 0, markEnd, markEnd, markNext, markPut, "k", kv.MaxRequestBytes+1), "the number 1572865, expected at most 1572864"},
	} {
		encoded := compose(t, tc.fields)
		s, err := Restore(bytes.NewReader(encoded))
		if tc.want == "" {
			if err != nil || !bytes.Equal(save(t, s), encoded) {
				t.Errorf("%v: %v", tc.fields, err)
			}
			continue
		}
		if s != nil || !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v\ngot  %v\nwant %s", tc.fields, err, tc.want)
		}
	}
}

// compose makes the stream of a snapshot with the given contents.
func compose(t testing.TB, fields []any) []byte {
	t.Helper()
	var out bytes.Buffer
	w := blocks.NewWriter(&out, snapshotKind, snapshotVersion)
	for _, field := range fields {
		switch field := field.(type) {
		case int:
			w.Number(uint64(field))
		case string:
			w.Text(field)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSnapshotOfAnotherVersion(t *testing.T) {
	saved := save(t, New())
	saved[len(snapshotKind)+1]++
	_, err := Restore(bytes.NewReader(saved))
	want := "castaway store is damaged: block 0, byte 16: version 2 of the format, want 1: read it with the program that wrote it"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestErrorsOfTheStream(t *testing.T) {
	broken := errors.New("the disk is on fire")
	if _, err := Restore(iotest.ErrReader(broken)); !errors.Is(err, broken) || errors.Is(err, ErrDamaged) {
		t.Errorf("Restore: %v", err)
	}
	if err := story(t).Save(failing{broken}); !errors.Is(err, broken) {
		t.Errorf("Save: %v", err)
	}
}

type failing struct{ err error }

func (w failing) Write([]byte) (int, error) { return 0, w.err }

// Any bytes make an error or a store that is whole.
func FuzzRestore(f *testing.F) {
	f.Add(save(f, New()))
	f.Add(save(f, story(f)))
	f.Fuzz(func(t *testing.T, encoded []byte) { restoreAny(t, encoded) })
}

// Any contents of whole blocks do, too.
func FuzzRestoreContents(f *testing.F) {
	for _, s := range []*Store{New(), story(f)} {
		saved := save(f, s)
		f.Add(saved[len(snapshotKind)+2+8 : len(saved)-8])
	}
	f.Fuzz(func(t *testing.T, contents []byte) {
		if len(contents) > blocks.BlockSize {
			return
		}
		restoreAny(t, frame(contents))
	})
}

func restoreAny(t *testing.T, encoded []byte) {
	in := bytes.NewReader(encoded)
	s, err := Restore(in)
	if err != nil {
		if s != nil || !errors.Is(err, ErrDamaged) {
			t.Fatalf("%v, %v", s, err)
		}
		return
	}
	read := encoded[:len(encoded)-in.Len()]
	if again := save(t, s); !bytes.Equal(again, read) {
		t.Fatalf("not canonical: %x and %x", read, again)
	}
	checkStore(t, s)
	if s.Compacted() < s.Revision() {
		mustApply(t, s, kv.CompactRequest{Revision: s.Revision()})
		checkStore(t, s)
	}
}

// frame makes a stream of one block with any contents, by hand.
func frame(contents []byte) []byte {
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	stream := append([]byte(snapshotKind), '\n', snapshotVersion)
	crc := crc32.Checksum(stream, castagnoli)
	for _, block := range [][]byte{contents, nil} {
		length := binary.LittleEndian.AppendUint32(nil, uint32(len(block)))
		crc = crc32.Update(crc32.Update(crc, castagnoli, length), castagnoli, block)
		stream = append(stream, length...)
		stream = append(binary.LittleEndian.AppendUint32(stream, crc), block...)
	}
	return stream
}
