package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The parts of a module that matter here.
const (
	preamble    = "\x00asm\x01\x00\x00\x00"
	dataSection = 11
	constI32    = 0x41
	endOfExpr   = 0x0b
	// maxMemory bounds what data may be placed at.
	maxMemory = 1 << 30
)

var errTruncated = errors.New("the module is cut off")

// shrink is the same module with less in it.
func shrink(module []byte) ([]byte, error) {
	if len(module) < len(preamble) || string(module[:len(preamble)]) != preamble {
		return nil, errors.New("no wasm module of version 1")
	}
	out := []byte(preamble)
	found := false
	for rest := module[len(preamble):]; len(rest) > 0; {
		id := rest[0]
		r := reader{b: rest[1:]}
		body := r.bytes(r.uint())
		if r.err != nil {
			return nil, r.err
		}
		rest = r.b
		if id == dataSection {
			slim, err := shrinkData(body)
			if err != nil {
				return nil, err
			}
			body, found = slim, true
		}
		out = append(out, id)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	if !found {
		return nil, errors.New("the module has no data")
	}
	return out, nil
}

// memory is what the data make of the linear memory, from a first address on.
type memory struct {
	first int
	bytes []byte
}

// shrinkData is a data section with less in it.
func shrinkData(section []byte) ([]byte, error) {
	m, err := readData(section)
	if err != nil {
		return nil, err
	}
	if err := forgetTraces(m); err != nil {
		return nil, err
	}
	return m.write(), nil
}

// readData places the segments.
func readData(section []byte) (*memory, error) {
	r := reader{b: section}
	type segment struct {
		at    int
		bytes []byte
	}
	var list []segment
	first, end := maxMemory, 0
	for range r.uint() {
		mode, op := r.byte(), r.byte()
		at := r.int()
		last := r.byte()
		s := segment{at, r.bytes(r.uint())}
		switch {
		case r.err != nil:
			return nil, r.err
		case mode != 0 || op != constI32 || last != endOfExpr || at < 0 || at > maxMemory:
			return nil, fmt.Errorf("segment %d is placed in an unknown way", len(list))
		}
		list = append(list, s)
		first, end = min(first, at), max(end, at+len(s.bytes))
	}
	if len(list) == 0 {
		return nil, errors.New("the module has no data")
	}
	m := &memory{first, make([]byte, end-first)}
	for _, s := range list {
		copy(m.bytes[s.at-first:], s.bytes)
	}
	return m, nil
}

// zeros is how many zeros in a row are worth a new segment.
const zeros = 4096

// write is the data section: segments between long rows of zeros.
func (m *memory) write() []byte {
	var body []byte
	count := 0
	for at := 0; at < len(m.bytes); {
		begin := at + zeroRun(m.bytes[at:])
		end := begin
		for end < len(m.bytes) {
			if m.bytes[end] != 0 {
				end++
				continue
			}
			n := zeroRun(m.bytes[end:])
			if n >= zeros || end+n == len(m.bytes) {
				break
			}
			end += n
		}
		if begin < end {
			body = append(body, 0, constI32)
			body = appendInt(body, int64(m.first+begin))
			body = append(body, endOfExpr)
			body = binary.AppendUvarint(body, uint64(end-begin))
			body = append(body, m.bytes[begin:end]...)
			count++
		}
		at = max(end, begin)
	}
	return append(binary.AppendUvarint(nil, uint64(count)), body...)
}

// zeroRun is how many zeros b begins with.
func zeroRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] == 0 {
		n++
	}
	return n
}

// reader reads a module; once something is missing, err is set and everything is zero.
type reader struct {
	b   []byte
	err error
}

func (r *reader) byte() byte {
	b := r.bytes(1)
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

func (r *reader) bytes(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.b) {
		r.err = errTruncated
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) uint() int {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > maxMemory {
		r.err = errTruncated
		return 0
	}
	r.b = r.b[k:]
	return int(n)
}

// int reads a signed LEB128 number.
func (r *reader) int() int {
	var n int64
	for shift := 0; shift < 63; shift += 7 {
		b := r.byte()
		n |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 {
				n |= -1 << (shift + 7)
			}
			return int(n)
		}
	}
	r.err = errTruncated
	return 0
}

// appendInt appends a signed LEB128 number.
func appendInt(b []byte, n int64) []byte {
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n == 0 && c&0x40 == 0 || n == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}
