package session

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/linearize"
	recorded "github.com/castaway-kv/castaway/linearize/history"
)

// everything is a look at all that can be shown.
func everything(member int) *Look { return &Look{Inspect: member, Window: second} }

// arrive repeats a command that may end early until the playhead is at a moment.
func arrive(t testing.TB, s *Session, to int64) Frame {
	for {
		f := must(t, s, Command{Kind: Seek, Time: to})
		if f.Time == to || f.Next == 0 {
			return f
		}
	}
}

// A moment looks the same whether it was played to, sought or stepped back to, with
// all that can be looked at.
func TestPurity(t *testing.T) {
	for name, text := range examples.All() {
		t.Run(name, func(t *testing.T) {
			played, f := opened(t, text)
			must(t, played, Command{Kind: LookAt, Look: everything(2)})
			seen := map[int64]string{}
			counts := map[int64]int64{}
			for f.Time < 6*second && f.Next != 0 {
				for range 10 {
					f = must(t, played, Command{Kind: Advance, Time: second / 30})
				}
				seen[f.Time], counts[f.Time] = moment(t, f), f.Events
			}
			sought, _ := opened(t, text)
			must(t, sought, Command{Kind: LookAt, Look: everything(2)})
			arrive(t, sought, f.Time)
			for at, want := range seen {
				got := arrive(t, sought, at)
				if moment(t, got) != want {
					t.Fatalf("at %d: sought %s", at, different(moment(t, got), want))
				}
				must(t, sought, Command{Kind: Step, Events: 53})
				must(t, sought, Command{Kind: Step, Events: -53})
				if got = must(t, sought, Command{Kind: Seek, Time: at}); moment(t, got) != want {
					t.Fatalf("at %d: stepped back %s", at, different(moment(t, got), want))
				}
			}
		})
	}
}

// No list of a frame is null, whatever it shows.
func TestNothingIsNull(t *testing.T) {
	for _, f := range []Frame{{}, {Inspection: &Inspection{}, SpaceTime: &SpaceTime{}, Comparison: &Comparison{Lanes: &Lanes{}}, Lanes: &Lanes{}, Hunt: &HuntState{}}} {
		out := f.AppendJSON(nil)
		if strings.Contains(string(out), "null") {
			t.Errorf("null in %s", out)
		}
	}
}

// fill gives every field under a value something that is not zero.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("a \"text\"\n\x01 – ü \xff")
	case reflect.Int, reflect.Int64:
		v.SetInt(-int64(v.NumMethod()) - 1234567890123)
	case reflect.Uint64:
		v.SetUint(1<<63 - 7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), depth+1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), depth+1)
			}
		}
	default:
		panic(v.Kind().String())
	}
}

