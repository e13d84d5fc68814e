package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/castaway-kv/castaway/linearize"
)

const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>
:root{color-scheme:light dark;--bg:#fff;--ink:#1b1f24;--soft:#5a6472;--line:#dde2e8;--ok:#18794e;--bad:#c1121f;--open:#8a6100}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--ink:#e6eaf0;--soft:#98a3b3;--line:#2a323d;--ok:#4cc38a;--bad:#ff6b70;--open:#e0b64f}}
body{margin:0 auto;padding:1.5rem;max-width:1140px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.3rem;margin:0 0 .75rem;overflow-wrap:anywhere}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.chip{display:inline-block;padding:.1rem .7rem;border:2px solid;border-radius:1rem;font-weight:600}
.linearizable{color:var(--ok)}.violation{color:var(--bad)}.undecided{color:var(--open)}
p{margin:.4rem 0;max-width:75ch;overflow-wrap:anywhere}.soft{color:var(--soft)}
ul{margin:.4rem 0;padding-left:1.2rem}li{overflow-wrap:anywhere}code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em}
.picture{overflow-x:auto;border:1px solid var(--line);border-radius:6px}svg{display:block}
</style>
<h1>%s</h1>
`

// HTML writes a page about a verdict: in words, with the picture, and with the
// explanation as JSON in an element of its own. It needs nothing from elsewhere
// and runs no script. It returns the first error of out.
func HTML(out io.Writer, name string, e linearize.Explanation, p *Picture) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, page, escape(name), escape(name))
	sign := map[string]string{"linearizable": "✓", "violation": "✗"}[e.Result]
	if sign == "" {
		sign = "?"
	}
	judged := ""
	if e.Why != "" {
		judged = fmt.Sprintf(" judged by %s, because %s", e.Judge, e.Why)
	}
	fmt.Fprintf(&b, "<p><span class=\"chip %s\">%s %s</span> <span class=\"soft\">%d operations%s</span></p>\n",
		escape(e.Result), sign, escape(e.Result), e.Operations, escape(judged))
	paragraph := func(title, text string) {
		if text != "" {
			fmt.Fprintf(&b, "<p><b>%s</b> %s</p>\n", title, escape(text))
		}
	}
	paragraph("Rule:", e.Rule)
	paragraph("Reason:", e.Reason)
	if len(e.Core) > 0 {
		fmt.Fprintf(&b, "<h2>%s</h2>\n<ul>\n", escape(upper(e.CoreWords())))
		for _, w := range e.Core {
			fmt.Fprintf(&b, "<li><code>%s</code></li>\n", escape(w.String()))
		}
		b.WriteString("</ul>\n<div class=\"picture\" tabindex=\"0\">\n")
		if err := p.closeUp().SVG(&b); err != nil {
			return err
		}
		b.WriteString("</div>\n")
	}
	paragraph("The values alone:", e.Values)
	for _, property := range e.Beyond {
		if property.Result != linearize.NotChecked {
			paragraph("Beyond linearizability:", property.String())
		}
	}
	b.WriteString("<h2>The history</h2>\n<p class=\"soft\">A row is a client, time goes to the right and then on to the next rows, by events. " +
		"A number and a dot are the place in the order of effect; a dashed bar has no answer. Point at a bar to read all of it.</p>\n<div class=\"picture\" tabindex=\"0\">\n")
	if err := p.SVG(&b); err != nil {
		return err
	}
	b.WriteString("</div>\n<script type=\"application/json\" id=\"explanation\">")
	text, err := json.Marshal(e) // escapes <, > and &
	if err != nil {
		return err
	}
	b.Write(text)
	b.WriteString("</script>\n</html>\n")
	_, err = out.Write(b.Bytes())
	return err
}

// closeUp is the picture of the core alone.
func (p *Picture) closeUp() *Picture {
	core := &Picture{Bands: p.Bands, Core: p.Core}
	for _, b := range p.Bars {
		if slices.Contains(p.Core, b.Op) {
			core.Bars = append(core.Bars, b)
		}
	}
	return core
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return string(bytes.ToUpper([]byte(s[:1]))) + s[1:]
}
