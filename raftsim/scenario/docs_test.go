package scenario

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raftsim"
)

// examplesOf are the blocks of a document that are scenarios or parts of one.
func examplesOf(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var examples []string
	for _, part := range strings.Split(string(text), "```scenario\n")[1:] {
		example, _, _ := strings.Cut(part, "```")
		examples = append(examples, example)
	}
	return examples
}

// Every example of the documentation is one, and each word has an example.
func TestDocumentation(t *testing.T) {
	var words []string
	for _, example := range examplesOf(t, "../../docs/SCENARIO.md") {
		text := example
		if !strings.HasPrefix(text, version) {
			text = version + "\nmembers 5\n" + example
			if strings.HasPrefix(example, "members 5") {
				text = version + "\n" + example
			}
			if !strings.Contains(example, "run") {
				text += "run 20s\n"
			}
		}
		if _, err := Parse(text); err != nil {
			t.Errorf("%v in\n%s", err, example)
		}
		words = append(words, wordsOf(example)...)
	}
	listed := slices.Concat(happeningNames(), kindNames(raftsim.Draws()), kindNames(raftsim.MessageKinds()), properties()[:9])
	for _, word := range vocabulary() {
		if !slices.Contains(words, word) && !slices.Contains(listed, word) {
			t.Errorf("docs/SCENARIO.md has no example of %s", word)
		}
	}
	whole, err := os.ReadFile("../../docs/SCENARIO.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range listed {
		if !strings.Contains(string(whole), "`"+word+"`") {
			t.Errorf("docs/SCENARIO.md does not list %s", word)
		}
	}
}
