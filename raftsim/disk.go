package raftsim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sectorSize is what a disk writes at once: all of it or nothing, but for a torn write.
const sectorSize = 512

// What may be wrong with a disk.
var (
	errDiskFull = errors.New("raftsim: no space left on the disk")
	errNoFile   = errors.New("raftsim: no such file")
)

// readError says that a sector can't be read.
type readError struct {
	name   string
	sector int
}

func (e *readError) Error() string {
	return fmt.Sprintf("raftsim: sector %d of %s can't be read", e.sector, e.name)
}

// disk holds one member's files, each twice: as the page cache has it, and as it
// is on the medium.
//
//	append ──► cache, dirty ──sync──► syncing ──synced──► medium
//
// A crash keeps the medium, and of what is dirty or syncing any subset of
// sectors. The zero disk is empty. It is a value that clone copies for next to
// nothing: images share their sectors.
type disk struct {
	// files in the order of their names.
	files []file
	// limit is how many bytes fit, 0 for any number.
	limit int64
	// lies and fails are what the next sync to end does.
	lies, fails bool
}

// file is one file. Invariant: it is present or durable, or honest is not empty.
type file struct {
	name string
	// present says that the process sees it, durable that the medium does. A file
	// that is only durable was removed, and may reappear after a crash.
	present, durable bool
	cache, medium    image
	// dirty are the sectors written since the last sync began, syncing those that
	// the sync under way writes. Later contents of a sector continue earlier ones.
	dirty, syncing []sectorWrite
	// covered says that a sync is under way that makes the file, or its removal, durable.
	covered bool
	// synced is the size that the process was told is durable, covers the size that
	// the sync under way is for.
	synced, covers int64

	// lied are sectors that a lying sync did not write.
	lied []sectorWrite
	// honest are the sectors, in order, that differ on the medium from what they
	// would be if no sync had ever lied and no bit had flipped.
	honest []sectorWrite
	// unreadable sectors of the medium, in order.
	unreadable []int
}

// sectorWrite is new contents of one sector.
type sectorWrite struct {
	index    int
	contents string
}

// find returns the place of a name, and whether there is such a file.
func (d *disk) find(name string) (int, bool) {
	return slices.BinarySearchFunc(d.files, name, func(f file, name string) int { return cmp.Compare(f.name, name) })
}

// present returns the file that the process sees under a name, nil if none.
func (d *disk) present(name string) *file {
	if i, ok := d.find(name); ok && d.files[i].present {
		return &d.files[i]
	}
	return nil
}

// append writes at the end of a file, and makes it if there is none. If the disk
// is full it writes what fits and returns errDiskFull.
func (d *disk) append(name string, data []byte) (err error) {
	if free := d.free(); int64(len(data)) > free {
		data, err = data[:free], errDiskFull
	}
	f := d.present(name)
	if f == nil {
		f = d.create(name)
	}
	f.write(data)
	return err
}

// create makes a file. One of the same name whose removal is not durable is gone
// for good: two files never mix.
func (d *disk) create(name string) *file {
	i, ok := d.find(name)
	if !ok {
		d.files = slices.Insert(d.files, i, file{})
	}
	d.files[i] = file{name: name, present: true}
	return &d.files[i]
}

func (f *file) write(data []byte) {
	for len(data) > 0 {
		index := int(f.cache.size / sectorSize)
		n := min(len(data), sectorSize-int(f.cache.size%sectorSize))
		contents := f.cache.at(index) + string(data[:n])
		f.cache.put(index, contents)
		if k := len(f.dirty); k > 0 && f.dirty[k-1].index == index {
			f.dirty[k-1].contents = contents
		} else {
			f.dirty = append(f.dirty, sectorWrite{index, contents})
		}
		data = data[n:]
	}
}

// truncate keeps the first size bytes of a file, durably. It is for a start, when
// nothing is dirty.
func (d *disk) truncate(name string, size int64) error {
	f := d.present(name)
	if f == nil {
		return fmt.Errorf("%w: %s", errNoFile, name)
	}
	if size >= f.cache.size {
		return nil
	}
	f.cache.truncate(size)
	f.medium = f.cache.clone()
	f.durable, f.covered = true, false
	f.dirty, f.syncing, f.lied = nil, nil, nil
	f.synced, f.covers = size, 0
	sectors := f.cache.sectors.Len()
	f.honest = slices.DeleteFunc(f.honest, func(w sectorWrite) bool { return w.index >= sectors-1 })
	f.unreadable = slices.DeleteFunc(f.unreadable, func(i int) bool { return i >= sectors })
	return nil
}

// remove takes a file away; that is durable after the next sync. It is no error
// if there is none.
func (d *disk) remove(name string) {
	i, ok := d.find(name)
	if !ok || !d.files[i].present {
		return
	}
	f := &d.files[i]
	if !f.durable {
		d.files = slices.Delete(d.files, i, i+1)
		return
	}
	*f = file{name: name, durable: true, medium: f.medium, unreadable: f.unreadable}
}

// list is the names of the files under a prefix, in order.
func (d *disk) list(prefix string) []string {
	var names []string
	for i := range d.files {
		if f := &d.files[i]; f.present && strings.HasPrefix(f.name, prefix) {
			names = append(names, f.name)
		}
	}
	return names
}

// read returns the whole file as the process sees it. A sector that can't be read
// is zeros, and a *readError says which one is the first.
func (d *disk) read(name string) ([]byte, error) {
	f := d.present(name)
	if f == nil {
		return nil, fmt.Errorf("%w: %s", errNoFile, name)
	}
	data := f.cache.bytes()
	var err error
	for _, i := range f.unreadable {
		if f.inFlight(i) || i*sectorSize >= len(data) {
			continue // the cache has it
		}
		clear(data[i*sectorSize : min(len(data), (i+1)*sectorSize)])
		if err == nil {
			err = &readError{name, i}
		}
	}
	return data, err
}

// readDurable returns the whole file as the medium has it.
func (d *disk) readDurable(name string) ([]byte, error) {
	i, ok := d.find(name)
	if !ok || !d.files[i].durable {
		return nil, fmt.Errorf("%w: %s", errNoFile, name)
	}
	return d.files[i].medium.bytes(), nil
}

// inFlight reports whether a sector of the cache is newer than the medium.
func (f *file) inFlight(index int) bool {
	is := func(w sectorWrite) bool { return w.index == index }
	return slices.ContainsFunc(f.dirty, is) || slices.ContainsFunc(f.syncing, is)
}

// size is how many bytes the process sees in all files.
func (d *disk) size() (n int64) {
	for i := range d.files {
		n += d.files[i].cache.size
	}
	return n
}

// unsynced is how many of them the process knows that a crash may lose.
func (d *disk) unsynced() (n int64) {
	for i := range d.files {
		n += d.files[i].cache.size - d.files[i].synced
	}
	return n
}

// free is how many bytes still fit.
func (d *disk) free() int64 {
	if d.limit == 0 {
		return 1<<63 - 1
	}
	return max(0, d.limit-d.size())
}

// clone returns a disk that goes on independently.
func (d *disk) clone() disk {
	c := *d
	c.files = slices.Clone(d.files)
	for i := range c.files {
		f, from := &c.files[i], &d.files[i]
		f.cache, f.medium = from.cache.clone(), from.medium.clone()
		f.dirty, f.syncing = slices.Clone(from.dirty), slices.Clone(from.syncing)
		f.lied, f.honest = slices.Clone(from.lied), slices.Clone(from.honest)
		f.unreadable = slices.Clone(from.unreadable)
	}
	return c
}
