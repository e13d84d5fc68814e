package fuzz

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// Names of what clients are promised, beside raftsim.Properties and raftsim.Promises.
const (
	// Linearizability: what clients saw of the store is as if one copy did one request
	// at a time.
	Linearizability = "Linearizability"
	// WatchIsComplete: a watcher hears all events of its keys, in order, once; and a
	// progress notice comes behind all that it is about.
	WatchIsComplete = "WatchIsComplete"
	// Stability: who leads is not deposed again and again while nothing changes. It is
	// asked for only where a bug is planted that breaks it: the paper's rules don't
	// promise it.
	Stability = "Stability"
)

// Case is a run to be made.
type Case struct {
	Config raftsim.Config
	// Length of the run, unless the cluster comes to rest before, after a Settle.
	Length raftsim.Time
	// Bug that is planted in it, by its name; "" if none is.
	Bug string
}

// Outcome is what became of a run.
type Outcome struct {
	// Property that broke, "" if none did; Detail says how, and Excuse names the fault
	// that no replication survives, if there was one before.
	Property, Detail, Excuse string
	// At is when the cluster's property broke, or the run ended.
	At raftsim.Time
	// Events is their number, and Hash that of all of them.
	Events int64
	Hash   uint64
	// Leaders counts the elections that were won, Operations those of clients.
	Leaders, Operations int
	// Settled says that the cluster came to rest after its faults.
	Settled bool
	// QuorumLost says that it did not, and need not: see raftsim.QuorumLost.
	QuorumLost bool
	// Undecided says that the judge gave up on the history.
	Undecided bool
}

// Run makes a run and judges it; a nil Coverage notes nothing. The error is that of a
// configuration that can't be.
func Run(c *Case, cover *Coverage) (Outcome, error) { return run(c, cover, nil) }

// run makes a run, with an adversary if there is one: what that does stands in the
// case's schedule from then on, and Run makes the same run without it.
func run(c *Case, cover *Coverage, a *adversary) (Outcome, error) {
	planted := c.planted()
	w, err := raftsim.New(planted.Config)
	if err != nil {
		return Outcome{}, err
	}
	if a != nil {
		a.enter(w)
	}
	var o Outcome
	resting := false
	for next, ok := w.Next(); ok && next <= c.Length && !resting; next, ok = w.Next() {
		w.Step()
		events := w.Events()
		for i := range events {
			e := &events[i]
			if cover != nil {
				cover.see(e)
			}
			if a != nil {
				a.see(e)
			}
			switch {
			case e.Kind == raftsim.RoleChanged && e.Role == raft.Leader:
				o.Leaders++
			case e.Kind == raftsim.Settled:
				o.Settled, resting = true, true
			case e.Kind == raftsim.QuorumLost:
				o.QuorumLost, resting = true, true
			}
		}
	}
	o.At, o.Events, o.Hash, o.Operations, o.Excuse = w.Now(), w.Count(), w.Hash(), w.Ops(), w.Excuse()
	if a != nil {
		c.Config.Schedule = slices.Clone(w.Config().Schedule)
	}
	o.judge(w)
	if b, _ := bugs.Find(c.Bug); o.Property == "" && b.Breaks == Stability && o.Leaders > fewLeaders {
		o.Property, o.Detail = Stability, fmt.Sprintf("%d elections were won, one after the other", o.Leaders)
	}
	return o, nil
}

// fewLeaders is how many elections may be won in a run whose bug breaks Stability.
const fewLeaders = 2

// judge says what is wrong with a run, the first thing only.
func (o *Outcome) judge(w *raftsim.World) {
	if v := w.Violation(); v != nil {
		o.Property, o.Detail, o.At = v.Property, v.Detail, v.Time
		return
	}
	if broken := w.Broken(raftsim.Promises(true), w.Stamps()+1); len(broken) > 0 {
		o.Property, o.Detail = broken[0].Name, broken[0].Reason
		return
	}
	v := w.Judge(linearize.Options{Steps: judgeSteps})
	switch beyond := linearize.FirstBroken(v.Beyond); {
	case v.Store.Result == linearize.Violation:
		o.Property, o.Detail = Linearizability, v.Store.Reason
	case beyond != nil:
		o.Property, o.Detail = propertyNames[beyond.Name], beyond.Reason
	case v.Store.Result == linearize.Undecided:
		o.Undecided = true
	}
}

// propertyNames are the names of the judge's checks beyond linearizability, as those of
// the cluster's properties are spelled.
var propertyNames = map[string]string{
	"applied log": "AppliedLog", "leases": raftsim.LeaseIsKept, "locks": raftsim.LockOwnership, "fencing": raftsim.Fencing, "compaction": "Compaction",
	"durability": "Durability", "honesty of errors": "Honesty", "serializable reads": "SerializableReads",
	"explicit revisions": "ExplicitRevisions", "watches": WatchIsComplete,
}

// judgeSteps bounds the work on one history.
const judgeSteps = 100_000
