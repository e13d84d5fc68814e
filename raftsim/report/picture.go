package report

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// picture is a run in space and time: a lane for each member and each client, time
// to the right.
type picture struct {
	*Recorder
	end     raftsim.Time
	members []raft.ID
	clients []string
	bars    []bar
	// drawn says which messages are; plain leaves the words of operations out.
	drawn [classes]bool
	plain bool
}

// Sizes in pixels.
const (
	wide = 960
	// memberHigh is from one member's lane to the next, clientHigh from client to client.
	memberHigh = 34
	clientHigh = 20
	barHigh    = 15
	rowHigh    = 15
	axisHigh   = 18
	charWide   = 7
	// maxRows of faults and maxLanes of clients are shown in one strip.
	maxRows  = 4
	maxLanes = 16
)

func newPicture(r *Recorder, result *scenario.Result) *picture {
	p := &picture{Recorder: r, end: result.World.Now(), members: membersOf(r), bars: bars(result)}
	p.clients = clientsOf(p.bars)
	return p
}

// view is one strip on its way to the page.
type view struct {
	*picture
	strip
	*writer
	// top is where the members' lanes begin, bottom where the clients' do.
	top, bottom int
	lanes       []string
	labels      []label
}

// label is a fault's name, in a row above the lanes.
type label struct {
	x, until, row int
	text          string
}

// draw draws a strip: the names of the lanes, which stay in sight, and the lanes.
func (p *picture) draw(out *writer, s strip) {
	v := &view{picture: p, strip: s, writer: &writer{}}
	v.lanes = v.clientsHere()
	rows := v.layLabels()
	v.top = rows*rowHigh + 6
	v.bottom = v.top + len(p.members)*memberHigh
	high := v.bottom + len(v.lanes)*clientHigh + axisHigh
	v.drawBands()
	v.drawAxis(high)
	v.drawMembers()
	v.drawMessages()
	v.nameStates()
	v.drawMarks()
	v.drawClients()
	out.put(`<div class="strip"><svg class="names" width="64" height="%d" viewBox="0 0 64 %d" aria-hidden="true">`, high, high)
	for i, id := range p.members {
		out.put(`<text x="4" y="%d">%s</text>`, v.laneOf(i)+4, raftsim.Name(id))
	}
	for i, name := range v.lanes {
		out.put(`<text x="4" y="%d">%s</text>`, v.bottom+i*clientHigh+barHigh-3, clip(name, 8))
	}
	out.put(`</svg><svg class="lanes" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="from %s to %s">`,
		wide, high, wide, high, clock(s.from), clock(s.to))
	out.nest(v.writer)
	out.put("</svg></div>\n")
}

// x is where a moment lies, in pixels; x10 in tenths of them.
func (v *view) x(t raftsim.Time) int   { return v.x10(t) / 10 }
func (v *view) x10(t raftsim.Time) int { return int((t - v.from) * 10 * wide / (v.to - v.from)) }

// within is x, but not beyond the edges.
func (v *view) within(t raftsim.Time) int { return v.x(min(max(t, v.from), v.to)) }

// shows says whether some time is seen.
func (v *view) shows(from, to raftsim.Time) bool { return from < v.to && to >= v.from }

// laneOf is the middle of a member's lane, by its place among the members.
func (v *view) laneOf(i int) int { return v.top + i*memberHigh + memberHigh/2 }

// laneFor is the middle of a member's lane.
func (v *view) laneFor(id raft.ID) int { return v.laneOf(slices.Index(v.members, id)) }

// clientsHere are the clients that have something to show.
func (v *view) clientsHere() []string {
	var list []string
	for _, name := range v.clients {
		shows := func(b bar) bool { return b.client == name && v.shows(b.from, b.to) }
		if len(list) < maxLanes && slices.ContainsFunc(v.bars, shows) {
			list = append(list, name)
		}
	}
	return list
}

// layLabels finds a row for the name of each cut and each fault that no member shows.
func (v *view) layLabels() (rows int) {
	free := make([]int, maxRows)
	add := func(x, until int, text string) {
		for row := range free {
			if free[row] <= x {
				free[row] = max(until, x+charWide*(len([]rune(text))+2))
				rows = max(rows, row+1)
				v.labels = append(v.labels, label{x, until, row, text})
				return
			}
		}
	}
	for _, b := range v.bands {
		if v.shows(b.from, b.to) {
			add(v.within(b.from), v.within(min(b.to, v.end)), b.text)
		}
	}
	for _, m := range v.marks {
		if m.kind != raftsim.RoleChanged && m.member == 0 && v.showsMoment(m.at) && !v.beginsBand(m) {
			x := v.within(m.at)
			add(x, x, m.text)
		}
	}
	return rows
}

func (v *view) showsMoment(t raftsim.Time) bool { return t >= v.from && t < v.to }

// beginsBand says whether a cut's band tells of an action already.
func (v *view) beginsBand(m mark) bool {
	return slices.ContainsFunc(v.bands, func(b band) bool { return b.from == m.at && b.text == m.text })
}

// drawBands shows cuts as bands over all members, and other faults as lines, each with its name.
func (v *view) drawBands() {
	for _, l := range v.labels {
		y, room := l.row*rowHigh, wide
		if l.until > l.x {
			room = max(l.until-l.x, 60)
			v.put(`<rect class="band" x="%d" y="%d" width="%d" height="%d"/>`, l.x, y, l.until-l.x, v.bottom-y)
		} else {
			v.put(`<line class="moment" x1="%d" x2="%d" y1="%d" y2="%d"/>`, l.x, l.x, y, v.bottom)
		}
		x, anchor := l.x+3, "start"
		if wide-l.x < charWide*len([]rune(clip(l.text, room/charWide))) {
			x, anchor = l.x-3, "end"
		}
		v.put(`<text class="fault" x="%d" y="%d" text-anchor="%s">%s<title>%s</title></text>`, x, y+11, anchor, clip(l.text, max(room, 200)/charWide), l.text)
	}
}

