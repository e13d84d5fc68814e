package scenario

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
)

func TestExamples(t *testing.T) {
	for name, text := range examples.All() {
		t.Run(name, func(t *testing.T) {
			r, story := run(t, text)
			if !r.OK() {
				t.Errorf("it does not hold:\n%v", r)
			}
			if len(r.Expectations) == 0 || !strings.HasPrefix(text, "castaway 1\n# ") {
				t.Error("it does not say what it teaches, or what is expected")
			}
			if s := mustRead(t, text); s.Format() != text {
				t.Errorf("it is not in canonical form:\n%s", s.Format())
			}
			if skipped := strings.Count(story, "skipped:"); skipped > 0 && !strings.Contains(text, "count action-skipped") {
				t.Errorf("%d actions are skipped", skipped)
			}
			if _, again := run(t, text); again != story {
				t.Error("it went another way the second time")
			}
		})
	}
}

// The examples use every word of the language.
func TestExamplesUseEveryWord(t *testing.T) {
	var used []string
	for _, text := range examples.Bugs() {
		used = append(used, wordsOf(text)...)
	}
	for _, text := range examples.All() {
		used = append(used, wordsOf(text)...)
	}
	for _, word := range vocabulary() {
		if !slices.Contains(used, word) {
			t.Errorf("no example uses %s", word)
		}
	}
}

// docs/EXAMPLES.md leads to every example.
func TestExamplesAreListed(t *testing.T) {
	index, err := os.ReadFile("../../docs/EXAMPLES.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range examples.All() {
		if !strings.Contains(string(index), "(../examples/"+name+".scenario)") {
			t.Errorf("docs/EXAMPLES.md does not list %s", name)
		}
	}
}

// lucky examples show what happens with some seeds only.
var lucky = []string{"lock-without-fencing", "lost-fsync-survived", "lying-disk", "standing-still"}

// What the other examples expect does not depend on luck.
func TestExamplesUnderOtherSeeds(t *testing.T) {
	for name, text := range examples.All() {
		if slices.Contains(lucky, name) {
			continue
		}
		for seed := range uint64(5) {
			if r, _ := run(t, mustRead(t, text).WithSeed(1000+seed).String()); !r.OK() {
				t.Errorf("%s with seed %d:\n%v", name, 1000+seed, r)
			}
		}
	}
}
