package scenario

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// genScenario draws texts of which nearly all are scenarios, oddly spaced.
func genScenario() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		w := writer{t: t, end: rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")}
		w.put("castaway 1")
		for _, s := range rapid.Permutation(genCluster().Draw(t, "cluster")).Draw(t, "settings") {
			if s != "" {
				w.put(s)
			}
		}
		at := raftsim.Time(0)
		for i := range rapid.IntRange(0, 5).Draw(t, "actions") {
			at += raftsim.Time(rapid.Int64Range(0, int64(2*raftsim.Second)).Draw(t, "later"))
			w.put("at " + FormatTime(at) + " " + rapid.OneOf(genAction(), genTeaching(i)).Draw(t, "action"))
		}
		w.put("at 10s members add S6 add-learner S7")
		w.put("run 10s")
		for _, s := range rapid.SliceOfNDistinct(genHope(), 0, 5, rapid.ID[string]).Draw(t, "hopes") {
			w.put(s)
		}
		whole := w.text.String()
		if rapid.Bool().Draw(t, "unended") {
			whole = strings.TrimRight(whole, "\r\n")
		}
		return whole
	})
}

// writer writes lines in odd ways.
type writer struct {
	t    *rapid.T
	text strings.Builder
	end  string
}

func (w *writer) put(words string) {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(w.t, label) }
	if !strings.ContainsAny(words, `'"`) {
		words = strings.Join(strings.Split(words, " "), pick("blank", " ", "  ", "\t"))
	}
	w.text.WriteString(words + pick("comment", "", "", " ", " # why", "\t#") + w.end + pick("between", "", "", w.end, "# a line"+w.end))
}

func genCluster() *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		maybe := func(lines ...string) string { return rapid.SampledFrom(append(lines, "")).Draw(t, lines[0]) }
		return []string{
			"members 5", "seed " + fmt.Sprint(rapid.Uint64().Draw(t, "seed")),
			maybe("rules paper", "rules etcd lease-read", "rules paper pre-vote forward", "rules etcd no-pre-vote no-stickiness"),
			maybe("timing heartbeat 10ms", "timing election 100ms heartbeat 20.5ms"),
			maybe("clocks offset 5ms", "clocks drift 100ppm offset 1us"),
			maybe("network latency 1us..2ms drop 0.0001%", "network latency 5ms heavy-tail bandwidth 1MiB", "network duplicate 1% reorder 0% bandwidth unlimited"),
			maybe("disk sync 1.25ms", "disk write 1ns..2ns sync 3ns"), maybe("snapshots every 7 keep 0", "snapshots chunk 100B"),
			maybe("beyond-model"), maybe("benign"), maybe("judge steps 1000"),
			maybe("pin latency S1>S2 AppendEntries 3.7 0", "pin election S2 3.1 99", "pin think 0 0.5 18446744073709551615"),
			"client A B cas-counter k increments 3", "client W manual timeout 2s",
			maybe("client R register r keys 3 writes 12.5% serializable 50% requests 9 entry S2 retries 3"),
			maybe("client M mixed m keys 4 serializable 1% compact 2% leases 3% ttl 9s requests 10 think 1ms"),
			maybe("client K bank b/ accounts 2 balance 7 transfers 3 entry leader"),
			maybe("client L fenced-lock l r ttl 3s work 1ms..2ms writes 2 rounds 1", "client L lock 'the lock' r entry any"),
			maybe("client E election e/ ttl 2s term 1s..2s pause 0s terms 4"),
			maybe("client S lease s/ ttl 2s life 1s expire 100% rounds 1"),
			maybe("client V watch k --prefix --rev=3 window 3 progress", `client V watch a "think" think 1ms`, "client V watch think --prev-kv timeout 3s"),
		}
	})
}

// genAction draws an action in words.
func genAction() *rapid.Generator[string] {
	return rapid.Map(genDeed(), actionWords)
}