// drawAxis shows what time it is.
func (v *view) drawAxis(high int) {
	step := tick(v.to - v.from)
	for t := (v.from + step - 1) / step * step; t < v.to; t += step {
		x := v.x(t)
		v.put(`<line class="tick" x1="%d" x2="%d" y1="%d" y2="%d"/>`, x, x, v.top, high-axisHigh+4)
		if x < wide-charWide*len("0.000 s") {
			v.put(`<text class="time" x="%d" y="%d">%s</text>`, x+2, high-4, clock(t))
		}
	}
}

// tick is a round span of time that fits into another one four to ten times.
func tick(all raftsim.Time) raftsim.Time {
	for step := raftsim.Microsecond; ; step *= 10 {
		for _, k := range []raftsim.Time{1, 2, 5} {
			if k*step*10 >= all {
				return k * step
			}
		}
	}
}

// drawMembers shows what each member was.
func (v *view) drawMembers() {
	for i := range v.members {
		v.put(`<line class="lane" x1="0" x2="%d" y1="%d" y2="%d"/>`, v.within(v.end), v.laneOf(i), v.laneOf(i))
	}
	for _, s := range v.spans {
		if !v.shows(s.from, s.to) || s.from == s.to {
			continue
		}
		from, to, high := v.within(s.from), v.within(min(s.to, v.end)), barHigh
		if s.state == follows {
			high = barHigh / 3
		}
		v.put(`<rect class="s%d" x="%d" y="%d" width="%d" height="%d"><title>%s %s in term %d, from %s</title></rect>`+"\n",
			int(s.state), from, v.laneFor(s.member)-high/2, max(to-from, 1), high, raftsim.Name(s.member), words[s.state], int(s.term), clock(s.from))
	}
}

// nameStates writes over the messages what each member was, and in which term.
func (v *view) nameStates() {
	for _, s := range v.spans {
		if !v.shows(s.from, s.to) {
			continue
		}
		from, to, y := v.within(s.from), v.within(min(s.to, v.end)), v.laneFor(s.member)+4
		text := fmt.Sprintf("%s · term %d", words[s.state], s.term)
		if s.state == follows {
			text, y = fmt.Sprintf("term %d", s.term), y-8
		}
		if len([]rune(text))*charWide < to-from {
			v.put(`<text class="t%d" x="%d" y="%d">%s</text>`, int(s.state), from+4, y, text)
		}
	}
}

// signs stand on a member's lane.
var signs = map[raftsim.EventKind]string{
	raftsim.MemberCrashed: "✕", raftsim.MemberStarted: "▲", raftsim.MemberRefused: "⊘", raftsim.DiskFailed: "!",
	raftsim.LossFound: "?", raftsim.Forgotten: "?", raftsim.BeyondModel: "!", raftsim.SnapshotDamaged: "!",
	raftsim.SnapshotInstalled: "▣", raftsim.PropertyBroken: "✗",
}

func (v *view) drawMarks() {
	for _, m := range v.marks {
		if sign, ok := signs[m.kind]; ok && m.member != 0 && v.showsMoment(m.at) {
			v.put(`<text class="sign k%d" x="%d" y="%d">%s<title>%s, %s</title></text>`,
				int(m.kind), v.x(m.at), v.laneFor(m.member)+5, sign, clock(m.at), m.text)
		}
	}
}

// drawClients shows the operations.
func (v *view) drawClients() {
	for lane, name := range v.lanes {
		y := v.bottom + lane*clientHigh
		v.put(`<line class="lane" x1="0" x2="%d" y1="%d" y2="%d"/>`, v.within(v.end), y+barHigh/2, y+barHigh/2)
		var here []*bar
		for i := range v.bars {
			if b := &v.bars[i]; b.client == name && v.shows(b.from, b.to) {
				here = append(here, b)
			}
		}
		for i, b := range here {
			free := wide
			if i+1 < len(here) {
				free = v.within(here[i+1].from)
			}
			v.drawBar(b, y, free)
		}
	}
}

// drawBar shows an operation; its words may go on to free.
func (v *view) drawBar(b *bar, y, free int) {
	from, to := v.within(b.from), v.within(b.to)
	class := b.kind
	if b.conflict {
		class += " conflict"
	}
	if v.plain {
		v.put(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, from, y, max(to-from, 2), barHigh)
		return
	}
	v.put(`<g><title>%s</title><rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="2"/>`, b.title(), class, from, y, max(to-from, 2), barHigh)
	if room := (max(free, to) - from - 6) / charWide; room > 2 {
		v.put(`<text x="%d" y="%d">%s</text>`, from+3, y+barHigh-4, clip(b.label(), room-1))
	}
	if b.effect > 0 && v.showsMoment(b.at) {
		v.put(`<circle r="2" cx="%d" cy="%d"/>`, v.x(b.at), y)
	}
	v.put("</g>\n")
}

// clock is a moment in seconds, as short as it can be said.
func clock(t raftsim.Time) string {
	text := fmt.Sprintf("%d.%03d", t/raftsim.Second, t%raftsim.Second/raftsim.Millisecond)
	if rest := t % raftsim.Millisecond; rest != 0 {
		text += fmt.Sprintf("%03d", rest/raftsim.Microsecond)
	}
	return text + " s"
}
