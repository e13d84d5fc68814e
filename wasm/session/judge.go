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
		v := linearize.Check(w.HistoryUntil(stamp), linearize.Options{})
		*j = judge{true, stamp, Verdict{verdictResult(v.Result), v.Operations, v.Reason}}
	}
	return j.word
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
