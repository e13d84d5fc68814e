package raftsim

import (
	"strings"

	"github.com/castaway-kv/castaway/internal/cow"
)

// image is the contents of a file.
type image struct {
	// sectors are immutable; all but the last are full.
	sectors cow.Vector[string]
	size    int64
}

// at is the contents of a sector, empty behind the end.
func (m *image) at(index int) string {
	if index >= m.sectors.Len() {
		return ""
	}
	return m.sectors.At(index)
}

// put sets a sector. What lies between the end of the file and it reads as zeros.
func (m *image) put(index int, contents string) {
	last := m.sectors.Len() - 1
	if index > last && last >= 0 {
		m.set(last, pad(m.sectors.At(last)))
	}
	for m.sectors.Len() < index {
		m.sectors.Append(pad(""))
	}
	switch {
	case index > last:
		m.sectors.Append(contents)
	case index < last:
		m.set(index, pad(contents))
	default:
		m.set(index, contents)
	}
	m.measure()
}

// set copies no chunk that other images share if nothing changes.
func (m *image) set(index int, contents string) {
	if m.sectors.At(index) != contents {
		m.sectors.Set(index, contents)
	}
}

// truncate keeps the first size bytes; there are as many.
func (m *image) truncate(size int64) {
	n := int((size + sectorSize - 1) / sectorSize)
	m.sectors.Truncate(n)
	if rest := size % sectorSize; rest > 0 {
		m.sectors.Set(n-1, m.sectors.At(n - 1)[:rest])
	}
	m.size = size
}

func (m *image) measure() {
	last := m.sectors.Len() - 1
	m.size = int64(last)*sectorSize + int64(len(m.sectors.At(last)))
}

// bytes is a copy of it all.
func (m *image) bytes() []byte {
	data := make([]byte, 0, m.size)
	for i := 0; i < m.sectors.Len(); {
		chunk := m.sectors.Slice(i, m.sectors.Len())
		for _, s := range chunk {
			data = append(data, s...)
		}
		i += len(chunk)
	}
	return data
}

func (m *image) clone() image { return image{m.sectors.Clone(), m.size} }

func pad(contents string) string {
	return contents + strings.Repeat("\x00", sectorSize-len(contents))
}
