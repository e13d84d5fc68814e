package raftsim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The Go code in docs/TESTING.md stands in the examples, word for word.
func TestTestingPage(t *testing.T) {
	page, err := os.ReadFile("../docs/TESTING.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("example*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		if !strings.Contains(source.String(), code) {
			t.Errorf("no example has\n%s", code)
		}
	}
	if len(blocks) < 5 {
		t.Errorf("only %d blocks of code", len(blocks))
	}
}
