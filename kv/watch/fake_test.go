package watch

import (
	"iter"
	"maps"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// fake is a history as naively as can be: all events ever, and a copy of the
// state for each revision.
type fake struct {
	events    []kv.Event
	states    []map[string]kv.KeyValue // the state at revision i+1
	compacted kv.Revision
}

func newFake() *fake { return &fake{states: []map[string]kv.KeyValue{{}}} }

func (f *fake) Revision() kv.Revision { return kv.Revision(len(f.states)) }

func (f *fake) Compacted() kv.Revision { return f.compacted }

func (f *fake) Events(from kv.Revision) (iter.Seq2[kv.Revision, []kv.Event], error) {
	if from < f.compacted {
		return nil, kv.ErrCompacted
	}
	return func(yield func(kv.Revision, []kv.Event) bool) {
		for revision := max(from, 2); revision <= f.Revision(); revision++ {
			var events []kv.Event
			for _, e := range f.events {
				if e.KV.ModRevision == revision {
					e.Prev = f.before(e)
					events = append(events, e)
				}
			}
			if !yield(revision, events) {
				return
			}
		}
	}, nil
}

// before is the pair before an event's revision, if that is still kept.
func (f *fake) before(e kv.Event) *kv.KeyValue {
	if pair, ok := f.states[e.KV.ModRevision-2][e.KV.Key]; ok && e.KV.ModRevision > f.compacted {
		return &pair
	}
	return nil
}

func (f *fake) clone() *fake {
	return &fake{slices.Clone(f.events), slices.Clone(f.states), f.compacted}
}

// change is a put, or a deletion if value is "-".
type change struct{ key, value string }

// apply makes a revision of changes and returns its events; none if there is
// nothing to change.
func (f *fake) apply(changes ...change) (events []kv.Event) {
	revision := f.Revision() + 1
	state := maps.Clone(f.states[revision-2])
	for _, c := range changes {
		pair, found := state[c.key]
		e := kv.Event{KV: kv.KeyValue{Key: c.key, ModRevision: revision}}
		switch {
		case c.value != "-":
			if !found {
				pair.CreateRevision = revision
			}
			e.KV = kv.KeyValue{
				Key: c.key, Value: c.value, CreateRevision: pair.CreateRevision,
				ModRevision: revision, Version: pair.Version + 1,
			}
			state[c.key] = e.KV
		case found:
			e.Kind = kv.EventDelete
			delete(state, c.key)
		default:
			continue
		}
		events = append(events, e)
	}
	if len(events) > 0 {
		f.events = append(f.events, events...)
		f.states = append(f.states, state)
	}
	told := slices.Clone(events)
	for i := range told {
		told[i].Prev = f.before(told[i])
	}
	return told
}
