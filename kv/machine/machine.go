package machine

import (
	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
)

// Config of a machine. But for Member and Watch, all members of a cluster must
// have the same, or their states would differ.
type Config struct {
	// Member is the id of this one: alarms are about it.
	Member uint64
	// Quota bounds Machine.Size, in bytes; 0 is DefaultQuota, less is none.
	Quota int64
	Lease lease.Config
	Watch watch.Config
	// User is a state machine of the user's own, in its first state; nil if there is none.
	User StateMachine
}

// Default is what etcd's members have by default: a quota of 2 GiB, and leases of
// at least two seconds, as for an election time-out of one.
func Default(member uint64) Config {
	return Config{
		Member: member,
		Lease:  lease.Config{MinTTL: lease.MinTTL(lease.Second), Rules: lease.StandardRules()},
		Watch:  watch.Config{Buffer: watch.DefaultBuffer, Rules: watch.StandardRules()},
	}
}

// Machine is the state of one member. Make one with New.
type Machine struct {
	config Config
	store  *mvcc.Store
	leases *lease.Lessor
	// watches was told of every revision of store: invariant 1.
	watches *watch.Hub
	// alarms that are raised, by member and kind. The slice is never written to.
	alarms []kv.MemberAlarm
	// alarmDue is when to ask for the alarm that the store is full, lease.Never if
	// it is not, or the alarm is raised.
	alarmDue lease.Time
	// user is the user's own machine, nil if there is none.
	user StateMachine
}

// New is a machine with an empty store, at revision 1. It is not primary.
func New(config Config) *Machine {
	m := &Machine{config: config, store: mvcc.New(), leases: lease.New(config.Lease), alarmDue: lease.Never}
	m.watches = watch.New(config.Watch, m.store)
	if config.User != nil {
		m.user = config.User.Clone()
	}
	return m
}

// Store is what Apply has made of the store, to be read.
func (m *Machine) Store() *mvcc.Store { return m.store }

// Leases is what Apply has made of the leases, to be read.
func (m *Machine) Leases() *lease.Lessor { return m.leases }

// Watches are the watchers, which have their own requests. They hear of what Apply
// changes.
func (m *Machine) Watches() *watch.Hub { return m.watches }

// Clone is a machine in the same state that lives on its own. It costs the same
// whatever the store and the leases hold, and in proportion to the watchers.
func (m *Machine) Clone() *Machine {
	c := *m
	c.store, c.leases = m.store.Clone(), m.leases.Clone()
	c.watches = m.watches.Clone(c.store)
	if m.user != nil {
		c.user = m.user.Clone()
	}
	return &c
}

// Hash is a 64-bit digest of all that members share: keys, leases, alarms, and the
// user's machine.
func (m *Machine) Hash() uint64 {
	var h mix.Hash
	h.Word(m.store.Hash())
	h.Word(m.leases.Hash())
	for _, a := range m.alarms {
		h.Word(a.Member)
		h.Word(uint64(a.Alarm))
	}
	if m.user != nil {
		h.String(m.user.Save())
	}
	return h.Sum()
}
