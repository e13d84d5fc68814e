package machine

import (
	"fmt"
	"io"
	"math"

	"github.com/castaway-kv/castaway/internal/blocks"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/mvcc"
)

// A snapshot is two streams of blocks (see package blocks), the second of which is
// the store's. The first has
//
//	leases · id ttl …      by id, through uint64; which keys they have, the store knows
//	alarms · member kind … in order
//	user · state of the user's machine
//
// each list behind its length.
const (
	snapshotKind    = "castaway machine"
	snapshotVersion = 2
)

// Save writes all that members share, as a stream that Restore reads: keys with
// their history, leases and alarms. Save a Clone to go on meanwhile. The only
// errors are those of w.
func (m *Machine) Save(w io.Writer) error {
	b := blocks.NewWriter(w, snapshotKind, snapshotVersion)
	b.Number(uint64(m.leases.Len()))
	for id, ttl := range m.leases.All() {
		b.Number(uint64(id))
		b.Number(uint64(ttl))
	}
	b.Number(uint64(len(m.alarms)))
	for _, a := range m.alarms {
		b.Number(a.Member)
		b.Number(uint64(a.Alarm))
	}
	b.Text(m.saveUser())
	if err := b.Close(); err != nil {
		return err
	}
	return m.store.Save(w)
}

// Restore puts the state that Save wrote in the place of this one, and reads no
// byte more. The member is not leader then. Watchers go on from where they were; to
// those that miss what the snapshot does not have, a compaction has happened. The
// error wraps mvcc.ErrDamaged when the snapshot is not whole, else it is one of r;
// after it, all is as before.
func (m *Machine) Restore(r io.Reader) error {
	n := New(m.config)
	if err := n.restoreLeases(r); err != nil {
		return err
	}
	store, err := mvcc.Restore(r)
	if err != nil {
		return err
	}
	for pair := range store.All() {
		if pair.Lease == 0 {
			continue
		}
		if !n.leases.Granted(pair.Lease) {
			return fmt.Errorf("snapshot: %w: the key %q has the lease %v, which is not there", mvcc.ErrDamaged, pair.Key, pair.Lease)
		}
		n.leases.Attach(pair.Key, pair.Lease)
	}
	n.store = store
	m.Adopt(n)
	return nil
}

// Adopt puts the state of another machine, which must not be used any more, in the
// place of this one, as Restore does.
func (m *Machine) Adopt(n *Machine) {
	m.store, m.leases, m.alarms, m.alarmDue, m.user = n.store, n.leases, n.alarms, lease.Never, n.user
	m.watches.Restore(m.store)
}

// restoreLeases reads leases and alarms.
func (m *Machine) restoreLeases(r io.Reader) error {
	b := blocks.NewReader(r, snapshotKind, snapshotVersion)
	for n := b.Number(math.MaxInt64); n > 0 && b.Err() == nil; n-- {
		m.restoreLease(b)
	}
	for n := b.Number(math.MaxInt64); n > 0 && b.Err() == nil; n-- {
		a := kv.AlarmRequest{Member: b.Number(math.MaxUint64), Alarm: kv.Alarm(b.Number(uint64(kv.Corrupt)))}
		before := len(m.alarms)
		if m.raise(a); len(m.alarms) == before && b.Err() == nil {
			b.Fail("the alarm %v of member %d, which is none or there already", a.Alarm, a.Member)
		}
	}
	m.restoreUser(b)
	return b.Close()
}

func (m *Machine) restoreUser(b *blocks.Reader) {
	state := b.Text(math.MaxInt32)
	if b.Err() != nil || m.user == nil && state == "" {
		return
	}
	if m.user == nil {
		b.Fail("the state of a state machine of the user's own, but there is none")
		return
	}
	user, err := m.user.Restore(state)
	if err != nil {
		b.Fail("the state of the user's machine: %v", err)
		return
	}
	m.user = user
}

func (m *Machine) restoreLease(b *blocks.Reader) {
	id, ttl := kv.LeaseID(b.Number(math.MaxUint64)), kv.TTL(b.Number(uint64(kv.MaxTTL)))
	if b.Err() != nil {
		return
	}
	if _, err := m.leases.Grant(0, id, ttl); err != nil {
		b.Fail("the lease %v of %d seconds: %v", id, ttl, err)
	}
}
