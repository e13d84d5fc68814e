package session

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"pgregory.net/rapid"
)

const second = int64(1e9)

// busy is a scenario in which much happens.
const busy = `castaway 1
members 3
seed 5
client A B cas-counter n think 5ms..20ms timeout 300ms
at 600ms cut leader
at 1.2s heal
at 1.5s crash S1
at 1.9s restart
run 3s
`

// opened is a session in which a scenario is open.
func opened(t interface{ Fatalf(string, ...any) }, text string) (*Session, Frame) {
	s := New()
	f := s.Do(Command{Kind: Open, Text: text})
	if f.Problem != nil {
		t.Fatalf("open: %+v", *f.Problem)
	}
	return s, f
}

// must carries out a command that has to succeed.
func must(t interface{ Fatalf(string, ...any) }, s *Session, c Command) Frame {
	f := s.Do(c)
	if f.Problem != nil {
		t.Fatalf("%+v: %+v", c, *f.Problem)
	}
	return f
}

// moment is a frame as JSON, without what depends on how the page came there.
func moment(t interface{ Fatalf(string, ...any) }, f Frame) string {
	f.Lanes, f.LanesPatch, f.Scenario, f.Head, f.Problem = nil, nil, "", 0, nil
	f.Branches, f.Branch, f.CanUndo, f.CanRedo = nil, 0, false, false
	out := f.AppendJSON(nil)
	if !json.Valid(out) {
		t.Fatalf("no JSON: %s", out)
	}
	return string(out)
}

// different shows where two texts part.
func different(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-80):min(len(s), i+80)] }
	return fmt.Sprintf("…%s…, not …%s…", around(a), around(b))
}

func TestCommands(t *testing.T) {
	s, f := opened(t, busy)
	if f.Time != 0 || f.Scenario != busy || f.Lanes == nil || len(f.Members) != 3 || f.Rules != "etcd" || f.Seed != 5 || len(f.Hash) != 16 {
		t.Errorf("opened: %+v", f)
	}
	f = must(t, s, Command{Kind: Advance, Time: second / 2})
	if f.Time != second/2 || f.Head != second/2 || f.Next <= f.Time || f.Scenario != "" {
		t.Errorf("advanced: %+v", f)
	}
	events := f.Events
	f = must(t, s, Command{Kind: Step, Events: 7})
	if f.Events != events+7 {
		t.Errorf("7 events after %d the frame is at %d", events, f.Events)
	}
	f = must(t, s, Command{Kind: Step, Events: -3})
	if f.Events != events+4 || f.Head < second/2 {
		t.Errorf("3 events before %d the frame is at %d", events+7, f.Events)
	}
	f = must(t, s, Command{Kind: Seek, Time: second / 4})
	if f.Time != second/4 || f.Head < second/2 {
		t.Errorf("sought: %+v", f)
	}
	f = must(t, s, Command{Kind: LookAt, Look: &Look{Member: 2}})
	if f.Store.Member != 2 || f.Time != second/4 {
		t.Errorf("looked at 2: %+v", f.Store)
	}
	f = must(t, s, Command{Kind: Seek, Time: second / 2})
	f = must(t, s, Command{Kind: Act, Text: "client you@leader put x 1"})
	if f.Time != second/2+1 || f.Head != f.Time || !strings.Contains(f.Scenario, "put x 1") || len(f.Console) != 1 {
		t.Errorf("acted: %+v", f)
	}
	f = must(t, s, Command{Kind: Advance, Time: second / 20})
	if op := f.Console[0]; op.Outcome != Answered || op.Return == 0 || op.Client != "you" {
		t.Errorf("answered: %+v", f.Console)
	}
	f = must(t, s, Command{Kind: Seek, Time: second/2 + 1})
	if op := f.Console[0]; op.Outcome != Pending || op.Return != 0 {
		t.Errorf("before the answer: %+v", f.Console)
	}
}

