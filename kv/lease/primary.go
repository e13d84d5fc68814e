package lease

import (
	"cmp"
	"iter"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

const (
	// retryInterval is how long a lease that has run out waits for its revocation
	// before Expired names it again.
	retryInterval = 3 * Second
	// maxPerSecond bounds how many leases a new leader lets run out within one
	// second: three quarters of the 1,000 that etcd revokes in one.
	maxPerSecond = 750
)

// Promote makes this member's clock the one that decides, when it has become
// leader and has applied all that was decided before. Every lease has its full
// time to live again from now on, and extend more: etcd's election time-out. Where
// very many would then run out at once, some have a little longer.
func (l *Lessor) Promote(now Time, extend Duration) {
	l.Demote()
	l.primary = true
	all := make([]appointment, 0, l.leases.Len())
	for id, ttl := range l.leases.All() {
		all = append(all, appointment{l.config.Rules.Promoted(now, extend, ttl), id})
	}
	sortByDue(all)
	for i := range all {
		if i >= maxPerSecond {
			all[i].due = max(all[i].due, all[i-maxPerSecond].due.add(Second))
		}
		l.schedule(all[i].lease, all[i].due)
	}
}

func sortByDue(all []appointment) {
	slices.SortStableFunc(all, func(a, b appointment) int { return cmp.Compare(a.due, b.due) })
}

// Demote makes another member's clock the one that decides: no lease runs out
// here until Promote.
func (l *Lessor) Demote() {
	l.primary = false
	l.timers, l.queue = newTimers(), newQueue()
}

// Primary says whether this member's clock decides when leases run out.
func (l *Lessor) Primary() bool { return l.primary }

// Deadline is when a lease runs out by the clock of this member; false if it has none
// here, for this member is not primary or there is no such lease.
func (l *Lessor) Deadline(id kv.LeaseID) (Time, bool) {
	t, ok := l.timers.Get(id)
	return t.deadline, ok
}

// schedule gives a lease a new deadline.
func (l *Lessor) schedule(id kv.LeaseID, deadline Time) {
	l.set(id, timer{deadline: deadline, due: deadline})
}

// postpone leaves the deadline, and makes Expired look later.
func (l *Lessor) postpone(id kv.LeaseID, due Time) {
	t, _ := l.timers.Get(id)
	l.set(id, timer{deadline: t.deadline, due: due})
}

func (l *Lessor) set(id kv.LeaseID, t timer) {
	l.unschedule(id)
	l.timers.Set(id, t)
	l.queue.Set(appointment{t.due, id}, struct{}{})
}

func (l *Lessor) unschedule(id kv.LeaseID) {
	if t, ok := l.timers.Get(id); ok {
		l.timers.Delete(id)
		l.queue.Delete(appointment{t.due, id})
	}
}

// Renew gives a lease its full time to live again and returns that. The errors
// are kv.ErrNotLeader on a member that is not primary; kv.ErrLeaseNotFound; and
// ErrExpired.
func (l *Lessor) Renew(now Time, id kv.LeaseID) (kv.TTL, error) {
	t, err := l.timer(id)
	if err != nil {
		return 0, err
	}
	if !l.config.Rules.MayRenew(t.deadline, now) {
		return 0, ErrExpired
	}
	ttl := l.TTL(id)
	l.schedule(id, l.config.Rules.Renewed(now, ttl))
	return ttl, nil
}

// Remaining is what a lease has left, in whole seconds rounded towards zero; it
// goes on below zero while a lease that has run out waits for its revocation. The
// errors are kv.ErrNotLeader on a member that is not primary, and
// kv.ErrLeaseNotFound.
func (l *Lessor) Remaining(now Time, id kv.LeaseID) (kv.TTL, error) {
	t, err := l.timer(id)
	if err != nil {
		return 0, err
	}
	return kv.TTL((t.deadline - now) / Time(Second)), nil
}

func (l *Lessor) timer(id kv.LeaseID) (timer, error) {
	if !l.primary {
		return timer{}, kv.ErrNotLeader
	}
	t, ok := l.timers.Get(id)
	if !ok {
		return timer{}, kv.ErrLeaseNotFound
	}
	return t, nil
}

// List is the ids of all leases, the one that runs out first in front, those
// that run out together in ascending order; on a member that is not primary all
// in ascending order.
func (l *Lessor) List() []kv.LeaseID {
	all := make([]appointment, 0, l.leases.Len())
	for id := range l.leases.All() {
		t, _ := l.timers.Get(id)
		all = append(all, appointment{t.deadline, id})
	}
	sortByDue(all)
	ids := make([]kv.LeaseID, len(all))
	for i, x := range all {
		ids[i] = x.lease
	}
	return ids
}

// Expired goes through the leases that have run out, the first one first, for the
// leader to revoke by requests. One that was named is named again only after
// three seconds, should it still be there. A caller may stop where it likes: what
// it was not shown stays due.
func (l *Lessor) Expired(now Time) iter.Seq[kv.LeaseID] {
	return func(yield func(kv.LeaseID) bool) {
		for range l.queue.Len() {
			next, _, ok := l.queue.Min()
			if !ok || !l.config.Rules.Expired(next.due, now) {
				return
			}
			l.postpone(next.lease, now.add(retryInterval))
			if !yield(next.lease) {
				return
			}
		}
	}
}

// Wake is when Expired has something new to say, Never if nothing will be due.
func (l *Lessor) Wake() Time {
	next, _, ok := l.queue.Min()
	if !ok {
		return Never
	}
	return next.due
}
