package raftsim

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// paper is what a naive disk knows of one file.
type paper struct {
	// written since the file was made, of which synced bytes are sure and syncing
	// bytes are meant by a sync under way (-1 if none is).
	written         []byte
	synced, syncing int
	// told is what a sync has reported, be it a lie; holes are the sectors that a lie
	// was about, and no sync since.
	told  int
	holes map[int]bool
	// dirty bytes begin here, those that a sync under way is for at wasDirty.
	dirty, wasDirty int
	// ends are the lengths that the file had when a sync began or ended.
	ends []int
	// removed, and whether that is sure to stay so.
	removed, removing bool
}

// paperDisk drives a disk and notes on paper what it must do.
type paperDisk struct {
	disk  disk
	files map[string]*paper
	next  byte
	busy  bool
	lying bool
}

var diskNames = []string{"log/1", "log/2", "snapshot/1"}

func (p *paperDisk) names(all bool) (names []string) {
	for _, name := range diskNames {
		if f := p.files[name]; f != nil && (all || !f.removed) {
			names = append(names, name)
		}
	}
	return names
}

func (p *paperDisk) append(t *rapid.T) {
	name := rapid.SampledFrom(diskNames).Draw(t, "name")
	f := p.files[name]
	if f == nil || f.removed {
		f = &paper{syncing: -1}
		p.files[name] = f
	}
	from := len(f.written)
	for range rapid.IntRange(1, 1500).Draw(t, "n") {
		p.next = p.next%250 + 1
		f.written = append(f.written, p.next)
	}
	if err := p.disk.append(name, f.written[from:]); err != nil {
		t.Fatal(err)
	}
}

func (p *paperDisk) sync(t *rapid.T) {
	if p.busy {
		t.Skip("one at a time")
	}
	p.disk.sync("")
	p.busy = true
	for _, name := range p.names(true) {
		f := p.files[name]
		f.syncing, f.removing = len(f.written), f.removed
		f.wasDirty, f.dirty = f.dirty, f.syncing
		f.ends = append(f.ends, len(f.written))
	}
}

func (p *paperDisk) end(t *rapid.T, failed bool) {
	if !p.busy {
		t.Skip("no sync is under way")
	}
	p.busy = false
	switch {
	case failed:
		p.disk.syncFailed("", func(int) bool { return rapid.Bool().Draw(t, "lost") })
	default:
		p.disk.synced("")
	}
	for _, name := range p.names(true) {
		f := p.files[name]
		if f.syncing >= 0 && !failed {
			f.report(p.lying)
			if f.removing && !p.lying {
				delete(p.files, name)
			}
		}
		f.syncing, f.removing = -1, false
	}
	if !failed {
		p.lying = false
	}
}

// settled is a file that is all on the medium.
func settled(data []byte) *paper {
	n := len(data)
	return &paper{written: data, synced: n, told: n, dirty: n, syncing: -1, ends: []int{n}}
}

// report ends a sync.
func (f *paper) report(lie bool) {
	f.told = f.syncing
	for i := f.wasDirty / sectorSize; i*sectorSize < f.syncing && f.wasDirty < f.syncing; i++ {
		if f.holes == nil {
			f.holes = map[int]bool{}
		}
		if f.holes[i] = true; !lie {
			delete(f.holes, i)
		}
	}
	if len(f.holes) == 0 {
		f.synced = f.syncing
	}
}

// crash lets chance decide, and takes over what is left if it may be.
func (p *paperDisk) crash(t *rapid.T) {
	var torn func(i, n int) int
	if rapid.Bool().Draw(t, "torn") {
		torn = func(_, n int) int { return rapid.IntRange(0, n).Draw(t, "kept") }
	}
	p.disk.crash(func(int) bool { return rapid.Bool().Draw(t, "lost") }, torn)
	p.busy, p.lying = false, false
	honest := p.disk.clone()
	honest.repair()
	for _, name := range diskNames {
		p.checkCrash(t, name, &honest, torn != nil)
	}
	// Members that lost what they were told is durable start again from an honest disk.
	if p.disk.differs() {
		p.disk = honest
	}
	for _, name := range diskNames {
		after, err := p.disk.read(name)
		delete(p.files, name)
		if err == nil {
			p.files[name] = settled(after)
		}
	}
}

