package blocks

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Reader reads what a Writer wrote. The first error ends it: every read after it
// gives the zero value and Err stays the same, so that callers may look at Err
// once, after a loop whose condition includes it.
type Reader struct {
	in   io.Reader
	kind string
	// block is what is left of the current block.
	block []byte
	// full is room for a block; last is the size of the one in it.
	full []byte
	last uint32
	crc  uint32
	// number of the current block, from 1; offset of its end in the stream.
	number, offset int64
	ended          bool
	err            error
}

// NewReader begins to read a stream of a kind in a version of its format.
func NewReader(in io.Reader, kind string, version byte) *Reader {
	r := &Reader{in: in, kind: kind}
	magic := make([]byte, len(kind)+2)
	switch got := r.read(magic); {
	case r.err != nil:
	case string(magic[:len(kind)+1]) != kind+"\n":
		r.Fail("begins with %q: this is no %s", magic[:len(kind)+1], kind)
	case magic[got-1] != version:
		r.Fail("version %d of the format, want %d: read it with the program that wrote it", magic[got-1], version)
	}
	r.crc = crc32.Checksum(magic, castagnoli)
	return r
}

// Err is the first error, nil if all is well so far.
func (r *Reader) Err() error { return r.err }

// Fail ends the reading with an error that wraps ErrDamaged and names the place.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		why := fmt.Sprintf(format, args...)
		r.err = fmt.Errorf("%s is %w: block %d, byte %d: %s", r.kind, ErrDamaged, r.number, r.offset-int64(len(r.block)), why)
	}
}

// Number reads an integer that is at most limit.
func (r *Reader) Number(limit uint64) uint64 {
	var buffer [binary.MaxVarintLen64]byte
	for i := range buffer {
		if !r.fill() {
			return 0
		}
		buffer[i] = r.block[0]
		r.block = r.block[1:]
		if buffer[i] < 0x80 {
			return r.shortest(buffer[:i+1], limit)
		}
	}
	r.Fail("an integer of more than 64 bits")
	return 0
}

// shortest decodes an integer and checks it.
func (r *Reader) shortest(b []byte, limit uint64) uint64 {
	n, size := binary.Uvarint(b)
	switch {
	case size <= 0:
		r.Fail("an integer of more than 64 bits")
	case size > 1 && b[size-1] == 0:
		r.Fail("an integer that is longer than it needs to be")
	case n > limit:
		r.Fail("the number %d, expected at most %d", n, limit)
	default:
		return n
	}
	return 0
}

// Text reads a string of at most limit bytes.
func (r *Reader) Text(limit int) string {
	length := int(r.Number(uint64(limit)))
	if r.err != nil || length == 0 {
		return ""
	}
	if length <= len(r.block) {
		s := string(r.block[:length])
		r.block = r.block[length:]
		return s
	}
	// The rest of a long string stands in the next blocks; memory is taken only
	// for what is there.
	var parts []byte
	for len(parts) < length && r.fill() {
		n := min(length-len(parts), len(r.block))
		parts = append(parts, r.block[:n]...)
		r.block = r.block[n:]
	}
	if r.err != nil {
		return ""
	}
	return string(parts)
}

// Close reads the end mark. It fails when there is more before it.
func (r *Reader) Close() error {
	if r.err == nil && len(r.block) > 0 {
		r.Fail("%d bytes more than expected", len(r.block))
	}
	if r.err == nil && r.next() {
		r.Fail("%d bytes more than expected", len(r.block))
	}
	return r.err
}

// fill makes sure that there is something in the block.
func (r *Reader) fill() bool {
	if r.err != nil {
		return false
	}
	if len(r.block) == 0 && !r.next() {
		r.Fail("ends too early")
	}
	return r.err == nil
}

// next reads the next block and checks it; false at the end mark and after an
// error.
func (r *Reader) next() bool {
	if r.err != nil || r.ended {
		return false
	}
	r.number++
	var head [headSize]byte
	r.read(head[:])
	length := binary.LittleEndian.Uint32(head[:])
	switch {
	case r.err != nil:
	case length > BlockSize:
		r.Fail("a block of %d bytes, expected at most %d", length, BlockSize)
	case length > 0 && r.full != nil && r.last < BlockSize:
		r.Fail("a block after one of %d bytes, which is not full", r.last)
	}
	if r.err != nil {
		return false
	}
	if uint32(len(r.full)) < length {
		r.full = make([]byte, length)
	}
	r.read(r.full[:length])
	r.crc = crc32.Update(r.crc, castagnoli, head[:4])
	r.crc = crc32.Update(r.crc, castagnoli, r.full[:length])
	if want := binary.LittleEndian.Uint32(head[4:]); r.err == nil && want != r.crc {
		r.Fail("the checksum is %08x, the bytes before make %08x", want, r.crc)
	}
	if r.err != nil {
		return false
	}
	r.block, r.last, r.ended = r.full[:length], length, length == 0
	return !r.ended
}

// read fills b from the stream.
func (r *Reader) read(b []byte) int {
	if r.err != nil {
		return 0
	}
	n, err := io.ReadFull(r.in, b)
	r.offset += int64(n)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.block = nil
		r.Fail("the stream ends here")
	case err != nil:
		r.err = fmt.Errorf("%s: block %d, byte %d: %w", r.kind, r.number, r.offset, err)
	}
	return n
}
