package wal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// Recovery is what a disk holds after a crash.
type Recovery struct {
	// Base is nil in a log so short that no promise was made yet.
	Base *raft.Base
	// Tail are the records after it, oldest first.
	Tail []raft.Record
	// Life is the highest life that was started.
	Life raft.Life
	// Valid is how many bytes are good: cut the file there, and sync, before
	// anything is written behind.
	Valid int64
	// Writer goes on where the log ends.
	Writer Writer
}

// LossError says that synced records are gone.
type LossError struct {
	// Number of the first record that is bad or missing, at Offset.
	Number uint64
	Offset int64
	// Proof is the number of a later record, written when Number was known synced.
	Proof uint64
}

func (e *LossError) Error() string {
	return fmt.Sprintf("wal: record %d at byte %d was synced and is damaged or gone, as record %d behind it proves; "+
		"this member must not start from here", e.Number, e.Offset, e.Proof)
}

// Recover reads a log. It returns a *LossError when synced records are gone,
// and other errors for records that are whole but don't fit together: no crash
// leaves such behind.
func Recover(data []byte) (*Recovery, error) {
	r := &Recovery{}
	for {
		rec, ok := decodeAt(data, r.Valid)
		if !ok || rec.number != r.Writer.number+1 || rec.previous != r.Writer.crc {
			return r, r.proveLoss(data)
		}
		if err := r.add(rec); err != nil {
			return nil, fmt.Errorf("wal: record %d at byte %d: %w", rec.number, r.Valid, err)
		}
		r.Valid += rec.size
	}
}

// proveLoss looks behind the first bad record for one that says it was synced.
// Everything read so far is known synced once the tail is cut and synced.
func (r *Recovery) proveLoss(data []byte) error {
	bad := r.Writer.number + 1
	for off := r.Valid + alignment; off+headerSize <= int64(len(data)); off += alignment {
		if rec, ok := decodeAt(data, off); ok && rec.number > bad && rec.through >= bad {
			return &LossError{bad, r.Valid, rec.number}
		}
	}
	r.Writer.Synced(r.Writer.number)
	return nil
}

// record is one record as it stands in the log.
type record struct {
	previous, crc   uint32
	number, through uint64
	state           state
	kind            uint32
	payload         []byte
	size            int64
}

// decodeAt reads the record at off, if a good one stands there.
func decodeAt(data []byte, off int64) (record, bool) {
	b := data[min(off, int64(len(data))):]
	if len(b) < headerSize || binary.LittleEndian.Uint32(b) != magic {
		return record{}, false
	}
	length := int64(binary.LittleEndian.Uint32(b[lengthOffset:]))
	size := (headerSize + length + alignment - 1) / alignment * alignment
	if size > int64(len(b)) {
		return record{}, false
	}
	b = b[:size]
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[numberOffset+8*i:]) }
	r := record{
		crc: binary.LittleEndian.Uint32(b[crcOffset:]), previous: binary.LittleEndian.Uint32(b[prevOffset:]),
		number: word(0), through: word(1),
		state:   state{raft.Term(word(2)), raft.ID(word(3)), raft.Position{Term: raft.Term(word(4)), Index: raft.Index(word(5))}},
		kind:    binary.LittleEndian.Uint32(b[kindOffset:]),
		payload: b[headerSize:], size: size,
	}
	if r.crc != checksum(b) {
		return record{}, false
	}
	if m := binary.LittleEndian.Uint32(b[maskOffset:]); m != 0 {
		r.payload = bytes.Clone(r.payload)
		mask(r.payload, m)
	}
	r.payload = r.payload[:length]
	return r, true
}

var (
	errPayload = errors.New("its payload does not decode")
	errOrder   = errors.New("no base record comes before it")
	errLife    = errors.New("its life is not later than the one before")
	errState   = errors.New("its term, vote or last position contradicts the records before it")
)

// add takes a good record over.
func (r *Recovery) add(rec record) error {
	p := payload{b: rec.payload}
	w := &r.Writer
	w.number, w.crc, w.through = rec.number, rec.crc, max(w.through, rec.through)
	switch rec.kind {
	case kindStart:
		life := raft.Life(p.uvarint())
		if !p.bad && life <= r.Life {
			return errLife
		}
		r.Life = life
	case kindBase:
		r.Base = p.base(rec.state)
		r.Tail = nil
		w.state = baseState(*r.Base)
	case kindTermVote:
		w.state.term, w.state.vote = rec.state.term, rec.state.vote
		r.Tail = append(r.Tail, rec.state.termVote())
	case kindAppend:
		entries := p.entries()
		if len(entries) == 0 {
			return errPayload
		}
		w.state.last = entries[len(entries)-1].Position()
		r.Tail = append(r.Tail, &raft.Append{Entries: entries})
	case kindTruncate:
		w.state.last = rec.state.last
		r.Tail = append(r.Tail, raft.Truncate{Last: rec.state.last})
	case kindLoss:
		r.Tail = append(r.Tail, raft.Loss{Last: p.position()})
	default:
		return fmt.Errorf("its kind %d is unknown", rec.kind)
	}
	switch {
	case p.bad || len(p.b) > 0:
		return errPayload
	case r.Base == nil && len(r.Tail) > 0:
		return errOrder
	case w.state != rec.state:
		return errState
	}
	return nil
}

func (s state) termVote() raft.TermVote { return raft.TermVote{Term: s.term, Vote: s.vote} }

// payload reads what a record carries; once something does not decode, bad is
// set and everything reads as zero.
type payload struct {
	b   []byte
	bad bool
}

func (p *payload) uvarint() uint64 {
	x, n := binary.Uvarint(p.b)
	if n <= 0 {
		p.bad, p.b = true, nil
		return 0
	}
	p.b = p.b[n:]
	return x
}

func (p *payload) text() string {
	n := p.uvarint()
	if n > uint64(len(p.b)) {
		p.bad = true
		return ""
	}
	s := string(p.b[:n])
	p.b = p.b[n:]
	return s
}

func (p *payload) position() raft.Position {
	return raft.Position{Term: raft.Term(p.uvarint()), Index: raft.Index(p.uvarint())}
}

func (p *payload) base(s state) *raft.Base {
	base := &raft.Base{TermVote: s.termVote(), Lost: p.position()}
	base.Snapshot = raft.Snapshot{Last: p.position(), Size: p.uvarint(), Checksum: p.uvarint()}
	members, err := raft.DecodeConfiguration(p.text())
	if err != nil {
		p.bad = true
	}
	base.Snapshot.Members = members
	base.Entries = p.entries()
	return base
}

func (p *payload) entries() []raft.Entry {
	var list []raft.Entry
	for n := p.uvarint(); n > 0 && !p.bad; n-- {
		list = append(list, raft.Entry{
			Term: raft.Term(p.uvarint()), Index: raft.Index(p.uvarint()), Kind: raft.EntryKind(p.uvarint()),
			Request: raft.RequestID{Member: raft.ID(p.uvarint()), Life: raft.Life(p.uvarint()), Sequence: p.uvarint()},
			Data:    p.text(),
		})
	}
	return list
}
