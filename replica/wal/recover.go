package wal

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// Recovery is what a disk holds after a crash.
type Recovery struct {
	// Base that the log begins with. It is nil if the log holds nothing that was ever
	// promised: this is the first start of the member, or the disk was wiped.
	Base *raft.Base
	// Tail are the records after it, oldest first. After loss they end with a
	// TermVote, the last that is known, and a Loss with Lost.
	Tail []raft.Record
	// Life is the highest life that was started.
	Life raft.Life

	// Loss is nil unless synced records are provably gone. If they are, the next
	// record, but for a Start, must be a Base with what Base and Tail add up to, in
	// a new segment; nothing is cut.
	Loss *Loss
	// Lost, after loss, is the last position that the member is known to have had.
	// It is zero if Base and Tail still reach that far: then term and vote are all
	// that was lost, or the entries were truncated later.
	Lost raft.Position

	// Torn says that there are bytes behind Cut. They must be cut off, durably, before
	// anything is written.
	Torn bool
	// Cut is where the log ends, or must.
	Cut Cut
	// Writer goes on where the log ends.
	Writer Writer
}

// Cut is the end of a log: the segments before Segment stay, that one keeps Size
// bytes, later ones go.
type Cut struct {
	Segment int
	Size    int64
}

// Loss is the proof that synced records are gone.
type Loss struct {
	// Number of the first record that is bad or missing; it should stand at Place.
	Number uint64
	Place
	// Proof is the number of a later record, written when Number was known synced.
	Proof uint64
}

// Recover reads a log. Segments are in order, the oldest first; those before
// the last Base may be missing or damaged.
//
// It returns a *NoBaseError if too much is lost to start at all, a *VersionError
// or *ContradictionError for records that are whole but not to be understood, and
// no error for any crash.
func Recover(segments [][]byte, rules Rules) (*Recovery, error) {
	records, err := scan(segments)
	if err != nil {
		return nil, err
	}
	if rules.ProvesLoss == nil || rules.MayCutTail == nil {
		panic("wal: rules are missing; see StandardRules")
	}
	c := chain{records: records}
	if !c.findBase() {
		return c.withoutBase(segments, rules)
	}
	if err := c.follow(); err != nil {
		return nil, err
	}
	if proof := provesLoss(records, c.last.number+1, rules); proof != nil {
		return c.lost(segments, proof)
	}
	return c.whole(segments, rules)
}

// provesLoss is the first record that proves that record bad is lost, nil if none does.
func provesLoss(records []record, bad uint64, rules Rules) *record {
	for i := range records {
		if r := &records[i]; r.number > bad && rules.ProvesLoss(r.through, bad) {
			return r
		}
	}
	return nil
}

// chain is the log from its last Base on.
type chain struct {
	// records are all good ones; base is the index of the last Base among them.
	records []record
	base    int
	// last record of the chain so far.
	last *record

	recovery Recovery
}

// findBase looks for the Base with the highest number.
func (c *chain) findBase() bool {
	for i := range c.records {
		if r := &c.records[i]; r.kind == kindBase && (c.last == nil || r.number > c.last.number) {
			c.base, c.last = i, r
		}
	}
	return c.last != nil
}

// follow takes over the Base and the records that follow it one by one.
func (c *chain) follow() error {
	p := c.last.payload()
	base := p.base(c.last.state)
	if err := c.checkBase(&p, base); err != nil {
		return &ContradictionError{c.last.number, c.last.at, err}
	}
	c.recovery.Base = &base
	for i := c.base + 1; i < len(c.records); i++ {
		r := &c.records[i]
		if r.number != c.last.number+1 || r.previous != c.last.crc {
			continue
		}
		if err := c.add(r); err != nil {
			return &ContradictionError{r.number, r.at, err}
		}
	}
	return nil
}

func (c *chain) checkBase(p *payload, base raft.Base) error {
	switch {
	case p.bad || len(p.b) > 0:
		return errPayload
	case baseState(base, c.last.life) != c.last.state:
		return errState
	case c.last.through >= c.last.number:
		return errThrough
	}
	return nil
}

