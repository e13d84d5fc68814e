package watch

import "github.com/castaway-kv/castaway/kv"

// Rules are the decisions that make what watchers hear true. A run may replace
// one to show what it is there for.
type Rules struct {
	// MayReport: a progress notice says that all events up to the current
	// revision were said before it, so the watcher must be in step; and one that
	// starts in the future has nothing to say.
	MayReport func(inStep bool, start, current kv.Revision) bool
	// IsCompacted: a watcher whose next revision is no longer kept may have missed
	// events; at the compacted revision itself they are still there.
	IsCompacted func(next, compacted kv.Revision) bool
	// MayCut: a response ends between two revisions, never within one.
	MayCut func(last, next kv.Revision) bool
}

// MayReport is the rule of the same name.
func MayReport(inStep bool, start, current kv.Revision) bool { return inStep && start <= current }

// IsCompacted is the rule of the same name.
func IsCompacted(next, compacted kv.Revision) bool { return next < compacted }

// MayCut is the rule of the same name.
func MayCut(last, next kv.Revision) bool { return last != next }

// StandardRules are etcd's.
func StandardRules() Rules { return Rules{MayReport, IsCompacted, MayCut} }
