package session

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// unseen are the bugs whose runs break nothing that can be seen in one run.
var unseen = map[string]string{
	"partial-partition": "that leaders are deposed again and again breaks Stability, which the paper's rules don't promise",
}

// The story of every bug ends with a promise that is broken, and the page can go there and say
// in sentences what it was.
func TestBugsAreSeen(t *testing.T) {
	for name, text := range examples.Bugs() {
		t.Run(name, func(t *testing.T) {
			parsed, err := scenario.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			s, f := opened(t, text)
			if f.Bug == "" {
				t.Fatal("no bug is planted")
			}
			f = arriveOrEnd(t, s, int64(parsed.Length()))
			if reason := unseen[name]; reason != "" {
				if f.Verdict.Result == Violation {
					t.Errorf("it is seen: %s", f.Verdict.Reason)
				}
				return
			}
			if f.Verdict.Result != Violation || f.Verdict.Cause == nil {
				t.Fatalf("at %d: %s, %s", f.Time, f.Verdict.Result, f.Verdict.Reason)
			}
			f = must(t, s, Command{Kind: ShowViolation})
			c := f.Verdict.Cause
			if c == nil || c.Property == "" || len(c.Text) == 0 {
				t.Fatalf("shown at %d: %+v", f.Time, f.Verdict)
			}
			t.Logf("%s at %d: %q", c.Property, c.Time, c.Text)
			for _, x := range c.Text {
				if !strings.HasSuffix(x, ".") && !strings.HasSuffix(x, "…") || strings.Contains(x, "client 0") || strings.Contains(x, "client 1") {
					t.Errorf("no sentence: %q", x)
				}
			}
		})
	}
}

// arriveOrEnd plays to a moment, or to where the run has ended.
func arriveOrEnd(t *testing.T, s *Session, to int64) Frame {
	for {
		f := must(t, s, Command{Kind: Seek, Time: to})
		if !s.onTheWay {
			return f
		}
	}
}
