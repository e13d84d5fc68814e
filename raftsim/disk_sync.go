package raftsim

import (
	"fmt"
	"slices"
	"strings"
)

// fate is what becomes of writes that nobody waited for, one after the other:
// file by file in the order of names, and in each the oldest first.
type fate struct {
	// lost says of write i that it does not reach the medium.
	lost func(i int) bool
	// torn says how many of the n bytes of write i reach it; nil for all of them.
	torn func(i, n int) int
	i    int
}

// kept is how many bytes of the next write, of n bytes, reach the medium; -1 if it is lost.
func (x *fate) kept(n int) int {
	i := x.i
	x.i++
	switch {
	case x.lost(i):
		return -1
	case x.torn == nil:
		return n
	}
	return min(max(x.torn(i, n), 0), n)
}

// sync begins to make durable what was written so far under a prefix, with the
// names of new files and the removal of old ones. One sync at a time is under way
// for a file.
func (d *disk) sync(prefix string) {
	for i := range d.files {
		f := &d.files[i]
		if !strings.HasPrefix(f.name, prefix) {
			continue
		}
		if f.covered {
			panic(fmt.Sprintf("raftsim: a sync of %s while one is under way", f.name))
		}
		f.covered, f.covers = true, f.cache.size
		f.syncing, f.dirty = f.dirty, nil
	}
}

// synced ends a sync successfully, be it a lie.
func (d *disk) synced(prefix string) {
	lies := d.lies
	d.lies = false
	d.eachCovered(prefix, func(f *file) {
		f.synced = f.covers
		switch {
		case lies && f.present:
			f.lie()
		case lies: // the removal stays open
		case f.present:
			for _, w := range f.syncing {
				f.reach(w, len(w.contents))
			}
			f.durable = true
		default:
			f.durable = false
		}
	})
}

// syncFailed ends a sync with an error: any subset of what it covered has reached
// the medium. The rest never will, not by another sync either, though the cache
// still shows it: the process must start again from what the medium holds.
func (d *disk) syncFailed(prefix string, lost func(i int) bool) {
	d.fails = false
	x := fate{lost: lost}
	d.eachCovered(prefix, func(f *file) {
		if !f.present {
			f.durable = x.kept(0) < 0
			return
		}
		f.settle(f.syncing, &x)
	})
}

// eachCovered ends a sync for each of its files.
func (d *disk) eachCovered(prefix string, end func(f *file)) {
	for i := range d.files {
		if f := &d.files[i]; f.covered && strings.HasPrefix(f.name, prefix) {
			end(f)
			f.covered, f.covers, f.syncing = false, 0, nil
		}
	}
	d.sweep()
}

// crash loses the cache. What is dirty, syncing, or was lied about has its fate;
// a removal that is lost is undone.
func (d *disk) crash(lost func(i int) bool, torn func(i, n int) int) {
	x := fate{lost: lost, torn: torn}
	for i := range d.files {
		f := &d.files[i]
		if f.durable && !f.present {
			f.durable = x.kept(0) < 0
		}
		f.settle(slices.Concat(f.lied, f.syncing, f.dirty), &x)
		*f = file{
			name: f.name, present: f.durable, durable: f.durable, cache: f.medium.clone(), medium: f.medium,
			synced: f.medium.size, honest: f.honest, unreadable: f.unreadable,
		}
	}
	d.lies, d.fails = false, false
	d.sweep()
}

// settle lets some writes reach the medium.
func (f *file) settle(writes []sectorWrite, x *fate) {
	for _, w := range writes {
		if n := x.kept(len(w.contents)); n >= 0 {
			f.reach(w, n)
			f.durable = true
		}
	}
}

// reach puts the first n bytes of a write on the medium.
func (f *file) reach(w sectorWrite, n int) {
	contents := over(w.contents[:n], f.medium.at(w.index))
	if h, ok := f.honestAt(w.index); ok {
		f.setHonest(w.index, over(h, w.contents[:n]), contents) // a write continues what it should be, not what it is
	}
	f.medium.put(w.index, contents)
	is := func(x sectorWrite) bool { return x.index == w.index }
	f.lied = slices.DeleteFunc(f.lied, is)
	f.unreadable = slices.DeleteFunc(f.unreadable, func(i int) bool { return i == w.index })
}

// over is a sector whose beginning is overwritten.
func over(contents, old string) string {
	if len(old) > len(contents) {
		return contents + old[len(contents):]
	}
	return contents
}

// sweep forgets files that are nowhere.
func (d *disk) sweep() {
	d.files = slices.DeleteFunc(d.files, func(f file) bool { return !f.present && !f.durable && len(f.honest) == 0 })
}