func (p *paperDisk) checkCrash(t *rapid.T, name string, honest *disk, torn bool) {
	f := p.files[name]
	after, err := p.disk.read(name)
	should, errShould := honest.read(name)
	durable, errDurable := p.disk.readDurable(name)
	switch {
	case (err == nil) != (errDurable == nil) || !bytes.Equal(after, durable):
		t.Fatalf("%s: after a crash the cache is not what the medium holds", name)
	case f == nil:
		if err == nil || errShould == nil {
			t.Fatalf("%s has come from nowhere", name)
		}
		return
	case f.removed:
		return // there or not; what it holds is of no use
	case err != nil && f.synced > 0, errShould != nil && f.told > 0:
		t.Fatalf("%s is gone", name)
	}
	if err == nil {
		p.survives(t, name, after, f.synced, torn)
	}
	if errShould == nil {
		p.survives(t, name, should, f.told, torn)
	}
	if differs := !bytes.Equal(after, should); differs && f.told == f.synced || differs && !p.disk.differs() {
		t.Fatalf("%s should hold other bytes, though no sync lied: %v", name, f.told == f.synced)
	}
}

// survives checks that a crash may leave these bytes of a file: what is synced,
// and of each later sector a beginning, up to where it was at some sync or at
// last, or anywhere if torn.
func (p *paperDisk) survives(t *rapid.T, name string, after []byte, synced int, torn bool) {
	f := p.files[name]
	written := f.written
	if len(after) < synced || len(after) > len(written) || !bytes.Equal(after[:synced], written[:synced]) {
		t.Fatalf("%s: %d bytes after a crash, %d written and %d synced", name, len(after), len(written), synced)
	}
	for from := 0; from < len(after); from += sectorSize {
		to := min(from+sectorSize, len(after))
		kept := from
		for kept < to && after[kept] == written[kept] {
			kept++
		}
		if len(bytes.Trim(after[kept:to], "\x00")) > 0 {
			t.Fatalf("%s: sector %d holds what was never written", name, from/sectorSize)
		}
		if kept%sectorSize != 0 && kept != len(written) && !torn && !slices.Contains(f.ends, kept) {
			t.Fatalf("%s: %d bytes of sector %d are left, and no write is torn", name, kept-from, from/sectorSize)
		}
	}
}

func (p *paperDisk) check(t *rapid.T) {
	var names []string
	var size, unsynced int
	for _, name := range diskNames {
		f := p.files[name]
		got, err := p.disk.read(name)
		if f == nil || f.removed {
			if !errors.Is(err, errNoFile) {
				t.Fatalf("%s is read: %v", name, err)
			}
			continue
		}
		names = append(names, name)
		size += len(f.written)
		unsynced += len(f.written) - f.told
		if err != nil || !bytes.Equal(got, f.written) {
			t.Fatalf("%s: what was written is not what is read: %v", name, err)
		}
	}
	if got := p.disk.list(""); !slices.Equal(got, names) {
		t.Fatalf("files %v, want %v", got, names)
	}
	if p.disk.size() != int64(size) || p.disk.unsynced() != int64(unsynced) {
		t.Fatalf("%d bytes, %d unsynced; want %d, %d", p.disk.size(), p.disk.unsynced(), size, unsynced)
	}
}

