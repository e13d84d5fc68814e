package files

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
	tidwall "github.com/tidwall/wal"
)

var members = raft.Configuration{Voters: []raft.ID{1, 2, 3}}

// member writes a log as a replica does, to a directory and, as the simulator
// keeps it, to memory.
type member struct {
	dir    *Dir
	writer wal.Writer
	life   raft.Life
	last   raft.Position
	lost   raft.Position
	// records are all that were written, known the number of the last that is durable.
	records map[uint64]wal.Encoded
	known   uint64
	// packed are the segments of the simulator.
	packed [][]byte
}

// start opens a directory and begins a life.
func start(path string, kill func(string) error) (*member, *wal.Recovery, error) {
	m := &member{records: map[uint64]wal.Encoded{}}
	var err error
	if m.dir, err = open(path, kill); err != nil {
		return nil, nil, err
	}
	segments, err := m.dir.Load()
	if err != nil {
		return m, nil, err
	}
	r, err := wal.Recover(segments, wal.StandardRules())
	if err != nil {
		return m, nil, err
	}
	if r.Torn {
		if err := m.dir.Cut(r.Cut); err != nil {
			return m, r, err
		}
	}
	m.writer, m.life = r.Writer, r.Life+1
	m.last = lastOf(r)
	if r.Base != nil {
		m.lost = r.Base.Lost
	}
	var first []wal.Encoded
	if r.Base == nil || r.Loss != nil {
		base := raft.Base{Snapshot: raft.Snapshot{Members: members}}
		if r.Base != nil {
			base = *r.Base
			base.Lost, m.lost = r.Lost, r.Lost
			m.last = raft.Position{Term: base.Snapshot.Last.Term, Index: base.Snapshot.Last.Index}
			if n := len(base.Entries); n > 0 {
				m.last = base.Entries[n-1].Position()
			}
		}
		first = append(first, m.writer.Append(base))
	}
	return m, r, m.append(append(first, m.writer.AppendStart(m.life))...)
}

func lastOf(r *wal.Recovery) (last raft.Position) {
	if r.Base == nil {
		return last
	}
	last = r.Base.Snapshot.Last
	for _, x := range append([]raft.Record{&raft.Append{Entries: r.Base.Entries}}, r.Tail...) {
		switch x := x.(type) {
		case *raft.Append:
			if n := len(x.Entries); n > 0 {
				last = x.Entries[n-1].Position()
			}
		case raft.Truncate:
			last = x.Last
		}
	}
	return last
}

func (m *member) append(list ...wal.Encoded) error {
	for _, e := range list {
		m.records[e.Number] = e
		if e.Base || len(m.packed) == 0 {
			m.packed = append(m.packed, nil)
		}
		last := len(m.packed) - 1
		m.packed[last] = append(m.packed[last], e.Data...)
	}
	return m.dir.Append(list)
}

func (m *member) entries(data ...string) error {
	var list []wal.Encoded
	for _, d := range data {
		m.last.Index++
		list = append(list, m.writer.Append(&raft.Append{Entries: []raft.Entry{{Term: m.last.Term, Index: m.last.Index, Data: d}}}))
	}
	return m.append(list...)
}

func (m *member) base() error {
	base := raft.Base{Lost: m.lost, Snapshot: raft.Snapshot{Last: m.last, Members: members, Size: 5}}
	return m.append(m.writer.Append(base))
}

func (m *member) sync() error {
	if err := m.dir.Sync(); err != nil {
		return err
	}
	m.known = m.writer.Number()
	m.writer.Synced(m.known)
	return nil
}

// history writes a log of two Bases to a new directory.
func history(t *testing.T, path string) *member {
	t.Helper()
	m, _, err := start(path, nil)
	if err := errors.Join(
		err, m.entries("a", "b"), m.sync(), m.entries("c"), m.sync(), m.base(), m.entries("d"), m.sync(),
		m.entries("e", "f"), m.sync(), m.dir.Close(),
	); err != nil {
		t.Fatal(err)
	}
	return m
}

// withoutSync makes a test that syncs ten thousand times fast: the library's syncs
// too, where there is a file system in memory.
func withoutSync(t *testing.T) {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		t.Setenv("TMPDIR", "/dev/shm")
	}
	real := fsync
	fsync = func(*os.File) error { return nil }
	t.Cleanup(func() { fsync = real })
}

