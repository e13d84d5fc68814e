package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func readExamples(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../examples/*.scenario")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(file), ".scenario")] = string(text)
	}
	return texts
}

func TestExamples(t *testing.T) {
	for name, text := range readExamples(t) {
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
	bugs, err := filepath.Glob("../../examples/bugs/*.scenario")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range bugs {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		used = append(used, wordsOf(string(text))...)
	}
	for _, text := range readExamples(t) {
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
	for name := range readExamples(t) {
		if !strings.Contains(string(index), "(../examples/"+name+".scenario)") {
			t.Errorf("docs/EXAMPLES.md does not list %s", name)
		}
	}
}

// lucky examples show what happens with some seeds only.
var lucky = []string{"lock-without-fencing", "lost-fsync-survived", "lying-disk", "standing-still"}

// What the other examples expect does not depend on luck.
func TestExamplesUnderOtherSeeds(t *testing.T) {
	for name, text := range readExamples(t) {
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
