package raftsim

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// MemberView is a member to look at.
type MemberView struct {
	raft.State
	Up bool
	// Absent says that it was never there, Paused that its process is stopped, Dead that
	// it can never start again. Removed says that the committed configuration is without it.
	Absent, Paused, Dead, Removed bool
	// Why it is dead, nil if it is not.
	Why error
	// Clock is its reading, and ClockRate how many millionths it gains.
	Clock     Time
	ClockRate int64
	// CutOff says that cuts keep it from a majority.
	CutOff  bool
	Applied raft.Index
	// Revision of its store, 0 while it is down.
	Revision kv.Revision
	// DiskBytes is the size of its log file, UnsyncedBytes what a crash may lose of it.
	DiskBytes, UnsyncedBytes int64
	Disk                     DiskView
}

// Member returns a view of a member. Of one that is down it shows what its disk
// holds.
func (w *World) Member(id raft.ID) MemberView {
	h := w.host(id)
	v := MemberView{
		DiskBytes: h.storage.disk.size(), UnsyncedBytes: h.storage.disk.unsynced(), CutOff: w.cutOff(id),
		Absent: h.absent, Paused: h.paused, Dead: h.dead != nil, Removed: !h.absent && !w.checks.members.IsMember(id),
		Clock: h.clock.ahead(w.now), ClockRate: h.clock.rate, Why: h.dead, Disk: h.storage.view(),
	}
	if n := h.node(); n != nil {
		v.State = n.State()
		v.TimerFrom, v.TimerUntil = raft.Time(h.clock.moment(v.TimerFrom)), raft.Time(h.clock.moment(v.TimerUntil))
	}
	v.ID = id
	if r := h.replica; r != nil {
		v.Up, v.Applied, v.Revision = true, r.Applied(), r.Store().Revision()
	}
	return v
}

// MemberIDs are all members that there are or were, in ascending order.
func (w *World) MemberIDs() []raft.ID {
	var list []raft.ID
	for i := range w.hosts {
		if !w.hosts[i].absent {
			list = append(list, w.hosts[i].id)
		}
	}
	return list
}

// Entry returns an entry of a member's log, of one that is down as its disk
// holds it; false if there is none.
func (w *World) Entry(id raft.ID, i raft.Index) (raft.Entry, bool) {
	if n := w.host(id).node(); n != nil {
		return n.Entry(i)
	}
	return raft.Entry{}, false
}

// node is the member's core, or while it is down what one would start from; nil
// if none can.
func (h *host) node() replica.Core {
	if h.replica != nil {
		return h.replica.Node()
	}
	return h.atRest
}

// rest reads what a member that is down would start from.
func (w *World) rest(h *host) replica.Core {
	r, _, err := w.openAsIs(h)
	if err != nil {
		return nil
	}
	return r.Node()
}

// IsCut reports whether a cut stands between two members, in that direction.
func (w *World) IsCut(from, to raft.ID) bool { return w.network.link(from, to).cut }

// LinkView is how messages fare from one member to another, if that is special.
type LinkView struct {
	From, To raft.ID
	// Link is nil where all is as in the rest of the network.
	Link *Link
	// Flaps is the period in which a cut comes and goes, 0 if none does.
	Flaps Time
}

// Links are those that are not as the rest of the network, or flap.
func (w *World) Links() []LinkView {
	var list []LinkView
	for _, from := range w.MemberIDs() {
		for _, to := range w.MemberIDs() {
			if from == to {
				continue
			}
			v := LinkView{From: from, To: to, Flaps: w.network.flapping(from, to)}
			if l := w.network.link(from, to); l.set && l.quality != w.config.Network {
				v.Link = &l.quality
			}
			if v.Link != nil || v.Flaps > 0 {
				list = append(list, v)
			}
		}
	}
	return list
}

// flapping is the period in which a link is cut and healed, 0 if it is not.
func (n *network) flapping(from, to raft.ID) Time {
	x, y := uint64(1)<<from, uint64(1)<<to
	for _, f := range n.flaps {
		if f.sides.a&x != 0 && f.sides.b&y != 0 || !f.oneWay && f.sides.b&x != 0 && f.sides.a&y != 0 {
			return f.period
		}
	}
	return 0
}

// Flight is a message under way: between members, or between a client and a member.
type Flight struct {
	// ID is unique in the run.
	ID int64
	// From and To are members; 0 stands for the client of operation Op.
	From, To raft.ID
	// Message is nil for one between client and member; Name is its name else.
	Message raft.Message
	Name    MessageName
	// Op is an index of the history, −1 for what belongs to no operation: a message
	// between members, or one of a watch stream, whose number is Stream.
	Op     int
	Stream uint64
	// Retry is how often the operation's request was sent before; Response and Err are
	// what an answer to a client says.
	Retry    int
	Response kv.Response
	Err      error
	// Client is the client at one end, empty between members. Step is what belongs to
	// its watch stream, and Told what that says.
	Client        string
	Step          StreamStep
	Told          *watch.Response
	Sent, Arrives Time
	// Lost says that it will not arrive if things stay as they are.
	Lost bool
}

