package scenario

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/raftsim"
)

// genScenario draws texts of which nearly all are scenarios, oddly spaced.
func genScenario() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		var text strings.Builder
		put := func(words string) {
			blank := rapid.SampledFrom([]string{" ", "  ", "\t"}).Draw(t, "blank")
			text.WriteString(strings.Join(strings.Split(words, " "), blank))
			text.WriteString(rapid.SampledFrom([]string{"", "", " ", " # why", "\t#"}).Draw(t, "comment") + end)
			text.WriteString(rapid.SampledFrom([]string{"", "", end, "# a line" + end}).Draw(t, "between"))
		}
		put("castaway 1")
		settings := []string{
			"members 5", "seed " + fmt.Sprint(rapid.Uint64().Draw(t, "seed")), "rules paper", "timing heartbeat 10ms",
			"network latency 1us..2ms drop 0.0001%", "disk sync 1.25ms", "client A B cas-counter k increments 3", "client W manual timeout 2s",
		}
		for _, s := range rapid.Permutation(settings).Draw(t, "settings") {
			put(s)
		}
		at := raftsim.Time(0)
		for range rapid.IntRange(0, 5).Draw(t, "actions") {
			at += raftsim.Time(rapid.Int64Range(0, int64(2*raftsim.Second)).Draw(t, "later"))
			put("at " + FormatTime(at) + " " + genAction().Draw(t, "action"))
		}
		put("run 10s")
		for _, s := range []string{"expect increments k", "expect value k 6", "expect leader none"} {
			if rapid.Bool().Draw(t, "expect") {
				put(s)
			}
		}
		whole := text.String()
		if rapid.Bool().Draw(t, "unended") {
			whole = strings.TrimRight(whole, "\r\n")
		}
		return whole
	})
}

func genAction() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"crash leader", "crash S5", "restart", "restart S1", "cut leader", "cut S1 S2 | S3 S4 S5", "heal", "heal S1 | S2",
		"client W get k", "client you@S1 put k 1", "client A@leader del k",
	})
}

// sameRun says whether two scenarios are the same run.
func sameRun(a, b *Scenario) bool {
	x, y := a.Config(), b.Config()
	x.Rules, y.Rules = raftsim.Rules{}, raftsim.Rules{}
	return reflect.DeepEqual(x, y) && a.length == b.length && a.rules == b.rules && reflect.DeepEqual(a.expects, b.expects)
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
		parsed, err := ParseAction(action, 5)
		if err != nil {
			t.Fatal(err)
		}
		want := raftsim.Scheduled{At: at, Action: parsed}
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
		{"after all", text, 25e8, "client you put a 'b c'", strings.Replace(text, "restart\n", "restart\nat 2.5s client you@leader put a 'b c'\n", 1)},
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
		{0, "client yu get a", `at: unknown client "yu": did you mean "you"?`},
		{0, "heal\nrun 1s", `control character '\n': write it as an escape in double quotes`},
		{-1, "heal", "0s lies outside of every run"},
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

func FuzzParse(f *testing.F) {
	f.Add(full)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		var problem *Error
		if err != nil {
			if !errors.As(err, &problem) || problem.Line < 1 || problem.Line > strings.Count(text, "\n")+1 || strings.ContainsAny(problem.Text, "\n\x00\x1b") {
				t.Fatalf("bad error %q", err)
			}
			return
		}
		if s.String() != text {
			t.Fatalf("printed back as %q", s)
		}
		formatted, err := Parse(s.Format())
		if err != nil || !sameRun(s, formatted) {
			t.Fatalf("the canonical form %q: %v", s.Format(), err)
		}
	})
}

func FuzzParseAction(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, members uint8) {
		action, err := ParseAction(text, int(members))
		if err != nil {
			return
		}
		words := actionWords(action)
		again, err := ParseAction(words, int(members))
		if err != nil || actionWords(again) != words {
			t.Fatalf("%q is printed as %q, which reads as %v, %v", text, words, again, err)
		}
	})
}
