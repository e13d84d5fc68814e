package fuzz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What once broke in this project's own code holds.
func TestRegressions(t *testing.T) {
	files, err := filepath.Glob("regress/*.scenario")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".scenario"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(text), "castaway 1\n# ") {
				t.Error("it does not say why it is kept")
			}
			c, err := Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			if o, err := Run(&c, nil); err != nil || o.Property != "" || o.Undecided {
				t.Errorf("%+v, %v", o, err)
			}
		})
	}
}
