package raftsim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// Verdict is what can be said of a run so far: what broke in the cluster, and whether
// what clients saw is linearizable.
type Verdict struct {
	// Result is Violation if a property broke or the history is not linearizable, also
	// where a fault beyond the model excuses it.
	Result linearize.Result
	// Broken is the property of the cluster that broke, nil if none did.
	Broken *Violation
	// History is all that clients saw; operations are named by their number in it.
	History linearize.History
	// Store is the judge's word on the requests to the store. Its Order and Conflict are
	// numbers of History.
	Store linearize.Verdict
	// Beyond are the checks beyond linearizability: of serializable reads, watches,
	// durability, and so on.
	Beyond []linearize.Property
	// Commands is the same on those to the state machine of Config.Machine. With no such
	// requests, Operations is 0 in either.
	Commands linearize.Verdict
}

// Verdict judges the run so far, with the judge's default budget.
func (w *World) Verdict() Verdict { return w.Judge(linearize.Options{}) }

// Judge judges the run so far.
func (w *World) Judge(options linearize.Options) Verdict { return w.JudgeUntil(w.stamps+1, options) }

// JudgeUntil judges the run as it stood when a stamp was given. A property of the cluster
// that broke counts whenever it did.
func (w *World) JudgeUntil(stamp int64, options linearize.Options) Verdict {
	record := w.RecordUntil(stamp)
	if options.Poll != nil {
		record.Poll = func() { options.Poll(0) }
	}
	v := Verdict{Broken: w.violation, History: record.History, Beyond: linearize.CheckRecord(record)}
	store, numbers := storeOnly(v.History)
	if options.Applied == nil {
		options.Applied = renumbered(record.Applied, numbers)
	}
	v.Store = linearize.Check(store, options)
	for _, list := range [][]int{v.Store.Order, v.Store.Conflict} {
		for i := range list {
			list[i] = numbers[list[i]]
		}
	}
	v.Commands = w.judgeCommands(stamp)
	switch {
	case v.Broken != nil || linearize.FirstBroken(v.Beyond) != nil || v.Store.Result == linearize.Violation || v.Commands.Result == linearize.Violation:
		v.Result = linearize.Violation
	case v.Store.Result == linearize.Linearizable && v.Commands.Result == linearize.Linearizable:
		v.Result = linearize.Linearizable
	}
	return v
}

// renumbered is the applied log with the operations as they are numbered in a part of
// the history.
func renumbered(applied []linearize.Applied, numbers []int) []linearize.Applied {
	for i := range applied {
		if n, found := slices.BinarySearch(numbers, applied[i].Op); found {
			applied[i].Op = n
		} else {
			applied[i].Op = -1
		}
	}
	return applied
}

// storeOnly is a history without the requests to the user's state machine, and the
// numbers that its operations had.
func storeOnly(all linearize.History) (h linearize.History, numbers []int) {
	h, numbers = make(linearize.History, 0, len(all)), make([]int, 0, len(all))
	for i := range all {
		if _, ok := all[i].Request.(kv.CommandRequest); !ok {
			h, numbers = append(h, all[i]), append(numbers, i)
		}
	}
	return h, numbers
}

// Err is nil if all is well, and else an error that says what is not: an undecided run
// is not well.
func (v Verdict) Err() error {
	if v.Result == linearize.Linearizable {
		return nil
	}
	return errors.New("raftsim: " + v.String())
}

// Operations is the number of those that were judged.
func (v Verdict) Operations() int { return v.Store.Operations + v.Commands.Operations }

// Reason is one sentence that says why the result is not Linearizable.
func (v Verdict) Reason() string {
	broken := linearize.FirstBroken(v.Beyond)
	switch {
	case v.Broken != nil:
		return v.Broken.Error()
	case broken != nil && v.Store.Result != linearize.Violation:
		return broken.String()
	case v.Commands.Result != linearize.Linearizable && v.Store.Result != linearize.Violation:
		return v.Commands.Reason
	}
	return v.Store.Reason
}

// String is the verdict on one line.
func (v Verdict) String() string {
	text := fmt.Sprintf("%v (%d operations)", v.Result, v.Operations())
	if reason := v.Reason(); reason != "" {
		text += ": " + reason
	}
	return text
}
