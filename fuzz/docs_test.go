package fuzz

import (
	"os"
	"strings"
	"testing"
)

// The scenario in docs/FUZZ.md breaks what it says.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../docs/FUZZ.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "```\ncastaway 1\n")
	text, _, ok := strings.Cut("castaway 1\n"+text, "```")
	c, err := Parse(text)
	if err != nil || !ok {
		t.Fatalf("%v in\n%s", err, text)
	}
	if o, err := Run(&c, nil); err != nil || o.Property == "" || !strings.Contains(text, o.Property+" is broken: "+o.Detail) || !IsInnocent(&c) {
		t.Errorf("%+v, %v of\n%s", o, err, text)
	}
	for _, p := range Profiles {
		if line := "| `" + p.Name + "` | "; !strings.Contains(string(page), line) {
			t.Errorf("%s is missing", line)
		}
	}
}
