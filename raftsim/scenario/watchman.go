package scenario

import (
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// watchman notes in a result what a run comes to see.
type watchman struct {
	sc       *Scenario
	result   *Result
	progress []Progress
}

func newWatchman(sc *Scenario, r *Result) *watchman {
	for i := range sc.goals {
		r.Goals = append(r.Goals, GoalResult{Text: sc.goals[i].Text})
	}
	return &watchman{sc, r, make([]Progress, len(sc.goals))}
}

func (w *watchman) see(e *raftsim.Event, observe func(*raftsim.Event)) {
	switch {
	case e.Kind == raftsim.RoleChanged && e.Role == raft.Leader:
		w.result.Elections++
	case e.Kind == raftsim.Settled:
		w.result.Settled = e.Time
	}
	for i := range w.sc.counts {
		if w.sc.counts[i].matches(e) {
			w.result.counts[i]++
		}
	}
	for i := range w.sc.goals {
		g, reached := &w.sc.goals[i], &w.result.Goals[i]
		if reached.Reached {
			continue
		}
		if w.progress[i] = g.See(w.progress[i], e); g.Reached(w.progress[i]) {
			reached.Reached, reached.At = true, e.Time
		}
	}
	if observe != nil {
		observe(e)
	}
}
