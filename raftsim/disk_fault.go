package raftsim

import (
	"cmp"
	"slices"
)

// loseNextSync makes the next sync that ends a lie: it reports success, but what it
// covered stays volatile until a later sync covers the same sectors.
func (d *disk) loseNextSync() { d.lies = true }

// failNextSync makes the next sync fail: whoever ends it asks syncFails first.
func (d *disk) failNextSync() { d.fails = true }

// syncFails says that the next sync to end must end with syncFailed.
func (d *disk) syncFails() bool { return d.fails }

// full sets how many bytes fit on the disk, 0 for any number.
func (d *disk) full(limit int64) { d.limit = limit }

// wipe loses everything.
func (d *disk) wipe() { *d = disk{limit: d.limit} }

// flipBit flips one bit of what the medium holds, and of the cache if that has
// the same. It reports whether there is such a bit.
func (d *disk) flipBit(name string, bit int64) bool {
	i, ok := d.find(name)
	if !ok || bit < 0 || bit/8 >= d.files[i].medium.size {
		return false
	}
	f := &d.files[i]
	index := int(bit / 8 / sectorSize)
	was := f.medium.at(index)
	flipped := []byte(was)
	flipped[bit/8%sectorSize] ^= 1 << (bit % 8)
	contents := string(flipped)
	h, ok := f.honestAt(index)
	if !ok {
		h = was
	}
	f.setHonest(index, h, contents)
	f.medium.put(index, contents)
	if f.present && f.cache.at(index) == was {
		f.cache.put(index, contents)
	}
	return true
}

// readError makes a sector unreadable until it is written again. It reports
// whether there is such a sector.
func (d *disk) readError(name string, sector int) bool {
	i, ok := d.find(name)
	if !ok || sector < 0 || sector >= d.files[i].medium.sectors.Len() {
		return false
	}
	f := &d.files[i]
	if at, ok := slices.BinarySearch(f.unreadable, sector); !ok {
		f.unreadable = slices.Insert(f.unreadable, at, sector)
	}
	return true
}

// The honest image: what the medium would hold if no sync had lied, no bit had
// flipped, and every sector could be read. Between a crash and the next start it
// says whether more was lost than a crash may.

// differs reports whether the medium is not as it should be.
func (d *disk) differs() bool {
	return slices.ContainsFunc(d.files, func(f file) bool { return len(f.honest) > 0 || len(f.unreadable) > 0 })
}

// repair makes the medium as it should be. It is for a member that is down.
func (d *disk) repair() {
	for i := range d.files {
		f := &d.files[i]
		if len(f.honest) == 0 {
			f.unreadable = nil
			continue
		}
		for _, w := range f.honest {
			f.medium.put(w.index, w.contents)
		}
		*f = file{
			name: f.name, present: true, durable: true, cache: f.medium.clone(), medium: f.medium, synced: f.medium.size,
		}
	}
}

// accept takes what the medium holds for what it should.
func (d *disk) accept() {
	for i := range d.files {
		d.files[i].honest = nil
	}
	d.sweep()
}

// lie ends a sync without writing anything.
func (f *file) lie() {
	for _, w := range f.syncing {
		f.setHonest(w.index, w.contents, f.medium.at(w.index))
	}
	f.lied = append(f.lied, f.syncing...)
}

func (f *file) honestFind(index int) (int, bool) {
	return slices.BinarySearchFunc(f.honest, index, func(w sectorWrite, index int) int { return cmp.Compare(w.index, index) })
}

// honestAt is what a sector should hold, if it differs.
func (f *file) honestAt(index int) (string, bool) {
	if i, ok := f.honestFind(index); ok {
		return f.honest[i].contents, true
	}
	return "", false
}

// setHonest notes what a sector should hold, and what it does.
func (f *file) setHonest(index int, should, does string) {
	i, ok := f.honestFind(index)
	switch {
	case should == does && ok:
		f.honest = slices.Delete(f.honest, i, i+1)
	case should == does:
	case ok:
		f.honest[i].contents = should
	default:
		f.honest = slices.Insert(f.honest, i, sectorWrite{index, should})
	}
}

// mend takes back what the disk was told to do, and lets it read all its sectors.
func (d *disk) mend() {
	d.limit, d.lies, d.fails = 0, false, false
	for i := range d.files {
		d.files[i].unreadable = nil
	}
}
