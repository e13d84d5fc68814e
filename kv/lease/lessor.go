package lease

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/castaway-kv/castaway/internal/cow"
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
)

// Config of a lessor. All members of a cluster should have the same, or they
// would grant different times to live.
type Config struct {
	// MinTTL is the shortest time to live: who asks for less is granted this.
	MinTTL kv.TTL
	Rules  Rules
}

// Lessor holds the leases of one member and the keys attached to them. Make one
// with New.
type Lessor struct {
	config Config
	// leases that there are, with the time to live that they were granted.
	leases cow.Map[kv.LeaseID, kv.TTL]
	// leaseOf is the lease of each key that has one, attached the same by lease:
	// invariant 1, each is the other's inverse; invariant 2, every lease named
	// here is in leases.
	leaseOf  cow.Map[string, kv.LeaseID]
	attached cow.Map[attachment, struct{}]

	// primary says that this member's clock decides when leases run out.
	primary bool
	// timers has, on a primary, invariant 3, exactly the leases in leases, queue
	// the same by due time; elsewhere both are empty.
	timers cow.Map[kv.LeaseID, timer]
	queue  cow.Map[appointment, struct{}]
}

type attachment struct {
	lease kv.LeaseID
	key   string
}

type timer struct {
	// deadline is when the lease runs out.
	deadline Time
	// due is when Expired looks at it: at its deadline, and, should its
	// revocation be lost, again after retryInterval.
	due Time
}

type appointment struct {
	due   Time
	lease kv.LeaseID
}

// New is a lessor without leases that is not primary.
func New(config Config) *Lessor {
	return &Lessor{
		config:  config,
		leases:  cow.NewMap[kv.LeaseID, kv.TTL](cmp.Less[kv.LeaseID]),
		leaseOf: cow.NewMap[string, kv.LeaseID](cmp.Less[string]),
		attached: cow.NewMap[attachment, struct{}](func(a, b attachment) bool {
			return a.lease < b.lease || a.lease == b.lease && a.key < b.key
		}),
		timers: newTimers(),
		queue:  newQueue(),
	}
}

func newTimers() cow.Map[kv.LeaseID, timer] {
	return cow.NewMap[kv.LeaseID, timer](cmp.Less[kv.LeaseID])
}

func newQueue() cow.Map[appointment, struct{}] {
	return cow.NewMap[appointment, struct{}](func(a, b appointment) bool {
		return a.due < b.due || a.due == b.due && a.lease < b.lease
	})
}

// Clone is a lessor in the same state that lives on its own, in constant time.
func (l *Lessor) Clone() *Lessor {
	c := *l
	c.leases, c.timers, c.queue = l.leases.Clone(), l.timers.Clone(), l.queue.Clone()
	c.leaseOf, c.attached = l.leaseOf.Clone(), l.attached.Clone()
	return &c
}

// Grant makes a lease and returns the time to live that it has, which is not
// less than the minimum. The errors are kv.ErrTTLTooLarge, kv.ErrLeaseNotFound
// for the id 0, which a caller must have replaced by one of its choice, and
// kv.ErrLeaseExists.
func (l *Lessor) Grant(now Time, id kv.LeaseID, ttl kv.TTL) (kv.TTL, error) {
	if id == 0 {
		return 0, kv.ErrLeaseNotFound
	}
	if ttl > kv.MaxTTL {
		return 0, kv.ErrTTLTooLarge
	}
	if l.Granted(id) {
		return 0, kv.ErrLeaseExists
	}
	ttl = max(ttl, l.config.MinTTL)
	l.leases.Set(id, ttl)
	if l.primary {
		l.schedule(id, l.config.Rules.Renewed(now, ttl))
	}
	return ttl, nil
}

// Revoke ends a lease and returns its keys in ascending order, for the caller to
// delete in one revision. The error is kv.ErrLeaseNotFound.
func (l *Lessor) Revoke(id kv.LeaseID) (keys []string, err error) {
	if !l.Granted(id) {
		return nil, kv.ErrLeaseNotFound
	}
	keys = slices.Collect(l.Keys(id))
	for _, key := range keys {
		l.detach(key)
	}
	l.leases.Delete(id)
	l.unschedule(id)
	return keys, nil
}

// Len is the number of leases.
func (l *Lessor) Len() int { return l.leases.Len() }

// Granted says whether there is such a lease.
func (l *Lessor) Granted(id kv.LeaseID) bool {
	_, ok := l.leases.Get(id)
	return ok
}

// Keys goes through the keys attached to a lease in ascending order. The lessor
// must not be changed meanwhile.
func (l *Lessor) Keys(id kv.LeaseID) iter.Seq[string] {
	return func(yield func(string) bool) {
		for a := range l.attached.From(attachment{lease: id}) {
			if a.lease != id || !yield(a.key) {
				return
			}
		}
	}
}

// TTL is the time to live that a lease was granted, 0 if there is no such lease.
func (l *Lessor) TTL(id kv.LeaseID) kv.TTL {
	ttl, _ := l.leases.Get(id)
	return ttl
}

// All goes through the leases in ascending order of their ids, each with the time
// to live that it was granted. The lessor must not be changed meanwhile.
func (l *Lessor) All() iter.Seq2[kv.LeaseID, kv.TTL] { return l.leases.All() }

// Observe takes note of a change of a key: every put binds it to the lease that
// it names or, if that is none, to none; a deletion to none.
func (l *Lessor) Observe(e *kv.Event) {
	if e.KV.Lease == 0 && l.leaseOf.Len() == 0 {
		return
	}
	l.Attach(e.KV.Key, e.KV.Lease)
}

// Attach binds a key to a lease, which must exist, or with 0 to none.
func (l *Lessor) Attach(key string, id kv.LeaseID) {
	if current, _ := l.leaseOf.Get(key); current == id {
		return
	}
	l.detach(key)
	if id != 0 {
		if !l.Granted(id) {
			panic(fmt.Sprintf("lease: %q is attached to lease %v, which does not exist", key, id))
		}
		l.leaseOf.Set(key, id)
		l.attached.Set(attachment{id, key}, struct{}{})
	}
}

func (l *Lessor) detach(key string) {
	if id, ok := l.leaseOf.Get(key); ok {
		l.leaseOf.Delete(key)
		l.attached.Delete(attachment{id, key})
	}
}

// Hash is a 64-bit digest of what all members have in common: the leases, their
// times to live and their keys.
func (l *Lessor) Hash() uint64 {
	var h mix.Hash
	h.Word(uint64(l.leases.Len()))
	for id, ttl := range l.leases.All() {
		h.Word(uint64(id))
		h.Word(uint64(ttl))
	}
	for a := range l.attached.All() {
		h.Word(uint64(a.lease))
		h.String(a.key)
	}
	return h.Sum()
}
