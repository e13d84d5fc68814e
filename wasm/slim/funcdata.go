package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// What the runtime knows of the program (runtime.moduledata), and the data of functions
// (internal/abi.FUNCDATA_…).
const (
	moduleNames      = 8
	moduleGoFunc     = 320
	moduleEndOfTable = 328
	moduleSize       = 336
	nfuncdataAt      = 43
	inlinedCalls     = 3
	argumentInfo     = 5
	argumentLive     = 6
	inlinedSize      = 16
	inlinedTable     = 2 // abi.PCDATA_InlTreeIndex
	endOfArgument    = 0xff
	noData           = 0xffffffff
)

// funcData are the data of functions; the table of functions is at a place in memory.
func (m *memory) funcData(table int) ([]byte, error) {
	pointer := binary.LittleEndian.AppendUint64(nil, uint64(m.first+table))
	for at := 0; ; at++ {
		i := bytes.Index(m.bytes[at:], pointer)
		if i < 0 || at+i+moduleSize > len(m.bytes) {
			return nil, errors.New("runtime.moduledata was not found: this Go has another one")
		}
		at += i
		word := func(offset int) int { return int(binary.LittleEndian.Uint64(m.bytes[at+offset:])) - m.first }
		names, gofunc, end := word(moduleNames), word(moduleGoFunc), word(moduleEndOfTable)
		if names == table+headerSize && table < gofunc && gofunc < end && end <= len(m.bytes) {
			return m.bytes[gofunc:end], nil
		}
	}
}

// forgetData takes from a function the data that only traces need.
func (t *table) forgetData(f []byte, tables int) error {
	n := int(f[nfuncdataAt])
	if funcSize+4*(tables+n) > len(f) {
		return errTruncated
	}
	for k := range n {
		offset := f[funcSize+4*(tables+k):][:4]
		at := binary.LittleEndian.Uint32(offset)
		if at == noData {
			continue
		}
		if int(at) >= len(t.data) {
			return errors.New("its data lie outside of all data: this Go has another runtime.moduledata")
		}
		switch k {
		case inlinedCalls:
			count, err := t.count(binary.LittleEndian.Uint32(f[funcSize+4*inlinedTable:]))
			if err != nil {
				return err
			}
			t.dropped[at] = max(t.dropped[at], inlinedSize*count)
		case argumentInfo:
			t.dropped[at] = max(t.dropped[at], bytes.IndexByte(t.data[at:], endOfArgument)+1)
		case argumentLive:
		default:
			t.needed[at] = true
			continue
		}
		binary.LittleEndian.PutUint32(offset, noData)
	}
	return nil
}

// count is how many inlined calls a list of values names.
func (t *table) count(offset uint32) (int, error) {
	if offset == noTable {
		return 0, nil
	}
	values := t.b[t.values:t.functions]
	value, most := int64(-1), int64(-1)
	for first := true; int(offset) < len(values); first = false {
		delta, n := binary.Uvarint(values[offset:])
		if n <= 0 {
			break
		}
		if delta == 0 && !first {
			return int(most) + 1, nil
		}
		value += int64(delta>>1) ^ -int64(delta&1)
		most = max(most, value)
		offset += uint32(n)
		if int(offset) >= len(values) {
			break
		}
		if _, n = binary.Uvarint(values[offset:]); n <= 0 {
			break
		}
		offset += uint32(n)
	}
	return 0, errTruncated
}

// clearData clears what was dropped. Equal data stand in one place: what somebody needs
// stays.
func (t *table) clearData() {
	for at, size := range t.dropped {
		if !t.needed[at] && int(at)+size <= len(t.data) {
			clear(t.data[at:][:size])
		}
	}
}