// The disk against paper: three files, syncs that end, fail and lie, removals,
// crashes with torn writes, clones that go on by themselves.
func TestDisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &paperDisk{files: map[string]*paper{}}
		t.Repeat(map[string]func(*rapid.T){
			"append": p.append,
			"sync":   p.sync,
			"synced": func(t *rapid.T) { p.end(t, false) },
			"lie": func(*rapid.T) {
				p.disk.loseNextSync()
				p.lying = true
			},
			"fails": func(t *rapid.T) {
				p.end(t, true)
				p.crash(t) // a process whose sync has failed starts again
			},
			"crash": p.crash,
			"remove": func(t *rapid.T) {
				name := rapid.SampledFrom(diskNames).Draw(t, "name")
				p.disk.remove(name)
				f := p.files[name]
				switch {
				case f == nil || f.removed:
				case p.durable(name):
					*f = paper{removed: true, syncing: -1}
				default:
					delete(p.files, name)
				}
			},
			"truncate": func(t *rapid.T) {
				names := p.names(false)
				if p.busy || len(names) == 0 {
					t.Skip("only a member that starts cuts its log")
				}
				f := p.files[names[0]]
				if f.told < len(f.written) || f.synced < f.told {
					t.Skip("something is dirty")
				}
				size := rapid.IntRange(0, len(f.written)).Draw(t, "size")
				if err := p.disk.truncate(names[0], int64(size)); err != nil {
					t.Fatal(err)
				}
				*f = *settled(f.written[:size:size])
			},
			"clone": func(t *rapid.T) {
				c := p.disk.clone()
				for _, name := range diskNames {
					_ = c.append(name, []byte("only here"))
					c.flipBit(name, 5)
				}
				c.crash(func(int) bool { return rapid.Bool().Draw(t, "lost") }, nil)
			},
			"": p.check,
		})
	})
}

func (p *paperDisk) durable(name string) bool {
	_, err := p.disk.readDurable(name)
	return err == nil
}

func letters(c string, n int) []byte { return []byte(strings.Repeat(c, n)) }

// durably is a disk with one file of 3 sectors that are synced.
func durably() disk {
	var d disk
	_ = d.append("f", letters("a", 1300))
	d.sync("")
	d.synced("")
	return d
}

func never1(int) bool  { return false }
func always1(int) bool { return true }

func TestDiskCrashExtremes(t *testing.T) {
	for _, lost := range []bool{false, true} {
		d := durably()
		_ = d.append("f", letters("b", 700))
		d.sync("f")
		_ = d.append("f", letters("c", 700))
		want := 2700
		if lost {
			want = 1300
		}
		d.crash(func(int) bool { return lost }, nil)
		if got, _ := d.read("f"); len(got) != want {
			t.Errorf("all unsynced sectors lost: %v; %d bytes are left, want %d", lost, len(got), want)
		}
	}
}

// A lie is found out at the next crash, and can be undone then.
func TestDiskLyingSync(t *testing.T) {
	d := durably()
	d.loseNextSync()
	_ = d.append("f", letters("b", 100))
	_ = d.append("new", letters("n", 10))
	d.sync("")
	d.synced("")
	if d.unsynced() != 0 || !d.differs() {
		t.Errorf("%d bytes are unsynced as far as the process knows; differs: %v", d.unsynced(), d.differs())
	}
	later, lucky := d.clone(), d.clone()
	lucky.crash(never1, nil)
	if lucky.differs() || lucky.size() != 1410 {
		t.Errorf("all has reached the medium after all: %d bytes, differs: %v", lucky.size(), lucky.differs())
	}
	d.crash(always1, nil)
	if got, _ := d.read("f"); len(got) != 1300 {
		t.Errorf("%d bytes are left", len(got))
	}
	if _, err := d.read("new"); !errors.Is(err, errNoFile) {
		t.Errorf("the new file: %v", err)
	}
	accepted := d.clone()
	accepted.accept()
	if accepted.differs() || len(accepted.files) != 1 {
		t.Error("what was accepted still differs")
	}
	d.repair()
	if got, _ := d.read("f"); string(got) != string(append(letters("a", 1300), letters("b", 100)...)) || d.differs() {
		t.Errorf("%d bytes after repair; differs: %v", len(got), d.differs())
	}
	if got, _ := d.read("new"); string(got) != "nnnnnnnnnn" {
		t.Errorf("the new file after repair: %q", got)
	}
	// A later sync of the same sectors makes up for it.
	_ = later.append("f", letters("c", 1))
	_ = later.append("new", letters("m", 1))
	later.sync("")
	later.synced("")
	later.crash(always1, nil)
	if got, _ := later.read("f"); len(got) != 1401 || later.differs() {
		t.Errorf("%d bytes are left; differs: %v", len(got), later.differs())
	}
}

