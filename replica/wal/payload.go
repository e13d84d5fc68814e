package wal

import (
	"encoding/binary"

	"github.com/castaway-kv/castaway/raft"
)

// appendBase appends what the header does not say of a Base.
func appendBase(b []byte, r raft.Base) []byte {
	b = binary.AppendUvarint(b, uint64(r.Snapshot.Last.Term))
	b = binary.AppendUvarint(b, uint64(r.Snapshot.Last.Index))
	b = binary.AppendUvarint(b, r.Snapshot.Size)
	b = binary.AppendUvarint(b, r.Snapshot.Checksum)
	members := r.Snapshot.Members.Encode()
	b = binary.AppendUvarint(b, uint64(len(members)))
	b = append(b, members...)
	return appendEntries(b, r.Entries)
}

func appendEntries(b []byte, entries []raft.Entry) []byte {
	b = binary.AppendUvarint(b, uint64(len(entries)))
	for i := range entries {
		e := &entries[i]
		for _, x := range [...]uint64{
			uint64(e.Term), uint64(e.Index), uint64(e.Kind),
			uint64(e.Request.Member), uint64(e.Request.Life), e.Request.Sequence, uint64(len(e.Data)),
		} {
			b = binary.AppendUvarint(b, x)
		}
		b = append(b, e.Data...)
	}
	return b
}

// room is about how many bytes the entries take.
func room(entries []raft.Entry) int {
	n := 8
	for i := range entries {
		n += 24 + len(entries[i].Data)
	}
	return n
}

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

func (p *payload) base(s state) raft.Base {
	base := raft.Base{TermVote: s.termVote(), Lost: s.lost}
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
	// An entry takes 7 bytes at least: a count can't ask for more memory than that.
	n := p.uvarint()
	list := make([]raft.Entry, 0, min(n, uint64(len(p.b)/7)))
	for ; n > 0 && !p.bad; n-- {
		e := raft.Entry{Term: raft.Term(p.uvarint()), Index: raft.Index(p.uvarint())}
		kind := p.uvarint()
		p.bad = p.bad || kind > uint64(raft.ConfigChange)
		e.Kind = raft.EntryKind(kind)
		e.Request = raft.RequestID{Member: raft.ID(p.uvarint()), Life: raft.Life(p.uvarint()), Sequence: p.uvarint()}
		e.Data = p.text()
		list = append(list, e)
	}
	if len(list) == 0 {
		return nil
	}
	return list
}
