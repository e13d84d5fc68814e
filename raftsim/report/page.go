package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// Page is what a page says besides the run itself.
type Page struct {
	// Title of the page: the file's name, say.
	Title string
	// Engine is the version that ran it.
	Engine string
	// Again are commands that run it again, if there are any.
	Again []string
	// Broken is what broke, if somebody else than the run's own judge says so too.
	Broken *Broken
}

// Broken is a property that broke.
type Broken struct {
	Property, Detail string
	// Excuse is the fault that no replication survives, "" if there was none.
	Excuse string
}

// HTML writes a page about the run that the recorder has seen: one file that needs nothing from
// elsewhere. It returns the first error of out.
func (r *Recorder) HTML(out io.Writer, about Page, s *scenario.Scenario, result *scenario.Result) error {
	w := &writer{}
	r.annotate(s)
	p := newPicture(r, result)
	w.put(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>`, about.Title)
	w.text.WriteString(style)
	w.put("</style>\n<h1>%s</h1>\n", about.Title)
	summary(w, about, s, result)
	p.glance(w)
	p.closer(w)
	p.film(w)
	r.tell(w)
	w.put("<h2>Run it again</h2>\n<p>The same text gives the same run on every machine, to the last bit of its hash.</p>\n")
	for _, command := range about.Again {
		w.put("<pre>%s</pre>\n", command)
	}
	w.put("<pre>%s</pre>\n</html>\n", s.String())
	return w.writeTo(out)
}

// tell says in the page's first words what broke, and by which steps.
func (b *Broken) tell(w *writer, s *scenario.Scenario) {
	w.put(`<p><span class="chip violation">✗ %s is broken</span></p>`+"\n<p>%s</p>\n", b.Property, b.Detail)
	if b.Excuse != "" {
		w.put("<p class=\"soft\">It is excused by a fault that no replication survives: %s.</p>\n", b.Excuse)
	}
	w.put("<h2>The way there</h2>\n<table class=\"steps\">\n")
	for step, comment := range s.Lines() {
		w.put("<tr><td><code>%s</code></td><td>%s</td></tr>\n", step, comment)
	}
	w.put("</table>\n<h2>The run</h2>\n")
}

// summary says what became of the run.
func summary(w *writer, about Page, s *scenario.Scenario, result *scenario.Result) {
	if about.Broken != nil {
		about.Broken.tell(w, s)
	}
	if about.Broken == nil || !strings.Contains(result.Reason(), about.Broken.Detail) {
		judgement(w, result)
	}
	c := s.Config()
	figures(w, result)
	w.put("<dl><dt>members</dt><dd>%d</dd><dt>seed</dt><dd>%s</dd><dt>length</dt><dd>%s, %d events</dd><dt>elections</dt><dd>%d won</dd><dt>hash</dt><dd><code>%s</code></dd>",
		c.Members, strconv.FormatUint(c.Seed, 10), clock(result.World.Now()), result.World.Count(), result.Elections, result.Hash())
	if about.Engine != "" {
		w.put("<dt>engine</dt><dd>castaway %s</dd>", about.Engine)
	}
	w.put("</dl>\n")
}

// judgement is the word of the run's own judge.
func judgement(w *writer, result *scenario.Result) {
	verdict := result.Judgement()
	sign := map[linearize.Result]string{linearize.Linearizable: "✓", linearize.Violation: "✗"}[verdict]
	w.put(`<p><span class="chip %s">%s %s</span> <span class="soft">%d operations judged</span></p>`+"\n",
		verdict, cmp.Or(sign, "?"), result.VerdictWord(), result.Verdict.Operations)
	if reason := result.Reason(); reason != "" {
		w.put("<p><b>Why:</b> %s</p>\n", reason)
	}
}

// figures are what holds, what does not, and what was counted.
func figures(w *writer, result *scenario.Result) {
	w.put("<ul>\n")
	for _, e := range result.Expectations {
		item(w, e.Holds, e.String())
	}
	for _, g := range result.Goals {
		item(w, g.Reached, g.String())
	}
	for _, p := range result.Beyond {
		if p.Result != linearize.NotChecked {
			item(w, p.Result == linearize.Holds, p.String())
		}
	}
	for _, c := range result.Counters {
		w.put("<li>%s</li>\n", c)
	}
	w.put("</ul>\n")
}

// item is something that holds or not.
func item(w *writer, holds bool, text string) {
	class := "no"
	if holds {
		class = "yes"
	}
	w.put(`<li class="%s">%s</li>`+"\n", class, text)
}

// annotate puts what a scenario says to its onlookers into the story and the picture.
func (r *Recorder) annotate(s *scenario.Scenario) {
	for _, c := range s.Captions() {
		r.story = append(r.story, line{at: c.At, said: true, text: c.Text})
	}
	for _, m := range s.Marks() {
		r.story = append(r.story, line{at: m.At, said: true, text: "◆ " + m.Name})
		r.marks = append(r.marks, mark{at: m.At, kind: raftsim.ActionDone, text: "◆ " + m.Name, score: 200, named: true})
	}
	slices.SortStableFunc(r.story, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	slices.SortStableFunc(r.marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
}

// glance is the whole run in one strip, without messages.
func (p *picture) glance(w *writer) {
	w.put("<h2>The run at a glance</h2>\n")
	p.legend(w)
	w.put(`<div class="strips" tabindex="0">`)
	p.plain = true
	p.draw(w, strip{from: 0, to: max(p.end, raftsim.Millisecond)})
	p.plain = false
	w.put("</div>\n")
}

// closer shows a few moments in which the messages can be told apart.
func (p *picture) closer(w *writer) {
	list := p.closeUps()
	if len(list) == 0 {
		return
	}
	w.put("<h2>A closer look</h2>\n")
	for c := range classes {
		p.drawn[c] = true
	}
	for _, s := range list {
		w.put(`<h3>%s: %s</h3><div class="strips" tabindex="0">`, clock(s.from), s.title)
		p.draw(w, s)
		w.put("</div>\n")
	}
}

// film is the run strip by strip.
func (p *picture) film(w *writer) {
	strips, leftOut := p.strips()
	p.drawn = [classes]bool{}
	unseen := p.chooseClasses(strips)
	if n := len(p.bars) - maxBars; n > 0 {
		p.bars = p.bars[:maxBars]
		unseen = append(unseen, fmt.Sprintf("the last %d operations", n))
	}
	w.put("<h2>Space and time</h2>\n<p class=\"soft\">Time goes to the right, and on to the next strip. A lane is a member, below them a client; " +
		"a slanted line is a message. A number in a bar is the operation's place in the order of effect, the dot its moment. Point at anything to read all of it.</p>\n")
	if len(unseen) > 0 {
		w.put("<p class=\"soft\">Too many to draw them here: %s.</p>\n", strings.Join(unseen, ", "))
	}
	if p.unkept > 0 {
		w.put("<p class=\"soft\">Messages after the first %d are not kept: %d.</p>\n", maxMessages, p.unkept)
	}
	if leftOut > 0 {
		w.put("<p class=\"soft\">%d strips are left out, in which the least happens.</p>\n", leftOut)
	}
	w.put(`<div class="strips" tabindex="0">`)
	at := raftsim.Time(0)
	for _, s := range strips {
		if s.from > at {
			w.put("<p class=\"gap\">… from %s to %s, where little happens</p>\n", clock(at), clock(s.from))
		}
		p.draw(w, s)
		at = s.to
	}
	if at < p.end {
		w.put("<p class=\"gap\">… from %s to the end, where little happens</p>\n", clock(at))
	}
	w.put("</div>\n")
}

// legend says what is what.
func (p *picture) legend(w *writer) {
	w.put(`<div class="legend">`)
	for _, s := range []state{leads, follows, asksForVotes, isDown} {
		w.put(`<span><svg class="key"><rect class="s%d" width="26" height="12"/></svg>%s</span>`, int(s), words[s])
	}
	for c := range classes {
		w.put(`<span><svg class="key" viewBox="0 0 260 120"><path class="%s" d="M10 110L250 10"/></svg>%s</span>`, classStyle[c], className[c])
	}
	w.put(`<span><svg class="key" viewBox="0 0 260 120"><path class="lost" d="M100 30l60 60m0 -60l-60 60"/></svg>lost</span>`)
	for _, k := range []struct{ kind, words string }{
		{"answered", "answered"}, {"failed", "a compare failed"}, {"unknown", "no answer: unknown"}, {"refused", "refused: it did not happen"},
	} {
		w.put(`<span><svg class="key"><rect class="%s" x="1" y="1" width="24" height="10"/></svg>%s</span>`, k.kind, k.words)
	}
	w.put("<span>✕ crash</span><span>▲ restart</span><span>▣ snapshot installed</span></div>\n")
}

// tell is the story.
func (r *Recorder) tell(w *writer) {
	w.put("<h2>The story</h2>\n<table>\n")
	for _, l := range r.story {
		class := ""
		switch l.kind {
		case raftsim.RoleChanged:
			class = "election"
		case raftsim.ActionDone, raftsim.MemberCrashed, raftsim.MemberStarted, raftsim.DiskFailed, raftsim.LossFound, raftsim.LinkFlapped:
			class = "fault"
		case raftsim.OpUnknown:
			class = "open"
		case raftsim.PropertyBroken:
			class = "bad"
		default:
		}
		if l.said {
			class = "said"
		}
		w.put(`<tr class="%s"><td>%s</td><td>%s</td></tr>`+"\n", class, clock(l.at), clip(l.text, 4*maxTitle))
	}
	w.put("</table>\n")
	if r.untold > 0 {
		w.put("<p class=\"soft\">%d more lines are left out; castaway run prints them all.</p>\n", r.untold)
	}
}
