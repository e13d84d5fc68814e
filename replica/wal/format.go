package wal

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/castaway-kv/castaway/raft"
)

// Version of the format that is written, and the only one that is read.
const Version = 2

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
	magic          = "cast"
	lengthOffset   = 4
	crcOffset      = 8
	versionOffset  = 12
	kindOffset     = 14
	frameSize      = 16 // what all versions have in common
	numberOffset   = 16 // seven words of 8 bytes, two of them positions
	previousOffset = 88
	maskOffset     = 92
	headerSize     = 96
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is what each record says beside its payload.
type header struct {
	kind    uint16
	number  uint64
	through uint64
	state
	previous uint32
}

// state is what the records so far add up to.
type state struct {
	life raft.Life
	term raft.Term
	vote raft.ID
	last raft.Position
	// lost is as in raft.Loss.
	lost raft.Position
}

func (s state) termVote() raft.TermVote { return raft.TermVote{Term: s.term, Vote: s.vote} }

// promised is the furthest position that the member is known to have had.
func (s state) promised() raft.Position {
	if s.lost == (raft.Position{}) || raft.UpToDate(s.last, s.lost) {
		return s.last
	}
	return s.lost
}

// appendHeader appends a header whose length, crc and mask are still missing.
func appendHeader(b []byte, h *header) []byte {
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint64(b, 0)
	b = binary.LittleEndian.AppendUint16(b, Version)
	b = binary.LittleEndian.AppendUint16(b, h.kind)
	for _, x := range [...]uint64{
		h.number, h.through, uint64(h.life), uint64(h.term), uint64(h.vote),
		uint64(h.last.Term), uint64(h.last.Index), uint64(h.lost.Term), uint64(h.lost.Index),
	} {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	b = binary.LittleEndian.AppendUint32(b, h.previous)
	return binary.LittleEndian.AppendUint32(b, 0)
}

// decodeHeader reads the first headerSize bytes of a record.
func decodeHeader(b []byte) header {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[numberOffset+8*i:]) }
	position := func(i int) raft.Position {
		return raft.Position{Term: raft.Term(word(i)), Index: raft.Index(word(i + 1))}
	}
	return header{
		kind: binary.LittleEndian.Uint16(b[kindOffset:]), number: word(0), through: word(1),
		state: state{
			life: raft.Life(word(2)), term: raft.Term(word(3)), vote: raft.ID(word(4)),
			last: position(5), lost: position(7),
		},
		previous: binary.LittleEndian.Uint32(b[previousOffset:]),
	}
}

// checksum of a whole record, but for its magic and the checksum itself.
func checksum(record []byte) uint32 {
	c := crc32.Update(0, castagnoli, record[lengthOffset:crcOffset])
	return crc32.Update(c, castagnoli, record[versionOffset:])
}

// seal masks a record and fills in what its header still misses. It returns the crc.
func seal(record []byte) uint32 {
	payload := record[headerSize:]
	m := chooseMask(payload)
	xor(payload, m)
	binary.LittleEndian.PutUint32(record[maskOffset:], m)
	binary.LittleEndian.PutUint32(record[lengthOffset:], uint32(len(record)-frameSize))
	crc := checksum(record)
	binary.LittleEndian.PutUint32(record[crcOffset:], crc)
	return crc
}
