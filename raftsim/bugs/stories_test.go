package bugs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/bugs"
)

func story(t *testing.T, name string) fuzz.Case {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../examples/bugs", name+".scenario"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := fuzz.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if c.Bug != name {
		t.Fatalf("it plants the bug %q", c.Bug)
	}
	return c
}

// With the bug the property breaks that it is said to break, and in the same run with
// the right rules nothing does, also when the faults have ended.
func TestStories(t *testing.T) {
	for _, b := range bugs.All() {
		t.Run(b.Name, func(t *testing.T) {
			c := story(t, b.Name)
			wrong, err := fuzz.Run(&c, nil)
			if err != nil {
				t.Fatal(err)
			}
			if wrong.Property != b.Breaks || (wrong.Excuse != "") != b.BeyondModel {
				t.Errorf("with the bug: %q breaks (%s; excuse %q), and should %s", wrong.Property, wrong.Detail, wrong.Excuse, b.Breaks)
			}
			c.Bug = ""
			right, err := fuzz.Run(&c, nil)
			if err != nil || right.Property != "" || right.Undecided {
				t.Errorf("without the bug: %+v, %v", right, err)
			}
			settle(&c)
			if end, err := fuzz.Run(&c, nil); err != nil || end.Property != "" || !end.Settled && !end.QuorumLost {
				t.Errorf("without the bug, after the faults: %+v, %v", end, err)
			}
			if lines := strings.Count(c.Text(), "\n"); lines > 27 {
				t.Errorf("%d lines are too long a story", lines)
			}
		})
	}
}

// settle lets a case end with the end of all faults.
func settle(c *fuzz.Case) {
	for _, x := range c.Config.Schedule {
		if _, ok := x.Action.(raftsim.Settle); ok {
			return
		}
	}
	const patience = 60 * raftsim.Second
	c.Config.Schedule = append(c.Config.Schedule, raftsim.Scheduled{At: c.Length, Action: raftsim.Settle{Within: patience}})
	c.Length += patience
}

// Names, sentences and the properties of the catalogue are as they should be.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range bugs.All() {
		if seen[b.Name] {
			t.Errorf("%s stands there twice", b.Name)
		}
		seen[b.Name] = true
		if b.Sentence == "" || b.Source == "" || b.Rule == "" || b.Breaks == "" || !strings.HasSuffix(b.Sentence, ".") {
			t.Errorf("%s lacks something: %+v", b.Name, b)
		}
		found, ok := bugs.Find(b.Name)
		if !ok || found.Name != b.Name {
			t.Errorf("%s is not found", b.Name)
		}
	}
	if len(seen) != 42 {
		t.Errorf("%d bugs", len(seen))
	}
	if _, ok := bugs.Find("no-such-bug"); ok {
		t.Error("a bug that there is not")
	}
}