// genDeed draws any action in a cluster of 5, of 7 later.
func genDeed() *rapid.Generator[raftsim.Action] {
	return rapid.Custom(func(t *rapid.T) raftsim.Action {
		anyOf := func(label string, from ...raftsim.Target) raftsim.Target {
			return rapid.SampledFrom(from).Draw(t, label)
		}
		m := anyOf("member", raftsim.TheLeader, 1, 2, 5, 6, 7)
		orAll := anyOf("member or all", 0, 1, 5, 7)
		span := raftsim.Time(rapid.Int64Range(1, int64(raftsim.MaxSpan)).Draw(t, "span"))
		a, b, oneWay := genGroups(t)
		part := rapid.SampledFrom([]raftsim.Damaged{raftsim.TheLog, raftsim.TheSnapshot}).Draw(t, "part")
		fromEnd := rapid.Int64Range(-1, 9).Draw(t, "from end")
		client := rapid.SampledFrom([]string{"W", "you"}).Draw(t, "client")
		return rapid.SampledFrom([]raftsim.Action{
			raftsim.Crash{Member: m},
			raftsim.Crash{Member: m, Torn: true},
			raftsim.Kill{Member: m},
			raftsim.Restart{Member: orAll},
			raftsim.Pause{Member: m},
			raftsim.Resume{Member: orAll},
			raftsim.TimeOut{Member: m},
			raftsim.Transfer{To: m},
			raftsim.ClockRate{Member: m, Rate: rapid.Int64Range(-raftsim.MaxDrift, raftsim.MaxDrift).Draw(t, "rate")},
			raftsim.ClockJump{Member: m, By: span},
			raftsim.ClockJump{Member: m, By: -span},
			raftsim.Settle{Within: span},
			raftsim.Cut{A: a, B: b, OneWay: oneWay},
			raftsim.Heal{A: a, B: b, OneWay: oneWay},
			raftsim.Heal{},
			raftsim.Bridge{Member: m},
			raftsim.Ring{},
			raftsim.Flap{A: a, B: b, OneWay: oneWay, Period: max(span, raftsim.Millisecond)},
			raftsim.SetLink{A: a, B: b, OneWay: oneWay},
			raftsim.SetLink{},
			raftsim.SetLink{A: a, B: b, OneWay: oneWay, Link: genLink(t)},
			genEdit(t, span),
			raftsim.SlowDisk{Member: m, Factor: 1 + fromEnd + 1},
			raftsim.FillDisk{Member: m, Bytes: fromEnd},
			raftsim.FillDisk{Member: m, Bytes: int64(span) % maxSize},
			raftsim.FailSync{Member: m},
			raftsim.LoseSync{Member: m},
			raftsim.FlipBit{Member: m, Part: part, FromEnd: fromEnd},
			raftsim.ReadError{Member: m, Part: part, FromEnd: fromEnd},
			raftsim.MendDisk{Member: m},
			raftsim.Wipe{Member: m},
			raftsim.PauseClient{Client: client, For: span},
			raftsim.Reconfigure{Promote: []raftsim.Target{1}, Remove: []raftsim.Target{raftsim.TheLeader, 2}},
			raftsim.Invoke{Client: client, Member: m, Request: genRequest().Draw(t, "request")},
			raftsim.Invoke{Client: client, Member: m, Request: kv.TxnRequest{}, Then: kv.CompactRequest{Revision: kv.Revision(fromEnd + 1)}},
			raftsim.Invoke{Client: client, Member: m, Request: get("a", "b"), Ranged: true},
			raftsim.Invoke{Client: client, Member: m, Request: kv.DeleteRangeRequest{Span: kv.Prefix("a-"), PrevKV: oneWay}, Ranged: true},
			raftsim.StartWatch{Client: client, Member: m, Watch: raftsim.Watch{Span: kv.Prefix("k"), Start: kv.Revision(fromEnd + 1), PrevKV: oneWay}},
		}).Draw(t, "deed")
	})
}

func genGroups(t *rapid.T) (a, b []raftsim.Target, oneWay bool) {
	all := rapid.Permutation([]raftsim.Target{raftsim.TheLeader, 1, 2, 3, 7}).Draw(t, "groups")
	n := rapid.IntRange(1, 4).Draw(t, "first")
	if rapid.Bool().Draw(t, "one side") {
		return all[:n], nil, false
	}
	return all[:n], all[n:], rapid.Bool().Draw(t, "one way")
}

