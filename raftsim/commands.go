package raftsim

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/linearize"
)

// commandJudge decides whether what clients saw of the user's state machine is
// linearizable. The log says in which order commands took effect: the judge carries them
// out once more, on the machine as it was configured, and compares the answers. A
// query has no place in the log: it takes the first one at which it would have been
// answered so, not before anything that had ended when it was asked.
type commandJudge struct {
	history linearize.History
	verdict linearize.Verdict
	machine machine.StateMachine
	// commands in the order of the log, as numbers of the history.
	commands []int
	// queries in the order of their calls, without those that have a place or are waiting
	// for one.
	queries, waiting []query
}

// query is one that was answered, and between how many commands it must stand.
type query struct {
	op          int
	least, most int
}

// judgeCommands judges the requests to the user's state machine.
func (w *World) judgeCommands(stamp int64) linearize.Verdict {
	j := commandJudge{machine: w.config.Machine}
	j.verdict.Result = linearize.Linearizable
	if j.machine != nil {
		j.history = w.HistoryUntil(stamp)
		j.collect(w)
		j.bound()
		j.run()
	}
	return j.verdict
}

// collect finds what is to be judged.
func (j *commandJudge) collect(w *World) {
	for i := range j.history {
		r, ok := j.history[i].Request.(kv.CommandRequest)
		op := w.Op(i)
		op.Operation = j.history[i]
		switch {
		case !ok:
			continue
		case op.Outcome == linearize.Refused:
			j.verdict.Refused++
			continue
		case r.Query && op.Outcome == linearize.Answered:
			j.queries = append(j.queries, query{op: i})
		case !r.Query && op.Effect.Applied:
			j.commands = append(j.commands, i)
		}
		j.verdict.Operations++
	}
	slices.SortFunc(j.commands, func(a, b int) int { return cmp.Compare(w.Op(a).Effect.Index, w.Op(b).Effect.Index) })
}

// bound says between how many commands each query must stand: after all that had
// ended when it was asked, before all that were asked when it had ended. The history is
// in the order of calls.
func (j *commandJudge) bound() {
	var ended, called []stamped
	for k, i := range j.commands {
		op := &j.history[i]
		called = append(called, stamped{op.Call, k})
		if op.Outcome == linearize.Answered {
			ended = append(ended, stamped{op.Return, k + 1})
		}
	}
	slices.SortFunc(ended, func(a, b stamped) int { return cmp.Compare(a.stamp, b.stamp) })
	slices.SortFunc(called, func(a, b stamped) int { return cmp.Compare(b.stamp, a.stamp) })
	least, k := 0, 0
	for i := range j.queries {
		q := &j.queries[i]
		for ; k < len(ended) && ended[k].stamp < j.history[q.op].Call; k++ {
			least = max(least, ended[k].place)
		}
		q.least = least
	}
	byReturn := make([]*query, len(j.queries))
	for i := range j.queries {
		byReturn[i] = &j.queries[i]
	}
	slices.SortFunc(byReturn, func(a, b *query) int { return cmp.Compare(j.history[b.op].Return, j.history[a.op].Return) })
	most, k := len(j.commands), 0
	for _, q := range byReturn {
		for ; k < len(called) && called[k].stamp > j.history[q.op].Return; k++ {
			most = min(most, called[k].place)
		}
		q.most = most
	}
}

// stamped is a place in the order of the log, with the stamp of a call or return.
type stamped struct {
	stamp int64
	place int
}

// run carries the commands out in the order of the log.
func (j *commandJudge) run() {
	defer func() { // the machine is not ours
		if x := recover(); x != nil {
			j.verdict.Result, j.verdict.Reason = linearize.Undecided, fmt.Sprintf("the state machine panics: %v", x)
		}
	}()
	m := j.machine.Clone()
	latest := -1 // the command so far that was called last
	ok := j.answer(m.Query, 0)
	for k := 0; ok && k < len(j.commands); k++ {
		i := j.commands[k]
		op := &j.history[i]
		if latest >= 0 && op.Outcome == linearize.Answered && op.Return < j.history[latest].Call {
			j.violated([]int{latest, i}, "%q took effect before %q, which had ended when it was asked", j.command(latest), j.command(i))
			return
		}
		if latest < 0 || op.Call > j.history[latest].Call {
			latest = i
		}
		j.verdict.Order = append(j.verdict.Order, i)
		if answer := m.Apply(j.command(i)); op.Outcome == linearize.Answered && answerOf(op) != answer {
			j.violated([]int{i}, "%q was answered %q; carried out in the order of the log it is answered %q", j.command(i), answerOf(op), answer)
			return
		}
		ok = j.answer(m.Query, k+1)
	}
}

// answer gives those queries their place after so many commands that may stand there,
// and that the machine answers as was seen. It reports false if one has no place any more.
func (j *commandJudge) answer(ask func(string) string, place int) bool {
	for len(j.queries) > 0 && j.queries[0].least <= place {
		j.waiting, j.queries = append(j.waiting, j.queries[0]), j.queries[1:]
	}
	waiting := j.waiting[:0]
	first := int64(math.MaxInt64) // when the first query returned that goes on waiting
	for _, q := range j.waiting {
		op := &j.history[q.op]
		if first >= op.Call && ask(j.command(q.op)) == answerOf(op) {
			j.verdict.Order = append(j.verdict.Order, q.op)
			continue
		}
		if q.most <= place {
			j.violated([]int{q.op}, "the query %q was answered %q, which fits no state between its call and its answer", j.command(q.op), answerOf(op))
			return false
		}
		first = min(first, op.Return)
		waiting = append(waiting, q)
	}
	j.waiting = waiting
	return true
}

func (j *commandJudge) command(i int) string {
	return j.history[i].Request.(kv.CommandRequest).Command
}

func answerOf(op *linearize.Operation) string {
	r, _ := op.Response.(kv.CommandResponse)
	return r.Answer
}

func (j *commandJudge) violated(conflict []int, format string, args ...any) {
	j.verdict.Result, j.verdict.Conflict, j.verdict.Reason = linearize.Violation, conflict, fmt.Sprintf(format, args...)
}