// StreamStep is what a client and a member say to one another on a watch stream.
type StreamStep uint8

// The steps.
const (
	// NoStream: it belongs to none.
	NoStream StreamStep = iota
	// StreamOpens: the client asks for it.
	StreamOpens
	// StreamPulls: the client is ready for one more response.
	StreamPulls
	// StreamAsks: the client asks for a notice of progress.
	StreamAsks
	// StreamCloses: the client reads it no more.
	StreamCloses
	// StreamSays: a response.
	StreamSays
)

// streamFlights is where the ids of what belongs to watch streams begin, downward.
const streamFlights = 1 << 50

// InFlight returns the messages under way, ordered by ID.
func (w *World) InFlight() []Flight {
	var list []Flight
	for _, k := range w.queue.heap {
		h := &w.queue.slab[k.slot()]
		f := Flight{From: h.from, To: h.member, Sent: h.sent, Arrives: k.at, Op: -1, Message: h.message}
		switch h.kind {
		case doDeliver:
			f.ID = int64(h.number)
			f.Name = h.name
			f.Lost = w.IsCut(f.From, f.To) || w.host(f.To).replica == nil
		case doArrive, doReply:
			w.clientFlight(&f, h)
		case doWatch, doPull, doProgress, doUnwatch, doWatched:
			f.ID = -streamFlights - int64(k.order>>slotBits)
			w.streamFlight(&f, h)
		default:
			continue
		}
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Flight) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// NameOf is the name of the message between members with that number, as in Event.N;
// false if it is not under way.
func (w *World) NameOf(number uint64) (MessageName, bool) {
	for _, k := range w.queue.heap {
		if h := &w.queue.slab[k.slot()]; h.kind == doDeliver && h.number == number {
			return h.name, true
		}
	}
	return MessageName{}, false
}

// clientFlight fills in what is between a client and a member.
func (w *World) clientFlight(f *Flight, h *happening) {
	a := attempt(h.number)
	f.Op, f.Retry = a.op(), a.retries()
	f.Client = w.ops.At(f.Op).Name
	if h.kind == doArrive {
		f.ID, f.Lost = -int64(2*h.number+1), w.host(f.To).replica == nil
		return
	}
	f.ID, f.Lost = -int64(2*h.number+2), !w.isUnderWay(a)
	f.Response, f.Err = h.reply.response, h.reply.err
}

// streamFlight fills in what belongs to a watch stream.
func (w *World) streamFlight(f *Flight, h *happening) {
	f.Stream, f.Client, f.Told = h.number, w.config.Clients[h.client].Name, h.told
	f.Step = map[happeningKind]StreamStep{
		doWatch: StreamOpens, doPull: StreamPulls, doProgress: StreamAsks, doUnwatch: StreamCloses, doWatched: StreamSays,
	}[h.kind]
	if h.kind == doWatched {
		f.Lost = w.clients[h.client].watcher.stream != h.number
	} else {
		f.Lost = w.host(f.To).replica == nil
	}
}

// Stamps is the number of calls and returns so far: the clock of the history.
func (w *World) Stamps() int64 { return w.stamps }

// HistoryUntil is the history as it stood at a stamp: what was called later is
// not in it, and what returned later is unknown.
func (w *World) HistoryUntil(stamp int64) linearize.History {
	n := sort.Search(w.ops.Len(), func(i int) bool { return w.ops.At(i).Call > stamp })
	if n == 0 {
		return nil
	}
	h := make(linearize.History, 0, n)
	for i := range n {
		op := w.ops.At(i).Operation
		if op.Return > stamp {
			op = linearize.Operation{Client: op.Client, Call: op.Call, Request: op.Request}
		}
		h = append(h, op)
	}
	return h
}

// Files shows what is on a member's disk, sector by sector: the log's segments and
// snapshots.
func (w *World) Files(id raft.ID) []FileView { return w.host(id).storage.disk.view() }

// IsLog says whether a file of that name is a segment of a log.
func IsLog(name string) bool { return strings.HasPrefix(name, logFiles) }

// FileTail is the end of a file of a member as its process sees it, at most about so many bytes.
func (w *World) FileTail(id raft.ID, name string, most int64) []byte {
	f := w.host(id).storage.disk.present(name)
	if f == nil {
		return nil
	}
	var tail []byte
	n := f.cache.sectors.Len()
	for i := max(0, n-int((most+sectorSize-1)/sectorSize)); i < n; i++ {
		tail = append(tail, f.cache.at(i)...)
	}
	return tail
}

// Committed is the highest index that any member knows to be committed.
func (w *World) Committed() raft.Index { return w.checks.committed() }

// FileBytes are the contents of a file of a member, as its process sees them and as the
// medium has them; nil where there is no such file.
func (w *World) FileBytes(id raft.ID, name string) (cache, medium []byte) {
	d := &w.host(id).storage.disk
	if d.present(name) != nil {
		cache, _ = d.read(name)
	}
	medium, _ = d.readDurable(name)
	return cache, medium
}
