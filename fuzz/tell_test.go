package fuzz

import (
	"strings"
	"testing"
)

// The story says behind each line what happens then, in a few words.
func TestTold(t *testing.T) {
	c, err := Parse(`castaway 1
at 1s client you put x 1
at 1.005s drop S1>S2 AppendEntries 1.18
at 1.1s drop S1>S2 AppendEntries 1.18
at 2s crash leader
at 2s crash S1
at 3s client you@S1 put y 2
at 4s restart
run 5s
`)
	if err != nil {
		t.Fatal(err)
	}
	told := c.Told()
	t.Log(told)
	for _, want := range []string{
		"castaway 1\n# S1 leads term 1\nat 1s ",
		"put x 1 # S1 answers: OK\n",
		"at 1.005s drop S1>S2 AppendEntries 1.18 # entry 2, commit 1\n",
		"at 1.1s drop S1>S2 AppendEntries 1.18 # nothing: no such message is under way\n",
		"at 2s crash leader # that is S1\n",
		"at 2s crash S1 # nothing: it is down; S",
		"put y 2 # refused by S1",
		"at 4s restart\nrun 5s\n",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is missing", want)
		}
	}
	again, err := Parse(told)
	if err != nil || again.Text() != c.Text() {
		t.Errorf("it is another scenario: %v\n%s", err, told)
	}
}

// A long story is cut down to its beginning and its end.
func TestComment(t *testing.T) {
	if got := comment([]string{"a", "b", "c", "d", "e", "f"}); got != " # a; b; …; e; f" {
		t.Error(got)
	}
	if got := comment(nil); got != "" {
		t.Error(got)
	}
}
