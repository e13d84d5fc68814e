package raftsim

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/internal/cow"
)

// sectorSize is what a disk writes at once: all of it or nothing.
const sectorSize = 512

// disk holds one member's log file, twice: as the page cache has it, and as it
// is on the medium.
//
//	write ──► cache, dirty ──sync──► syncing ──synced──► medium
//
// A crash keeps the medium, and of what is dirty or syncing any subset of sectors.
type disk struct {
	cache  image
	medium image
	// dirty are the sectors written since the last sync began, syncing those
	// that the sync under way writes.
	dirty, syncing []sectorWrite
}

// image is the contents of a file.
type image struct {
	// sectors are immutable; all but the last are full.
	sectors cow.Vector[string]
	size    int64
}

// sectorWrite is new contents of one sector.
type sectorWrite struct {
	index    int
	contents string
}

// write appends data to the file.
func (d *disk) write(data []byte) {
	for len(data) > 0 {
		index := int(d.cache.size / sectorSize)
		n := min(len(data), sectorSize-int(d.cache.size%sectorSize))
		contents := string(data[:n])
		if index < d.cache.sectors.Len() {
			contents = d.cache.sectors.At(index) + contents
		}
		d.cache.put(index, contents)
		d.note(sectorWrite{index, contents})
		data = data[n:]
	}
}

// note remembers that a sector is dirty; its newest contents count.
func (d *disk) note(w sectorWrite) {
	if k := len(d.dirty); k > 0 && d.dirty[k-1].index == w.index {
		d.dirty[k-1] = w
		return
	}
	d.dirty = append(d.dirty, w)
}

// sync begins to make durable what was written so far.
func (d *disk) sync() { d.syncing, d.dirty = d.dirty, nil }

// synced ends it.
func (d *disk) synced() {
	for _, w := range d.syncing {
		d.medium.put(w.index, w.contents)
	}
	d.syncing = nil
}

// crash loses the cache. Lost says of each write not synced, in order, whether
// its sector did not reach the medium.
func (d *disk) crash(lost func(i int) bool) {
	for i, w := range slices.Concat(d.syncing, d.dirty) {
		if !lost(i) {
			d.medium.put(w.index, w.contents)
		}
	}
	d.cache = d.medium.clone()
	d.dirty, d.syncing = nil, nil
}

// cut shortens the file to size, durably.
func (d *disk) cut(size int64) {
	data := d.read()[:size]
	*d = disk{}
	d.write(data)
	d.sync()
	d.synced()
}

// read returns the whole file.
func (d *disk) read() []byte {
	data := make([]byte, 0, d.cache.size)
	for i := range d.cache.sectors.Len() {
		data = append(data, d.cache.sectors.At(i)...)
	}
	return data
}

// unsynced is how many bytes at the end of the file a crash may lose.
func (d *disk) unsynced() int64 { return d.cache.size - d.medium.size }

// put sets a sector. What lies between the end of the file and it reads as zeros.
func (m *image) put(index int, contents string) {
	last := m.sectors.Len() - 1
	if index > last && last >= 0 {
		m.sectors.Set(last, pad(m.sectors.At(last)))
	}
	for m.sectors.Len() < index {
		m.sectors.Append(pad(""))
	}
	if index <= last {
		m.sectors.Set(index, contents)
	} else {
		m.sectors.Append(contents)
	}
	last = m.sectors.Len() - 1
	m.size = int64(last)*sectorSize + int64(len(m.sectors.At(last)))
}

func pad(contents string) string {
	return contents + strings.Repeat("\x00", sectorSize-len(contents))
}

func (m *image) clone() image { return image{m.sectors.Clone(), m.size} }

func (d *disk) clone() disk {
	return disk{
		cache: d.cache.clone(), medium: d.medium.clone(),
		dirty: slices.Clone(d.dirty), syncing: slices.Clone(d.syncing),
	}
}
