package compat

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCases runs the programs in testdata: the rules of etcd that are easy to get
// wrong, and what random programs have found.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Parse(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if err := Compare(p); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestPrograms runs random programs. When one fails, keep its shortest form in
// testdata, by a name that says what was wrong.
func TestPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := Compare(Generate(t)); err != nil {
			t.Fatal(err)
		}
	})
}