// The code that was generated writes what encoding/json does.
func TestAppendJSON(t *testing.T) {
	var f Frame
	fill(reflect.ValueOf(&f).Elem(), 0)
	var got, want any
	plain, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(f.AppendJSON(nil), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(plain, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s, not %s", f.AppendJSON(nil), plain)
	}
}

func TestUndoRedo(t *testing.T) {
	s, f := opened(t, busy)
	if f.CanUndo || f.CanRedo {
		t.Error("there is something to undo in the beginning")
	}
	before := must(t, s, Command{Kind: Seek, Time: second})
	must(t, s, Command{Kind: Act, Text: "crash S3"})
	later := must(t, s, Command{Kind: Advance, Time: second})
	f = must(t, s, Command{Kind: Undo})
	if moment(t, f) != moment(t, before) || f.CanUndo || !f.CanRedo || strings.Contains(f.Scenario, "crash S3") {
		t.Fatalf("undone %s", different(moment(t, f), moment(t, before)))
	}
	f = must(t, s, Command{Kind: Redo})
	if f.CanRedo || !f.CanUndo {
		t.Errorf("done again: %v, %v", f.CanUndo, f.CanRedo)
	}
	if f = arrive(t, s, later.Time); moment(t, f) != moment(t, later) {
		t.Errorf("done again %s", different(moment(t, f), moment(t, later)))
	}
	for _, kind := range []CommandKind{Redo, Undo, Undo} {
		f = s.Do(Command{Kind: kind})
	}
	if f.Problem == nil {
		t.Error("what was undone is undone again")
	}
}

// To act in the past makes a branch, and to take that back ends it.
func TestBranches(t *testing.T) {
	s, f := opened(t, busy)
	if len(f.Branches) != 1 || f.Branches[0].Label != "main" || f.Branches[0].Parent != -1 {
		t.Fatalf("%+v", f.Branches)
	}
	main := arrive(t, s, 3*second)
	must(t, s, Command{Kind: Seek, Time: second})
	f = must(t, s, Command{Kind: Act, Text: "cut S1"})
	if len(f.Branches) != 2 || f.Branch != 1 || f.Branches[1].Label != "cut S1" || f.Branches[1].Parent != 0 || f.Branches[0].Head != 3*second {
		t.Fatalf("%+v", f.Branches)
	}
	other := arrive(t, s, 3*second)
	f = must(t, s, Command{Kind: Compare, Branch: 0})
	c := f.Comparison
	if c == nil || c.Branch != 0 || c.At < second || c.At > second+1 || c.Left == "" || c.Left == c.Right || c.Lanes == nil || len(c.Members) != 3 {
		t.Fatalf("%+v", c)
	}
	f = must(t, s, Command{Kind: Switch, Branch: 0})
	if f.Comparison == nil || f.Comparison.Branch != 1 {
		t.Errorf("after the switch %+v", f.Comparison)
	}
	must(t, s, Command{Kind: Compare, Branch: -1})
	if f = arrive(t, s, 3*second); moment(t, f) != moment(t, main) || f.Branch != 0 {
		t.Errorf("the first branch %s", different(moment(t, f), moment(t, main)))
	}
	must(t, s, Command{Kind: Switch, Branch: 1})
	if f = arrive(t, s, 3*second); moment(t, f) != moment(t, other) {
		t.Errorf("the second branch %s", different(moment(t, f), moment(t, other)))
	}
	if f = s.Do(Command{Kind: Drop, Branch: 1}); f.Problem == nil {
		t.Error("the present branch was dropped")
	}
	f = must(t, s, Command{Kind: Undo})
	if f.Branch != 0 || len(f.Branches) != 1 || f.Time != second || !f.CanRedo {
		t.Errorf("undone: %+v", f.Branches)
	}
	f = must(t, s, Command{Kind: Redo})
	if f.Branch != 2 || len(f.Branches) != 2 {
		t.Errorf("done again: %+v", f.Branches)
	}
	must(t, s, Command{Kind: Switch, Branch: 0})
	if f = must(t, s, Command{Kind: Drop, Branch: 2}); len(f.Branches) != 1 {
		t.Errorf("dropped: %+v", f.Branches)
	}
	for _, c := range []Command{{Kind: Switch, Branch: 9}, {Kind: Drop, Branch: 0}, {Kind: Drop, Branch: -3}, {Kind: Compare, Branch: 7}} {
		if f := s.Do(c); f.Problem == nil {
			t.Errorf("%+v", c)
		}
	}
}

// The branches of a run are bounded.
func TestManyBranches(t *testing.T) {
	s, _ := opened(t, busy)
	arrive(t, s, 2*second)
	for i := range 40 {
		must(t, s, Command{Kind: Seek, Time: second})
		f := s.Do(Command{Kind: Act, Text: "crash S3"})
		if (f.Problem != nil) != (i >= 31) {
			t.Fatalf("branch %d: %+v", i, f.Problem)
		}
		must(t, s, Command{Kind: Switch, Branch: 0})
	}
}

func TestFind(t *testing.T) {
	s, f := opened(t, strings.Replace(busy, "at 1.5s crash", "at 1.3s say 'Look.'\nat 1.4s mark here\nat 1.5s crash", 1))
	if len(f.Lanes.Marks) != 2 || f.Lanes.Violation != -1 {
		t.Errorf("marks %+v", f.Lanes.Marks)
	}
	for kind, want := range map[MarkKind]int64{MarkCaption: 1300e6, MarkFault: 600e6} {
		must(t, s, Command{Kind: Seek})
		if f := must(t, s, Command{Kind: Find, Mark: kind, Events: 1}); f.Time != want {
			t.Errorf("the first %s is at %d, want %d", kind, f.Time, want)
		}
		if f := s.Do(Command{Kind: Find, Mark: kind, Events: -1}); f.Problem == nil || f.Time != want {
			t.Errorf("before the first %s: %+v", kind, f.Problem)
		}
	}
	for _, kind := range []MarkKind{MarkElection, MarkAnswer, MarkCommit} {
		must(t, s, Command{Kind: Seek})
		first := must(t, s, Command{Kind: Find, Mark: kind, Events: 1})
		third := must(t, s, Command{Kind: Find, Mark: kind, Events: 2})
		back := must(t, s, Command{Kind: Find, Mark: kind, Events: -2})
		if moment(t, back) != moment(t, first) || third.Time <= first.Time {
			t.Errorf("%s: %s", kind, different(moment(t, back), moment(t, first)))
		}
	}
	must(t, s, Command{Kind: Seek, Time: 1400e6})
	if f := must(t, s, Command{Kind: Find, Mark: MarkCaption, Events: -1}); f.Caption != "Look." {
		t.Errorf("caption %q", f.Caption)
	}
	if f := s.Do(Command{Kind: Find, Mark: "egg", Events: 1}); f.Problem == nil {
		t.Error("an egg was found")
	}
}

func TestEdit(t *testing.T) {
	s, _ := opened(t, busy)
	arrive(t, s, 2*second)
	before := must(t, s, Command{Kind: Seek, Time: second})
	f := must(t, s, Command{Kind: Edit, Text: strings.Replace(busy, "at 1.5s crash S1", "at 1.5s crash S2", 1)})
	if f.Branch != 1 || f.Time != second || moment(t, f) != moment(t, before) {
		t.Errorf("a later edit: branch %d, %s", f.Branch, different(moment(t, f), moment(t, before)))
	}
	f = must(t, s, Command{Kind: Edit, Text: busy + "# nothing new\n"})
	if len(f.Branches) != 2 || !strings.Contains(f.Scenario, "nothing new") {
		t.Errorf("back again: %+v", f.Branches)
	}
	f = must(t, s, Command{Kind: Edit, Text: busy + "# nothing at all\n"})
	if len(f.Branches) != 2 || !strings.Contains(f.Scenario, "at all") {
		t.Errorf("a comment: %+v", f.Branches)
	}
	f = must(t, s, Command{Kind: Edit, Text: strings.Replace(busy, "seed 5", "seed 6", 1)})
	if len(f.Branches) != 1 || f.Time != second || f.Seed != 6 {
		t.Errorf("another seed: %+v at %d", f.Branches, f.Time)
	}
	if f = s.Do(Command{Kind: Edit, Text: "castaway 1\nmembers 3\nbug\nrun 1s\n"}); f.Problem == nil || f.Problem.Line != 3 || f.Problem.Column != 4 {
		t.Errorf("an error is at %+v", f.Problem)
	}
	if f = s.Do(Command{Kind: CheckText, Text: "castaway 1\nrun no\n"}); f.Problem == nil || f.Problem.Line != 2 || f.Problem.Column != 5 {
		t.Errorf("an error is at %+v", f.Problem)
	}
}

func TestPlant(t *testing.T) {
	s, _ := opened(t, busy)
	f := must(t, s, Command{Kind: Plant, Text: "commit-old-term"})
	if f.Bug != "commit-old-term" || !strings.Contains(f.Scenario, "bug commit-old-term\n") || f.Time != 0 {
		t.Errorf("%q at %d", f.Scenario, f.Time)
	}
	if f = s.Do(Command{Kind: Plant, Text: "commit-olt"}); f.Problem == nil {
		t.Error("no such bug")
	}
	if f = must(t, s, Command{Kind: Plant}); f.Bug != "" || f.Scenario != busy {
		t.Errorf("without: %q", f.Scenario)
	}
}

func TestLinks(t *testing.T) {
	s, _ := opened(t, busy)
	arrive(t, s, 3*second)
	link := must(t, s, Command{Kind: Share}).Link
	if !strings.HasPrefix(link, "#s=1.") {
		t.Fatalf("link %q", link)
	}
	other := New()
	f := must(t, other, Command{Kind: OpenLink, Text: "https://example.org/" + link})
	if f.Scenario != busy || !strings.Contains(f.Notice, "8 of 8 marks agree") {
		t.Errorf("opened: %q, %q", f.Scenario, f.Notice)
	}
	if f = must(t, other, Command{Kind: Advance, Time: 1}); f.Notice != "" {
		t.Errorf("said twice: %q", f.Notice)
	}
	if f = New().Do(Command{Kind: OpenLink, Text: link[:40]}); f.Problem == nil {
		t.Error("a damaged link")
	}
}

func TestExport(t *testing.T) {
	for name, text := range examples.All() {
		s, _ := opened(t, text)
		arrive(t, s, 3*second)
		must(t, s, Command{Kind: Seek, Time: second})
		f := s.Do(Command{Kind: Export})
		if f.Problem != nil {
			continue // no client at all
		}
		r, err := recorded.NewReader(strings.NewReader(f.History), recorded.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got linearize.History
		for e, err := range r.All() {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got = append(got, e.Operation)
		}
		arrive(t, s, 3*second)
		want := s.timeline.World().History()
		if len(got) != len(want) {
			t.Fatalf("%s: %d operations, want %d", name, len(got), len(want))
		}
		for i := range got {
			if got[i].Call != want[i].Call || got[i].Outcome != want[i].Outcome || fmt.Sprintf("%+v %+v", got[i].Request, got[i].Response) != fmt.Sprintf("%+v %+v", want[i].Request, want[i].Response) {
				t.Fatalf("%s: operation %d is %+v, want %+v", name, i, got[i], want[i])
			}
		}
	}
}

func TestComplete(t *testing.T) {
	s, _ := opened(t, busy)
	arrive(t, s, second)
	for text, want := range map[string]string{
		"": "get", "g": "get", "lease ": "lease grant", "lease gr": "lease grant", "get ": "get n", "get n --con": "get n --consistency=s",
		"put n 5 --le": "put n 5 --lease=", "txn --comp": "txn --compare ", "del --pre": "del --prefix",
	} {
		f := must(t, s, Command{Kind: Complete, Text: text})
		if len(f.Completions) == 0 || f.Completions[0].Text != want || f.Completions[0].Hint == "" {
			t.Errorf("%q goes on as %+v, want %q", text, f.Completions, want)
		}
	}
}

func TestStoreInThePast(t *testing.T) {
	s, _ := opened(t, busy)
	f := arrive(t, s, 3*second)
	newest := f.Store
	if newest.At != newest.Revision || len(newest.Keys) != 1 {
		t.Fatalf("%+v", newest)
	}
	f = must(t, s, Command{Kind: LookAt, Look: &Look{Revision: 5}})
	if f.Store.At != 5 || f.Store.Revision != newest.Revision || f.Store.Keys[0].ModRevision > 5 {
		t.Errorf("at revision 5: %+v", f.Store)
	}
	if f = must(t, s, Command{Kind: LookAt, Look: &Look{Revision: 1 << 40, Member: 9}}); f.Store.At != newest.Revision {
		t.Errorf("in the future: %+v", f.Store)
	}
}

func TestInspection(t *testing.T) {
	s, _ := opened(t, busy)
	arrive(t, s, second/2)
	leader := 0
	for range 200 {
		f := must(t, s, Command{Kind: Step, Events: 1})
		for _, m := range f.Members {
			if m.Role == Leader {
				leader = m.ID
			}
		}
		f = must(t, s, Command{Kind: LookAt, Look: everything(leader)})
		x := f.Inspection
		if x == nil || x.Member != leader || len(x.Persistent) != 3 || len(x.Volatile) != 2 || len(x.Peers) != 2 || len(x.Files) == 0 || len(x.Files[0].Records) == 0 {
			t.Fatalf("%+v", x)
		}
		if f.SpaceTime == nil || len(f.SpaceTime.Arrows) == 0 || f.SpaceTime.Until != f.Time {
			t.Fatalf("%+v", f.SpaceTime)
		}
	}
}

// A hunt finds a bug and tells it in a scenario that opens and breaks the property.
func TestHunt(t *testing.T) {
	s := New()
	if f := s.Do(Command{Kind: Hunt, Text: "no-such-bug", Events: 1}); f.Problem == nil || f.Hunt != nil {
		t.Errorf("no such bug: %+v", f.Hunt)
	}
	const bug = "heartbeat-truncates"
	var h *HuntState
	for range 400 {
		h = must(t, s, Command{Kind: Hunt, Text: bug, Events: 50}).Hunt
		if h.Done {
			break
		}
	}
	if h == nil || !h.Done || h.Property == "" || h.Runs == 0 || h.Tries == 0 || h.Bug != bug {
		t.Fatalf("%+v", h)
	}
	t.Logf("%d runs, %d tries, %d lines:\n%s", h.Runs, h.Tries, h.Lines, h.Scenario)
	f := must(t, s, Command{Kind: Open, Text: h.Scenario})
	if f.Bug != bug {
		t.Errorf("%q is planted", f.Bug)
	}
	f = arrive(t, s, 600*second)
	if f.Verdict.Result != Violation || f.Verdict.Cause == nil || f.Verdict.Cause.Property != h.Property {
		t.Errorf("%+v", f.Verdict)
	}
	shown := must(t, s, Command{Kind: ShowViolation})
	if shown.Time != f.Verdict.Cause.Time || shown.Verdict.Result != Violation {
		t.Errorf("shown at %d: %+v", shown.Time, shown.Verdict)
	}
}