func TestBadInput(t *testing.T) {
	tests := []struct {
		name    string
		command Command
		line    int
		want    string
	}{
		{"unknown kind", Command{Kind: "jump"}, 0, `unknown command "jump"`},
		{"no kind", Command{}, 0, `unknown command ""`},
		{"no such member", Command{Kind: LookAt, Look: &Look{Member: 99}}, 0, "there is no member 99"},
		{"member below", Command{Kind: LookAt, Look: &Look{Member: -1}}, 0, "there is no member -1"},
		{"no scenario", Command{Kind: Open, Text: "hello"}, 1, "castaway 1"},
		{"nothing at all", Command{Kind: Open}, 1, "empty"},
		{"wrong in line 3", Command{Kind: Open, Text: "castaway 1\nmembers 3\nmembres 3\nrun 1s\n"}, 3, "membres"},
		{"too large", Command{Kind: Open, Text: busy + strings.Repeat("# x\n", 3<<20)}, 0, ""},
		{"no UTF-8", Command{Kind: Open, Text: "castaway 1\nrun 1s\n\xff"}, 3, "UTF-8"},
		{"unknown action", Command{Kind: Act, Text: "explode S1"}, 0, "explode"},
		{"no action", Command{Kind: Act}, 0, "expected"},
		{"action on nobody", Command{Kind: Act, Text: "crash S9"}, 0, "S9"},
		{"two lines", Command{Kind: Act, Text: "crash S1\nrun 9s"}, 0, ""},
		{"unknown client", Command{Kind: Act, Text: "client nobody put x 1"}, 0, "nobody"},
		{"a huge value", Command{Kind: Act, Text: "client you put x " + strings.Repeat("y", 2<<20)}, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := opened(t, busy)
			before := must(t, s, Command{Kind: Seek, Time: second})
			f := s.Do(test.command)
			if f.Problem == nil || f.Problem.Text == "" || !strings.Contains(f.Problem.Text, test.want) || strings.Contains(f.Problem.Text, "\n") {
				t.Fatalf("problem %+v, want one that says %q", f.Problem, test.want)
			}
			if len(f.Problem.Text) > 500 {
				t.Errorf("the problem is told in %d bytes", len(f.Problem.Text))
			}
			if test.line > 0 && f.Problem.Line != test.line {
				t.Errorf("line %d is to blame, want %d", f.Problem.Line, test.line)
			}
			if moment(t, f) != moment(t, before) || f.Scenario != "" || f.Lanes != nil {
				t.Error("something changed")
			}
			after := must(t, s, Command{Kind: Advance, Time: second})
			other, _ := opened(t, busy)
			if want := must(t, other, Command{Kind: Seek, Time: 2 * second}); moment(t, after) != moment(t, want) {
				t.Error("the run goes on differently")
			}
		})
	}
}

func TestNothingOpen(t *testing.T) {
	for _, kind := range []CommandKind{Advance, Seek, Step, Act, LookAt, "jump"} {
		f := New().Do(Command{Kind: kind, Text: "crash S1", Time: 1, Events: 1, Look: &Look{}})
		if f.Problem == nil || !strings.Contains(f.Problem.Text, "open a scenario first") {
			t.Errorf("%s: %+v", kind, f.Problem)
		}
	}
}

// Extreme numbers move the playhead as far as it goes, and no further.
func TestExtremes(t *testing.T) {
	const most = 1<<63 - 1
	s, _ := opened(t, "castaway 1\nmembers 1\nrun 1s\n")
	for _, c := range []Command{
		{Kind: Seek, Time: -most - 1},
		{Kind: Advance, Time: -5},
		{Kind: Step, Events: -most - 1},
		{Kind: Step, Events: most},
		{Kind: Seek, Time: most},
		{Kind: Advance, Time: most},
	} {
		before := s.timeline.World().Count()
		f := must(t, s, c)
		if f.Time < 0 || f.Time > int64(scenario.MaxRun) || f.Events > max(before, s.timeline.World().Count())+maxEvents {
			t.Errorf("%+v: at %d after %d events", c, f.Time, f.Events)
		}
	}
}

// One command simulates a bounded number of events.
func TestBoundedWork(t *testing.T) {
	s, f := opened(t, busy)
	events := f.Events
	for range 5 {
		f := must(t, s, Command{Kind: Seek, Time: 3000 * second})
		if f.Events > events+maxEvents || f.Events <= events || f.Time >= 3000*second {
			t.Fatalf("from event %d it went to %d at %d", events, f.Events, f.Time)
		}
		events = f.Events
	}
	if f := must(t, s, Command{Kind: Step, Events: 1 << 40}); f.Events != events+maxEvents {
		t.Errorf("it stepped %d events", f.Events-events)
	}
}