// add takes a good record over.
func (c *chain) add(r *record) error {
	p := r.payload()
	s := c.last.state
	switch r.kind {
	case kindStart:
		if r.life <= s.life {
			return errLife
		}
		s.life = r.life
	case kindTermVote:
		if r.term < s.term {
			return errTerm
		}
		s.term, s.vote = r.term, r.vote
		c.keep(r.termVote())
	case kindAppend:
		entries := p.entries()
		if len(entries) == 0 {
			return errPayload
		}
		s.last = entries[len(entries)-1].Position()
		c.keep(&raft.Append{Entries: entries})
	case kindTruncate:
		s.last = r.last
		c.keep(raft.Truncate{Last: r.last})
	case kindLoss:
		s.lost = r.lost
		c.keep(raft.Loss{Last: r.lost})
	default:
		return fmt.Errorf("its kind %d is unknown", r.kind)
	}
	switch {
	case p.bad || len(p.b) > 0:
		return errPayload
	case s != r.state:
		return errState
	case r.through >= r.number:
		return errThrough
	}
	c.last = r
	return nil
}

func (c *chain) keep(r raft.Record) { c.recovery.Tail = append(c.recovery.Tail, r) }

// whole is the recovery of a log that has lost nothing but perhaps a torn tail.
func (c *chain) whole(segments [][]byte, rules Rules) (*Recovery, error) {
	r := &c.recovery
	if err := r.cut(segments, c.end(), c.last.number+1, rules); err != nil {
		return nil, err
	}
	r.Life = c.newestLife()
	r.Writer = Writer{number: c.last.number, crc: c.last.crc, based: true, through: c.last.number, state: c.last.state}
	return r, nil
}

// lost is the recovery of a log that has provably lost records: what they added
// up to stands in the last one that is left. Numbers go on behind it, so that
// none is used twice.
func (c *chain) lost(segments [][]byte, proof *record) (*Recovery, error) {
	newest := c.last
	for i := range c.records {
		if x := &c.records[i]; x.number > newest.number {
			newest = x
		}
	}
	if newest.term < c.last.term {
		return nil, &ContradictionError{newest.number, newest.at, errTerm}
	}
	r := &c.recovery
	r.Loss = &Loss{c.last.number + 1, Place{c.last.at.Segment, c.last.end()}, proof.number}
	if promised := newest.promised(); !raft.UpToDate(c.last.last, promised) {
		r.Lost = promised
	}
	c.keep(newest.termVote())
	c.keep(raft.Loss{Last: r.Lost})
	r.Life = c.newestLife()
	r.Cut = Cut{len(segments) - 1, int64(len(segments[len(segments)-1]))}
	r.Writer = Writer{number: newest.number, crc: newest.crc, through: newest.number, state: newest.state}
	return r, nil
}

// withoutBase is for a log without any Base: either nothing was ever synced, or
// what was is lost.
func (c *chain) withoutBase(segments [][]byte, rules Rules) (*Recovery, error) {
	if provesLoss(c.records, 1, rules) != nil {
		first := &c.records[0]
		return nil, &NoBaseError{len(c.records), first.number, first.at}
	}
	if err := c.recovery.cut(segments, Cut{}, 1, rules); err != nil {
		return nil, err
	}
	c.recovery.Life = c.newestLife()
	return &c.recovery, nil
}

// cut notes that the log ends at c, where record bad is torn if anything follows.
func (r *Recovery) cut(segments [][]byte, c Cut, bad uint64, rules Rules) error {
	r.Cut = c
	for i := c.Segment; i < len(segments); i++ {
		size := int64(len(segments[i]))
		r.Torn = r.Torn || size > c.Size || size > 0 && i > c.Segment
	}
	if r.Torn && !rules.MayCutTail() {
		return &TornTailError{bad, Place{c.Segment, c.Size}}
	}
	return nil
}

// end is where the last record of the chain ends.
func (c *chain) end() Cut { return Cut{c.last.at.Segment, c.last.end()} }

// newestLife is the highest life that any record knows.
func (c *chain) newestLife() raft.Life {
	var life raft.Life
	for i := range c.records {
		life = max(life, c.records[i].life)
	}
	return life
}
