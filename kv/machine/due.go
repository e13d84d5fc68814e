package machine

import (
	"iter"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
)

// retryInterval is how long to wait for the alarm that was asked for before asking
// again.
const retryInterval = 3 * lease.Second

// Promote tells the machine that this member is the leader now, and has applied
// all that was committed before its term. It should have a lead over those that
// followed another until now: every lease has its full time to live again, and
// extend besides.
func (m *Machine) Promote(now lease.Time, extend lease.Duration) { m.leases.Promote(now, extend) }

// Demote tells the machine that this member is not the leader any more.
func (m *Machine) Demote() { m.leases.Demote() }

// Due goes through the requests that a leader should now propose on the machine's
// behalf, bound to its term: a leader that was deposed must not get them through.
// They are the revocations of leases that have run out, and the alarm when the
// store is full. What was asked for is asked for again only if it is not applied
// within three seconds. A caller may stop where it likes: what it was not shown
// stays due. On a member that is not the leader nothing is.
func (m *Machine) Due(now lease.Time) iter.Seq[kv.Request] {
	return func(yield func(kv.Request) bool) {
		if m.leases.Primary() && m.alarmDue <= now {
			m.alarmDue = now + lease.Time(retryInterval)
			if !yield(kv.AlarmRequest{Action: kv.RaiseAlarm, Member: m.config.Member, Alarm: kv.NoSpace}) {
				return
			}
		}
		for id := range m.leases.Expired(now) {
			if !yield(kv.LeaseRevokeRequest{ID: id}) {
				return
			}
		}
	}
}

// Wake is when Due has something new to say, lease.Never if nothing will be due.
func (m *Machine) Wake() lease.Time {
	if !m.leases.Primary() {
		return lease.Never
	}
	return min(m.alarmDue, m.leases.Wake())
}
