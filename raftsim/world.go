package raftsim

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/internal/cow"
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
)

// World is a cluster with its network, disks and clients, at one moment of
// virtual time. It is a value in all but name: Clone gives a copy that goes on
// independently.
type World struct {
	config Config
	chance *chooser
	now    Time
	// count is the number of events so far, stamps that of calls and returns,
	// acted that of the schedule's actions.
	count  int64
	stamps int64
	acted  int
	queue  queue

	hosts    []host
	network  network
	operator operator
	clients  []client
	ops      cow.Vector[Op]
	// effects are what the members applied, by index.
	effects cow.Vector[linearize.Applied]
	// effectStamps are how many stamps there were at each.
	effectStamps cow.Vector[int64]
	leaseEnds    cow.Vector[leaseEnd]
	// holdings are the locks that clients believed to hold.
	holdings cow.Vector[Holding]
	// streams that clients watched, and what they heard.
	streams    cow.Vector[WatchStream]
	deliveries cow.Vector[Delivery]
	checks     checks
	// settling is when the cluster must have come to rest, 0 if nobody asked for it.
	settling Time
	// crippled is when a settling cluster without an intact quorum is given up.
	crippled Time
	// calm says that workloads begin nothing new.
	calm bool
	// stepping is the member that was driven last.
	stepping raft.ID
	// excuse is the first fault that no replication can survive, "" if there was none.
	excuse string

	// ownsSchedule says that no clone shares the schedule, so that it may be added to.
	ownsSchedule bool
	// copied is how many bytes of whole files the last step read or wrote.
	copied    int64
	trace     []Event
	hash      mix.Hash
	violation *Violation
}

// happening is something that will happen at its time, unless it has lost its
// sense by then.
type happening struct {
	kind   happeningKind
	member raft.ID
	from   raft.ID
	// life of the member it belongs to.
	life int
	// number of an operation, a message, or an action of the schedule.
	number  uint64
	client  int
	sent    Time
	message raft.Message
	// name of the message.
	name  MessageName
	reply *reply
	// told is a response of a watch stream, cause why one broke.
	told  *watch.Response
	cause Cause
	// snapshot that was written, and whether the disk has ended that.
	snapshot *raft.Snapshot
	heard    bool
}

type happeningKind uint8

const (
	doAction happeningKind = iota
	doStart
	doWake
	doDeliver
	doSynced
	doSaved
	doReceived
	doFlap
	doOperate
	doSettle
	doArrive
	doWatch
	doPull
	doProgress
	doUnwatch
	// The rest happens to clients.
	doThink
	doReply
	doBreak
	doTimeout
	doRetry
	doResume
	doWatched
	doWatchBreak
	doOpen
	doTook
	doSilence
)

// New makes a world at time 0, in which nothing has happened yet.
func New(c Config) (*World, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("raftsim: %w", err)
	}
	w := &World{config: c, chance: newChooser(&c), checks: newChecks(c.Members)}
	for i := range c.Members {
		w.addHost(raft.ID(i + 1))
		w.queue.add(0, happening{kind: doStart, member: raft.ID(i + 1)})
	}
	w.Reschedule(c.Schedule)
	for i := range c.Clients {
		w.clients = append(w.clients, w.newClient(i))
	}
	if _, _, err := replica.Open(w.replicaConfig(w.host(1)), replica.Found{}); err != nil {
		return nil, fmt.Errorf("raftsim: %w", err)
	}
	return w, nil
}

// Now is the time of the world: that of the last event, or the moment that
// RunUntil was told.
func (w *World) Now() Time { return w.now }

// Count is the number of events so far.
func (w *World) Count() int64 { return w.count }

// Hash covers every event so far: two runs with equal hashes went the same way.
func (w *World) Hash() uint64 { return w.hash.Sum() }

// Config of the world. Its schedule holds what Do did.
func (w *World) Config() Config {
	c := w.config
	c.Schedule = slices.Clip(c.Schedule) // Do may add to it
	return c
}

// Violation is the first check that failed, nil if none did. The run ends there.
func (w *World) Violation() *Violation { return w.violation }

// Excuse is the first fault that no replication can survive, "" if there was none:
// what breaks after it proves nothing.
func (w *World) Excuse() string { return w.excuse }

// Events are those of the last Step, valid until the next one.
func (w *World) Events() []Event { return w.trace }

// Next is when the next event is due; false if there is none, or the run has
// ended with a violation.
func (w *World) Next() (Time, bool) {
	if w.violation != nil {
		return 0, false
	}
	return w.queue.next()
}

// RunUntil runs all events up to t, t included, and moves the time to t.
func (w *World) RunUntil(t Time) {
	for {
		next, ok := w.Next()
		if !ok || next > t {
			break
		}
		w.Step()
	}
	if w.violation == nil {
		w.now = max(w.now, t)
	}
}

