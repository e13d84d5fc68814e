package session

import (
	"fmt"
	"math/bits"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// exactBits: histories of fewer than 2^exactBits calls and returns are judged
// up to the last one.
const exactBits = 9

// judge remembers the verdict on the history at the playhead.
type judge struct {
	known bool
	stamp int64
	word  Verdict
}

// verdict judges the history at the playhead. A long history is judged up to a
// stamp a little earlier, so that a run that plays is not judged at each
// answer; that stamp depends on the playhead alone.
func (j *judge) verdict(w *raftsim.World) Verdict {
	stamp := w.Stamps()
	stamp -= stamp % (1 << max(0, bits.Len64(uint64(stamp))-exactBits))
	if !j.known || j.stamp != stamp {
		history := w.HistoryUntil(stamp)
		v := linearize.Check(history, linearize.Options{Applied: w.AppliedLog()})
		*j = judge{true, stamp, Verdict{Result: verdictResult(v.Result), Operations: v.Operations - pending(history), Reason: v.Reason, Checks: []Check{}}}
	}
	return j.word
}

// pending counts the operations without an end: the judge takes them for
// unknown, but they are no result yet.
func pending(h linearize.History) int {
	n := 0
	for i := range h {
		if h[i].Outcome == linearize.Unknown && h[i].Return == 0 {
			n++
		}
	}
	return n
}

func verdictResult(r linearize.Result) VerdictResult {
	switch r {
	case linearize.Linearizable:
		return Linearizable
	case linearize.Violation:
		return Violation
	case linearize.Undecided:
		return Undecided
	}
	panic(fmt.Sprintf("session: unknown result %d", r))
}
