package machine_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/mvcc"
)

// snapshots are of an empty machine, and of one with everything in it.
func snapshots(t testing.TB) (all [][]byte) {
	t.Helper()
	m := machine.New(testConfig())
	save := func() {
		var b bytes.Buffer
		if err := m.Save(&b); err != nil {
			t.Fatal(err)
		}
		all = append(all, b.Bytes())
	}
	save()
	for _, r := range []kv.Request{
		kv.LeaseGrantRequest{ID: -1, TTL: 60},
		kv.LeaseGrantRequest{ID: 7, TTL: 5},
		kv.PutRequest{Key: "a", Value: "1", Lease: 7},
		kv.PutRequest{Key: "a", Value: "2", Lease: -1},
		kv.PutRequest{Key: "b", Value: "\x00", Lease: 7},
		kv.DeleteRangeRequest{Span: kv.Span{Key: "a"}},
		kv.CompactRequest{Revision: 3},
		kv.PutRequest{Key: "c", Lease: 7},
		kv.AlarmRequest{Action: kv.RaiseAlarm, Member: 2, Alarm: kv.NoSpace},
		kv.AlarmRequest{Action: kv.RaiseAlarm, Member: 1, Alarm: kv.Corrupt},
	} {
		must(m, 0, r)
	}
	save()
	return all
}

func TestSnapshotRoundTrip(t *testing.T) {
	for _, b := range snapshots(t) {
		m := machine.New(testConfig())
		var again bytes.Buffer
		if err := m.Restore(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		if err := m.Save(&again); err != nil || !bytes.Equal(again.Bytes(), b) {
			t.Errorf("%x (%v), want %x", again.Bytes(), err, b)
		}
	}
}

// Whatever bit is flipped and wherever it is cut: an error that says so, and the
// machine is as before.
func TestDamagedSnapshots(t *testing.T) {
	m := machine.New(testConfig())
	must(m, 0, kv.PutRequest{Key: "k", Value: "v"})
	hash := m.Hash()
	refused := func(what string, at int, b []byte) {
		if err := m.Restore(bytes.NewReader(b)); !errors.Is(err, mvcc.ErrDamaged) || m.Hash() != hash {
			t.Errorf("%s at %d of %d: %v", what, at, len(b), err)
		}
	}
	for _, b := range snapshots(t) {
		for i := range b {
			refused("cut", i, b[:i])
			for bit := range 8 {
				flipped := bytes.Clone(b)
				flipped[i] ^= 1 << bit
				refused("flipped", i, flipped)
			}
		}
	}
}

// A store with a key whose lease is nowhere is not restored.
func TestSnapshotWithoutLease(t *testing.T) {
	all := snapshots(t)
	store := bytes.LastIndex(all[1], []byte("castaway store"))
	empty := bytes.LastIndex(all[0], []byte("castaway store"))
	mixed := append(bytes.Clone(all[0][:empty]), all[1][store:]...)
	err := machine.New(testConfig()).Restore(bytes.NewReader(mixed))
	if !errors.Is(err, mvcc.ErrDamaged) {
		t.Fatal(err)
	}
	t.Log(err)
}

// No bytes are too strange: they are refused, or stand for a state that can be
// saved and restored.
func FuzzRestore(f *testing.F) {
	for _, b := range snapshots(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, n := machine.New(testConfig()), machine.New(testConfig())
		if err := m.Restore(bytes.NewReader(b)); err != nil {
			if m.Hash() != n.Hash() {
				t.Fatal("refused, and changed nevertheless")
			}
			return
		}
		var again bytes.Buffer
		if err := m.Save(&again); err != nil {
			t.Fatal(err)
		}
		if err := n.Restore(&again); err != nil || m.Hash() != n.Hash() {
			t.Fatalf("restored once, but not again: %v", err)
		}
	})
}
