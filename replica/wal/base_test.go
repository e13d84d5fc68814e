package wal

import (
	"reflect"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// TestBaseInTheMiddle: a Base stands for all records before it, with its
// snapshot, what is lost, and the entries that go on living.
func TestBaseInTheMiddle(t *testing.T) {
	base := raft.Base{
		TermVote: raft.TermVote{Term: 3, Vote: 2},
		Lost:     raft.Position{Term: 2, Index: 9},
		Snapshot: raft.Snapshot{
			Last: raft.Position{Term: 1, Index: 4}, Size: 1 << 40, Checksum: 1<<64 - 1,
			Members: raft.Configuration{Voters: []raft.ID{1, 2}, Outgoing: []raft.ID{1, 3}, Learners: []raft.ID{4}, Demoting: []raft.ID{3}},
		},
		Entries: []raft.Entry{{Term: 1, Index: 5, Data: "x"}, {Term: 3, Index: 6, Kind: raft.NoOp}},
	}
	tail := []raft.Record{
		&raft.Append{Entries: []raft.Entry{{Term: 3, Index: 7, Data: "y"}}},
		raft.Truncate{Last: raft.Position{Term: 3, Index: 6}},
		raft.Loss{},
	}
	var w Writer
	log := w.AppendStart(nil, Start{Life: 1})
	log = w.Append(log, raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1}}}})
	log = w.Append(log, raft.TermVote{Term: 2})
	for _, r := range append([]raft.Record{base}, tail...) {
		log = w.Append(log, r)
	}
	got, err := Recover(log)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*got.Base, base) {
		t.Errorf("base:\n%+v\nwant\n%+v", *got.Base, base)
	}
	if !reflect.DeepEqual(got.Tail, tail) {
		t.Errorf("tail %+v, want %+v", got.Tail, tail)
	}
	if got.Valid != int64(len(log)) || got.Writer.Number() != w.Number() {
		t.Errorf("%d of %d bytes, number %d of %d", got.Valid, len(log), got.Writer.Number(), w.Number())
	}
}
