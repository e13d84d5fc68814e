package raftsim

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/internal/cow"
)

// INTERIM until the branch disk is merged.
const sectorSize = 512

type disk struct {
	files []file
	fail  bool
}

type file struct {
	name   string
	cache  cow.Vector[string]
	synced int
	begun  int
}

func (d *disk) find(name string) *file {
	for i := range d.files {
		if d.files[i].name == name {
			return &d.files[i]
		}
	}
	return nil
}

func (d *disk) append(name string, data []byte) error {
	f := d.find(name)
	if f == nil {
		d.files = append(d.files, file{name: name})
		slices.SortFunc(d.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
		f = d.find(name)
	}
	f.cache.Append(string(data))
	return nil
}

func (d *disk) list(prefix string) []string {
	var out []string
	for i := range d.files {
		if strings.HasPrefix(d.files[i].name, prefix) {
			out = append(out, d.files[i].name)
		}
	}
	return out
}

func (d *disk) read(name string) ([]byte, error) {
	var b []byte
	if f := d.find(name); f != nil {
		for i := range f.cache.Len() {
			b = append(b, f.cache.At(i)...)
		}
	}
	return b, nil
}

func (d *disk) remove(name string) {
	d.files = slices.DeleteFunc(d.files, func(f file) bool { return f.name == name })
}
func (d *disk) truncate(name string, size int64) {}
func (d *disk) sync(prefix string) {
	for i := range d.files {
		if strings.HasPrefix(d.files[i].name, prefix) {
			d.files[i].begun = d.files[i].cache.Len()
		}
	}
}
func (d *disk) synced(prefix string) {
	for i := range d.files {
		if strings.HasPrefix(d.files[i].name, prefix) {
			d.files[i].synced = d.files[i].begun
		}
	}
}
func (d *disk) syncFailed(prefix string, lost func(i int) bool) {}
func (d *disk) crash(lost func(i int) bool, torn bool) {
	for i := range d.files {
		d.files[i].cache.Truncate(d.files[i].synced)
	}
}
func (d *disk) failing() bool                     { return d.fail }
func (d *disk) failNextSync()                     { d.fail = true }
func (d *disk) loseNextSync()                     {}
func (d *disk) fill(bytes int64)                  {}
func (d *disk) mend()                             {}
func (d *disk) calm()                             {}
func (d *disk) repair()                           {}
func (d *disk) wipe()                             { d.files = nil }
func (d *disk) flipBit(name string, at int64)     {}
func (d *disk) readError(name string, sector int) {}
func (d *disk) durableSize(name string) int64     { return 0 }
func (d *disk) size() int64                       { return 0 }
func (d *disk) unsynced() int64                   { return 0 }
func (d *disk) clone() disk {
	c := *d
	c.files = slices.Clone(d.files)
	for i := range c.files {
		c.files[i].cache = d.files[i].cache.Clone()
	}
	return c
}
