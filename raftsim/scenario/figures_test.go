package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// logsAt are the terms of all members' logs at a mark of an example, as in the
// figures of the paper.
func logsAt(t *testing.T, example, mark string) []string {
	t.Helper()
	s := mustRead(t, examples.All()[example])
	i := slices.IndexFunc(s.Marks(), func(m Mark) bool { return m.Name == mark })
	if i < 0 {
		t.Fatalf("%s has no mark %q", example, mark)
	}
	world, err := raftsim.New(s.Config())
	if err != nil {
		t.Fatal(err)
	}
	world.RunUntil(s.Marks()[i].At)
	var logs []string
	for _, id := range world.MemberIDs() {
		var terms []string
		for i := raft.Index(1); ; i++ {
			entry, ok := world.Entry(id, i)
			if !ok {
				break
			}
			terms = append(terms, fmt.Sprint(entry.Term))
		}
		logs = append(logs, strings.Join(terms, " "))
	}
	return logs
}

// The examples show what the figures of the paper show.
func TestFigures(t *testing.T) {
	for _, test := range []struct {
		example, mark string
		want          []string
	}{
		{"figure-7", "figure 7", []string{
			"1 1 1 4 4 5 5 6 6 6",
			"1 1 1 4 4 5 5 6 6",
			"1 1 1 4",
			"1 1 1 4 4 5 5 6 6 6 6",
			"1 1 1 4 4 5 5 6 6 6 7 7",
			"1 1 1 4 4 4 4",
			"1 1 1 2 2 2 3 3 3 3 3",
		}},
		{"figure-8", "figure 8a", []string{"1 2 2", "1 2 2", "1", "1", "1"}},
		{"figure-8", "figure 8b", []string{"1 2 2", "1 2 2", "1", "1", "1 3 3"}},
		{"figure-8", "figure 8c", []string{"1 2 2 4", "1 2 2", "1 2 2 4", "1", "1 3 3"}},
		{"figure-8", "figure 8d", []string{"1 2 2 4", "1 3 3 5", "1 3 3 5", "1 3 3 5", "1 3 3 5"}},
		{"figure-8e", "figure 8e", []string{"1 2 2 4", "1 2 2 4", "1 2 2 4", "1 2 2 4", "1 3 3"}},
	} {
		if got := logsAt(t, test.example, test.mark); !slices.Equal(got, test.want) {
			t.Errorf("%s: the logs are\n%s\nwant\n%s", test.mark, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
}
