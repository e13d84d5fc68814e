package peer

import (
	"encoding/binary"

	castaway "github.com/castaway-kv/castaway/raft"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"
)

// An entry's request stands before its command; a change of the members has both in
// the context of a ConfChangeV2. So all members have the same entries in both words.

func encodeCommand(r castaway.RequestID, data string) []byte {
	b := binary.AppendUvarint(nil, uint64(r.Member))
	b = binary.AppendUvarint(b, uint64(r.Life))
	b = binary.AppendUvarint(b, r.Sequence)
	return append(b, data...)
}

func decodeCommand(b []byte) (r castaway.RequestID, data string) {
	var words [3]uint64
	for i := range words {
		x, n := binary.Uvarint(b)
		words[i], b = x, b[n:]
	}
	return castaway.RequestID{Member: castaway.ID(words[0]), Life: castaway.Life(words[1]), Sequence: words[2]}, string(b)
}

func toEntries(list []*pb.Entry) []castaway.Entry {
	out := make([]castaway.Entry, len(list))
	for i, e := range list {
		out[i] = toEntry(e)
	}
	return out
}

func toEntry(e *pb.Entry) castaway.Entry {
	x := castaway.Entry{Term: castaway.Term(e.GetTerm()), Index: castaway.Index(e.GetIndex())}
	switch {
	case e.GetType() == pb.EntryConfChangeV2:
		change := &pb.ConfChangeV2{}
		must(proto.Unmarshal(e.GetData(), change))
		x.Kind = castaway.ConfigChange
		x.Request, x.Data = decodeCommand(change.GetContext())
	case len(e.GetData()) == 0:
		x.Kind = castaway.NoOp
	default:
		x.Request, x.Data = decodeCommand(e.GetData())
	}
	return x
}

func fromEntries(list []castaway.Entry) []*pb.Entry {
	var out []*pb.Entry
	for i := range list {
		out = append(out, fromEntry(&list[i]))
	}
	return out
}

// fromEntry says an entry in etcd's words. What a change consists of is known when it is
// applied; until then only who proposes it has to say it.
func fromEntry(e *castaway.Entry) *pb.Entry {
	x := &pb.Entry{Term: new(uint64(e.Term)), Index: new(uint64(e.Index))}
	switch e.Kind {
	case castaway.ConfigChange:
		data, err := proto.Marshal(&pb.ConfChangeV2{Context: encodeCommand(e.Request, e.Data)})
		must(err)
		x.Type, x.Data = pb.EntryConfChangeV2.Enum(), data
	case castaway.Normal:
		x.Data = encodeCommand(e.Request, e.Data)
	case castaway.NoOp:
	}
	return x
}

// must is for what can't fail in memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
