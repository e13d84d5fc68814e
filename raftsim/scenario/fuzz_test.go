package scenario

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
)

func FuzzParse(f *testing.F) {
	f.Add(full)
	texts := examples.All()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f.Add(texts[name])
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		var problem *Error
		if err != nil {
			if !errors.As(err, &problem) || problem.Line < 1 || problem.Column < 1 || problem.Line > strings.Count(text, "\n")+1 || strings.ContainsAny(problem.Text, "\n\x00\x1b") {
				t.Fatalf("bad error %q", err)
			}
			return
		}
		if s.String() != text {
			t.Fatalf("printed back as %q", s)
		}
		formatted, err := Parse(s.Format())
		if err != nil || !sameRun(s, formatted) {
			t.Fatalf("the canonical form %q: %v", s.Format(), err)
		}
	})
}

func FuzzParseAction(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, members uint8) {
		action, err := ParseAction(text, int(members))
		if err != nil {
			return
		}
		words := actionWords(action)
		again, err := ParseAction(words, int(members))
		if err != nil || actionWords(again) != words {
			t.Fatalf("%q is printed as %q, which reads as %v, %v", text, words, again, err)
		}
	})
}

func FuzzCommand(f *testing.F) {
	for _, text := range []string{
		`put a 'b c' --lease=1f --prev-kv`, "get a b", `del --prefix a`, "lease grant 5 --id=-1f", "lease timetolive 1f --keys",
		`txn --compare 'mod(--prefix "a b")>1' --then 'put a 1' --else 'get "" --prefix'`,
		"txn --key=k --compare=value= --action=k,create,v --action=compaction,7", "watch a --from-key --rev=3", "compact 7",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadCommand(text)
		if err != nil || c.Request == nil {
			return
		}
		words := FormatCommand(c.Request)
		again, err := ParseCommand(words)
		if err != nil || FormatCommand(again) != words {
			t.Fatalf("%q is printed as %q, which reads as %v, %v", text, words, again, err)
		}
	})
}
