package machine

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
)

// DefaultQuota is etcd's: 2 GiB.
const DefaultQuota int64 = 2 << 30

// What requests are reckoned to cost besides their keys and values, in bytes, as in
// etcd.
const (
	leaseCost = 64
	putCost   = 256
)

// Size is what is held against the quota, in bytes: the size of the store, and
// something for each lease. A compaction makes it smaller.
func (m *Machine) Size() int64 { return m.store.Size() + leaseCost*int64(m.leases.Len()) }

// Alarms that are raised, by member and kind.
func (m *Machine) Alarms() []kv.MemberAlarm { return slices.Clone(m.alarms) }

// admit says whether a request may be tried. The alarm that space has run out is
// not raised here, because the machine is not asked to: the leader does it by a
// request of its own, see Due. What etcd does when a request that it had room for
// meets a store that is full by then, to apply it and to say nevertheless that
// there was no space, is not done: what is refused has not happened.
func (m *Machine) admit(now lease.Time, r kv.Request) error {
	if !m.fits(r) {
		if m.alarmDue == lease.Never && !m.raised(kv.NoSpace) {
			m.alarmDue = now
		}
		return kv.ErrNoSpace
	}
	err := m.forbidden(r)
	if err == nil {
		return nil
	}
	if invalid := kv.Validate(r); invalid != nil {
		return invalid
	}
	return err
}

// forbidden says whether an alarm forbids a request.
func (m *Machine) forbidden(r kv.Request) error {
	if len(m.alarms) == 0 {
		return nil
	}
	if m.raised(kv.Corrupt) && changes(r) {
		return kv.ErrCorrupt
	}
	if m.raised(kv.NoSpace) && kv.Grows(r) {
		return kv.ErrNoSpace
	}
	return nil
}

// changes says whether a request changes keys or leases, whichever way its
// comparisons go.
func changes(r kv.Request) bool {
	switch r.(type) {
	case kv.AlarmRequest, kv.LeaseKeepAliveRequest:
		return false
	default:
		return !kv.ReadOnly(r)
	}
}

// fits says whether the quota has room for a request.
func (m *Machine) fits(r kv.Request) bool {
	quota := cmp.Or(m.config.Quota, DefaultQuota)
	if quota < 0 {
		return true
	}
	need := cost(r)
	return need == 0 || m.Size()+need < quota
}

// cost is what a request is reckoned to add to the store at most; 0 is nothing.
func cost(r kv.Request) (bytes int64) {
	switch r := r.(type) {
	case kv.PutRequest:
		return putCost + int64(len(r.Key)+len(r.Value))
	case kv.LeaseGrantRequest:
		return leaseCost
	case kv.TxnRequest:
		return max(costs(r.Success), costs(r.Failure))
	default:
		return 0
	}
}

func costs(ops []kv.Request) (bytes int64) {
	for _, op := range ops {
		bytes += cost(op)
	}
	return bytes
}

// raised says whether there is such an alarm, of any member.
func (m *Machine) raised(alarm kv.Alarm) bool {
	return slices.ContainsFunc(m.alarms, func(a kv.MemberAlarm) bool { return a.Alarm == alarm })
}

// alarm lists, raises or disarms alarms. As in etcd a listing looks at all members,
// and a disarming at the one alarm that it names; to disarm all, a client lists them.
func (m *Machine) alarm(r kv.AlarmRequest) (kv.Response, error) {
	if err := kv.Validate(r); err != nil {
		return nil, err
	}
	response := kv.AlarmResponse{Header: m.header()}
	switch r.Action {
	case kv.RaiseAlarm:
		response.Alarms = m.raise(r)
	case kv.DisarmAlarm:
		response.Alarms = m.disarm(kv.MemberAlarm{Member: r.Member, Alarm: r.Alarm})
	default:
		for _, a := range m.alarms {
			if r.Alarm == kv.NoAlarm || r.Alarm == a.Alarm {
				response.Alarms = append(response.Alarms, a)
			}
		}
	}
	return response, nil
}

// disarm takes an alarm away, if it is raised.
func (m *Machine) disarm(a kv.MemberAlarm) []kv.MemberAlarm {
	i := slices.Index(m.alarms, a)
	if i < 0 {
		return nil
	}
	m.alarms = slices.Delete(slices.Clone(m.alarms), i, i+1)
	return []kv.MemberAlarm{a}
}

// raise adds an alarm, unless it is raised already.
func (m *Machine) raise(r kv.AlarmRequest) []kv.MemberAlarm {
	if r.Alarm == kv.NoAlarm {
		return nil
	}
	a := kv.MemberAlarm{Member: r.Member, Alarm: r.Alarm}
	i, found := slices.BinarySearchFunc(m.alarms, a, func(a, b kv.MemberAlarm) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), cmp.Compare(a.Alarm, b.Alarm))
	})
	if !found {
		m.alarms = slices.Insert(slices.Clone(m.alarms), i, a)
	}
	if r.Alarm == kv.NoSpace {
		m.alarmDue = lease.Never
	}
	return []kv.MemberAlarm{a}
}
