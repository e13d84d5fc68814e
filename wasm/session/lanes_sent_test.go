package session

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// page is what a page has of the lanes: it puts together what it gets.
type page struct{ lanes, beside *Lanes }

func (p *page) hear(f *Frame) {
	p.lanes = patched(p.lanes, f.Lanes, f.LanesPatch)
	if c := f.Comparison; c != nil {
		p.beside = patched(p.beside, c.Lanes, c.LanesPatch)
	} else {
		p.beside = nil
	}
}

func patched(l, whole *Lanes, p *LanesPatch) *Lanes {
	if whole != nil || p == nil {
		if whole == nil {
			whole = l
		}
		return whole
	}
	return &Lanes{
		Roles: patchedList(l.Roles, p.RolesGone, p.RolesAt, p.Roles), Faults: patchedList(l.Faults, p.FaultsGone, p.FaultsAt, p.Faults),
		Ops: patchedList(l.Ops, p.OpsGone, p.OpsAt, p.Ops), Clients: l.Clients, Marks: l.Marks, Violation: p.Violation,
	}
}

func patchedList[T any](list []T, gone int, at []int, items []T) []T {
	list = slices.Clone(list[gone:])
	for i, place := range at {
		if place == len(list) {
			list = append(list, items[i])
		}
		list[place] = items[i]
	}
	return list
}

// words are lanes as JSON.
func (l *Lanes) words() string {
	e := &encoder{}
	l.encode(e)
	return string(e.b)
}

// What the page has put together of patches is the whole, whatever it did.
func TestLanesArePatched(t *testing.T) {
	const text = `castaway 1
members 3
seed 5
client A B C cas-counter n think 1ms..5ms timeout 300ms
at 600ms cut leader
at 1.2s heal
run 3s
`
	rapid.Check(t, func(t *rapid.T) {
		s := New()
		var p page
		do := func(c Command) {
			f := s.Do(c)
			p.hear(&f)
			id := s.timeline.Branch()
			if got, want := p.lanes.words(), s.drawn(id, s.lanes(id, s.timeline.World())).words(); got != want {
				t.Fatalf("%+v: the page has %s", c, different(got, want))
			}
			if b := s.beside; b != nil {
				if got, want := p.beside.words(), s.drawn(b.id, s.paths[b.id].history).words(); got != want {
					t.Fatalf("%+v: beside it the page has %s", c, different(got, want))
				}
			}
		}
		do(Command{Kind: Open, Text: text})
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			switch rapid.IntRange(0, 9).Draw(t, "command") {
			case 0:
				do(Command{Kind: Seek, Time: rapid.Int64Range(0, 8).Draw(t, "half") * second / 2})
			case 1:
				do(Command{Kind: Act, Text: rapid.SampledFrom([]string{"crash S1", "restart", "cut S2", "heal", "client you put x 1", "nonsense"}).Draw(t, "text")})
			case 2:
				do(Command{Kind: rapid.SampledFrom([]CommandKind{Undo, Redo}).Draw(t, "kind")})
			case 3:
				do(Command{Kind: rapid.SampledFrom([]CommandKind{Switch, Compare, Drop}).Draw(t, "kind"), Branch: rapid.IntRange(-1, 3).Draw(t, "branch")})
			case 4:
				do(Command{Kind: Step, Events: rapid.IntRange(-100, 100).Draw(t, "events")})
			default:
				do(Command{Kind: Advance, Time: rapid.Int64Range(0, second/2).Draw(t, "time")})
			}
		}
	})
}

// Where little is new, little is sent.
func TestLanesPatchIsSmall(t *testing.T) {
	s, _ := opened(t, "castaway 1\nmembers 7\nseed 7\nclient A B C mixed k keys 5 think 20ms..80ms\nrun 60m\n")
	arrive(t, s, 30*second)
	most := 0
	for range 100 {
		f := must(t, s, Command{Kind: Advance, Time: second / 60})
		if f.Lanes != nil {
			t.Fatal("all lanes are sent again")
		}
		if p := f.LanesPatch; p != nil {
			e := &encoder{}
			p.encode(e)
			most = max(most, len(e.b))
		}
	}
	if most > 8000 {
		t.Errorf("the news of a sixtieth of a second are %d bytes", most)
	}
}