func genLink(t *rapid.T) *raftsim.Link {
	chance := func(label string) raftsim.Chance {
		return raftsim.Chance(rapid.Uint32Range(0, uint32(raftsim.Always)).Draw(t, label))
	}
	least := raftsim.Time(rapid.Int64Range(int64(raftsim.MinLatency), int64(raftsim.Second)).Draw(t, "min"))
	return &raftsim.Link{
		Latency: raftsim.Latency{
			Shape:  rapid.SampledFrom(shapes).Draw(t, "shape"),
			Spread: raftsim.Spread{Min: least, Max: least + raftsim.Time(rapid.Int64Range(0, 99).Draw(t, "more"))},
		},
		Drop: chance("drop"), Duplicate: chance("duplicate"), Reorder: chance("reorder"),
		Bandwidth: rapid.Int64Range(0, maxSize).Draw(t, "bandwidth"),
	}
}

func genEdit(t *rapid.T, span raftsim.Time) raftsim.Action {
	a := raftsim.EditMessage{
		Edit: raftsim.Edit(rapid.IntRange(0, 3).Draw(t, "edit")),
		Message: raftsim.MessageName{
			From: 1, To: 7, Kind: rapid.SampledFrom(raftsim.MessageKinds()).Draw(t, "kind"),
			Term: raft.Term(rapid.Uint64().Draw(t, "term")), Ordinal: rapid.Uint64().Draw(t, "ordinal"),
		},
	}
	if a.Edit == raftsim.DelayIt || a.Edit == raftsim.DoubleIt {
		a.By = span
	}
	return a
}

func genTeaching(i int) *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"say 'something to see'", fmt.Sprintf("mark m%d", i), "ask 'Who leads?' right S1 wrong \"nobody's leader\"",
	})
}

func genHope() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"expect increments k", "expect value k 6", "expect leader none", "expect verdict excused", "expect holds LogMatching",
			"expect breaks Linearizability", "expect settled", "expect elections 1..3", "expect absent k",
			"goal 'a b' becomes-leader at S7 times 2 then op-answered by W", "goal g message-sent of AppendEntries",
		}),
		rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("expect count %s %d..", rapid.SampledFrom(happeningNames()).Draw(t, "event"), rapid.IntRange(0, 9).Draw(t, "n"))
		}),
	)
}

// Every action has words, and they mean the same action.
func TestActionWords(t *testing.T) {
	sc := mustRead(t, "castaway 1\nmembers 5\nclient W manual\nat 1s members add S6 add-learner S7\nrun 2s\n")
	rapid.Check(t, func(t *rapid.T) {
		want := genDeed().Draw(t, "action")
		got, err := sc.parseAction(actionWords(want))
		if err != nil {
			t.Fatalf("%v: %v", want, err)
		}
		if got.words() != actionWords(want) && !strings.Contains(got.words(), "link") {
			t.Fatalf("%v is printed as %v", want, got.words())
		}
		if i, ok := want.(raftsim.Invoke); ok { // as bytes: nil and empty lists are the same
			j := got.action.(raftsim.Invoke)
			if string(kv.AppendRequest(nil, i.Request)) != string(kv.AppendRequest(nil, j.Request)) || !reflect.DeepEqual(i.Then, j.Then) || i.Ranged != j.Ranged {
				t.Fatalf("%v means %#v, not %#v", want, j, i)
			}
			return
		}
		if !reflect.DeepEqual(got.action, want) {
			t.Fatalf("%v means %#v, not %#v", want, got.action, want)
		}
	})
}

// sameRun says whether two scenarios are the same run.
func sameRun(a, b *Scenario) bool {
	x, y := a.Config(), b.Config()
	x.Rules, y.Rules = raftsim.Rules{}, raftsim.Rules{}
	return reflect.DeepEqual(x, y) && a.length == b.length && a.rules == b.rules && reflect.DeepEqual(a.lesson, b.lesson) &&
		slices.Equal(hopes(a), hopes(b))
}

// hopes are the expectations and goals in words.
func hopes(s *Scenario) []string {
	var words []string
	for _, e := range s.expects {
		words = append(words, e.words())
	}
	for _, g := range s.goals {
		words = append(words, goalStatement{g.Text, g.steps}.words()+fmt.Sprint(g.Hints))
	}
	return words
}

func TestLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genScenario().Draw(t, "text")
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.String(); got != text {
			t.Fatalf("printed back as %q", got)
		}
		formatted, err := Parse(s.Format())
		if err != nil {
			t.Fatalf("%v in\n%s", err, s.Format())
		}
		if !sameRun(s, formatted) {
			t.Fatalf("the canonical form is another run:\n%s", s.Format())
		}
		if formatted.Format() != s.Format() {
			t.Fatalf("the canonical form of the canonical form is\n%s\nnot\n%s", formatted.Format(), s.Format())
		}
	})
}

func TestEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := Parse(genScenario().Draw(t, "text"))
		if err != nil {
			t.Fatal(err)
		}
		at := raftsim.Time(rapid.Int64Range(0, int64(12*raftsim.Second)).Draw(t, "at"))
		action := genAction().Draw(t, "action")
		edited, err := s.WithAction(at, action)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := s.parseAction(action)
		if err != nil {
			t.Fatal(err)
		}
		want := raftsim.Scheduled{At: at, Action: parsed.action}
		schedule := s.Config().Schedule
		later := slices.IndexFunc(schedule, func(x raftsim.Scheduled) bool { return x.At > at })
		if later < 0 {
			later = len(schedule)
		}
		if got := edited.Config().Schedule; !reflect.DeepEqual(got, slices.Insert(schedule, later, want)) {
			t.Fatalf("the edited schedule is %v", got)
		}
		if edited.Length() < at || edited.Length() < s.Length() {
			t.Fatalf("the edited run is %d ns long", edited.Length())
		}
		seed := rapid.Uint64().Draw(t, "new seed")
		if got := s.WithSeed(seed).WithSeed(s.config.Seed); !sameRun(got, s) || s.WithSeed(seed).config.Seed != seed {
			t.Fatalf("with another seed:\n%s", s.WithSeed(seed))
		}
	})
}

func TestWithAction(t *testing.T) {
	const text = "castaway 1\n\n# first\nat 1s crash S1\n# second\nat 2s restart\n# the end\nrun 3s # enough\nexpect leader"
	tests := []struct {
		name, text string
		at         raftsim.Time
		action     string
		want       string
	}{
		{"before all", text, 5, " crash  S2 # now", strings.Replace(text, "# first\n", "at 5ns crash S2\n# first\n", 1)},
		{"in between", text, raftsim.Second, "heal", strings.Replace(text, "# second\n", "at 1s heal\n# second\n", 1)},
		{"after all", text, 25e8, "client you put a 'b c'", strings.Replace(text, "restart\n", "restart\nat 2.5s client you@leader put a \"b c\"\n", 1)},
		{
			"after the end", text, 3e9 + 1, "heal",
			strings.Replace(strings.Replace(text, "restart\n", "restart\nat 3.000000001s heal\n", 1), "run 3s", "run 4s", 1),
		},
		{"the only one", "castaway 1\n# how long\nrun 3s", 1e9, "heal", "castaway 1\nat 1s heal\n# how long\nrun 3s"},
		{"after an unended line", "castaway 1\r\nrun 3s\r\nat 1s heal", 1e9, "restart", "castaway 1\r\nrun 3s\r\nat 1s heal\nat 1s restart\n"},
	}
	for _, test := range tests {
		s, err := mustRead(t, test.text).WithAction(test.at, test.action)
		if err != nil || s.String() != test.want {
			t.Errorf("%s: %v\n%v\nwant\n%s", test.name, err, s, test.want)
		}
	}
}

func TestWithActionErrors(t *testing.T) {
	s := mustRead(t, "castaway 1\nrun 3s\n")
	tests := []struct {
		at         raftsim.Time
		text, want string
	}{
		{0, "crash S4", "crash: member \"S4\" does not exist: expected S1, S2, S3 or leader"},
		{0, "client yu get a", `client: unknown client "yu": did you mean "you"?`},
		{0, "heal\nrun 1s", `control character '\n': write it as an escape in double quotes`},
		{-1, "heal", "-1ns lies outside of every run"},
		{MaxRun + 1, "heal", "3600.000000001s lies outside of every run"},
	}
	for _, test := range tests {
		_, err := s.WithAction(test.at, test.text)
		var problem *Error
		if !errors.As(err, &problem) || problem.Line != 0 || problem.Text != test.want {
			t.Errorf("WithAction(%q): %v; want %s", test.text, err, test.want)
		}
	}
}

// A configuration that was used leaves the scenario as it was.
func TestConfigIsACopy(t *testing.T) {
	s := mustRead(t, full)
	c := s.Config()
	c.Clients[0].Workload.(*raftsim.CASCounter).Key = "other"
	c.Clients[1].Name = "other"
	c.Schedule[0].At = 7
	if !sameRun(s, mustRead(t, full)) {
		t.Error("the scenario changed")
	}
}
