package raftsim

import (
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/raft"
	"pgregory.net/rapid"
)

// planned is a happening as the model of the queue knows it.
type planned struct {
	at    Time
	class int
	// place among those of its class: a sequence number, or a timer's owner.
	place int
	h     happening
}

func comparePlanned(a, b planned) int {
	return slices.Compare([]int{int(a.at), a.class, a.place}, []int{int(b.at), b.class, b.place})
}

// The heap against a sorted list.
func TestQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var model []planned
		n := 0
		take := func(t *rapid.T, q *queue, model []planned) []planned {
			at, h := q.take()
			if want := model[0]; at != want.at || h.kind != want.h.kind || h.number != want.h.number {
				t.Fatalf("took %v %d at %d, want %v %d at %d", h.kind, h.number, at, want.h.kind, want.h.number, want.at)
			}
			return model[1:]
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				n++
				p := planned{at: Time(rapid.IntRange(0, 5).Draw(t, "at")), place: n}
				p.h = happening{kind: rapid.SampledFrom([]happeningKind{doStart, doAction, doDeliver, doReply, doWake, doTimeout}).Draw(t, "kind")}
				p.h.number = uint64(n)
				switch p.h.kind {
				case doStart:
				case doAction:
					p.class = 1
				case doWake:
					p.h.member = raft.ID(rapid.IntRange(1, MaxMembers).Draw(t, "member"))
					p.class, p.place = 3, int(p.h.member)
				case doTimeout:
					p.h.client = rapid.IntRange(0, MaxClients-1).Draw(t, "client")
					p.class, p.place = 3, 1000+p.h.client
				default:
					p.class = 2
				}
				if p.class == 3 && slices.ContainsFunc(model, func(o planned) bool { return comparePlanned(o, p) == 0 }) {
					t.Skip("a timer stands once at one moment")
				}
				q.add(p.at, p.h)
				model = append(model, p)
				slices.SortFunc(model, comparePlanned)
			},
			"take": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip("it is empty")
				}
				model = take(t, &q, model)
			},
			"drop actions": func(*rapid.T) {
				q.dropActions()
				model = slices.DeleteFunc(model, func(p planned) bool { return p.h.kind == doAction })
			},
			"clone": func(t *rapid.T) {
				c := q.clone()
				for rest := model; len(rest) > 0; {
					rest = take(t, &c, rest)
				}
			},
			"": func(t *rapid.T) {
				if at, ok := q.next(); ok != (len(model) > 0) || ok && at != model[0].at {
					t.Fatalf("next is %d, %v of %d", at, ok, len(model))
				}
				if len(q.slab)-len(q.free) != len(model) {
					t.Fatalf("%d slots are taken, want %d", len(q.slab)-len(q.free), len(model))
				}
			},
		})
	})
}
