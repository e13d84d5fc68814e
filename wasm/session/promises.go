package session

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// unfenced is the bug that takes the fences from all locks. Without it, a lock that has none
// never promised any.
const unfenced = "lock-without-fencing"

// promise is a check of what workloads are built on.
type promise struct {
	name string
	// applies says whether there is something to check up to a stamp, check what broke, nil
	// if nothing did.
	applies func(w *raftsim.World, stamp int64, bug string) bool
	check   func(w *raftsim.World, stamp int64, bug string) *linearize.Property
}

var promises = []promise{
	{fuzz.LeaseIsKept, leasesEnded, checkLeases},
	{fuzz.LockOwnership, locksHeld, checkOwners},
	{fuzz.Fencing, func(w *raftsim.World, _ int64, bug string) bool { return len(fencedLocks(w, bug)) > 0 }, checkFences},
	{fuzz.BankKeepsMoney, func(w *raftsim.World, _ int64, _ string) bool { return len(workloads[*raftsim.Bank](w)) > 0 }, checkBanks},
}

// brokenPromises are those that a run did not keep up to a stamp.
func brokenPromises(w *raftsim.World, stamp int64, bug string) (list []linearize.Property) {
	for _, p := range promises {
		if !p.applies(w, stamp, bug) {
			continue
		}
		if found := p.check(w, stamp, bug); found != nil {
			found.Name = p.name
			list = append(list, *found)
		}
	}
	return list
}

func breaks(reason string, ops ...int) *linearize.Property {
	return &linearize.Property{Result: linearize.Broken, Reason: reason, Operations: ops}
}

// workloads are those of a kind.
func workloads[T raftsim.Workload](w *raftsim.World) (list []T) {
	for _, c := range w.Config().Clients {
		if x, ok := c.Workload.(T); ok {
			list = append(list, x)
		}
	}
	return list
}

// leasesEnded says that some lease has ended by itself, and that clocks go as they should: else
// nothing is promised.
func leasesEnded(w *raftsim.World, stamp int64, _ string) bool {
	ends := w.LeaseEnds()
	return len(ends) > 0 && ends[0].Stamp <= stamp && hasTrueClocks(w)
}

// checkLeases: no lease ends by itself before its time, counted from the last keep-alive that
// was answered.
func checkLeases(w *raftsim.World, stamp int64, _ string) *linearize.Property {
	ends := w.LeaseEnds()
	for i := range w.Ops() {
		op := w.Op(i)
		r, asked := op.Request.(kv.LeaseKeepAliveRequest)
		alive, ok := op.Response.(kv.LeaseKeepAliveResponse)
		if !asked || !ok || op.Return > stamp || alive.TTL <= 0 {
			continue
		}
		ttl := raftsim.Time(alive.TTL) * raftsim.Second
		drift := ttl / 1_000_000 * raftsim.Time(w.Config().Clocks.Drift)
		for _, end := range ends {
			if end.Lease == r.ID && end.Stamp <= stamp && op.Called < end.At && end.At < op.Called+ttl-drift {
				return breaks(fmt.Sprintf("lease %d ends by itself at %s, at index %d of the log, though %s was told after %s that it lives for %s more",
					end.Lease, momentWords(end.At), end.Index, op.Name, momentWords(op.Called), momentWords(ttl)), i)
			}
		}
	}
	return nil
}

// hasTrueClocks says that no clock is set, or goes otherwise than the drift allows.
func hasTrueClocks(w *raftsim.World) bool {
	return !slices.ContainsFunc(w.Config().Schedule, func(s raftsim.Scheduled) bool {
		switch s.Action.(type) {
		case raftsim.ClockJump, raftsim.ClockRate:
			return true
		}
		return false
	})
}

func locksHeld(w *raftsim.World, stamp int64, _ string) bool {
	held := w.Holdings()
	return len(held) > 0 && held[0].From <= stamp
}

// checkOwners: no two holders of a lock have the same token.
func checkOwners(w *raftsim.World, stamp int64, _ string) *linearize.Property {
	held := w.Holdings()
	first := map[raftsim.Claim]*raftsim.Holding{}
	for i := range held {
		x := &held[i]
		if x.From > stamp {
			break
		}
		if was := first[x.Claim]; was == nil {
			first[x.Claim] = x
		} else if was.Client != x.Client {
			return breaks(fmt.Sprintf("%s and %s both hold lock %s with token %d", was.Name, x.Name, x.Key, x.Token))
		}
	}
	return nil
}

// fencedLocks are the locks that promise that nobody writes with an old token.
func fencedLocks(w *raftsim.World, bug string) []*raftsim.Lock {
	return slices.DeleteFunc(workloads[*raftsim.Lock](w), func(l *raftsim.Lock) bool { return !l.Fenced && bug != unfenced })
}

// checkFences: nobody writes to what a lock protects once somebody else has got it.
func checkFences(w *raftsim.World, stamp int64, bug string) *linearize.Property {
	for _, lock := range fencedLocks(w, bug) {
		for _, i := range w.StaleWrites(lock) {
			if op := w.Op(i); op.Call <= stamp && op.Ended && op.Return <= stamp {
				return breaks(fmt.Sprintf("a write of %s to %s takes effect at index %d of the log, though somebody else has got the lock %q since",
					op.Name, lock.Resource, op.Effect.Index, lock.Key), i)
			}
		}
	}
	return nil
}

// checkBanks: the sum of all accounts stays the same.
func checkBanks(w *raftsim.World, stamp int64, _ string) *linearize.Property {
	h := w.HistoryUntil(stamp)
	for _, bank := range workloads[*raftsim.Bank](w) {
		if err := raftsim.CheckBank(h, bank); err != nil {
			return breaks(err.Error())
		}
	}
	return nil
}
