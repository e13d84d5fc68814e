package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// The table of functions (runtime.pcHeader, runtime._func), as Go 1.20 and later write it.
const (
	tableMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08" // smallest instruction 1, pointers of 8 bytes
	headerSize = 72
	// Of a function.
	funcSize    = 44
	nameAt      = 4
	pcspAt      = 16
	pcfileAt    = 20
	pclnAt      = 24
	npcdataAt   = 28
	cuAt        = 32
	startLineAt = 36
	// stackMapIndex is abi.PCDATA_StackMapIndex: the others are for traces, or for preemption
	// by signals, which wasm has not.
	stackMapIndex = 1
	maxFunctions  = 1 << 20
	maxTables     = 64
	noTable       = 0
)

// table is the table of functions in memory.
type table struct {
	b []byte
	// names, units, files, values and functions are where its parts begin; end is where
	// the functions do.
	names, units, files, values, functions int
	total                                  int
	// kept are the names that are needed.
	kept []placed
	// data are what functions have beside the table, dropped the places and sizes in it that only traces
	// need, needed the places that the runtime does.
	data    []byte
	dropped map[uint32]int
	needed  map[uint32]bool
}

// placed is a text and where it stands.
type placed struct {
	at   int
	text string
}

// forgetTraces takes files, lines and inlined calls out of the table, and the names of all
// functions. What remains is what the runtime unwinds stacks by: sizes of frames, and where
// pointers are.
func forgetTraces(m *memory) error {
	b := m.bytes
	at := bytes.Index(b, []byte(tableMagic))
	if at < 0 {
		return errors.New("there is no table of functions as Go 1.20 and later write it: this Go is another one")
	}
	t, err := readTable(b[at:])
	if err != nil {
		return err
	}
	if t.data, err = m.funcData(at); err != nil {
		return err
	}
	used := make([]bool, t.functions-t.values)
	for i := range t.total {
		if err := t.forget(i, used); err != nil {
			return err
		}
	}
	values := t.b[t.values:t.functions]
	for i := range values {
		if !used[i] {
			values[i] = 0
		}
	}
	clear(t.b[t.names:t.values])
	for _, name := range t.kept {
		copy(t.b[name.at:], name.text)
	}
	t.clearData()
	return nil
}

func readTable(b []byte) (*table, error) {
	if len(b) < headerSize {
		return nil, errTruncated
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(b[8+8*i:])) }
	t := &table{b: b, total: word(0), names: word(3), units: word(4), files: word(5), values: word(6), functions: word(7), dropped: map[uint32]int{}, needed: map[uint32]bool{}}
	ordered := headerSize <= t.names && t.names <= t.units && t.units <= t.files && t.files <= t.values && t.values <= t.functions
	if t.total <= 0 || t.total > maxFunctions || !ordered || t.functions+8*t.total > len(b) {
		return nil, fmt.Errorf("the table of %d functions makes no sense: this Go writes another one", t.total)
	}
	return t, nil
}

// forget takes from a function what only traces need, and notes the values that it keeps.
func (t *table) forget(i int, used []bool) error {
	at := t.functions + int(binary.LittleEndian.Uint32(t.b[t.functions+8*i+4:]))
	if at+funcSize > len(t.b) {
		return errTruncated
	}
	f := t.b[at:]
	word := func(at int) *[4]byte { return (*[4]byte)(f[at:]) }
	for _, field := range []int{pcfileAt, pclnAt, cuAt, startLineAt} {
		*word(field) = [4]byte{}
	}
	t.forgetName(word(nameAt))
	n := int(binary.LittleEndian.Uint32(f[npcdataAt:]))
	if n > maxTables || at+funcSize+4*n > len(t.b) {
		return fmt.Errorf("function %d has %d tables: this Go writes another table", i, n)
	}
	if err := t.forgetData(f, n); err != nil {
		return fmt.Errorf("function %d: %w", i, err)
	}
	kept := []int{int(binary.LittleEndian.Uint32(f[pcspAt:]))}
	for k := range n {
		if k == stackMapIndex {
			kept = append(kept, int(binary.LittleEndian.Uint32(f[funcSize+4*k:])))
		} else {
			*word(funcSize + 4*k) = [4]byte{}
		}
	}
	for _, offset := range kept {
		if err := t.keep(offset, used); err != nil {
			return err
		}
	}
	return nil
}

// keptNames are those of functions that the runtime knows by their names
// (runtime.stkframe.argMapInternal).
var keptNames = []string{"reflect.makeFuncStub", "reflect.methodValueCall"}

// forgetName makes a name the empty one, unless the runtime asks for it.
func (t *table) forgetName(offset *[4]byte) {
	begin := t.names + int(binary.LittleEndian.Uint32(offset[:]))
	if begin >= t.units {
		return
	}
	name, _, _ := bytes.Cut(t.b[begin:t.units], []byte{0})
	if slices.Contains(keptNames, string(name)) {
		t.kept = append(t.kept, placed{begin, string(name)})
	} else {
		*offset = [4]byte{}
	}
}

// keep marks a list of values as used: pairs of numbers up to a zero.
func (t *table) keep(offset int, used []bool) error {
	if offset == noTable {
		return nil
	}
	values := t.b[t.values:t.functions]
	begin := offset
	for first := true; ; first = false {
		if offset >= len(values) {
			return errTruncated
		}
		_, n := binary.Uvarint(values[offset:])
		if n <= 0 {
			return errTruncated
		}
		if values[offset] == 0 && !first {
			offset++
			break
		}
		offset += n
		_, n = binary.Uvarint(values[offset:])
		if n <= 0 {
			return errTruncated
		}
		offset += n
	}
	for k := begin; k < offset; k++ {
		used[k] = true
	}
	return nil
}
