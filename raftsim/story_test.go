package raftsim

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
)

var update = flag.Bool("update", false, "rewrite the story in testdata")

// storyConfig has a bit of everything in it.
func storyConfig() Config {
	you := func(member Target, r kv.Request) Action { return Invoke{"you", member, r, nil, false} }
	put := func(value string) kv.Request { return kv.PutRequest{Key: "k", Value: value} }
	c := Default(3)
	c.Seed = 3
	c.Clients = []Client{
		{Name: "you", Timeout: Second, Manual: true},
		{Name: "c", Timeout: 500 * Millisecond, Think: Spread{200 * Millisecond, 400 * Millisecond}, Workload: &CASCounter{Key: "n", Increments: 4}},
	}
	c.Schedule = []Scheduled{
		{500 * Millisecond, you(2, put("1"))},
		{600 * Millisecond, you(3, kv.TxnRequest{
			Compare: []kv.Compare{{Key: "k", Target: kv.TargetValue, Value: "2"}},
			Success: []kv.Request{put("3")}, Failure: []kv.Request{read("k")},
		})},
		{Second, Cut{A: []Target{TheLeader}}},
		{1100 * Millisecond, you(TheLeader, put("4"))},
		{2 * Second, Heal{}},
		{2500 * Millisecond, Crash{Member: 1}},
		{2500 * Millisecond, Crash{Member: 1}},
		{2600 * Millisecond, Crash{Member: TheLeader}},
		{2600 * Millisecond, Crash{Member: TheLeader}},
		{2700 * Millisecond, you(1, read("k"))},
		{3 * Second, Restart{}},
		{3 * Second, Restart{}},
		{3 * Second, Restart{2}},
		{4 * Second, you(1, kv.RangeRequest{Span: kv.Span{Key: "k"}, Serializable: true})},
		{4100 * Millisecond, you(1, kv.DeleteRangeRequest{Span: kv.Prefix("")})},
	}
	return c
}

// The story of one run, as people read it; and the hash of all that is not told.
func TestStory(t *testing.T) {
	const file = "testdata/story.txt"
	w := newWorld(t, storyConfig())
	var story strings.Builder
	for next, ok := w.Next(); ok && next <= 5*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if text, ok := e.Sentence(); ok {
				fmt.Fprintf(&story, "%11d  %s\n", e.Time, text)
			}
		}
	}
	fmt.Fprintf(&story, "%d events, hash %016x\n", w.Count(), w.Hash())
	checkHistory(t, w)
	if *update {
		if err := os.WriteFile(file, []byte(story.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || story.String() != string(want) {
		t.Errorf("%v; rerun with -update if this is meant; got:\n%s", err, &story)
	}
}

// Every event and cause has words, and every message under way a kind.
func TestWords(t *testing.T) {
	for kind := MemberStarted; kind <= PropertyBroken; kind++ {
		e := Event{Kind: kind, Member: 1, N: 2, Action: Cut{}, Err: ErrConnectionRefused, Request: read("k"), Members: &raft.Configuration{}, Watch: &watch.CreateRequest{}, Told: &watch.Response{}, Claim: &Claim{}}
		if text, ok := e.Sentence(); ok && text == "" {
			t.Errorf("event %d is worth telling and has no words", kind)
		}
		e.isLandmark()
	}
	for cause := NoCause; cause <= CauseReplaced; cause++ {
		if cause.Because("S1") == "" {
			t.Errorf("cause %d has no words", cause)
		}
	}
}

// What is under way, as a picture shows it: between members, to and from clients.
func TestInFlight(t *testing.T) {
	w := newWorld(t, storyConfig())
	var messages, requests, replies, lost int
	for w.Now() < 4*Second {
		w.Step()
		last := int64(-1 << 62)
		for _, f := range w.InFlight() {
			if f.ID <= last || f.Sent > w.Now() || f.Arrives < w.Now() {
				t.Fatalf("at %d: %+v after number %d", w.Now(), f, last)
			}
			last = f.ID
			switch {
			case f.Message != nil:
				messages++
			case f.From == 0:
				requests++
			case f.To == 0:
				replies++
			}
			if f.Lost {
				lost++
			}
		}
	}
	if messages == 0 || requests == 0 || replies == 0 || lost == 0 {
		t.Errorf("%d messages, %d requests, %d replies, %d of them lost", messages, requests, replies, lost)
	}
}
