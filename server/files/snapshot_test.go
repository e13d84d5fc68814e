package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"testing"
)

func saves(name, contents string) func(io.Writer) (string, error) {
	return func(w io.Writer) (string, error) {
		_, err := io.WriteString(w, contents)
		return name, err
	}
}

func TestSnapshots(t *testing.T) {
	path := t.TempDir()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		d.SaveSnapshot(saves("1", "one")), d.SaveSnapshot(saves("2", "two")), d.SaveSnapshot(saves("2", "TWO")),
		d.ReceiveSnapshot("3", 0, []byte("old, and longer")),
		d.ReceiveSnapshot("3", 0, []byte("th")), d.ReceiveSnapshot("3", 2, []byte("ree")), d.SnapshotReceived("3"),
		d.ReceiveSnapshot("4", 0, []byte("fo")),
	); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{1, 3} {
		if err := d.ReceiveSnapshot("4", offset, []byte("?")); !errors.Is(err, ErrGap) {
			t.Errorf("a piece at %d behind two bytes: %v", offset, err)
		}
	}
	if got, want := snapshots(t, d), "1=one 2=TWO 3=three 4.part=fo"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if err := d.RemoveSnapshots("2", "3"); err != nil {
		t.Fatal(err)
	}
	f, err := d.OpenSnapshot("2")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(f); err != nil || string(data) != "TWO" {
		t.Errorf("%q, %v", data, err)
	}
	_ = f.Close()
	if _, err := d.OpenSnapshot("1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a snapshot that was removed: %v", err)
	}
	if _, err := d.OpenSnapshot("../lock"); err == nil {
		t.Error("a snapshot outside its directory")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if d, err = Open(path); err != nil {
		t.Fatal(err)
	}
	if got, want := snapshots(t, d), "2=TWO 3=three"; got != want {
		t.Errorf("opened again: %s, want %s", got, want)
	}
	if err := d.SaveSnapshot(saves("../up", "")); err == nil {
		t.Error("a snapshot is saved outside its directory")
	}
	_ = d.Close()
}

// A snapshot is whole or not there, wherever its making ends.
func TestSnapshotKilled(t *testing.T) {
	killed := errors.New("killed")
	for n := 0; ; n++ {
		path := t.TempDir()
		steps := 0
		d, err := open(path, func(string) error {
			if steps++; steps > n {
				return killed
			}
			return nil
		})
		if err == nil {
			err = errors.Join(d.SaveSnapshot(saves("1", "one")), d.ReceiveSnapshot("2", 0, []byte("two")), d.SnapshotReceived("2"), d.RemoveSnapshots("2"))
			_ = d.lock.Close()
		}
		after, openErr := Open(path)
		if openErr != nil {
			t.Fatal(openErr)
		}
		got := snapshots(t, after)
		switch got {
		case "", "1=one", "1=one 2=two", "2=two":
		default:
			t.Errorf("killed at step %d: %s", n, got)
		}
		_ = after.Close()
		if err == nil {
			if got != "2=two" {
				t.Errorf("in the end %s", got)
			}
			break
		}
	}
	if _, err := os.Stat("own.part"); err == nil {
		t.Error("a part is in the wrong directory")
	}
}
