package wal

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// Encoded is one record as bytes. Data is immutable and may be kept.
type Encoded struct {
	// Number of the record, one more than that of the record before.
	Number uint64
	Data   []byte
	// Base says that a new segment begins with it. Once it is durable, older
	// segments may go.
	Base bool
}

// Writer encodes the records of a log, in order. The zero Writer starts a new
// log. Behind a start of the member all must be in order: in a new log, and
// after proven loss, the first record but for a Start must be a Base.
type Writer struct {
	// number and crc of the last record.
	number uint64
	crc    uint32
	// based says that a Base stands before the next record, in one chain with it.
	based bool
	// through is the highest number known synced.
	through uint64
	state   state
}

// Number of the last record.
func (w *Writer) Number() uint64 { return w.number }

// Synced notes that all records up to number are synced.
func (w *Writer) Synced(number uint64) { w.through = max(w.through, number) }

// AppendStart encodes the record that opens a life of the member.
func (w *Writer) AppendStart(life raft.Life) Encoded {
	w.state.life = life
	return w.finish(kindStart, w.begin(kindStart, 0))
}

// Append encodes a record. It panics if a Base must come first.
func (w *Writer) Append(r raft.Record) Encoded {
	base, isBase := r.(raft.Base)
	if !w.based && !isBase {
		panic(fmt.Sprintf("wal: a %T with no Base before it", r))
	}
	switch r := r.(type) {
	case raft.Base:
		w.based = true
		w.state = baseState(base, w.state.life)
		return w.finish(kindBase, appendBase(w.begin(kindBase, 64+room(r.Entries)), r))
	case raft.TermVote:
		w.state.term, w.state.vote = r.Term, r.Vote
		return w.finish(kindTermVote, w.begin(kindTermVote, 0))
	case *raft.Append:
		w.state.last = r.Entries[len(r.Entries)-1].Position()
		return w.finish(kindAppend, appendEntries(w.begin(kindAppend, room(r.Entries)), r.Entries))
	case raft.Truncate:
		w.state.last = r.Last
		return w.finish(kindTruncate, w.begin(kindTruncate, 0))
	case raft.Loss:
		w.state.lost = r.Last
		return w.finish(kindLoss, w.begin(kindLoss, 0))
	}
	panic(fmt.Sprintf("wal: unknown record %T", r))
}

// begin makes the header of the next record, with room for its payload.
func (w *Writer) begin(kind uint16, room int) []byte {
	w.number++
	h := header{kind: kind, number: w.number, through: w.through, state: w.state, previous: w.crc}
	return appendHeader(make([]byte, 0, headerSize+room), &h)
}

func (w *Writer) finish(kind uint16, record []byte) Encoded {
	w.crc = seal(record)
	return Encoded{Number: w.number, Data: record, Base: kind == kindBase}
}

// baseState is what a Base alone adds up to.
func baseState(r raft.Base, life raft.Life) state {
	s := state{life: life, term: r.Term, vote: r.Vote, last: r.Snapshot.Last, lost: r.Lost}
	if n := len(r.Entries); n > 0 {
		s.last = r.Entries[n-1].Position()
	}
	return s
}
