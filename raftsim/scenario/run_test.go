package scenario

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// run runs a text and returns its result and its story.
func run(t *testing.T, text string) (*Result, string) {
	t.Helper()
	var story strings.Builder
	r, err := Run(mustRead(t, text), Options{Observe: func(e *raftsim.Event) {
		if line, ok := Line(e); ok {
			story.WriteString(line + "\n")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r, story.String() + r.String()
}

// What the example about unknown outcomes is there for does happen in it.
func TestCASCounterExample(t *testing.T) {
	r, _ := run(t, examples.All()["cas-counter"])
	c := r.Counters[0]
	if r.Elections < 3 || c.LostRaces == 0 || c.TookEffect == 0 || c.Unknown == c.TookEffect {
		t.Errorf("choose another seed: %d elections; %v", r.Elections, c)
	}
}

func TestHashDependsOnSeed(t *testing.T) {
	const text = "castaway 1\nclient A cas-counter k\nrun 1s\n"
	r, _ := run(t, text)
	other, _ := run(t, mustRead(t, text).WithSeed(2).String())
	if r.Hash() == other.Hash() || len(r.Hash()) != 16 {
		t.Errorf("hashes %s and %s", r.Hash(), other.Hash())
	}
}

func TestExpectations(t *testing.T) {
	const head = "castaway 1\nclient A cas-counter n increments 3\nrun 3s\n"
	tests := []struct{ expect, want string }{
		{"expect verdict linearizable", "expect verdict linearizable: holds: linearizable"},
		{"expect verdict violation", "expect verdict violation: FAILS: linearizable"},
		{"expect value n 3", `expect value n 3: holds: it is "3"`},
		{"expect value n 4", `expect value n 4: FAILS: it is "3"`},
		{"expect value m 4", "expect value m 4: FAILS: there is no such key"},
		{"expect increments n", "expect increments n: holds: 3 acknowledged + 0 unknown that took effect, and it is 3"},
		{"expect leader", "expect leader any: holds: "},
		{"expect leader none", "expect leader none: FAILS: "},
		{"at 2s client you put n 7\nexpect increments n", "expect increments n: FAILS: 3 acknowledged + 0 unknown that took effect, and it is 7"},
		{"at 2s client you put n x\nexpect increments n", "expect increments n: FAILS: 3 acknowledged + 0 unknown that took effect, and it is x"},
		{"at 1ms crash S1\nat 1ms crash S2\nexpect increments n", "expect increments n: holds: 0 acknowledged + 0 unknown that took effect, and it is 0"},
		{"at 1ms crash S1\nat 1ms crash S2\nexpect leader none", "expect leader none: holds: none"},
		{"at 1ms crash S1\nat 1ms crash S2\nexpect leader", "expect leader any: FAILS: none"},
	}
	for _, test := range tests {
		r, _ := run(t, head+test.expect)
		found := r.Expectations[0].String()
		if !strings.HasPrefix(found, test.want) {
			t.Errorf("%s: %s; want %s", test.expect, found, test.want)
		}
		if r.OK() != strings.Contains(test.want, "holds") {
			t.Errorf("%s: OK is %v", test.expect, r.OK())
		}
	}
}

// A cluster that breaks a rule of the paper is found out, and the run ends there.
func TestBrokenRule(t *testing.T) {
	s := mustRead(t, examples.All()["split-minority"])
	s.config.Rules.Raft.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 }
	r, err := Run(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.World.Violation() == nil || r.Judgement() != linearize.Violation || r.OK() || r.Reason() == "" {
		t.Errorf("two of five count as a majority, and nobody minds:\n%v", r)
	}
	if want := "expect verdict linearizable: FAILS: violation"; r.Expectations[0].String() != want {
		t.Errorf("%v; want %s", r.Expectations[0], want)
	}
	if lines := strings.Split(r.String(), "\n"); !strings.HasPrefix(lines[len(lines)-3], "verdict: violation (") {
		t.Errorf("the report is\n%v", r)
	}
}

// With the rule replaced and the violation expected, all is as expected.
func TestExpectedViolation(t *testing.T) {
	text := strings.Replace(examples.All()["split-minority"], "expect verdict linearizable", "expect verdict violation", 1)
	s := mustRead(t, text)
	s.expects = slices.DeleteFunc(s.expects, func(e expectation) bool { return e.words() != "expect verdict violation" })
	s.config.Rules.Raft.IsQuorum = func(votes, voters int) bool { return votes >= voters/2 }
	r, err := Run(s, Options{})
	if err != nil || !r.OK() {
		t.Errorf("%v\n%v", err, r)
	}
}

// An undecided run is not all right.
func TestUndecided(t *testing.T) {
	s := mustRead(t, examples.All()["calm"])
	r, err := Run(s, Options{Check: linearize.Options{Steps: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Judgement() != linearize.Undecided || r.OK() {
		t.Errorf("with one step the verdict is %v, OK %v", r.Judgement(), r.OK())
	}
}

// The scenario that the edits write is the run that was edited.
func TestEditedRun(t *testing.T) {
	s := mustRead(t, examples.All()["calm"])
	edited, err := s.WithAction(2*raftsim.Second, "crash leader")
	if err != nil {
		t.Fatal(err)
	}
	if r, story := run(t, edited.String()); !strings.Contains(story, "crashes") {
		t.Errorf("nobody crashed:\n%v", r)
	}
}

func BenchmarkRun(b *testing.B) {
	text, err := os.ReadFile("../../examples/cas-counter.scenario")
	if err != nil {
		b.Fatal(err)
	}
	s, err := Parse(string(text))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Run(s, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Parsing and printing 1,000 lines, of all kinds of actions.
func BenchmarkParse(b *testing.B) {
	text := full + strings.Repeat(`at 20s client you put some-key 'some value'  # why
at 20s client you txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'
at 20s cut S1 S2 | S3 S4 S5
at 20s link S1 | S2 latency 100ms..200ms drop 10%
at 20s say 'The leader is cut off: it takes requests, but reaches no majority.'
`, 200)
	for b.Loop() {
		s, err := Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		if len(s.Format()) < 1000 {
			b.Fatal(s.Format())
		}
	}
}
