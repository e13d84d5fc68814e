package raftsim

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// The disk against a list of bytes: a crash keeps what was synced, and of each
// later sector what it held at some write, or zeros.
func TestDisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d disk
		var written []byte
		var synced, syncing int
		inFlight := false
		next := byte(0)
		t.Repeat(map[string]func(*rapid.T){
			"write": func(t *rapid.T) {
				for range rapid.IntRange(1, 1500).Draw(t, "n") {
					next = next%250 + 1
					written = append(written, next)
				}
				d.write(written[d.cache.size:])
			},
			"sync": func(t *rapid.T) {
				if inFlight {
					t.Skip("one sync at a time")
				}
				d.sync()
				syncing, inFlight = len(written), true
			},
			"synced": func(t *rapid.T) {
				if !inFlight {
					t.Skip("no sync is under way")
				}
				d.synced()
				synced, inFlight = syncing, false
			},
			"crash": func(t *rapid.T) {
				d.crash(func(int) bool { return rapid.Bool().Draw(t, "lost") })
				after := d.read()
				if !survives(after, written, synced) {
					t.Fatalf("%d bytes after a crash, %d written and %d synced", len(after), len(written), synced)
				}
				written, synced, inFlight = after, len(after), false
			},
			"cut": func(t *rapid.T) {
				if inFlight {
					t.Skip("only a member that starts cuts its log")
				}
				size := rapid.IntRange(0, len(written)).Draw(t, "size")
				d.cut(int64(size))
				written = written[:size:size]
				synced = size
			},
			"clone": func(*rapid.T) {
				c := d.clone()
				c.write([]byte("only here"))
				c.crash(func(int) bool { return true })
			},
			"": func(t *rapid.T) {
				if !bytes.Equal(d.read(), written) {
					t.Fatal("what was written is not what is read")
				}
				if lost := d.unsynced(); lost != int64(len(written)-synced) {
					t.Fatalf("%d bytes are not synced, want %d", lost, len(written)-synced)
				}
			},
		})
	})
}

// survives reports whether a crash may leave these bytes.
func survives(after, written []byte, synced int) bool {
	if len(after) < synced || len(after) > len(written) || !bytes.Equal(after[:synced], written[:synced]) {
		return false
	}
	for from := 0; from < len(after); from += sectorSize {
		to := min(from+sectorSize, len(after))
		kept := from
		for kept < to && after[kept] == written[kept] {
			kept++
		}
		if len(bytes.Trim(after[kept:to], "\x00")) > 0 {
			return false
		}
	}
	return true
}

func TestDiskCrashExtremes(t *testing.T) {
	for _, lost := range []bool{false, true} {
		var d disk
		d.write(bytes.Repeat([]byte("a"), 700))
		d.sync()
		d.synced()
		d.write(bytes.Repeat([]byte("b"), 700))
		d.sync()
		d.write(bytes.Repeat([]byte("c"), 700))
		want := 2100
		if lost {
			want = 700
		}
		d.crash(func(int) bool { return lost })
		if got := len(d.read()); got != want {
			t.Errorf("all unsynced sectors lost: %v; %d bytes are left, want %d", lost, got, want)
		}
	}
}
