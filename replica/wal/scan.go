package wal

import (
	"bytes"
	"encoding/binary"
)

// Place is where something stands in a log.
type Place struct {
	// Segment counts from 0, Offset in bytes from its beginning.
	Segment int
	Offset  int64
}

// record is one good record as it stands in the log.
type record struct {
	header
	crc  uint32
	at   Place
	data []byte
}

// end is the offset behind it.
func (r *record) end() int64 { return r.at.Offset + int64(len(r.data)) }

// payload of the record, unmasked.
func (r *record) payload() payload {
	b := r.data[headerSize:]
	if m := binary.LittleEndian.Uint32(r.data[maskOffset:]); m != 0 {
		b = bytes.Clone(b)
		xor(b, m)
	}
	return payload{b: b}
}

// scan finds all good records, in the order they stand in. It returns a
// *VersionError if there is a record of another version.
func scan(segments [][]byte) ([]record, error) {
	var found []record
	for s, data := range segments {
		for at := 0; ; {
			i := bytes.Index(data[at:], magicBytes)
			if i < 0 {
				break
			}
			at += i
			frame := frameAt(data[at:])
			if frame == nil {
				at++
				continue
			}
			place := Place{s, int64(at)}
			if v := binary.LittleEndian.Uint16(frame[versionOffset:]); v != Version {
				return nil, &VersionError{place, v}
			}
			if len(frame) < headerSize {
				return nil, &ContradictionError{0, place, errHeader}
			}
			found = append(found, record{decodeHeader(frame), binary.LittleEndian.Uint32(frame[crcOffset:]), place, frame})
			at += len(frame)
		}
	}
	return found, nil
}

// frameAt is the whole record, of whatever version, at the beginning of data;
// nil if no good one stands there.
func frameAt(data []byte) []byte {
	if len(data) < frameSize {
		return nil
	}
	length := binary.LittleEndian.Uint32(data[lengthOffset:])
	if uint64(length) > uint64(len(data)-frameSize) {
		return nil
	}
	frame := data[:frameSize+int(length)]
	if binary.LittleEndian.Uint32(frame[crcOffset:]) != checksum(frame) {
		return nil
	}
	return frame
}
