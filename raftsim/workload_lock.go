package raftsim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// Lock is a client that takes a lock again and again, and writes to a resource
// while it holds it. The lock is a key that is created by whoever finds it missing,
// attached to a lease that its holder keeps alive:
//
//	grant ─► acquire ─┬─ taken: again later, the lease kept alive
//	                  └─ held ─► work ─► write ─► work ─► write … ─► release
//
// A client stops believing that it holds the lock when its lease may have run out
// by its own clock, or when it is told that lease or lock are gone. But it looks
// before it works, not after: if it is paused meanwhile, it writes although
// somebody else may have the lock by then. With Fenced the store refuses that: the
// write is a transaction which compares the create revision of the lock's key, the
// fencing token. Without, it is a plain put; see World.StaleWrites.
type Lock struct {
	// Key of the lock, and Resource that it protects. The values that are written
	// there begin with the token of who wrote them.
	Key, Resource string
	Fenced        bool
	// TTL of the lease.
	TTL kv.TTL
	// Work is how long a holder works before each write, Writes how many it makes, 1
	// if it is 0.
	Work   Spread
	Writes int
	// Rounds is how often the client takes the lock before it is done; 0 means that it
	// never is.
	Rounds int

	session session
	step    lockStep
	// token of the lock that the client believes to hold, 0 if it does not; then
	// written counts its writes, and ready is when the work for the next one is done.
	token   kv.Revision
	written int
	ready   Time
	// rounds counts the times that the client has had the lock, values its writes.
	rounds, values int
}

// lockStep is what the client asked last.
type lockStep uint8

const (
	lockLease lockStep = iota
	lockAcquire
	lockWrite
	lockRelease
)

// Next implements Workload.
func (l *Lock) Next(t *Turn) (kv.Request, bool) {
	l.hear(t)
	if l.token == 0 && l.Rounds > 0 && l.rounds >= l.Rounds {
		return l.leave()
	}
	request := l.session.request(t, l.TTL)
	l.step = lockLease
	switch {
	case request != nil:
		return request, true
	case l.token == 0:
		return l.acquire(t), true
	case l.written < max(1, l.Writes):
		return l.work(t), true
	default:
		return l.release(t), true
	}
}

// hear takes note of how the last request ended.
func (l *Lock) hear(t *Turn) {
	l.session.hear(t.Last)
	if t.Last != nil {
		response, ok := t.Last.Response.(kv.TxnResponse)
		switch {
		case ok && l.step == lockAcquire:
			l.hearAcquire(t, response)
		case ok && l.step == lockWrite && !response.Succeeded:
			l.lose(t)
		}
	}
	if l.session.expire(t.Now); !l.session.granted {
		l.lose(t)
	}
}

// hearAcquire: a lock that is taken may be our own, by a request that had no
// answer.
func (l *Lock) hearAcquire(t *Turn, response kv.TxnResponse) {
	if response.Succeeded {
		l.hold(t, response.Revision)
		return
	}
	if found, ok := onlyPair(response); ok && found.Lease == l.session.id {
		l.hold(t, found.CreateRevision)
	}
}

// onlyPair is the pair that a transaction with one read of one key has found.
func onlyPair(response kv.TxnResponse) (kv.KeyValue, bool) {
	if len(response.Responses) == 1 {
		if found, ok := response.Responses[0].(kv.RangeResponse); ok && len(found.KVs) == 1 {
			return found.KVs[0], true
		}
	}
	return kv.KeyValue{}, false
}

func (l *Lock) hold(t *Turn, token kv.Revision) {
	l.token, l.written, l.ready = token, 0, 0
	l.rounds++
	t.Claim = Claim{l.Key, token}
}

func (l *Lock) lose(t *Turn) {
	l.token = 0
	t.Claim = Claim{}
}

// acquire creates the lock's key if it is missing, and else looks whose it is.
func (l *Lock) acquire(t *Turn) kv.Request {
	l.step = lockAcquire
	return createOrLook(l.Key, t.Name, l.session.id)
}

func createOrLook(key, value string, lease kv.LeaseID) kv.Request {
	return kv.TxnRequest{
		Compare: []kv.Compare{{Key: key, Target: kv.TargetCreate}},
		Success: []kv.Request{kv.PutRequest{Key: key, Value: value, Lease: lease}},
		Failure: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: key}}},
	}
}

