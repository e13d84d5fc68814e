package raft

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	castaway "github.com/castaway-kv/castaway/raft"
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
)

// Etcd is a member that runs etcd's core, with the options that etcd's servers
// choose. Its election time-outs come from crypto/rand.Reader.
type Etcd struct {
	machine
	config  etcd.Config
	storage *etcd.MemoryStorage
	node    *etcd.RawNode
	// members are those of the configuration that was applied last.
	members *pb.ConfState
	// sending is for how many ticks the member has been sending snapshots.
	sending int
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
	return &Etcd{machine: machine{id: id, hooks: hooks}, config: config, storage: storage, foreign: foreign}
}

// Start implements Core.
func (e *Etcd) Start() {
	config := e.config // NewRawNode changes it
	node, err := etcd.NewRawNode(&config)
	must(err)
	e.node = node
	e.life++
	e.sequence, e.sending = 0, 0
	_, e.members, err = e.storage.InitialState()
	must(err)
	e.start()
	e.drain()
}

// Crash implements Core.
func (e *Etcd) Crash() { e.node = nil }

// Tick implements Core.
func (e *Etcd) Tick() {
	e.node.Tick()
	if e.sending > 0 {
		e.doubtSnapshots()
	}
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
		for _, m := range toEtcd(p.From, e.id, m) {
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
	e.node.ReadIndex(encodeRequest(castaway.RequestID{Member: e.id, Life: e.life, Sequence: request}))
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
	first, err := e.storage.FirstIndex()
	must(err)
	last, err := e.storage.LastIndex()
	must(err)
	log := slices.Clip(e.saved)
	if last < first {
		return log
	}
	entries, err := e.storage.Entries(first, last+1, 1<<62)
	must(err)
	for _, entry := range entries {
		log = append(log, fromEtcd(entry))
	}
	return log
}

// position of the entry at an index of the log, zero if that is compacted.
func (e *Etcd) position(index uint64) castaway.Position {
	term, err := e.storage.Term(index)
	if errors.Is(err, etcd.ErrCompacted) {
		return castaway.Position{}
	}
	must(err)
	return castaway.Position{Term: castaway.Term(term), Index: castaway.Index(index)}
}

// drain does what the member asks for, until it asks for nothing.
func (e *Etcd) drain() {
	for e.node.HasReady() {
		ready := e.node.Ready()
		if !etcd.IsEmptySnap(ready.Snapshot) {
			must(e.storage.ApplySnapshot(ready.Snapshot))
			e.members = ready.Snapshot.GetMetadata().GetConfState()
			e.install(ready.Snapshot.GetData())
		}
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
	if m.GetType() == pb.MsgSnap {
		e.sending = 1
	}
	p := Packet{From: e.id, To: castaway.ID(m.GetTo()), Message: m}
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
			e.applyChange(entry)
			e.apply(fromEtcd(entry))
		}
	}
	for _, r := range ready.ReadStates {
		e.hooks.Answered(e.id, decodeRequest(r.RequestCtx).Sequence, castaway.Index(r.Index))
	}
}

func fromEtcd(e *pb.Entry) Entry {
	position := castaway.Position{Term: castaway.Term(e.GetTerm()), Index: castaway.Index(e.GetIndex())}
	return Entry{position, string(e.GetData()), e.GetType() == pb.EntryConfChangeV2}
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

// Silence is a logger for etcd's core that formats nothing, but still panics.
func Silence() etcd.Logger { return silence{} }

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
