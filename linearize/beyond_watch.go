package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Watch is one stream of events as a client received it. A watch that was
// resumed after its connection broke is one Watch if the client sees one stream,
// or one for each connection, with From where it went on.
type Watch struct {
	// Name tells the watch apart in reasons.
	Name string
	Span kv.Span
	// From is the first revision that was asked for. Who asks for what comes next
	// gets the revision after the one in the answer that created the watch.
	From kv.Revision
	// PrevKV says that events carry the pair before.
	PrevKV bool
	// NoPut and NoDelete are the filters that were asked for.
	NoPut, NoDelete bool
	// Batches in the order in which they arrived.
	Batches []Batch
	// AtRest says that the run ended quietly, with the watch open and time to
	// deliver everything: then it must have reached the head of the log.
	AtRest bool
}

// Batch is one response on a watch stream.
type Batch struct {
	// Revision in the header.
	Revision kv.Revision
	// Events, none for a progress notice.
	Events []kv.Event
	// Progress says that everything up to Revision has been delivered.
	Progress bool
	// Fragment says that the revision at the end goes on in the next batch, which
	// a client gets only if it asks for it.
	Fragment bool
	// Compacted, if not 0, ends the watch: what it needed next was given up, and
	// this is the oldest revision left.
	Compacted kv.Revision
}

// checkWatches: what was delivered is the log from the first revision on,
// filtered, in order, once, each revision whole; a progress notice never
// overtakes an event; a watch that ended because of compaction lacked something;
// at rest it reached the head.
func checkWatches(r *Record, t *timeline) Property {
	p := Property{Name: "watches", Checked: len(r.Watches)}
	if len(r.Watches) == 0 {
		return p.done("")
	}
	if t.applied != nil {
		for i := range r.Watches {
			w := &watchCheck{Watch: &r.Watches[i], timeline: t, property: &p}
			w.run()
		}
	}
	return p.done(t.missing())
}

// watchCheck is the check of one watch.
type watchCheck struct {
	*Watch
	*timeline
	property *Property
	// next is the revision, and offset the event within it, that comes next.
	next   kv.Revision
	offset int
	// progress is the last revision that a notice named, told the last one of which
	// the watch has heard that it is complete.
	progress, told kv.Revision
}

func (w *watchCheck) run() {
	w.next, w.told = max(2, w.From), max(0, w.From-1)
	for k := range w.Batches {
		b := &w.Batches[k]
		for n := range b.Events {
			if !w.event(&b.Events[n]) {
				return
			}
		}
		if w.offset > 0 && !b.Fragment {
			w.breaks(w.next, "watch %s gets a part of revision %d: a revision arrives whole", w.Name, w.next)
			return
		}
		if b.Compacted != 0 {
			w.ended(b.Compacted)
			return
		}
		if b.Progress && !w.notice(b.Revision) {
			return
		}
	}
	w.skip()
	if w.AtRest && w.next <= w.head() {
		w.breaks(w.next, "watch %s never got revision %d, although the run came to rest", w.Name, w.next)
	}
}

func (w *watchCheck) breaks(r kv.Revision, format string, args ...any) {
	w.property.breaks(nil, r, format, args...)
}

// wanted are the events of a revision that the watch asked for.
func (w *watchCheck) wanted(r kv.Revision) []kv.Event {
	if r > w.head() || r < 2 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.events[r-2]), func(e kv.Event) bool {
		return !contains(w.Span, e.KV.Key) || w.NoPut && e.Kind == kv.EventPut || w.NoDelete && e.Kind == kv.EventDelete
	})
}

// skip passes over revisions that the watch did not ask for.
func (w *watchCheck) skip() {
	for w.offset == 0 && w.next <= w.head() && len(w.wanted(w.next)) == 0 {
		w.next++
	}
}

// event compares what arrived with what comes next.
func (w *watchCheck) event(e *kv.Event) bool {
	w.skip()
	r := e.KV.ModRevision
	wanted := w.wanted(w.next)
	switch {
	case r < w.next:
		w.breaks(r, "watch %s gets an event of revision %d again, or late: %d comes next", w.Name, r, w.next)
		return false
	case r > w.next || len(wanted) == 0:
		w.breaks(r, "watch %s gets an event of revision %d: %s", w.Name, r, w.instead())
		return false
	case r <= w.progress:
		w.breaks(r, "watch %s gets an event of revision %d after a progress notice of %d", w.Name, r, w.progress)
		return false
	}
	want := wanted[w.offset]
	if e.Kind != want.Kind || e.KV != want.KV {
		w.breaks(r, "watch %s gets another event at revision %d than the log has: %s, not %s", w.Name, r, eventWords(e), eventWords(&want))
		return false
	}
	if !w.prevFits(e, &want) {
		w.breaks(r, "watch %s gets a wrong pair before the event of revision %d of %s", w.Name, r, e.KV.Key)
		return false
	}
	w.offset++
	if w.offset == len(wanted) {
		w.next, w.offset, w.told = w.next+1, 0, r
	}
	return true
}

func (w *watchCheck) instead() string {
	if w.next > w.head() {
		return "the log has no more events for it"
	}
	return "it missed the events before"
}

func eventWords(e *kv.Event) string {
	if e.Kind == kv.EventDelete {
		return "delete " + shorten(e.KV.Key)
	}
	return "put " + pairWords(e.KV)
}

// prevFits: the pair before is that of the revision before, or absent if that is
// compacted.
func (w *watchCheck) prevFits(e, want *kv.Event) bool {
	if !w.PrevKV {
		return e.Prev == nil
	}
	if e.Prev == nil || want.Prev == nil {
		return e.Prev == nil && (want.Prev == nil || w.givenUp(e.KV.ModRevision-1))
	}
	return *e.Prev == *want.Prev
}

// givenUp says whether a compaction gave a revision up.
func (w *watchCheck) givenUp(r kv.Revision) bool {
	return slices.ContainsFunc(w.compactions, func(c appliedCompaction) bool { return c.revision > r })
}

// notice: everything up to its revision was delivered.
func (w *watchCheck) notice(r kv.Revision) bool {
	w.skip()
	w.progress, w.told = max(w.progress, r), max(w.told, r)
	if w.next <= min(r, w.head()) {
		w.breaks(w.next, "watch %s gets a progress notice of revision %d before the events of %d", w.Name, r, w.next)
		return false
	}
	return true
}

// ended: the watch needed a revision that was given up. Whoever ended it can't tell
// what that held: also one without an event for the watch was needed.
func (w *watchCheck) ended(compacted kv.Revision) {
	if needed := w.told + 1; needed >= compacted || !w.givenUp(compacted-1) {
		w.breaks(compacted, "watch %s was ended by a compaction at %d, although it needed nothing below: %d comes next", w.Name, compacted, needed)
	}
}