// work goes on until the next write is ready; a long work is interrupted to keep
// the lease alive.
func (l *Lock) work(t *Turn) kv.Request {
	if l.ready == 0 {
		l.ready = t.Now + t.Spread(l.Work)
	}
	t.Pause = max(0, l.ready-t.Now)
	if most := seconds(l.TTL) / 3; t.Pause > most {
		t.Pause = most
		return nil
	}
	l.step, l.ready = lockWrite, 0
	l.written++
	l.values++
	put := kv.PutRequest{Key: l.Resource, Value: fmt.Sprintf("%d %s.%d", l.token, t.Name, l.values)}
	if !l.Fenced {
		return put
	}
	return kv.TxnRequest{
		Compare: []kv.Compare{{Key: l.Key, Target: kv.TargetCreate, Number: int64(l.token)}},
		Success: []kv.Request{put},
	}
}

// release gives up the lock: by its lease, or the key alone.
func (l *Lock) release(t *Turn) kv.Request {
	l.step = lockRelease
	token := l.token
	l.lose(t)
	if t.Choose(2) == 0 {
		return l.session.revoke()
	}
	return deleteOwn(l.Key, token)
}

// deleteOwn deletes a key if it is still the one that was created at a revision.
func deleteOwn(key string, created kv.Revision) kv.Request {
	return kv.TxnRequest{
		Compare: []kv.Compare{{Key: key, Target: kv.TargetCreate, Number: int64(created)}},
		Success: []kv.Request{kv.DeleteRangeRequest{Span: kv.Span{Key: key}}},
	}
}

// leave gives up the lease, and is done.
func (l *Lock) leave() (kv.Request, bool) {
	l.step = lockRelease
	if l.session.id != 0 {
		return l.session.revoke(), true
	}
	return nil, false
}

// Clone implements Workload.
func (l *Lock) Clone() Workload {
	clone := *l
	return &clone
}

// Validate names the field that can't be.
func (l *Lock) Validate() error {
	return firstError(
		notEmpty("key", l.Key), notEmpty("resource", l.Resource), validateTTL(l.TTL), l.Work.validateField("work"),
		notNegative("writes", l.Writes), notNegative("rounds", l.Rounds),
	)
}

// String says what the client believes.
func (l *Lock) String() string {
	if l.token == 0 {
		return fmt.Sprintf("lock %s: %v, does not hold it", l.Key, &l.session)
	}
	return fmt.Sprintf("lock %s: %v, holds it with token %d", l.Key, &l.session, l.token)
}

// StaleWrites are the writes to the resource of a lock, by their numbers in the
// history and in the order of the log, that took effect although somebody else had
// got the lock since their clients had it. With fencing there are none.
func (w *World) StaleWrites(l *Lock) (stale []int) {
	type done struct {
		op int
		Op
	}
	var log []done
	for i := range w.Ops() {
		if op := w.Op(i); op.Effect.Response != nil {
			log = append(log, done{i, op})
		}
	}
	slices.SortFunc(log, func(a, b done) int { return cmp.Compare(a.Effect.Index, b.Effect.Index) })
	newest := kv.Revision(0)
	for _, d := range log {
		if l.isAcquisition(d.Request, d.Effect.Response) {
			newest = d.Effect.Response.At()
		} else if token, ok := l.tokenOf(d.Request, d.Effect.Response); ok && token < newest {
			stale = append(stale, d.op)
		}
	}
	return stale
}

// isAcquisition says whether a request has created the lock's key.
func (l *Lock) isAcquisition(r kv.Request, response kv.Response) bool {
	txn, ok := r.(kv.TxnRequest)
	if !ok || !succeeded(response) || len(txn.Success) != 1 {
		return false
	}
	put, ok := txn.Success[0].(kv.PutRequest)
	return ok && put.Key == l.Key
}

// tokenOf is the token in the value that a request has written to the resource.
func (l *Lock) tokenOf(r kv.Request, response kv.Response) (kv.Revision, bool) {
	if txn, ok := r.(kv.TxnRequest); ok && succeeded(response) && len(txn.Success) == 1 {
		r = txn.Success[0]
	}
	put, ok := r.(kv.PutRequest)
	if !ok || put.Key != l.Resource {
		return 0, false
	}
	word, _, _ := strings.Cut(put.Value, " ")
	token, err := strconv.ParseInt(word, 10, 64)
	return kv.Revision(token), err == nil
}

// succeeded says whether a response is that of a transaction whose compares held.
func succeeded(response kv.Response) bool {
	txn, ok := response.(kv.TxnResponse)
	return ok && txn.Succeeded
}
