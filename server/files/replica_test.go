package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
)

const millisecond = 1_000_000

// site is one member twice: on a directory, and on segments and files in memory as
// the simulator keeps them. Both get the same inputs, and must do the same.
type site struct {
	t    *testing.T
	id   raft.ID
	path string
	// real runs on dir, simulated on memory; both are nil while the member is down.
	real, simulated *replica.Replica
	dir             *Dir
	memory          memory
	// kept is what of the directory is durable.
	kept    durable
	started bool
	wake    raft.Time
	// todo are inputs that follow from effects.
	todo []func() [2]replica.Input
	sent []replica.Envelope
	// trims counts them.
	trims int
}

// memory is a simulated disk.
type memory struct {
	segments  []segment
	snapshots map[string][]byte
}

type segment struct {
	number uint64
	data   []byte
	synced int
}

func (m *memory) log() (list [][]byte) {
	for _, s := range m.segments {
		list = append(list, s.data)
	}
	return list
}

func (m *memory) append(records []wal.Encoded) {
	for _, r := range records {
		if r.Base || len(m.segments) == 0 {
			m.segments = append(m.segments, segment{number: r.Number})
		}
		last := &m.segments[len(m.segments)-1]
		last.data = append(last.data, r.Data...)
	}
}

func (m *memory) sync() {
	for i := range m.segments {
		m.segments[i].synced = len(m.segments[i].data)
	}
}

func (m *memory) cut(c wal.Cut) {
	m.segments = m.segments[:min(len(m.segments), c.Segment+1)]
	if c.Segment < len(m.segments) {
		m.segments[c.Segment].data = m.segments[c.Segment].data[:c.Size:c.Size]
	}
}

func (m *memory) powerLoss() {
	for i := range m.segments {
		s := &m.segments[i]
		s.data = s.data[:s.synced:s.synced]
	}
	m.segments = slices.DeleteFunc(m.segments, func(s segment) bool { return s.synced == 0 })
}

func snapshotName(s *raft.Snapshot) string {
	return fmt.Sprintf("%x-%x-%x", s.Last.Index, s.Last.Term, s.Checksum)
}

func (s *site) config() replica.Config {
	core := raft.Default(s.id)
	core.ElectionTimeout = func(id raft.ID, _ raft.Term, attempt int) raft.Duration {
		return raft.Duration(100+50*int(id)+10*attempt) * millisecond
	}
	core.MinElectionTimeout, core.HeartbeatInterval = 100*millisecond, 30*millisecond
	core.MaxEntries, core.MaxInflight, core.CheckInvariants = 4, 4, true
	core.KeepEntries, core.MaxChunk = 2, 50
	return replica.Config{
		Members: members, Raft: core, New: !s.started, SnapshotEvery: 7,
		Machine: machine.Default(uint64(s.id)), Wal: wal.StandardRules(), Rules: replica.StandardRules(),
	}
}

