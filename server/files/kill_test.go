package files

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica/wal"
)

var errKilled = errors.New("killed")

// durable is what of a log a power loss keeps at least: the sizes of its files.
type durable map[string]int64

func measure(t *testing.T, path string) durable {
	t.Helper()
	d := durable{}
	for _, file := range logFiles(t, path) {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		d[file] = info.Size()
	}
	return d
}

// powerLoss takes from a log all that was not durable.
func (d durable) powerLoss(t *testing.T, path string) {
	t.Helper()
	for _, file := range logFiles(t, path) {
		var err error
		if size, ok := d[file]; ok {
			err = os.Truncate(file, size)
		} else {
			err = os.RemoveAll(filepath.Dir(file))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// life is one life of a member: it writes, makes Bases, trims, and stops somewhere.
func (m *member) lifetime(synced func()) error {
	sync := func() error {
		err := m.sync()
		if err == nil {
			synced()
		}
		return err
	}
	steps := []func() error{
		sync,
		func() error { return m.entries("a", "b") }, sync,
		func() error { return m.entries("c") },
		m.base,
		func() error { return m.entries("d") }, sync,
		func() error { return m.dir.Trim(m.writer.Number() - 1) },
		func() error { return m.entries("e") }, sync,
		func() error { return m.entries("f") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// A member killed at every step of making, cutting, changing and trimming its
// log, with and without a power loss: what was synced is there, and it goes on.
func TestKilledAtEveryStep(t *testing.T) {
	withoutSync(t)
	for _, before := range []string{lossy(t), torn(t)} {
		for _, power := range []bool{false, true} {
			n := 0
			for done := false; !done; n++ {
				path := t.TempDir()
				if err := os.CopyFS(path, os.DirFS(before)); err != nil {
					t.Fatal(err)
				}
				done = killAt(t, path, n, power)
			}
			if n < 25 {
				t.Errorf("only %d steps", n)
			}
		}
	}
}

// lossy is a log that has lost a record.
func lossy(t *testing.T) (path string) {
	t.Helper()
	path = t.TempDir()
	first := history(t, path)
	files := logFiles(t, path)
	damage(t, files[len(files)-1], first.records[7])
	return path
}

// torn is a log whose first life ended with loss, and the second with a torn tail.
func torn(t *testing.T) (path string) {
	t.Helper()
	path = lossy(t)
	second, _, err := start(path, nil)
	if err := errors.Join(err, second.sync(), second.entries("x"), second.dir.Close()); err != nil {
		t.Fatal(err)
	}
	files := logFiles(t, path)
	info, err := os.Stat(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(files[len(files)-1], info.Size()-1); err != nil {
		t.Fatal(err)
	}
	return path
}

// killAt kills a member at its nth step of a new life; it reports whether it
// did not get that far.
func killAt(t *testing.T, path string, n int, power bool) (done bool) {
	t.Helper()
	kept := measure(t, path)
	steps := 0
	m, r, err := start(path, func(string) error {
		if steps++; steps > n {
			return errKilled
		}
		return nil
	})
	var known uint64
	var life raft.Life
	var lost raft.Position
	if r != nil {
		known, life, lost = r.Writer.Number(), r.Life, r.Lost
	}
	if err == nil {
		err = m.lifetime(func() { kept, known, life = measure(t, path), m.known, m.life })
	}
	if m != nil {
		_ = m.dir.lock.Close() // the process is gone
	}
	if err != nil && !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if power {
		kept.powerLoss(t, path)
	}
	next, r, openErr := start(path, nil)
	if openErr != nil || r.Writer.Number() < known || r.Life < life || lost != (raft.Position{}) && r.Lost != lost && r.Base.Lost != lost {
		t.Fatalf("killed at step %d, power loss: %v; of %d records in life %d, lost %v, are left %+v, %v", n, power, known, life, lost, r, openErr)
	}
	if err := next.dir.Close(); err != nil {
		t.Fatal(err)
	}
	again(t, path)
	return err == nil
}

// damage flips a bit of a record in a file.
func damage(t *testing.T, file string, r wal.Encoded) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[strings.Index(string(data), string(r.Data))+50] ^= 1
	if err := os.WriteFile(file, data, fileMode); err != nil {
		t.Fatal(err)
	}
}

const childDir = "CASTAWAY_FILES_CHILD"

// TestMain runs the process that TestKill9 kills.
func TestMain(m *testing.M) {
	if path := os.Getenv(childDir); path != "" {
		writeForever(path)
	}
	os.Exit(m.Run())
}

// writeForever is a member that says, after each sync, how far it has come.
func writeForever(path string) {
	m, r, err := start(path, nil)
	for i := 0; err == nil; i++ {
		if err = errors.Join(m.entries("x", "y"), m.sync()); err != nil {
			break
		}
		fmt.Println(m.known, r.Life+1)
		if i%20 == 19 {
			base := m.writer.Number() + 1
			err = errors.Join(m.base(), m.sync(), m.dir.Trim(base))
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// A process killed at any moment by the operating system.
func TestKill9(t *testing.T) {
	path := t.TempDir()
	for round := range 12 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(30+17*round)*time.Millisecond, func() { _ = cmd.Process.Kill() })
		known, life := uint64(0), uint64(0)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			words := strings.Fields(lines.Text())
			number, err := strconv.ParseUint(words[0], 10, 64)
			if err != nil {
				t.Fatal(lines.Text())
			}
			known = number
			life, _ = strconv.ParseUint(words[1], 10, 64)
		}
		timer.Stop()
		_ = cmd.Wait() // it was killed
		m, r, err := start(path, nil)
		if err != nil || r.Loss != nil || r.Writer.Number() < known || uint64(r.Life) < life {
			t.Fatalf("of %d records in life %d are left %+v, %v", known, life, r, err)
		}
		if err := m.dir.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Group commit: so many entries of 100 bytes share a sync.
func BenchmarkAppend(b *testing.B) {
	for _, group := range []int{1, 100} {
		b.Run(fmt.Sprint(group), func(b *testing.B) {
			m, _, err := start(b.TempDir(), nil)
			if err != nil {
				b.Fatal(err)
			}
			data := make([]string, group)
			for i := range data {
				data[i] = strings.Repeat("v", 100)
			}
			for b.Loop() {
				if err := errors.Join(m.entries(data...), m.sync()); err != nil {
					b.Fatal(err)
				}
				clear(m.records)
				m.packed = nil
			}
			_ = m.dir.Close()
		})
	}
}