// Step runs the next event, if there is one.
func (w *World) Step() {
	w.trace, w.copied = w.trace[:0], 0
	if _, ok := w.Next(); !ok {
		return
	}
	at, h := w.queue.take()
	w.now = at
	w.count++
	if w.config.Machine != nil {
		defer w.blameMachine()
	}
	w.happen(h)
	w.skipStale()
}

// happen does what is due.
func (w *World) happen(h happening) {
	switch h.kind {
	case doAction:
		w.acted++
		w.act(w.config.Schedule[h.number].Action)
	case doStart:
		w.start(w.host(h.member))
	case doWake:
		w.wake(w.host(h.member))
	case doDeliver:
		w.deliver(h)
	case doSynced:
		w.synced(h)
	case doSaved:
		w.saved(h)
	case doReceived:
		w.received(h)
	case doFlap:
		w.toggle(h.number)
	case doOperate:
		w.operate()
	case doSettle:
		w.settle()
	case doArrive:
		w.arrive(h)
	case doWatch, doPull, doProgress, doUnwatch:
		w.reachWatch(h)
	default:
		w.happenToClient(h)
	}
}

// skipStale takes timers that are not due from the head of the queue. It runs
// after every event, so that what comes next is always an event.
func (w *World) skipStale() {
	for stale := true; stale && len(w.queue.heap) > 0; {
		k := w.queue.heap[0]
		h := &w.queue.slab[k.slot()]
		switch h.kind {
		case doWake:
			stale = w.skip(&w.host(h.member).timer, k.at, *h)
		case doTimeout:
			stale = w.skip(&w.clients[h.client].timer, k.at, *h)
		default:
			stale = false
		}
	}
}

// Reschedule replaces the schedule. What was done of the old one must stand at
// the beginning of the new one, in order of time.
func (w *World) Reschedule(schedule []Scheduled) {
	w.config.Schedule, w.ownsSchedule = slices.Clone(schedule), true
	slices.SortStableFunc(w.config.Schedule, func(a, b Scheduled) int { return cmp.Compare(a.At, b.At) })
	w.queue.dropActions()
	for i, s := range w.config.Schedule[w.acted:] {
		w.queue.add(s.At, happening{kind: doAction, number: uint64(w.acted + i)})
	}
	w.skipStale()
}

// emit adds an event to the trace and the hash.
func (w *World) emit(e Event) {
	e.Time = w.now
	e.hash(&w.hash)
	w.trace = append(w.trace, e)
}

// Clone returns a copy that goes on independently; nil if Config.Core is set, for other
// cores can't be copied.
func (w *World) Clone() *World {
	if w.config.Core != nil {
		return nil
	}
	w.ownsSchedule = false
	c := *w
	c.queue = w.queue.clone()
	c.network = w.network.clone()
	c.operator = w.operator.clone()
	c.hosts = slices.Clone(w.hosts)
	for i := range c.hosts {
		c.hosts[i] = w.hosts[i].clone()
	}
	c.clients = slices.Clone(w.clients)
	for i := range c.clients {
		c.clients[i] = w.clients[i].clone()
	}
	c.ops, c.effects, c.holdings = w.ops.Clone(), w.effects.Clone(), w.holdings.Clone()
	c.effectStamps, c.leaseEnds = w.effectStamps.Clone(), w.leaseEnds.Clone()
	c.streams, c.deliveries = w.streams.Clone(), w.deliveries.Clone()
	c.checks = w.checks.clone()
	c.trace = nil
	return &c
}

func (w *World) host(id raft.ID) *host { return &w.hosts[id-1] }

// Leader is the member that leads in the highest term, 0 if none does. A member
// that is cut off may still believe that it leads.
func (w *World) Leader() raft.ID {
	var leader raft.ID
	var term raft.Term
	for i := range w.hosts {
		r := w.hosts[i].replica
		if r != nil && !w.hosts[i].paused && r.Node().Role() == raft.Leader && r.Node().Term() > term {
			leader, term = w.hosts[i].id, r.Node().Term()
		}
	}
	return leader
}

// Store of a member, nil if it is down. The caller must not change it.
func (w *World) Store(id raft.ID) *mvcc.Store {
	if r := w.host(id).replica; r != nil {
		return r.Store()
	}
	return nil
}

// CommittedStore is the store of a member that has applied the most; empty if
// all are down.
func (w *World) CommittedStore() *mvcc.Store {
	best, applied := mvcc.New(), raft.Index(0)
	for i := range w.hosts {
		if r := w.hosts[i].replica; r != nil && r.Applied() > applied {
			best, applied = r.Store(), r.Applied()
		}
	}
	return best
}

// History is what the clients saw so far. What has no answer yet is unknown.
func (w *World) History() linearize.History { return w.HistoryUntil(w.stamps) }
