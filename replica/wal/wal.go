// Package wal is the log of one member as bytes: how records are written, and
// how what a disk holds after a crash is read back.
//
// A disk that crashes keeps what was synced, and of the rest any subset of its
// sectors. So every record can be checked by itself and against the one before:
//
//	 0  magic     "cast"
//	 4  length    of the payload, uint32
//	 8  crc       CRC32C of the whole record but magic and crc
//	12  previous  crc of the record before
//	16  number    of the record, counted from 1
//	24  through   the highest number known synced when this was written
//	32  term      ┐
//	40  vote      │ of the member, this record included: recovery checks
//	48  last      │ them, and they say what is lost if later ones are
//	   (term, index)
//	64  kind      uint32
//	68  mask      uint32
//	72  payload, padded with zeros to a multiple of 8, masked
//
// All integers are little-endian. The first half of every word of the payload
// is XORed with the mask, which is chosen so that none of them is the magic: a
// value that looks like a record is never taken for one. Recovery reads records until the first bad
// one, k. If any record behind it is good and says through ≥ k, then k was
// synced and is gone: that is loss, and an error. Otherwise all from k on is a
// torn tail, which nobody was promised anything about, and is cut.
package wal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/castaway-kv/castaway/raft"
)

// Start is the record that opens a life of the member.
type Start struct{ Life raft.Life }

// The kinds of records.
const (
	kindStart = iota + 1
	kindBase
	kindTermVote
	kindAppend
	kindTruncate
	kindLoss
)

const (
	magic        = 0x74736163 // "cast"
	lengthOffset = 4
	crcOffset    = 8
	prevOffset   = 12
	numberOffset = 16
	kindOffset   = 64
	maskOffset   = 68
	headerSize   = 72
	alignment    = 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer encodes the records of a log, in order. The zero Writer starts a new log.
type Writer struct {
	// number and crc of the last record.
	number uint64
	crc    uint32
	// through is the highest number known synced.
	through uint64
	state   state
}

// state is what the records so far add up to.
type state struct {
	term raft.Term
	vote raft.ID
	last raft.Position
}

// Number of the last record.
func (w *Writer) Number() uint64 { return w.number }

// Synced notes that all records up to number are synced.
func (w *Writer) Synced(number uint64) { w.through = max(w.through, number) }

// AppendStart appends the encoding of a Start to dst.
func (w *Writer) AppendStart(dst []byte, r Start) []byte {
	start := len(dst)
	dst = w.header(dst, kindStart)
	return w.seal(binary.AppendUvarint(dst, uint64(r.Life)), start)
}

// Append appends the encoding of a record to dst.
func (w *Writer) Append(dst []byte, r raft.Record) []byte {
	start := len(dst)
	switch r := r.(type) {
	case raft.Base:
		w.state = baseState(r)
		dst = appendBase(w.header(dst, kindBase), r)
	case raft.TermVote:
		w.state.term, w.state.vote = r.Term, r.Vote
		dst = w.header(dst, kindTermVote)
	case *raft.Append:
		w.state.last = r.Entries[len(r.Entries)-1].Position()
		dst = appendEntries(w.header(dst, kindAppend), r.Entries)
	case raft.Truncate:
		w.state.last = r.Last
		dst = w.header(dst, kindTruncate)
	case raft.Loss:
		dst = appendPosition(w.header(dst, kindLoss), r.Last)
	default:
		panic(fmt.Sprintf("wal: unknown record %T", r))
	}
	return w.seal(dst, start)
}

// header appends a header whose length, crc and mask are still missing.
func (w *Writer) header(dst []byte, kind uint32) []byte {
	w.number++
	dst = binary.LittleEndian.AppendUint32(dst, magic)
	dst = binary.LittleEndian.AppendUint64(dst, 0)
	dst = binary.LittleEndian.AppendUint32(dst, w.crc)
	for _, x := range []uint64{
		w.number, w.through, uint64(w.state.term), uint64(w.state.vote),
		uint64(w.state.last.Term), uint64(w.state.last.Index), uint64(kind),
	} {
		dst = binary.LittleEndian.AppendUint64(dst, x)
	}
	return dst
}

// seal masks the record that starts at dst[start:], and fills in what is missing.
func (w *Writer) seal(dst []byte, start int) []byte {
	binary.LittleEndian.PutUint32(dst[start+lengthOffset:], uint32(len(dst)-start-headerSize))
	for (len(dst)-start)%alignment != 0 {
		dst = append(dst, 0)
	}
	if m := chooseMask(dst[start+headerSize:]); m != 0 {
		binary.LittleEndian.PutUint32(dst[start+maskOffset:], m)
		mask(dst[start+headerSize:], m)
	}
	w.crc = checksum(dst[start:])
	binary.LittleEndian.PutUint32(dst[start+crcOffset:], w.crc)
	return dst
}

// mask XORs the first half of every word; to do it twice undoes it.
func mask(payload []byte, m uint32) {
	for ; len(payload) >= alignment; payload = payload[alignment:] {
		binary.LittleEndian.PutUint32(payload, binary.LittleEndian.Uint32(payload)^m)
	}
}

// chooseMask returns the lowest mask under which no word starts like a record.
func chooseMask(payload []byte) uint32 {
	if !bytes.Contains(payload, binary.LittleEndian.AppendUint32(nil, magic)) {
		return 0
	}
	var taken []uint32
	for ; len(payload) >= alignment; payload = payload[alignment:] {
		taken = append(taken, binary.LittleEndian.Uint32(payload)^magic)
	}
	slices.Sort(taken)
	lowest := uint32(0)
	for _, m := range taken {
		if m == lowest {
			lowest++
		}
	}
	return lowest
}

// checksum of a whole record, but for its magic and the checksum itself.
func checksum(record []byte) uint32 {
	c := crc32.Update(0, castagnoli, record[lengthOffset:crcOffset])
	return crc32.Update(c, castagnoli, record[prevOffset:])
}

// baseState is what a Base alone adds up to.
func baseState(r raft.Base) state {
	s := state{term: r.Term, vote: r.Vote, last: r.Snapshot.Last}
	if n := len(r.Entries); n > 0 {
		s.last = r.Entries[n-1].Position()
	}
	return s
}

// appendBase appends what the header does not say of a Base.
func appendBase(b []byte, r raft.Base) []byte {
	b = appendPosition(b, r.Lost)
	b = appendPosition(b, r.Snapshot.Last)
	b = binary.AppendUvarint(b, r.Snapshot.Size)
	b = binary.AppendUvarint(b, r.Snapshot.Checksum)
	members := r.Snapshot.Members.Encode()
	b = binary.AppendUvarint(b, uint64(len(members)))
	b = append(b, members...)
	return appendEntries(b, r.Entries)
}

func appendPosition(b []byte, p raft.Position) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(p.Term)), uint64(p.Index))
}

func appendEntries(b []byte, entries []raft.Entry) []byte {
	b = binary.AppendUvarint(b, uint64(len(entries)))
	for i := range entries {
		e := &entries[i]
		for _, x := range []uint64{
			uint64(e.Term), uint64(e.Index), uint64(e.Kind),
			uint64(e.Request.Member), uint64(e.Request.Life), e.Request.Sequence, uint64(len(e.Data)),
		} {
			b = binary.AppendUvarint(b, x)
		}
		b = append(b, e.Data...)
	}
	return b
}