// A sector that a lie was about gets its place in the midst of what came later.
func TestDiskLieInTheMiddle(t *testing.T) {
	d := durably()
	d.loseNextSync()
	_ = d.append("f", letters("b", 100))
	d.sync("")
	d.synced("")
	_ = d.append("f", letters("c", 600)) // sectors 2 and 3
	d.crash(func(i int) bool { return i != 2 }, nil)
	if got, _ := d.read("f"); !bytes.Equal(got, slices.Concat(letters("a", 1300), make([]byte, 236), letters("c", 464))) {
		t.Errorf("%q", got[1300:])
	}
	d.repair()
	if got, _ := d.read("f"); !bytes.Equal(got, slices.Concat(letters("a", 1300), letters("b", 100), make([]byte, 136), letters("c", 464))) {
		t.Errorf("repaired: %q", got[1300:])
	}
}

// What a failed sync left behind, no later sync brings to the medium (fsyncgate).
func TestDiskFailedSync(t *testing.T) {
	d := durably()
	_ = d.append("f", letters("b", 1000))
	d.failNextSync()
	d.sync("f")
	if !d.syncFails() {
		t.Fatal("the sync does not fail")
	}
	d.syncFailed("f", func(i int) bool { return i == 1 })
	if d.syncFails() {
		t.Error("the next one fails too")
	}
	_ = d.append("f", letters("c", 100))
	d.sync("f")
	d.synced("f")
	d.crash(never1, nil)
	got, _ := d.read("f")
	want := slices.Concat(letters("a", 1300), letters("b", 236), make([]byte, 512), letters("b", 252), letters("c", 100))
	if !bytes.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestDiskTornWrite(t *testing.T) {
	d := durably()
	_ = d.append("f", letters("b", 300))
	d.crash(never1, func(i, n int) int {
		if n != sectorSize && n != 64 {
			t.Errorf("write %d has %d bytes", i, n)
		}
		return n - 50
	})
	got, _ := d.read("f")
	if want := slices.Concat(letters("a", 1300), letters("b", 186), make([]byte, 50), letters("b", 14)); !bytes.Equal(got, want) {
		t.Errorf("%q", got[1300:])
	}
}

func TestDiskBitFlip(t *testing.T) {
	d := durably()
	_ = d.append("f", letters("b", 100)) // sector 2 is dirty
	for _, bit := range []int64{8*700 + 3, 8*1299 + 1} {
		if !d.flipBit("f", bit) {
			t.Fatalf("no bit %d", bit)
		}
	}
	got, _ := d.read("f")
	if got[700] != 'a'^8 || got[1299] != 'a' {
		t.Errorf("a clean page shows %q, a dirty one %q", got[700], got[1299])
	}
	if states := fmt.Sprint(d.view()); states != "[{f 1400 1300 [durable differs dirty]}]" {
		t.Errorf("the sectors are %v", states)
	}
	c := d.clone()
	c.crash(always1, nil)
	if got, _ := c.read("f"); got[700] != 'a'^8 || got[1299] != 'a'^2 || !c.differs() {
		t.Errorf("after a crash %q and %q; differs: %v", got[700], got[1299], c.differs())
	}
	c.repair()
	if got, _ := c.read("f"); !bytes.Equal(got, letters("a", 1300)) {
		t.Error("repaired it is not what it was")
	}
	d.sync("f")
	d.synced("f") // writes sector 2 again
	d.flipBit("f", 8*700+3)
	if d.differs() {
		t.Error("written again and flipped back, it still differs")
	}
	if d.flipBit("f", 8*1400) || d.flipBit("f", -1) || d.flipBit("g", 0) {
		t.Error("a bit that is not there is flipped")
	}
}

func TestDiskReadError(t *testing.T) {
	d := durably()
	if !d.readError("f", 2) || d.readError("f", 3) || d.readError("g", 0) {
		t.Error("the wrong sectors are there")
	}
	got, err := d.read("f")
	var bad *readError
	if !errors.As(err, &bad) || *bad != (readError{"f", 2}) || !bytes.Equal(got, append(letters("a", 1024), make([]byte, 276)...)) {
		t.Errorf("%q, %v", got, err)
	}
	if !d.differs() {
		t.Error("nothing differs")
	}
	c := d.clone()
	c.repair()
	if _, err := c.read("f"); err != nil {
		t.Errorf("repaired: %v", err)
	}
	_ = d.append("f", letters("b", 1)) // in the cache, over what the process had
	if _, err := d.read("f"); err != nil {
		t.Errorf("a dirty sector: %v", err)
	}
	d.sync("f")
	d.synced("f")
	if _, err := d.read("f"); err != nil || d.differs() {
		t.Errorf("a sector written again: %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	d := durably()
	d.full(1310)
	if err := d.append("g", letters("b", 11)); !errors.Is(err, errDiskFull) {
		t.Errorf("one byte too many: %v", err)
	}
	if got, _ := d.read("g"); string(got) != "bbbbbbbbbb" || d.free() != 0 {
		t.Errorf("%q is written, %d bytes are free", got, d.free())
	}
	d.remove("f")
	if err := d.append("g", letters("b", 1300)); err != nil {
		t.Errorf("after a removal: %v", err)
	}
	d.full(0)
	if err := d.append("g", letters("b", 5000)); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

// A removal is durable after the next sync; a crash before that may undo it.
func TestDiskRemoval(t *testing.T) {
	d := durably()
	d.remove("f")
	c := d.clone()
	c.crash(always1, nil)
	if got, err := c.read("f"); err != nil || len(got) != 1300 {
		t.Errorf("a removal that is lost: %d bytes, %v", len(got), err)
	}
	c = d.clone()
	c.crash(never1, nil)
	if len(c.files) > 0 {
		t.Error("a removal that is not lost")
	}
	d.loseNextSync()
	for _, lie := range []bool{true, false} {
		d.sync("f")
		d.synced("f")
		if c = d.clone(); lie {
			c.crash(always1, nil)
		}
		if _, err := c.read("f"); lie != (err == nil) {
			t.Errorf("the removal was a lie: %v; then %v", lie, err)
		}
	}
	d.crash(always1, nil)
	if len(d.files) > 0 {
		t.Error("a removal that is synced is lost")
	}
	d = durably()
	d.wipe()
	if d.crash(always1, nil); len(d.files) > 0 {
		t.Error("a wiped disk has files")
	}
}

// bigDisk holds a log of 10,000 records of 250 bytes and a snapshot.
func bigDisk() disk {
	var d disk
	for range 10 {
		_ = d.append("log/1", letters("r", 250*1000))
		_ = d.append("snapshot/1", letters("s", 100_000))
		d.sync("")
		d.synced("")
	}
	_ = d.append("log/1", letters("r", 250))
	return d
}

func BenchmarkDiskClone(b *testing.B) {
	d := bigDisk()
	b.ReportAllocs()
	for b.Loop() {
		_ = d.clone()
	}
}

// A clone that goes on: what a checkpoint costs.
func BenchmarkDiskCloneAndWrite(b *testing.B) {
	d := bigDisk()
	record := letters("r", 250)
	b.ReportAllocs()
	for b.Loop() {
		c := d.clone()
		_ = c.append("log/1", record)
		c.sync("log/")
		c.synced("log/")
	}
}

func BenchmarkDiskWrite(b *testing.B) {
	record := letters("r", 250)
	b.ReportAllocs()
	var d disk
	for b.Loop() {
		if d.size() > 1<<20 {
			d = disk{}
		}
		_ = d.append("log/1", record)
		d.sync("log/")
		d.synced("log/")
	}
}

// What is written behind a flipped bit is not lost when the bit is repaired.
func TestDiskRepairKeepsWhatFollows(t *testing.T) {
	var d disk
	write := func(data string) {
		if err := d.append("f", []byte(data)); err != nil {
			t.Fatal(err)
		}
		d.sync("f")
		d.synced("f")
	}
	write("before ")
	d.flipBit("f", 3)
	write("after")
	d.crash(func(int) bool { return true }, nil)
	if data, _ := d.read("f"); string(data) == "before after" {
		t.Error("the flip is not seen")
	}
	d.repair()
	if data, _ := d.read("f"); string(data) != "before after" {
		t.Errorf("repaired, it has %q", data)
	}
}