// Wherever one comes from, a moment looks the same.
func TestScrubbing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, _ := opened(t, busy)
		seen := map[int64]string{}
		for i := range rapid.IntRange(2, 8).Draw(t, "moves") {
			to := rapid.Int64Range(0, 12).Draw(t, "quarter") * second / 4
			f := must(t, s, Command{Kind: Seek, Time: to})
			if before, ok := seen[to]; ok && before != moment(t, f) {
				t.Fatalf("move %d: at %d %s", i, to, different(moment(t, f), before))
			}
			seen[to] = moment(t, f)
			must(t, s, Command{Kind: Step, Events: rapid.IntRange(-400, 400).Draw(t, "events")})
		}
		fresh, _ := opened(t, busy)
		for to, want := range seen {
			if got := moment(t, must(t, fresh, Command{Kind: Seek, Time: to})); got != want {
				t.Fatalf("at %d a fresh session shows %s", to, different(got, want))
			}
		}
	})
}

// To act in the past forgets what the page did later, not what the scenario says;
// the text is the run.
func TestActInThePast(t *testing.T) {
	s, _ := opened(t, busy)
	act := func(at int64, text string) Frame {
		must(t, s, Command{Kind: Seek, Time: at})
		return must(t, s, Command{Kind: Act, Text: text})
	}
	act(second/2, "client you put early 1")
	act(2*second, "client you put late 1")
	f := act(second, "crash S3")
	for text, want := range map[string]bool{"put early 1": true, "crash S3": true, "put late": false, "crash S1": true, "at 1.9s restart": true} {
		if strings.Contains(f.Scenario, text) != want {
			t.Errorf("the scenario has %q: %v, want %v\n%s", text, !want, want, f.Scenario)
		}
	}
	if f.Head != second+1 || len(f.Console) != 1 {
		t.Errorf("head %d, console %+v", f.Head, f.Console)
	}
	text := f.Scenario
	f = must(t, s, Command{Kind: Seek, Time: 3 * second})
	other, _ := opened(t, text)
	if want := must(t, other, Command{Kind: Seek, Time: 3 * second}); moment(t, f) != moment(t, want) {
		t.Errorf("played and from its text: %s", different(moment(t, f), moment(t, want)))
	}
}

// A run with as many actions as it may have.
func TestManyActions(t *testing.T) {
	s, _ := opened(t, busy)
	must(t, s, Command{Kind: Seek, Time: second})
	for range maxAdded {
		must(t, s, Command{Kind: Act, Text: "client you get n"})
	}
	if f := s.Do(Command{Kind: Act, Text: "client you get n"}); f.Problem == nil || !strings.Contains(f.Problem.Text, "1000 actions") {
		t.Errorf("one more: %+v", f.Problem)
	}
	must(t, s, Command{Kind: Seek, Time: second / 2})
	if f := must(t, s, Command{Kind: Act, Text: "crash S1"}); strings.Contains(f.Scenario, "get n") {
		t.Error("the future is not forgotten")
	}
}

// All that a page may show is valid JSON of bounded size, in every example.
func TestExamples(t *testing.T) {
	for name, text := range examples.All() {
		s, _ := opened(t, text)
		well := !strings.Contains(text, "expect verdict ") || strings.Contains(text, "expect verdict linearizable")
		var f Frame
		for range 100 {
			f = must(t, s, Command{Kind: Advance, Time: second / 10})
			if n := len(moment(t, f)); n > 200_000 {
				t.Fatalf("%s: a frame of %d bytes", name, n)
			}
			if f.Sentence == "" || well && f.Verdict.Result != Linearizable {
				t.Fatalf("%s at %d: %q, %+v", name, f.Time, f.Sentence, f.Verdict)
			}
		}
	}
}

// The lanes are those of the whole run, wherever the playhead stands.
func TestLanes(t *testing.T) {
	s, _ := opened(t, busy)
	f := must(t, s, Command{Kind: Seek, Time: 3 * second})
	if f.Lanes == nil && f.LanesPatch == nil {
		t.Fatal("no lanes are sent")
	}
	want := s.drawn(0, s.lanes(0, s.timeline.World())).words()
	if f = must(t, s, Command{Kind: Seek, Time: second}); f.Lanes != nil || f.LanesPatch != nil {
		t.Error("lanes are sent again though nothing is new")
	}
	stepped, f := opened(t, busy)
	var p page
	p.hear(&f)
	for range 60 {
		f = must(t, stepped, Command{Kind: Advance, Time: second / 20})
		p.hear(&f)
	}
	if got := p.lanes.words(); got != want {
		t.Errorf("in small steps the lanes are\n%s\nwant\n%s", got, want)
	}
	for _, r := range s.lanes(0, s.timeline.World()).roles {
		if r.Until != 0 && r.Until < r.From {
			t.Errorf("%+v ends before it begins", r)
		}
	}
}
