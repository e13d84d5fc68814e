package fuzz

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raftsim"
)

// checkWatches compares what every watching client was told with a store that has
// applied the same and keeps all history.
func (j *judge) checkWatches(w *raftsim.World) (property, detail string) {
	if j.mirror == nil {
		return "", ""
	}
	told := map[uint64][]watch.Response{}
	for _, d := range w.Deliveries() {
		told[d.Stream] = append(told[d.Stream], d.Response)
	}
	next := map[int]kv.Revision{}
	c := w.Config()
	for i, s := range w.Streams() {
		x := c.Clients[s.Client].Watch
		if x == nil {
			continue
		}
		if _, ok := next[s.Client]; !ok {
			next[s.Client] = x.Start
		}
		if s.Create.Start != next[s.Client] {
			return WatchIsComplete, fmt.Sprintf("client %s goes on at revision %d, and should at %d", s.Name, s.Create.Start, next[s.Client])
		}
		for k := range told[uint64(i+1)] {
			var wrong string
			if next[s.Client], wrong = j.checkResponse(&told[uint64(i+1)][k], x, next[s.Client]); wrong != "" {
				return WatchIsComplete, fmt.Sprintf("client %s on its stream at %s %s", s.Name, raftsim.Name(s.Member), wrong)
			}
		}
	}
	return "", ""
}

// checkResponse returns the revision that is next for the watcher, and what is wrong
// with what it was told, "" if nothing is.
func (j *judge) checkResponse(r *watch.Response, x *raftsim.Watch, next kv.Revision) (kv.Revision, string) {
	until := r.Revision
	switch {
	case r.CompactRevision != 0:
		return max(next, r.CompactRevision), ""
	case r.Created && next == 0:
		return r.Revision + 1, ""
	case r.Created:
		return next, ""
	case len(r.Events) > 0:
		until = r.Events[len(r.Events)-1].KV.ModRevision
	}
	want := j.events(x, next, until)
	for i := range min(len(want), len(r.Events)) {
		if r.Events[i].Prev == nil {
			want[i].Prev = nil // compacted
		}
	}
	if !slices.Equal(eventWords(want), eventWords(r.Events)) {
		return next, fmt.Sprintf("hears %v up to revision %d, and should hear %v", eventWords(r.Events), until, eventWords(want))
	}
	return max(next, until+1), ""
}

// events are those that a watcher should hear, from one revision until another.
func (j *judge) events(x *raftsim.Watch, from, until kv.Revision) (events []kv.Event) {
	revisions, err := j.mirror.Store().Events(max(from, 1))
	if err != nil {
		return nil // it starts in the future
	}
	for revision, list := range revisions {
		if revision > until {
			break
		}
		for _, e := range list {
			if x.Contains(e.KV.Key) {
				if !x.PrevKV {
					e.Prev = nil
				}
				events = append(events, e)
			}
		}
	}
	return events
}

func eventWords(list []kv.Event) (words []string) {
	for _, e := range list {
		words = append(words, watch.Response{Events: []kv.Event{e}}.String())
	}
	return words
}
