package raft_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// TestTranscripts runs the stories in testdata and compares what happens with
// what is written there. Only a story with a replaced rule breaks a property,
// and only because of that rule.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, verdict := tell(t, string(want), false)
			spoilt := strings.Contains(string(want), " rule ")
			if spoilt != (verdict != "") {
				t.Errorf("a rule is replaced: %v, but the verdict is %q", spoilt, verdict)
			}
			if _, verdict := tell(t, string(want), true); verdict != "" {
				t.Errorf("broken with the right rules too: %s", verdict)
			}
			if *update {
				err = os.WriteFile(file, []byte(got), 0o644)
			}
			if err != nil || !*update && got != string(want) {
				t.Errorf("%v; rerun with -update if this is meant; got:\n%s", err, got)
			}
		})
	}
}

// tell runs a story; honest, with the right rules in any case.
func tell(t *testing.T, text string, honest bool) (transcript, verdict string) {
	s := script{honest: honest}
	transcript, err := s.run(text)
	if err != nil && !honest {
		t.Fatal(err)
	}
	return transcript, s.c.judge.verdict
}
