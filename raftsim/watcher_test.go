package raftsim

import (
	"fmt"
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
	"pgregory.net/rapid"
)

// watching adds clients that watch to a configuration: all from the beginning;
// one key from then on, slowly; and all with what was before.
func watching(c Config, timeout Time) Config {
	for _, x := range []Client{
		{Name: "all", Watch: &Watch{Span: kv.Prefix(""), Start: 1}},
		{Name: "slow", Watch: &Watch{Span: kv.Span{Key: "k0"}, Window: 1}, Think: Spread{Min: 50 * Millisecond, Max: 300 * Millisecond}},
		{Name: "prev", Watch: &Watch{Span: kv.Prefix("k"), Start: 1, PrevKV: true, Progress: true}},
	} {
		x.Timeout = timeout
		c.Clients = append(c.Clients, x)
	}
	return c
}

// heard is what a client was told, on all its streams.
func heard(w *World, client int) (events []kv.Event, compactions int) {
	for _, d := range w.Deliveries() {
		if d.Client == client {
			events = append(events, d.Response.Events...)
		}
		if d.Client == client && d.Response.CompactRevision != 0 {
			compactions++
		}
	}
	return events, compactions
}

// eventsOf are the events of a store that a client watches, from one revision until
// another.
func eventsOf(t interface{ Fatal(...any) }, store *mvcc.Store, x *Watch, from, until kv.Revision) (events []kv.Event) {
	revisions, err := store.Events(max(from, 1))
	if err != nil {
		t.Fatal(err)
	}
	for revision, list := range revisions {
		if revision > until {
			break
		}
		for _, e := range list {
			if !x.Contains(e.KV.Key) {
				continue
			}
			if !x.PrevKV {
				e.Prev = nil
			}
			events = append(events, e)
		}
	}
	return events
}

// words of events, for comparison.
func words(events []kv.Event) (all []string) {
	for _, e := range events {
		all = append(all, watch.Response{Events: []kv.Event{e}}.String())
	}
	return all
}

// firstHeard is the revision from which on a client is told everything: that after
// the one at which its first stream was created.
func firstHeard(w *World, client int, x *Watch) kv.Revision {
	for _, d := range w.Deliveries() {
		if d.Client == client && x.Start == 0 {
			return d.Response.Revision + 1
		}
	}
	return x.Start
}

func checkWatchers(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, w *World,
) {
	for i := range w.config.Clients {
		x := w.config.Clients[i].Watch
		if x == nil {
			continue
		}
		got, _ := heard(w, i)
		store := w.CommittedStore()
		want := words(eventsOf(t, store, x, firstHeard(w, i, x), store.Revision()))
		if !slices.Equal(words(got), want) {
			t.Errorf("client %s heard\n%v\nwant\n%v", w.config.Clients[i].Name, words(got), want)
		}
	}
}

// Whatever happens, watching clients hear everything, in order, once. Their
// streams break, and clones go the same way.
func TestWatchers(t *testing.T) {
	streams := map[Cause]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := watching(roughConfig(rapidDice(t)), 700*Millisecond)
		w := newWorld(t, c)
		half := Time(rapid.Int64Range(0, int64(rough)).Draw(t, "half"))
		w.RunUntil(half)
		clone := w.Clone()
		missing := "?"
		for at := rough; at <= rough+60*Second && missing != "" && w.violation == nil; at += Second {
			w.RunUntil(at)
			missing = unsettled(w)
		}
		if w.violation != nil || missing != "" {
			t.Fatal(w.violation, missing)
		}
		w.RunUntil(w.Now() + 20*Second) // the slow one
		checkWatchers(t, w)
		clone.RunUntil(w.Now())
		if clone.Hash() != w.Hash() || len(clone.Deliveries()) != len(w.Deliveries()) {
			t.Errorf("the clone of %d ns went another way", half)
		}
		for _, s := range w.Streams() {
			streams[s.Cause]++
		}
	})
	for _, cause := range []Cause{NoCause, CauseDown, CauseConnection, CauseTimeout} {
		if streams[cause] == 0 {
			t.Errorf("no stream ended because %s", cause.Because("S1"))
		}
	}
}

