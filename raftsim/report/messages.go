package report

import "fmt"

// drawMessages shows messages as lines from lane to lane, one path for each class: so
// that thousands of them are still a small file. What is lost ends in a cross.
func (v *view) drawMessages() {
	var paths [classes]path
	var crosses path
	for i := range v.messages {
		m := &v.messages[i]
		ended := m.ended
		if m.fate == underWay {
			ended = v.end
		}
		if !v.drawn[m.class] || !v.shows(m.sent, ended) {
			continue
		}
		from, to := 10*v.laneFor(m.from), 10*v.laneFor(m.to)
		x1, x2 := v.x10(m.sent), v.x10(ended)
		if m.fate == lost {
			const stub = 80
			if x2 == x1 { // it never went off
				x2 = x1 + stub
				to = from + (to-from)/3
			}
			crosses.cross(x2, to)
		}
		paths[m.class].line(x1, from, x2, to)
	}
	v.put(`<g transform="scale(.1)">`)
	for c := range classes {
		if k := int(classes) - 1 - int(c); paths[k].text != nil {
			v.put(`<path class="%s" d="%s"/>`, classStyle[k], string(paths[k].text))
		}
	}
	if crosses.text != nil {
		v.put(`<path class="lost" d="%s"/>`, string(crosses.text))
	}
	v.put("</g>\n")
}

// path is a list of lines in the language of SVG.
type path struct{ text []byte }

func (p *path) line(x1, y1, x2, y2 int) {
	p.text = fmt.Appendf(p.text, "M%d %dL%d %d", x1, y1, x2, y2)
}

func (p *path) cross(x, y int) {
	const arm = 30
	p.text = fmt.Appendf(p.text, "M%d %dl%d %dm0 -%dl-%d %d", x-arm, y-arm, 2*arm, 2*arm, 2*arm, 2*arm, 2*arm)
}