// logFiles are the files of a log, in order.
func logFiles(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(path, "log", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What the real driver writes is what the simulator recovers from, and the records
// stand where the library says.
func TestSameRecords(t *testing.T) {
	path := t.TempDir()
	m := history(t, path)
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	segments, err := d.Load()
	if err != nil {
		t.Fatal(err)
	}
	real, err := wal.Recover(segments, wal.StandardRules())
	if err != nil {
		t.Fatal(err)
	}
	simulated, err := wal.Recover(m.packed, wal.StandardRules())
	if err != nil {
		t.Fatal(err)
	}
	if real.Torn || real.Cut.Segment != len(segments)-1 || real.Cut.Size != int64(len(segments[len(segments)-1])) {
		t.Errorf("the log ends at %v", real.Cut)
	}
	real.Cut, simulated.Cut = wal.Cut{}, wal.Cut{}
	if !reflect.DeepEqual(real, simulated) {
		t.Errorf("the real log recovers to\n%+v, the simulated one to\n%+v", real, simulated)
	}
	if real.Writer != m.writer {
		t.Errorf("the writer goes on from %+v, want %+v", real.Writer, m.writer)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range logFiles(t, path) {
		found += checkLibrary(t, filepath.Dir(file), m.records)
	}
	if found != len(m.records) {
		t.Errorf("the library finds %d records, %d were written", found, len(m.records))
	}
}

// checkLibrary reads a volume with the library.
func checkLibrary(t *testing.T, volume string, records map[uint64]wal.Encoded) (n int) {
	t.Helper()
	log, err := tidwall.Open(volume, &tidwall.Options{AllowEmpty: true})
	if err != nil {
		t.Fatal(err)
	}
	first, _ := log.FirstIndex()
	last, _ := log.LastIndex()
	for i := first; i <= last; i++ {
		if data, err := log.Read(i); err != nil || !bytes.Equal(data, records[i].Data) {
			t.Errorf("record %d: %v", i, err)
		}
		n++
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}

// checkServed checks that all that a recovery serves is what was written, and
// that only damage, not a cut, is loss.
func checkServed(t *testing.T, m *member, r *wal.Recovery) {
	t.Helper()
	if r.Base == nil {
		return
	}
	tail := r.Tail
	if r.Loss != nil {
		tail = tail[:len(tail)-2]
	}
	for _, x := range append([]raft.Record{&raft.Append{Entries: r.Base.Entries}}, tail...) {
		a, ok := x.(*raft.Append)
		if !ok {
			t.Fatalf("%T was never written", x)
		}
		for _, e := range a.Entries {
			if want := string(rune('a' + e.Index - 1)); e.Data != want {
				t.Fatalf("entry %d is %q, want %q", e.Index, e.Data, want)
			}
		}
	}
	if r.Loss == nil && r.Writer.Number() > m.writer.Number() {
		t.Fatalf("record %d was never written", r.Writer.Number())
	}
}

// again starts behind what is left, writes, and checks that it is there at the
// next start.
func again(t *testing.T, path string) {
	t.Helper()
	m, r, err := start(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.entries("more"), m.sync(), m.entries("and more"), m.dir.Close()); err != nil {
		t.Fatal(err)
	}
	next, r2, err := start(path, nil)
	if err != nil || r2.Loss != nil || r2.Life != r.Life+1 || r2.Writer.Number() != m.writer.Number() || r2.Torn {
		t.Fatalf("after %+v: %+v, %v", r, r2, err)
	}
	if err := next.dir.Close(); err != nil {
		t.Fatal(err)
	}
}

// Every file of a log cut at every byte, and every bit of it flipped: it opens,
// nothing damaged is served, and the log goes on.
func TestEveryDamage(t *testing.T) {
	withoutSync(t)
	outcomes := map[string]int{}
	for _, trimmed := range []bool{false, true} {
		path := t.TempDir()
		m := history(t, path)
		if trimmed {
			if err := os.RemoveAll(filepath.Join(path, "log", volumeName(1))); err != nil {
				t.Fatal(err)
			}
		}
		damageAll(t, m, path, outcomes)
	}
	if len(outcomes) != 4 {
		t.Errorf("some outcome was not met: %v", outcomes)
	}
}

func damageAll(t *testing.T, m *member, path string, outcomes map[string]int) {
	t.Helper()
	for _, file := range logFiles(t, path) {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for at := range whole {
			outcomes[tryDamage(t, m, path, file, whole[:at], at%97 == 0)]++
			for bit := range 8 {
				flipped := bytes.Clone(whole)
				flipped[at] ^= 1 << bit
				outcomes[tryDamage(t, m, path, file, flipped, (8*at+bit)%397 == 0)]++
			}
			outcomes[tryDamage(t, m, path, file, append(bytes.Clone(whole[:at]), make([]byte, len(whole)-at)...), at%97 == 0)]++
		}
		if err := os.WriteFile(file, whole, fileMode); err != nil {
			t.Fatal(err)
		}
	}
}

// tryDamage says what comes of other contents of a file.
func tryDamage(t *testing.T, m *member, path, file string, contents []byte, goOn bool) string {
	t.Helper()
	if err := os.WriteFile(file, contents, fileMode); err != nil {
		t.Fatal(err)
	}
	d := &Dir{path: path}
	segments, err := d.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := wal.Recover(segments, wal.StandardRules())
	if err != nil {
		if !errors.As(err, new(*wal.NoBaseError)) {
			t.Fatalf("%d bytes of %s: %v", len(contents), file, err)
		}
		return "dead"
	}
	checkServed(t, m, r)
	if goOn {
		copied := t.TempDir()
		if err := os.CopyFS(copied, os.DirFS(path)); err != nil {
			t.Fatal(err)
		}
		again(t, copied)
	}
	switch {
	case r.Loss != nil:
		return "lost"
	case r.Base == nil:
		return "empty"
	}
	return "served"
}

// After loss numbers go on behind the highest that was seen, though the library
// knows no gaps.
func TestAfterLoss(t *testing.T) {
	path := t.TempDir()
	m := history(t, path)
	files := logFiles(t, path)
	damage(t, files[len(files)-1], m.records[7]) // the first entry behind the last Base
	n, r, err := start(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Loss == nil || r.Lost != m.last || n.writer.Number() != m.writer.Number()+2 {
		t.Fatalf("%+v; want loss of %v", r, m.last)
	}
	base := m.writer.Number() + 1
	if err := errors.Join(n.sync(), n.dir.Trim(base), n.dir.Close()); err != nil {
		t.Fatal(err)
	}
	if files := logFiles(t, path); len(files) != 1 || filepath.Base(files[0]) != volumeName(base) {
		t.Errorf("the log is in %v", files)
	}
	again(t, path)
}

// Large records make the library begin files by itself.
func TestManyFiles(t *testing.T) {
	path := t.TempDir()
	m, _, err := start(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		big := strings.Repeat(string(rune('a'+i)), segmentSize/2+i)
		if err := errors.Join(m.entries(big, big+"."), m.sync()); err != nil {
			t.Fatal(err)
		}
		if files := logFiles(t, path); m.dir.log.named != len(files) || len(files) != i+2 {
			t.Errorf("%d files, %d have durable names", len(files), m.dir.log.named)
		}
	}
	if err := m.dir.Close(); err != nil {
		t.Fatal(err)
	}
	n, r, err := start(path, nil)
	if err != nil || len(r.Tail) != 8 || r.Torn {
		t.Fatalf("%d records, %v", len(r.Tail), err)
	}
	if err := n.dir.Close(); err != nil {
		t.Fatal(err)
	}
	checkLibrary(t, filepath.Dir(logFiles(t, path)[0]), m.records)
}

func TestTrim(t *testing.T) {
	path := t.TempDir()
	m, _, err := start(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var bases []string
	for range 3 {
		if err := errors.Join(m.entries("x"), m.base(), m.sync()); err != nil {
			t.Fatal(err)
		}
		bases = append(bases, volumeName(m.writer.Number()))
	}
	for _, trim := range []struct {
		number uint64
		want   int
	}{{1, 4}, {2, 4}, {4, 3}, {6, 2}, {7, 2}, {8, 1}, {99, 1}} {
		if err := m.dir.Trim(trim.number); err != nil {
			t.Fatal(err)
		}
		if names, err := list(m.dir.logPath()); err != nil || len(names) != trim.want {
			t.Errorf("after trimming before %d: %v, %v; bases %v", trim.number, names, err, bases)
		}
	}
	if err := m.dir.Close(); err != nil {
		t.Fatal(err)
	}
	again(t, path)
}

func TestLock(t *testing.T) {
	path := t.TempDir()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	if err := d.Append(nil); !errors.Is(err, ErrClosed) {
		t.Errorf("append to what is closed: %v", err)
	}
	if d, err = Open(path); err != nil {
		t.Fatal(err)
	}
	_ = d.Close()
	if _, err := Open(filepath.Join(path, "lock")); err == nil {
		t.Error("a file is opened as a directory")
	}
}

// An error of the disk is final.
func TestErrorIsFinal(t *testing.T) {
	broken := errors.New("input/output error")
	for _, step := range []string{"write", "sync"} {
		fail := false
		m, _, err := start(t.TempDir(), func(s string) error {
			if fail && s == step {
				return broken
			}
			return nil
		})
		if err := errors.Join(err, m.entries("a"), m.sync()); err != nil {
			t.Fatal(err)
		}
		fail = true
		if err := errors.Join(m.entries("b"), m.sync()); !errors.Is(err, broken) {
			t.Fatalf("%s: %v", step, err)
		}
		fail = false
		for name, err := range map[string]error{
			"append": m.dir.Append(nil), "sync": m.dir.Sync(), "trim": m.dir.Trim(1), "cut": m.dir.Cut(wal.Cut{}),
			"snapshot": m.dir.SaveSnapshot(nil), "piece": m.dir.ReceiveSnapshot("x", 0, nil),
		} {
			if !errors.Is(err, broken) {
				t.Errorf("%s after a failed %s: %v", name, step, err)
			}
		}
		_ = m.dir.Close()
	}
}

func snapshots(t *testing.T, d *Dir) string {
	t.Helper()
	entries, err := os.ReadDir(d.snapshotPath())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(d.snapshotPath(), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s=%s", e.Name(), data))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
