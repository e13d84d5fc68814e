package fuzz

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// judge follows a run, and says in the end what clients were promised and did not get.
type judge struct {
	applied raft.Index
	// ends are the leases that members have ended by themselves.
	ends []leaseEnd
	// trueClocks says that no clock is set or goes at another rate than the drift allows.
	trueClocks bool
}

// leaseEnd is the end of a lease in the log that no client asked for.
type leaseEnd struct {
	lease kv.LeaseID
	index raft.Index
	at    raftsim.Time
}

func hasTrueClocks(schedule []raftsim.Scheduled) bool {
	return !slices.ContainsFunc(schedule, func(s raftsim.Scheduled) bool {
		switch s.Action.(type) {
		case raftsim.ClockJump, raftsim.ClockRate:
			return true
		}
		return false
	})
}

// see follows one event.
func (j *judge) see(e *raftsim.Event) {
	if e.Kind != raftsim.EntryApplied || e.Index <= j.applied {
		return
	}
	j.applied = e.Index
	if r, ok := e.Request.(kv.LeaseRevokeRequest); ok && e.N == 0 && e.Err == nil {
		j.ends = append(j.ends, leaseEnd{r.ID, e.Index, e.Time})
	}
}

func (j *judge) checkBanks(w *raftsim.World) (property, detail string) {
	c := w.Config()
	for i := range c.Clients {
		if bank, ok := c.Clients[i].Workload.(*raftsim.Bank); ok {
			if err := raftsim.CheckBank(w.History(), bank); err != nil {
				return BankKeepsMoney, err.Error()
			}
		}
	}
	return "", ""
}

func (j *judge) checkLocks(w *raftsim.World) (property, detail string) {
	c := w.Config()
	for i := range c.Clients {
		if lock, ok := c.Clients[i].Workload.(*raftsim.Lock); ok {
			if stale := w.StaleWrites(lock); len(stale) > 0 {
				op := w.Op(stale[0])
				return Fencing, fmt.Sprintf("operation %d of %s takes effect at index %d, though somebody else has the lock since", stale[0], op.Name, op.Effect.Index)
			}
		}
	}
	held := w.Holdings()
	for i := range held {
		for k := range i {
			if held[i].Claim == held[k].Claim && held[i].Client != held[k].Client {
				return LockOwnership, fmt.Sprintf("%s and %s hold %+v", held[k].Name, held[i].Name, held[i].Claim)
			}
		}
	}
	return "", ""
}

// checkLeases compares the ends of leases with the last signs of life that were
// answered: whoever answered a keep-alive gave the lease its whole time again.
func (j *judge) checkLeases(w *raftsim.World) (property, detail string) {
	if !j.trueClocks {
		return "", ""
	}
	for _, end := range j.ends {
		for i := range w.Ops() {
			op := w.Op(i)
			alive, ok := op.Response.(kv.LeaseKeepAliveResponse)
			if r, asked := op.Request.(kv.LeaseKeepAliveRequest); !ok || !asked || r.ID != end.lease || alive.TTL <= 0 {
				continue
			}
			ttl := raftsim.Time(alive.TTL) * raftsim.Second
			drift := ttl / 1_000_000 * raftsim.Time(w.Config().Clocks.Drift)
			if op.Called < end.at && end.at < op.Called+ttl-drift { // later ones are about another lease of that name
				return LeaseIsKept, fmt.Sprintf("lease %d ends at %v, index %d, though %s was told after %v that it lives for %v more",
					end.lease, end.at, end.index, op.Name, op.Called, ttl)
			}
		}
	}
	return "", ""
}