// A quiet stream is left after the time-out, or kept if the client asks for
// progress.
func TestSilence(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{
		{Name: "leaves", Timeout: Second, Watch: &Watch{Span: kv.Prefix("")}},
		{Name: "stays", Timeout: Second, Watch: &Watch{Span: kv.Prefix(""), Progress: true}},
	}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	count := map[string]int{}
	for _, s := range w.Streams() {
		count[s.Name]++
		if s.Closed != 0 && s.Cause != CauseTimeout {
			t.Errorf("%+v", s)
		}
	}
	if count["leaves"] < 8 || count["leaves"] > 11 || count["stays"] != 1 {
		t.Errorf("streams: %v", count)
	}
	if n := len(w.Deliveries()); n < 15+count["leaves"] {
		t.Errorf("%d responses are heard", n)
	}
}

// Who was away when history was compacted is told so, and goes on with what is left.
func TestWatchCompacted(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{
		{Name: "you", Manual: true, Timeout: Second},
		{Name: "w", Timeout: 5 * Second, Entry: 1, Watch: &Watch{Span: kv.Prefix("k"), Start: 1}},
	}
	by := func(at Time, r kv.Request) {
		c.Schedule = append(c.Schedule, Scheduled{at, Invoke{"you", TheLeader, r, nil, false}})
	}
	for i := range 10 {
		by(Second+Time(i)*100*Millisecond, put("k", fmt.Sprint(i)))
	}
	c.Schedule = append(c.Schedule, Scheduled{1250 * Millisecond, PauseClient{"w", 4 * Second}},
		Scheduled{2500 * Millisecond, Crash{Member: 1}}, Scheduled{2600 * Millisecond, Restart{1}})
	for i := range 20 {
		by(2*Second+Time(i)*10*Millisecond, put("k", fmt.Sprint(10+i)))
	}
	by(4*Second, kv.CompactRequest{Revision: 25})
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	events, compactions := heard(w, 1)
	if compactions != 1 {
		t.Fatalf("%d compactions are heard of", compactions)
	}
	got := words(events)
	want := words(eventsOf(t, w.CommittedStore(), c.Clients[1].Watch, 25, 1000))
	if len(got) <= len(want) || !slices.Equal(got[len(got)-len(want):], want) {
		t.Errorf("heard %v, want to end with %v", got, want)
	}
	last := w.Streams()[len(w.Streams())-1]
	if before := w.Streams()[len(w.Streams())-2]; last.Create.Start != 25 || before.Cause != CauseCompacted || before.Member != last.Member {
		t.Errorf("the last streams: %+v, %+v", before, last)
	}
}

func TestAfter(t *testing.T) {
	event := func(r kv.Revision) []kv.Event {
		return []kv.Event{{KV: kv.KeyValue{ModRevision: 2}}, {KV: kv.KeyValue{ModRevision: r}}}
	}
	for _, test := range []struct {
		next kv.Revision
		r    watch.Response
		want kv.Revision
	}{
		{0, watch.Response{Created: true, Revision: 7}, 8},
		{3, watch.Response{Created: true, Revision: 7}, 3},
		{3, watch.Response{Revision: 9, Events: event(5)}, 6},
		{3, watch.Response{Revision: 9, Events: event(5), Fragment: true}, 5},
		{6, watch.Response{Revision: 9}, 10},
		{20, watch.Response{Revision: 9}, 20},
		{6, watch.Response{Canceled: true, CompactRevision: 9}, 9},
		{6, watch.Response{Canceled: true, Revision: 9}, 6},
	} {
		if got := after(test.next, &test.r); got != test.want {
			t.Errorf("after %v, %d is next and not %d", test.r, got, test.want)
		}
	}
}

// What is under way for watch streams can be seen.
func TestStreamsInFlight(t *testing.T) {
	w := newWorld(t, watching(storyConfig(), 700*Millisecond))
	var there, back int
	for w.Now() < 4*Second {
		w.Step()
		seen := map[int64]bool{}
		for _, f := range w.InFlight() {
			if seen[f.ID] {
				t.Fatalf("two messages with id %d", f.ID)
			}
			seen[f.ID] = true
			if (f.Stream != 0) != (f.Message == nil && f.Op < 0) {
				t.Fatalf("%+v", f)
			}
			switch {
			case f.Stream == 0:
			case f.From == 0:
				there++
			default:
				back++
			}
		}
	}
	if there == 0 || back == 0 {
		t.Errorf("%d messages to members, %d to clients", there, back)
	}
}
