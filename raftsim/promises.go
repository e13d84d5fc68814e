package raftsim

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
)

// Names of what workloads are promised.
const (
	// BankKeepsMoney: the sum of all accounts stays the same.
	BankKeepsMoney = "BankKeepsMoney"
	// Fencing: nobody writes to what a lock protects once somebody else has got it.
	Fencing = "Fencing"
	// LockOwnership: no two holders of a lock have the same token.
	LockOwnership = "LockOwnership"
	// LeaseIsKept: no lease ends by itself before its time, counted from the last
	// keep-alive that was answered.
	LeaseIsKept = "LeaseIsKept"
)

// Promise is something that workloads are built on, beside linearizability.
type Promise struct {
	Name string
	// Applies says whether there is something to check in what a run was when a stamp was
	// given, Check what broke in that, nil if nothing did. World.Stamps()+1 is the whole run.
	Applies func(w *World, stamp int64) bool
	Check   func(w *World, stamp int64) *linearize.Property
}

// Promises are all there are. A lock without fences never promised that nobody writes with an
// old token; with unfenced it is taken at its word as if it had.
func Promises(unfenced bool) []Promise {
	fenced := func(w *World) []*Lock {
		return slices.DeleteFunc(workloads[*Lock](w), func(l *Lock) bool { return !l.Fenced && !unfenced })
	}
	return []Promise{
		{BankKeepsMoney, func(w *World, _ int64) bool { return len(workloads[*Bank](w)) > 0 }, checkBanks},
		{
			Fencing, func(w *World, _ int64) bool { return len(fenced(w)) > 0 },
			func(w *World, stamp int64) *linearize.Property { return checkFences(w, fenced(w), stamp) },
		},
		{LockOwnership, func(w *World, stamp int64) bool { return w.holdings.Len() > 0 && w.holdings.At(0).From <= stamp }, checkOwners},
		{LeaseIsKept, func(w *World, stamp int64) bool {
			return w.leaseEnds.Len() > 0 && w.leaseEnds.At(0).stamp <= stamp && w.hasTrueClocks()
		}, checkLeases},
	}
}

// Broken are those of some promises that a run did not keep until a stamp was given.
func (w *World) Broken(promises []Promise, stamp int64) (list []linearize.Property) {
	for _, p := range promises {
		if !p.Applies(w, stamp) {
			continue
		}
		if found := p.Check(w, stamp); found != nil {
			found.Name = p.Name
			list = append(list, *found)
		}
	}
	return list
}

func violated(reason string, ops ...int) *linearize.Property {
	return &linearize.Property{Result: linearize.Broken, Reason: reason, Operations: ops}
}

// workloads are those of a kind.
func workloads[T Workload](w *World) (list []T) {
	for i := range w.config.Clients {
		if x, ok := w.config.Clients[i].Workload.(T); ok {
			list = append(list, x)
		}
	}
	return list
}

func checkBanks(w *World, stamp int64) *linearize.Property {
	h := w.HistoryUntil(stamp)
	for _, bank := range workloads[*Bank](w) {
		if err := CheckBank(h, bank); err != nil {
			return violated(err.Error())
		}
	}
	return nil
}

func checkFences(w *World, locks []*Lock, stamp int64) *linearize.Property {
	for _, lock := range locks {
		for _, i := range w.StaleWrites(lock) {
			if op := w.Op(i); op.Ended && op.Return <= stamp || w.tookEffectBefore(op.Effect.Index, stamp) {
				return violated(fmt.Sprintf("a write of %s to %s takes effect at index %d of the log, though somebody else has got the lock %q since",
					op.Name, lock.Resource, op.Effect.Index, lock.Key), i)
			}
		}
	}
	return nil
}

// tookEffectBefore says whether the entry of an index had been applied when a stamp was given.
func (w *World) tookEffectBefore(index raft.Index, stamp int64) bool {
	k, ok := sort.Find(w.effects.Len(), func(i int) int { return cmp.Compare(uint64(index), w.effects.At(i).Index) })
	return ok && w.effectStamps.At(k) < stamp
}

func checkOwners(w *World, stamp int64) *linearize.Property {
	first := map[Claim]Holding{}
	for i := range w.holdings.Len() {
		x := w.holdings.At(i)
		if x.From > stamp {
			break
		}
		if was, ok := first[x.Claim]; !ok {
			first[x.Claim] = x
		} else if was.Client != x.Client {
			return violated(fmt.Sprintf("%s and %s both hold lock %s with token %d", was.Name, x.Name, x.Key, x.Token))
		}
	}
	return nil
}

// hasTrueClocks says that no clock is set, or goes otherwise than the drift allows: else
// nothing is promised of leases.
func (w *World) hasTrueClocks() bool {
	return !slices.ContainsFunc(w.config.Schedule, func(s Scheduled) bool {
		switch s.Action.(type) {
		case ClockJump, ClockRate:
			return true
		}
		return false
	})
}

// checkLeases compares the ends of leases with the signs of life that were answered: whoever
// answered one gave the lease its whole time again.
func checkLeases(w *World, stamp int64) *linearize.Property {
	for i := range w.Ops() {
		op := w.Op(i)
		r, asked := op.Request.(kv.LeaseKeepAliveRequest)
		alive, ok := op.Response.(kv.LeaseKeepAliveResponse)
		if !asked || !ok || op.Return > stamp || alive.TTL <= 0 {
			continue
		}
		ttl := Time(alive.TTL) * Second
		drift := ttl / 1_000_000 * Time(w.config.Clocks.Drift)
		for k := range w.leaseEnds.Len() {
			end := w.leaseEnds.At(k)
			// a later end is that of another lease with the name
			if end.lease == r.ID && end.stamp <= stamp && op.Called < end.at && end.at < op.Called+ttl-drift {
				return violated(fmt.Sprintf("lease %d ends by itself at %v, at index %d of the log, though %s was told after %v that it lives for %v more",
					end.lease, end.at, end.index, op.Name, op.Called, ttl), i)
			}
		}
	}
	return nil
}
