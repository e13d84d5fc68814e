package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/report"
)

// long is a history of n operations of some clients.
func long(n int) *report.Picture {
	p := &report.Picture{Bands: []history.Band{{From: 10, To: 40, Label: "cut S1 | S2"}}}
	for i := range n {
		b := report.Bar{Op: i, Client: fmt.Sprint(i % 7), Call: int64(3 * i), Return: int64(3*i + 8), Outcome: linearize.Answered, Words: fmt.Sprintf("put x %d", i)}
		if i%10 == 9 {
			b.Outcome, b.Return = linearize.Unknown, 0
		}
		p.Bars = append(p.Bars, b)
		p.Order = append(p.Order, i)
	}
	return p
}

// wellFormed reads a picture as XML and counts its elements.
func wellFormed(t *testing.T, text string) map[string]int {
	t.Helper()
	elements := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if err != nil {
			t.Fatalf("%v in\n%.2000s", err, text)
		}
		if start, ok := token.(xml.StartElement); ok {
			elements[start.Name.Local]++
		}
	}
}

func svg(t *testing.T, p *report.Picture) string {
	t.Helper()
	var out bytes.Buffer
	if err := p.SVG(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Every operation is drawn with its words, however many there are up to 1,000;
// beyond, those around the core, and the picture says what it leaves out.
func TestSVG(t *testing.T) {
	for _, n := range []int{0, 1, 60, 1000} {
		text := svg(t, long(n))
		if elements := wellFormed(t, text); elements["title"] < n {
			t.Errorf("%d operations: %d bars", n, elements["title"])
		}
		if n == 60 && (!strings.Contains(text, "cut S1 | S2") || !strings.Contains(text, "1·put x 0") || !strings.Contains(text, `class="open"`)) {
			t.Error("a band, a place in the order or an open bar is missing")
		}
	}
	p := long(5000)
	p.Core = []int{4000, 4321}
	text := svg(t, p)
	if elements := wellFormed(t, text); elements["title"] > 1000 || strings.Count(text, "✗") < 2 || !strings.Contains(text, "operations are not drawn") {
		t.Errorf("%v", elements)
	}
}

// What a history holds is text, never markup.
func TestStrangersText(t *testing.T) {
	p := long(3)
	evil := "</title></svg><script>alert(1)</script>\x00\xff&\"'"
	p.Bars[0].Words, p.Bars[1].Client, p.Bands[0].Label = evil, evil, evil
	p.Core = []int{0}
	wellFormed(t, svg(t, p))
	var out bytes.Buffer
	e := linearize.Explanation{Result: evil, Reason: evil, Why: evil, Core: []linearize.CoreOperation{{Words: evil}}}
	if err := report.HTML(&out, evil, e, p); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<script>alert") || strings.Contains(out.String(), "</svg><script") {
		t.Error("markup of a stranger")
	}
}

func TestHTML(t *testing.T) {
	var out bytes.Buffer
	e := linearize.Explanation{Result: "violation", Judge: "porcupine", Why: "w", Rule: "the rule", Reason: "the reason", Values: "violation", Core: []linearize.CoreOperation{{Op: 1, Client: "c", Words: "put x 1"}}}
	p := long(30)
	p.Core = []int{1}
	if err := report.HTML(&out, "h.jsonl", e, p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"h.jsonl", "✗ violation", "the rule", "the reason", "operation 1 of client c", `id="explanation">{"result":"violation"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if err := report.HTML(failing{}, "x", e, p); !errors.Is(err, errFull) {
		t.Errorf("%v", err)
	}
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func BenchmarkSVG(b *testing.B) {
	p := long(1000)
	for b.Loop() {
		if err := p.SVG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
