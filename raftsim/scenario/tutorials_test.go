package scenario

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raftsim"
)

// tutorial is a session of the document: commands, each with what is said until the
// next one.
type tutorial struct {
	commands []string
	at       []raftsim.Time
	said     [][]string
	length   raftsim.Time
}

func readTutorial(t *testing.T, text string) *tutorial {
	t.Helper()
	x := &tutorial{length: raftsim.Second}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "(") && strings.HasSuffix(line, " later)"):
			wait, err := parseTime(line[1 : len(line)-len(" later)")])
			if err != nil {
				t.Fatal(err)
			}
			x.length += wait
		case strings.HasPrefix(line, "→ ") || strings.HasPrefix(line, "⇒ ") || strings.HasPrefix(line, "✗ "):
			x.said[len(x.said)-1] = append(x.said[len(x.said)-1], line)
		default:
			x.commands, x.at, x.said = append(x.commands, line), append(x.at, x.length), append(x.said, nil)
			x.length += 100 * raftsim.Millisecond
		}
	}
	return x
}

func (x *tutorial) scenario() string {
	var text strings.Builder
	text.WriteString(version + "\nseed 5\n")
	for i, command := range x.commands {
		fmt.Fprintf(&text, "at %v client you %s\n", x.at[i], command)
	}
	fmt.Fprintf(&text, "run %v\n", x.length+raftsim.Second)
	return text.String()
}

// hear is what an event says to the person at the console, "" if nothing.
func hear(e *raftsim.Event) string {
	sentence, _ := e.Sentence()
	switch e.Kind {
	case raftsim.OpAnswered:
		// After the request, which may hold an arrow itself.
		return "→ " + strings.TrimPrefix(sentence, fmt.Sprintf("you: %v → ", e.Request))
	case raftsim.OpRefused:
		return "✗ " + e.Err.Error()
	case raftsim.WatchDelivered:
		if len(e.Told.Events) > 0 {
			_, events, _ := strings.Cut(e.Told.String(), "@")
			_, events, _ = strings.Cut(events, " ")
			return "⇒ " + events
		}
	default:
	}
	return ""
}

// Every line of docs/TUTORIALS.md is executed, and says what stands there.
func TestTutorials(t *testing.T) {
	text, err := os.ReadFile("../../docs/TUTORIALS.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```tutorial\n")[1:]
	if len(blocks) < 10 {
		t.Fatalf("%d sessions", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		x := readTutorial(t, block)
		got := make([][]string, len(x.commands))
		r, err := Run(mustRead(t, x.scenario()), Options{Observe: func(e *raftsim.Event) {
			i, found := slices.BinarySearch(x.at, e.Time)
			if !found {
				i--
			}
			if words := hear(e); words != "" && i >= 0 {
				got[i] = append(got[i], words)
			}
		}})
		if err != nil || !r.OK() {
			t.Errorf("%v\n%v in\n%s", err, r, block)
			continue
		}
		for i := range got {
			slices.SortStableFunc(got[i], func(a, b string) int { return strings.Compare(a[:3], b[:3]) })
			if !slices.Equal(got[i], x.said[i]) {
				t.Errorf("%s\nsays\n%s\nwant\n%s", x.commands[i], strings.Join(got[i], "\n"), strings.Join(x.said[i], "\n"))
			}
		}
	}
}