// start opens both, and compares what they have found.
func (s *site) start(now raft.Time) {
	t := s.t
	t.Helper()
	var err error
	if s.dir, err = Open(s.path); err != nil {
		t.Fatal(err)
	}
	segments, err := s.dir.Load()
	if err != nil {
		t.Fatal(err)
	}
	real, opening, err := replica.Open(s.config(), replica.Found{Log: segments, Snapshot: func(x raft.Snapshot) (io.Reader, error) {
		return s.dir.OpenSnapshot(snapshotName(&x))
	}})
	if err != nil {
		t.Fatal(err)
	}
	simulated, opening2, err := replica.Open(s.config(), replica.Found{Log: s.memory.log(), Snapshot: func(x raft.Snapshot) (io.Reader, error) {
		data, ok := s.memory.snapshots[snapshotName(&x)]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return bytes.NewReader(data), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if opening.Lost != opening2.Lost || (opening.Loss == nil) != (opening2.Loss == nil) || opening.SnapshotErr != nil || opening2.SnapshotErr != nil {
		t.Fatalf("S%d finds %+v on files, %+v in memory", s.id, opening, opening2)
	}
	if a, b := real.Node().Base(), simulated.Node().Base(); !reflect.DeepEqual(a, b) {
		t.Fatalf("S%d starts from\n%+v on files,\n%+v in memory", s.id, a, b)
	}
	if opening.Torn {
		if err := s.dir.Cut(opening.Cut); err != nil {
			t.Fatal(err)
		}
	}
	if opening2.Torn {
		s.memory.cut(opening2.Cut)
	}
	s.memory.sync()
	s.kept = measure(t, s.path)
	s.real, s.simulated, s.started = real, simulated, true
	s.step(now, replica.Wake{})
}

func (s *site) step(now raft.Time, in replica.Input) { s.stepBoth(now, in, in) }

// stepBoth drives both, compares what they ask for, and does it.
func (s *site) stepBoth(now raft.Time, in, in2 replica.Input) {
	t := s.t
	t.Helper()
	a, b := s.real.Step(now, in), s.simulated.Step(now, in2)
	for i := range a.Sends {
		s.sent = append(s.sent, s.withData(a.Sends[i]))
	}
	if a.Violation != nil {
		t.Fatal(a.Violation)
	}
	if !reflect.DeepEqual(a.Write, b.Write) || a.Sync != b.Sync || a.Trim != b.Trim || a.Wake != b.Wake ||
		!reflect.DeepEqual(a.Sends, b.Sends) || !reflect.DeepEqual(a.Replies, b.Replies) || !reflect.DeepEqual(a.Chunks, b.Chunks) {
		t.Fatalf("S%d, %+v: on files\n%+v, in memory\n%+v", s.id, in, a, b)
	}
	s.wake = a.Wake
	if err := s.dir.Append(a.Write); err != nil {
		t.Fatal(err)
	}
	s.memory.append(a.Write)
	if a.Sync {
		s.later(func() [2]replica.Input { return s.sync() })
	}
	if a.Trim > 0 {
		s.trim(a.Trim)
	}
	for i := range a.Chunks {
		s.receive(&a.Chunks[i])
	}
	if a.Save != nil {
		x, y := a.Save, b.Save
		s.later(func() [2]replica.Input { return s.save(x, y) })
	}
}

func (s *site) later(f func() [2]replica.Input) { s.todo = append(s.todo, f) }

func (s *site) sync() [2]replica.Input {
	if err := s.dir.Sync(); err != nil {
		s.t.Fatal(err)
	}
	s.memory.sync()
	s.kept = measure(s.t, s.path)
	return [2]replica.Input{replica.Synced{}, replica.Synced{}}
}

func (s *site) trim(number uint64) {
	s.trims++
	if err := s.dir.Trim(number); err != nil {
		s.t.Fatal(err)
	}
	s.memory.segments = slices.DeleteFunc(s.memory.segments, func(x segment) bool { return x.number < number })
}

func (s *site) save(x, y *replica.Save) [2]replica.Input {
	var done replica.Saved
	err := s.dir.SaveSnapshot(func(w io.Writer) (string, error) {
		size, sum, err := x.To(w)
		done = replica.Saved{Index: x.Last.Index, Size: size, Checksum: sum}
		return snapshotName(&raft.Snapshot{Last: x.Last, Checksum: sum}), err
	})
	var file bytes.Buffer
	_, sum, err2 := y.To(&file)
	if err := errors.Join(err, err2); err != nil || sum != done.Checksum {
		s.t.Fatal(err)
	}
	s.memory.snapshots[snapshotName(&raft.Snapshot{Last: x.Last, Checksum: sum})] = file.Bytes()
	return [2]replica.Input{done, done}
}

func (s *site) receive(c *raft.Chunk) {
	name, snapshot := snapshotName(&c.Snapshot), c.Snapshot
	if err := s.dir.ReceiveSnapshot(name, int64(c.Offset), []byte(c.Data)); err != nil {
		s.t.Fatal(err)
	}
	part := s.memory.snapshots[name+part]
	s.memory.snapshots[name+".part"] = append(part[:c.Offset:c.Offset], c.Data...)
	if c.Offset+uint64(len(c.Data)) < snapshot.Size {
		return
	}
	s.later(func() [2]replica.Input {
		err := s.dir.SnapshotReceived(name)
		f, err2 := s.dir.OpenSnapshot(name)
		if err := errors.Join(err, err2); err != nil {
			s.t.Fatal(err)
		}
		whole := s.memory.snapshots[name+".part"]
		s.memory.snapshots[name] = whole
		return [2]replica.Input{replica.Received{Snapshot: snapshot, File: f}, replica.Received{Snapshot: snapshot, File: bytes.NewReader(whole)}}
	})
}

// withData puts a piece of a file into a message that carries one.
func (s *site) withData(e replica.Envelope) replica.Envelope {
	m, ok := e.Message.(*raft.InstallSnapshot)
	if !ok {
		return e
	}
	f, err := s.dir.OpenSnapshot(snapshotName(&m.Snapshot))
	if err != nil {
		s.t.Fatal(err)
	}
	data := make([]byte, m.Length)
	if _, err := f.ReadAt(data, int64(m.Offset)); err != nil && m.Length > 0 {
		s.t.Fatal(err)
	}
	e.Message = replica.WithData(m, string(data))
	return replica.Envelope{To: e.To, Message: e.Message}
}

// crash kills the process, or takes the power too; lose damages a record that was
// synced, if there is one with others behind it.
func (s *site) crash(power, lose bool) (lost bool) {
	s.real, s.simulated, s.todo, s.sent = nil, nil, nil, nil
	_ = s.dir.lock.Close() // as the end of the process does
	if power {
		s.kept.powerLoss(s.t, s.path)
		s.memory.powerLoss()
	}
	for name := range s.memory.snapshots {
		if strings.HasSuffix(name, part) {
			delete(s.memory.snapshots, name)
		}
	}
	return lose && s.lose()
}

// lose flips a bit of the third last record, on both disks, and reports whether it did.
func (s *site) lose() bool {
	if len(s.memory.segments) == 0 {
		return false
	}
	last := &s.memory.segments[len(s.memory.segments)-1]
	var starts []int
	for at := 0; at < len(last.data); at++ {
		if bytes.HasPrefix(last.data[at:], []byte("cast")) {
			starts = append(starts, at)
		}
	}
	if len(starts) < 4 {
		return false
	}
	from, to := starts[len(starts)-3], starts[len(starts)-2]
	record := wal.Encoded{Data: bytes.Clone(last.data[from:to])}
	for _, file := range logFiles(s.t, s.path) {
		data, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		if bytes.Contains(data, record.Data) {
			damage(s.t, file, record)
			last.data[from+50] ^= 1
			return true
		}
	}
	s.t.Fatal("a record in memory is not in the files")
	return false
}

// TestReplicaOnFiles runs a cluster of three on real files and in memory side by
// side, with crashes, power losses, lost records and snapshots: every record is the
// same, and so is what each recovers.
func TestReplicaOnFiles(t *testing.T) {
	withoutSync(t)
	var all happened
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { runOnFiles(t, rand.New(rand.NewPCG(seed, 1)), &all) })
	}
	t.Logf("%+v", all)
	if all.commits < 2000 || all.losses < 20 || all.installs < 10 || all.trims < 200 {
		t.Errorf("too little has happened: %+v", all)
	}
}

// happened counts what a run was about.
type happened struct{ commits, crashes, losses, installs, trims int }

func runOnFiles(t *testing.T, chance *rand.Rand, all *happened) {
	var sites []*site
	for _, id := range members.Voters {
		s := &site{t: t, id: id, path: t.TempDir(), memory: memory{snapshots: map[string][]byte{}}}
		s.start(0)
		sites = append(sites, s)
	}
	type packet struct {
		from raft.ID
		replica.Envelope
	}
	var now raft.Time
	var flight []packet
	ticket := uint64(0)
	for i := 0; i < 4000 || i < 5000 && len(flight) > 0; i++ {
		s := sites[chance.IntN(len(sites))]
		switch x := chance.IntN(100); {
		case s.real == nil:
			if x < 30 || i >= 3600 {
				s.start(now)
			}
		case x == 0 && chance.IntN(5) == 0 && i < 3500 && sites[0].real != nil && sites[1].real != nil && sites[2].real != nil:
			all.crashes++
			if s.crash(chance.IntN(2) == 0, chance.IntN(3) == 0) {
				all.losses++
			}
		case x < 40 && len(s.todo) > 0:
			next := s.todo[0]
			s.todo = s.todo[1:]
			in := next()
			if _, ok := in[0].(replica.Received); ok {
				all.installs++
			}
			s.stepBoth(now, in[0], in[1])
		case x < 50 && i < 3500:
			ticket++
			s.step(now, replica.Request{Ticket: ticket, Request: kv.PutRequest{Key: fmt.Sprint("k", ticket%5), Value: fmt.Sprint(ticket)}})
		case x < 85 && len(flight) > 0:
			p := flight[0]
			flight = flight[1:]
			if to := sites[p.To-1]; to.real != nil {
				to.step(now, replica.Receive{From: p.from, Message: p.Message})
			}
		default:
			now = max(now+millisecond, min(now+20*millisecond, s.wake))
			if s.wake <= now {
				s.step(now, replica.Wake{})
			}
		}
		for _, s := range sites {
			for _, e := range s.sent {
				flight = append(flight, packet{s.id, e})
			}
			s.sent = nil
		}
	}
	for _, s := range sites {
		if s.real == nil {
			s.start(now)
		}
		all.commits += int(s.real.Node().Commit()) / len(sites)
		s.crash(false, false)
		s.start(now)
		all.trims += s.trims
		_ = s.dir.Close()
	}
}
