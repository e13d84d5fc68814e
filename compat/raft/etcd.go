package raft

import (
	"encoding/binary"
	"fmt"

	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Etcd is a member that runs etcd's core, with the options that etcd's servers
// choose. Its election time-outs come from crypto/rand.Reader.
type Etcd struct {
	config  etcd.Config
	storage *etcd.MemoryStorage
	hooks   Hooks
	node    *etcd.RawNode
	// foreign reports whether a member speaks our words instead of etcd's.
	foreign func(castaway.ID) bool
	// life and sequence number the proposals that go to a foreign leader.
	life     castaway.Life
	sequence uint64
}

// NewEtcd returns member id of a cluster of voters, of which some are foreign.
func NewEtcd(id castaway.ID, voters []castaway.ID, hooks Hooks, foreign func(castaway.ID) bool) *Etcd {
	members := &pb.ConfState{}
	for _, v := range voters {
		members.Voters = append(members.Voters, uint64(v))
	}
	storage := etcd.NewMemoryStorage()
	must(storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: members}}))
	config := etcd.Config{
		ID: uint64(id), ElectionTick: electionTicks, HeartbeatTick: heartbeatTicks, Storage: storage,
		PreVote: true, CheckQuorum: true,
		MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256, MaxUncommittedEntriesSize: 1 << 30,
		Logger: silence{},
	}
	return &Etcd{config: config, storage: storage, hooks: hooks, foreign: foreign}
}

// Start implements Core.
func (e *Etcd) Start() {
	config := e.config // NewRawNode changes it
	node, err := etcd.NewRawNode(&config)
	must(err)
	e.node = node
	e.life++
	e.sequence = 0
	e.drain()
}

// Crash implements Core.
func (e *Etcd) Crash() { e.node = nil }

// Tick implements Core.
func (e *Etcd) Tick() {
	e.node.Tick()
	e.drain()
}

// Campaign implements Core.
func (e *Etcd) Campaign() {
	must(e.node.Campaign())
	e.drain()
}

// Receive implements Core.
func (e *Etcd) Receive(p Packet) {
	switch m := p.Message.(type) {
	case *pb.Message:
		e.take(m)
	case castaway.Message:
		for _, m := range toEtcd(p.From, e.id(), m) {
			e.take(m)
		}
	}
}

// take steps a message. Errors mean that it was of no use: a proposal where there
// is no leader.
func (e *Etcd) take(m *pb.Message) {
	_ = e.node.Step(m)
	e.drain()
}

// Propose implements Core.
func (e *Etcd) Propose(commands ...string) {
	entries := make([]*pb.Entry, len(commands))
	for i, command := range commands {
		entries[i] = &pb.Entry{Data: []byte(command)}
	}
	e.take(&pb.Message{Type: pb.MsgProp.Enum(), From: new(e.config.ID), Entries: entries})
}

// Read implements Core.
func (e *Etcd) Read(request uint64) {
	e.node.ReadIndex(encodeRequest(castaway.RequestID{Member: e.id(), Life: e.life, Sequence: request}))
	e.drain()
}

// Transfer implements Core. A follower would hand the wish to its leader, for
// which our core has no words.
func (e *Etcd) Transfer(to castaway.ID) {
	if e.Status().Leads {
		e.node.TransferLeader(uint64(to))
		e.drain()
	}
}

// Status implements Core.
func (e *Etcd) Status() Status {
	s := e.node.BasicStatus()
	last, err := e.storage.LastIndex()
	must(err)
	return Status{
		Term: castaway.Term(s.GetTerm()), Leads: s.RaftState == etcd.StateLeader,
		Commit: castaway.Index(s.GetCommit()), Last: e.position(last),
	}
}

// Log implements Core.
func (e *Etcd) Log() []Entry {
	last, err := e.storage.LastIndex()
	must(err)
	if last == 0 {
		return nil
	}
	entries, err := e.storage.Entries(1, last+1, 1<<62)
	must(err)
	log := make([]Entry, len(entries))
	for i, entry := range entries {
		log[i] = fromEtcd(entry)
	}
	return log
}

func (e *Etcd) id() castaway.ID { return castaway.ID(e.config.ID) }

// position of the entry at an index of the log.
func (e *Etcd) position(index uint64) castaway.Position {
	term, err := e.storage.Term(index)
	must(err)
	return castaway.Position{Term: castaway.Term(term), Index: castaway.Index(index)}
}

// drain does what the member asks for, until it asks for nothing.
func (e *Etcd) drain() {
	for e.node.HasReady() {
		ready := e.node.Ready()
		if !etcd.IsEmptyHardState(ready.HardState) {
			must(e.storage.SetHardState(ready.HardState))
		}
		must(e.storage.Append(ready.Entries))
		for _, m := range ready.Messages {
			e.send(m)
		}
		e.tell(&ready)
		e.node.Advance(ready)
	}
}

func (e *Etcd) send(m *pb.Message) {
	p := Packet{From: e.id(), To: castaway.ID(m.GetTo()), Message: m}
	if !e.foreign(p.To) {
		e.hooks.Send(p)
		return
	}
	for _, p.Message = range e.toCastaway(m) {
		e.hooks.Send(p)
	}
}

// tell passes on what was committed and what may be read.
func (e *Etcd) tell(ready *etcd.Ready) {
	if e.hooks.Applied != nil {
		for _, entry := range ready.CommittedEntries {
			e.hooks.Applied(e.id(), fromEtcd(entry))
		}
	}
	for _, r := range ready.ReadStates {
		e.hooks.Answered(e.id(), decodeRequest(r.RequestCtx).Sequence, castaway.Index(r.Index))
	}
}

func fromEtcd(e *pb.Entry) Entry {
	position := castaway.Position{Term: castaway.Term(e.GetTerm()), Index: castaway.Index(e.GetIndex())}
	return Entry{position, string(e.GetData())}
}

// encodeRequest names a read in the 24 bytes that etcd's core hands around.
func encodeRequest(r castaway.RequestID) []byte {
	var b []byte
	for _, x := range []uint64{uint64(r.Member), uint64(r.Life), r.Sequence} {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	return b
}

func decodeRequest(b []byte) castaway.RequestID {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
	return castaway.RequestID{Member: castaway.ID(word(0)), Life: castaway.Life(word(1)), Sequence: word(2)}
}

// must is for what can't fail in memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// silence is a logger that formats nothing, but still panics.
type silence struct{}

func (silence) Debug(...any)              {}
func (silence) Debugf(string, ...any)     {}
func (silence) Error(...any)              {}
func (silence) Errorf(string, ...any)     {}
func (silence) Info(...any)               {}
func (silence) Infof(string, ...any)      {}
func (silence) Warning(...any)            {}
func (silence) Warningf(string, ...any)   {}
func (silence) Fatal(v ...any)            { panic(fmt.Sprint(v...)) }
func (silence) Fatalf(f string, v ...any) { panic(fmt.Sprintf(f, v...)) }
func (silence) Panic(v ...any)            { panic(fmt.Sprint(v...)) }
func (silence) Panicf(f string, v ...any) { panic(fmt.Sprintf(f, v...)) }
