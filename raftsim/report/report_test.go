package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"pgregory.net/rapid"
)

// pageOf runs a scenario and draws it.
func pageOf(t interface{ Fatalf(string, ...any) }, title, text string, change func(*scenario.Result)) string {
	s, err := scenario.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	r := New()
	result, err := scenario.Run(s, scenario.Options{Look: r.Look})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if change != nil {
		change(result)
	}
	var page bytes.Buffer
	if err := r.HTML(&page, Page{Title: title, Engine: "test", Again: []string{"castaway run " + title}}, s, result); err != nil {
		t.Fatalf("%v", err)
	}
	return page.String()
}

// A finding's page says first what broke, and by which steps; what its words look like
// does not matter.
func TestBroken(t *testing.T) {
	text := "castaway 1\nbug quorum-miscounted\nat 1s client you put '<b># no comment' '</table><script>' # <i>it\nrun 2s # the end\n"
	s, err := scenario.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*Broken{{Property: "CommittedIsDurable", Detail: "S1 </p><script>alert(1)</script>"}, {Property: "<x>", Excuse: "<y>"}} {
		r := New()
		result, err := scenario.Run(s, scenario.Options{Look: r.Look})
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		if err := r.HTML(&page, Page{Title: "<found>", Broken: b}, s, result); err != nil {
			t.Fatal(err)
		}
		checkPage(t, page.String())
		for _, want := range []string{
			escape(b.Property) + " is broken", escape(b.Detail), escape(b.Excuse),
			"<td><code>at 1s client you@leader put &#34;&lt;b&gt;# no comment&#34; &lt;/table&gt;&lt;script&gt;</code></td><td>&lt;i&gt;it</td>",
			"<td><code>run 2s</code></td><td>the end</td>",
		} {
			if !strings.Contains(page.String(), want) {
				t.Errorf("%s is missing", want)
			}
		}
	}
}

// tags are all that a page is made of.
var tags = regexp.MustCompile(`^<(/?(html|title|style|h1|h2|h3|p|span|b|ul|li|dl|dt|dd|code|pre|div|svg|text|g|rect|line|path|circle|table|tr|td)|meta|!doctype)[ >/]`)

// checkPage checks that a page is whole, is made of nothing but its own markup, and asks nobody.
func checkPage(t interface{ Errorf(string, ...any) }, page string) {
	for i := strings.IndexByte(page, '<'); i >= 0; {
		if !tags.MatchString(page[i:min(i+20, len(page))]) {
			t.Errorf("foreign markup: %q", page[i:min(i+60, len(page))])
			return
		}
		next := strings.IndexByte(page[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	for _, tag := range []string{"svg", "g", "div", "p", "ul", "table", "tr", "td", "pre", "text", "title", "span"} {
		if opened, closed := strings.Count(page, "<"+tag+">")+strings.Count(page, "<"+tag+" "), strings.Count(page, "</"+tag+">"); opened != closed {
			t.Errorf("%d of <%s>, %d of </%s>", opened, tag, closed, tag)
		}
	}
	for _, asks := range []string{"http:", "https:", "src=", "href=", "url(", "@import", "<script", "%!"} {
		if strings.Contains(page, asks) {
			t.Errorf("the page has %s", asks)
		}
	}
}

func TestExamples(t *testing.T) {
	for name, text := range examples.All() {
		page := pageOf(t, name, text, nil)
		checkPage(t, page)
		if again := pageOf(t, name, text, nil); again != page {
			t.Errorf("%s: the page is another one the second time", name)
		}
	}
}

// A page says what there is to say.
func TestPage(t *testing.T) {
	page := pageOf(t, "x.scenario", `castaway 1
members 3
seed 4
client A cas-counter n increments 40 think 10ms..20ms timeout 300ms
at 1s cut leader
at 2s heal
at 2.5s crash S1
at 3s restart
run 5s
expect verdict linearizable
expect value n 7
`, nil)
	checkPage(t, page)
	for _, want := range []string{
		`<span class="chip linearizable">`, `<li class="yes">expect verdict linearizable`, `<li class="no">expect value n 7`,
		"leads · term 1", "cut: S", "all cuts are healed", "✕<title>", "▲<title>", "place 1 in the order of effect", `class="unknown"`,
		`class="entries" d="M`, `class="lost" d="M`, "castaway run x.scenario", "at 2.5s crash S1", "<dt>hash</dt><dd><code>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// A violation stands out.
func TestViolationPage(t *testing.T) {
	page := pageOf(t, "x", "castaway 1\nmembers 3\nclient A manual\nat 1s client A@S1 put k v\nrun 2s\n", func(r *scenario.Result) {
		r.Verdict = linearize.Verdict{Result: linearize.Violation, Reason: "it is < wrong", Conflict: []int{0}}
	})
	checkPage(t, page)
	for _, want := range []string{`class="chip violation"`, "it is &lt; wrong", "conflict", "the operations that contradict each other"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// Whatever a scenario says is text.
func TestTextIsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nasty := rapid.SampledFrom([]string{"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</pre>", "]]>", "<!--", "&lt;", "\x00\x1b[31m", "\u202e", "</title><p>", "%s%d"})
		key, value, title := "k"+nasty.Draw(t, "key"), nasty.Draw(t, "value"), nasty.Draw(t, "title")
		page := pageOf(t, title, fmt.Sprintf("castaway 1\nmembers 3\n# %s\nclient A manual\nat 1s client A@S1 put %q %q\nat 1.5s client A@S1 get %q\nrun 2s\n",
			clean(value), key, value, key), nil)
		checkPage(rapidT{t}, strings.NewReplacer("src=x", "").Replace(page))
	})
}

// clean is text that a scenario may hold in a comment.
func clean(s string) string {
	return strings.NewReplacer("\x00", "", "\x1b", "", "\u202e", "").Replace(s)
}

type rapidT struct{ *rapid.T }

// A report of a thousand operations is at most 1.5 MB.
func TestSize(t *testing.T) {
	page := pageOf(t, "thousand", thousand, nil)
	checkPage(t, page)
	if most := 1_500_000; len(page) > most {
		t.Errorf("%d bytes, more than %d", len(page), most)
	}
	if n := strings.Count(page, "in the order of effect</title>"); n < 1000 {
		t.Errorf("only %d operations", n)
	}
}

// thousand is a scenario of more than a thousand operations.
const thousand = `castaway 1
members 5
seed 7
client A B C D cas-counter counter increments 100 think 20ms..60ms timeout 500ms
at 3s cut leader
at 5s heal
at 8s crash leader
at 9s restart
at 12s cut S1 S2 | S3 S4 S5
at 14s heal
run 22s
`

// A long run with many clients is cut down, and the page says to what.
func TestLongRun(t *testing.T) {
	names := ""
	for i := range 40 {
		names += fmt.Sprint(" c", i)
	}
	page := pageOf(t, "long", "castaway 1\nmembers 5\nclient"+names+" cas-counter n think 100ms..200ms\nat 50s crash leader\nrun 80s\n", nil)
	checkPage(t, page)
	if most := 5_000_000; len(page) > most {
		t.Errorf("%d bytes", len(page))
	}
	for _, want := range []string{"Too many to draw", "strips are left out", "more lines are left out"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	s, err := scenario.Parse(thousand)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := New()
		result, err := scenario.Run(s, scenario.Options{Look: r.Look})
		if err != nil {
			b.Fatal(err)
		}
		var page bytes.Buffer
		if err := r.HTML(&page, Page{}, s, result); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(page.Len()))
	}
}
