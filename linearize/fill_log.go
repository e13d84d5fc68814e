package linearize

import "github.com/castaway-kv/castaway/kv"

// logFiller fills gaps with what the applied log says. It never goes back.
type logFiller struct {
	*witness
	applied []Applied
	// record is the log's for each gap.
	record []int32
	next   int
}

// newLogFiller returns nil if the log doesn't cover every gap.
func newLogFiller(w *witness, applied []Applied) *logFiller {
	f := &logFiller{witness: w, applied: applied, record: make([]int32, 0, len(w.gaps))}
	revision := kv.Revision(1)
	for k := range applied {
		a := &applied[k]
		if !a.Changed {
			continue
		}
		revision++
		if a.Revision != 0 {
			revision = a.Revision
		}
		if n := len(f.record); n < len(w.gaps) && w.gaps[n] == revision && (a.Op < 0 || a.Op < len(w.history)) {
			f.record = append(f.record, int32(k))
		}
	}
	if len(f.record) < len(w.gaps) {
		return nil
	}
	return f
}

func (f *logFiller) fill(at int) bool {
	if f.next >= len(f.gaps) || f.gaps[f.next] != f.store.revision+1 {
		return false
	}
	a := &f.applied[f.record[f.next]]
	f.next++
	before := f.store.revision
	f.store.until = f.firstReturn[at]
	ok := false
	switch {
	case !f.spend():
		return false
	case isLeaseRequest(a.Request):
		revoke, _ := a.Request.(kv.LeaseRevokeRequest)
		ok = f.store.expire(revoke.ID)
	case a.Op >= 0 && f.history[a.Op].Call > f.firstReturn[at]:
		return false // the log and real time disagree
	default:
		ok = f.store.apply(a.Request) == nil
	}
	if !ok || f.store.revision != before+1 {
		return false
	}
	if a.Op >= 0 {
		f.placed = append(f.placed, int32(a.Op))
		if f.history[a.Op].Outcome == Answered {
			f.early[int32(a.Op)] = true // a revoke
		}
	}
	return true
}

func (f *logFiller) goBack(*keySet) int { return -1 }

func (f *logFiller) failed() *keySet { return nil }
