package blocks

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// Writer writes values as blocks. The first error of the stream ends it: all
// that follows does nothing, and Close returns that error.
type Writer struct {
	out io.Writer
	// block begins with room for its head, and grows up to BlockSize behind it.
	block []byte
	crc   uint32
	err   error
}

// firstRoom is what a block begins with: most streams of a simulated run are short.
const firstRoom = 512

// NewWriter begins a stream of a kind, such as "castaway store", in a version of
// its format.
func NewWriter(out io.Writer, kind string, version byte) *Writer {
	w := &Writer{out: out, block: make([]byte, headSize, firstRoom)}
	magic := append([]byte(kind), '\n', version)
	w.crc = crc32.Checksum(magic, castagnoli)
	_, w.err = out.Write(magic)
	return w
}

// Number writes an integer, small ones in few bytes.
func (w *Writer) Number(n uint64) {
	var buffer [binary.MaxVarintLen64]byte
	write(w, binary.AppendUvarint(buffer[:0], n))
}

// Text writes the length of a string and its bytes.
func (w *Writer) Text(s string) {
	w.Number(uint64(len(s)))
	write(w, s)
}

// Close writes what is left and the end mark. It does not close the stream.
func (w *Writer) Close() error {
	if len(w.block) > headSize {
		w.flush()
	}
	w.flush()
	return w.err
}

func write[T string | []byte](w *Writer, s T) {
	for len(s) > 0 && w.err == nil {
		n := min(len(s), headSize+BlockSize-len(w.block))
		w.block, s = append(w.block, s[:n]...), s[n:]
		if len(w.block) == headSize+BlockSize {
			w.flush()
		}
	}
}

func (w *Writer) flush() {
	if w.err != nil {
		return
	}
	binary.LittleEndian.PutUint32(w.block, uint32(len(w.block)-headSize))
	w.crc = crc32.Update(w.crc, castagnoli, w.block[:4])
	w.crc = crc32.Update(w.crc, castagnoli, w.block[headSize:])
	binary.LittleEndian.PutUint32(w.block[4:], w.crc)
	_, w.err = w.out.Write(w.block)
	w.block = w.block[:headSize]
}
