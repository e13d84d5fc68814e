package scenario

import (
	"os"
	"slices"
	"strings"
	"testing"
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
			if strings.HasPrefix(example, "members") {
				text = version + "\n" + example
			}
			if !strings.Contains(example, "run") {
				text += "run 20s\n"
			}
		}
		if _, err := Parse(text); err != nil {
			t.Errorf("%v in\n%s", err, example)
		}
		words = append(words, strings.FieldsFunc(example, func(r rune) bool { return strings.ContainsRune(" \n='(", r) })...)
	}
	for _, word := range vocabulary() {
		if !slices.Contains(words, word) {
			t.Errorf("docs/SCENARIO.md has no example of %s", word)
		}
	}
}

// vocabulary is every word of the language.
func vocabulary() []string {
	words := slices.Concat(actions, commands, workloads, expectations)
	for _, f := range forms {
		words = append(words, f.word)
	}
	for _, s := range slices.Concat(timingSettings, networkSettings, diskSettings) {
		words = append(words, s.name)
	}
	for _, t := range targets {
		words = append(words, t.name)
	}
	words = append(words, "--prefix", "--from-key", "--rev", "--limit", "--consistency", "--compare", "--then", "--else")
	return append(words, "increments", "think", "timeout", "leader", "you", "any")
}
