package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/internal/mix"
	"github.com/castaway-kv/castaway/raft"
)

// Key names one choice of a run. Everything random goes through Choose with a
// key that depends only on what the choice is about, never on a global count:
// so an edit disturbs what it touches and nothing else.
type Key struct {
	Draw Draw
	// Kind of the message the choice is about.
	Kind MessageKind
	// From and To are members, or a client's number.
	From, To uint16
	// Term of the message, or the highest of its kind on its link before; or life
	// of the member.
	Term uint64
	// Ordinal counts the choices that are alike in all of the above.
	Ordinal uint64
}

// Draw is what a choice decides.
type Draw uint8

// The draws.
const (
	// DrawLatency: how much longer than the shortest time a message takes.
	DrawLatency Draw = iota
	// DrawDrop: whether a message is lost.
	DrawDrop
	// DrawElection: how much longer than the shortest an election time-out is.
	DrawElection
	// DrawWrite and DrawSync: how long the disk takes.
	DrawWrite
	DrawSync
	// DrawSector: whether a sector that was not synced is lost in a crash.
	DrawSector
	// DrawThink: how long a client pauses.
	DrawThink
	// DrawEndpoint: the member that a client asks first.
	DrawEndpoint
	// DrawRequest and DrawReply: latency between client and member.
	DrawRequest
	DrawReply
	// DrawDuplicate: whether a message comes twice; DrawReorder: whether it may
	// overtake those before it; DrawCopy: the latency of its copy.
	DrawDuplicate
	DrawReorder
	DrawCopy
	// DrawOffset and DrawRate: how a member's clock stands and goes.
	DrawOffset
	DrawRate
	// DrawTorn: how much of a sector is lost when a write is torn.
	DrawTorn
	// DrawDamage: where a disk is damaged.
	DrawDamage
	// DrawWorkload: what a client's workload asks.
	DrawWorkload
)

// draws counts the draws.
const draws = int(DrawWorkload) + 1

// Draws are all draws.
func Draws() []Draw {
	list := make([]Draw, draws)
	for d := range list {
		list[d] = Draw(d)
	}
	return list
}

// String is the draw's name in scenarios; it never changes.
func (d Draw) String() string {
	return [...]string{
		DrawLatency:   "latency",
		DrawDrop:      "drop",
		DrawElection:  "election",
		DrawWrite:     "write",
		DrawSync:      "sync",
		DrawSector:    "sector",
		DrawThink:     "think",
		DrawEndpoint:  "endpoint",
		DrawRequest:   "request",
		DrawReply:     "reply",
		DrawDuplicate: "duplicate",
		DrawReorder:   "reorder",
		DrawCopy:      "copy",
		DrawOffset:    "offset",
		DrawRate:      "rate",
		DrawTorn:      "torn",
		DrawDamage:    "damage",
		DrawWorkload:  "workload",
	}[d]
}

// Place is where a draw is made.
type Place uint8

// The places: on a link, at a member, at a client.
const (
	AtLink Place = iota
	AtMember
	AtClient
)

// Place is what From and To of the draw's keys are.
func (d Draw) Place() Place {
	switch d {
	case DrawLatency, DrawDrop, DrawDuplicate, DrawReorder, DrawCopy:
		return AtLink
	case DrawElection, DrawWrite, DrawSync, DrawSector, DrawOffset, DrawRate, DrawTorn, DrawDamage:
		return AtMember
	default:
		return AtClient
	}
}

// String is the key in the words of a scenario, a client by its number:
// `latency S1>S2 AppendEntries 3.7`, `election S2 3.1`, `think 0 0.5`.
func (k Key) String() string {
	switch k.Draw.Place() {
	case AtLink:
		return fmt.Sprintf("%v S%d>S%d %v %d.%d", k.Draw, k.From, k.To, k.Kind, k.Term, k.Ordinal)
	case AtMember:
		return fmt.Sprintf("%v S%d %d.%d", k.Draw, k.From, k.Term, k.Ordinal)
	default:
		return fmt.Sprintf("%v %d %d.%d", k.Draw, k.From, k.Term, k.Ordinal)
	}
}

// Choice replaces what the seed would choose for a key.
type Choice struct {
	Key Key
	// Value is taken modulo the number of choices. 0 is the benign one: the shortest
	// time, no loss.
	Value uint64
}

// chooser answers choices: those that are given, and the rest from a seed. It is
// never changed, so that clones share it.
type chooser struct {
	seed   uint64
	benign bool
	given  map[Key]uint64
	asked  func(k Key, n uint64) (uint64, bool)
	chosen func(Choice)
}

func newChooser(c *Config) *chooser {
	x := &chooser{seed: c.Seed, benign: c.Benign, asked: c.Choose, chosen: c.Chosen}
	if len(c.Choices) > 0 {
		x.given = make(map[Key]uint64, len(c.Choices))
	}
	for _, choice := range c.Choices {
		x.given[choice.Key] = choice.Value
	}
	return x
}

// choose returns a number below n, n > 0. Choice 0 is always the benign one.
func (c *chooser) choose(k Key, n uint64) uint64 {
	value := c.decide(k, n)
	if c.chosen != nil && value != 0 {
		c.chosen(Choice{k, value})
	}
	return value
}

func (c *chooser) decide(k Key, n uint64) uint64 {
	if len(c.given) > 0 {
		if value, ok := c.given[k]; ok {
			return value % n
		}
	}
	if c.asked != nil {
		if value, ok := c.asked(k, n); ok {
			return value % n
		}
	}
	if c.benign {
		return 0
	}
	h := mix.Hash(c.seed)
	h.Word(uint64(k.Draw)<<40 | uint64(k.Kind)<<32 | uint64(k.From)<<16 | uint64(k.To))
	h.Word(k.Term)
	h.Word(k.Ordinal)
	return h.Sum() % n
}

// spread draws a span of time.
func (c *chooser) spread(k Key, s Spread) Time {
	return s.Min + Time(c.choose(k, uint64(s.Max-s.Min)+1))
}

// happens draws whether something of that chance happens.
func (c *chooser) happens(k Key, chance Chance) bool {
	return chance > 0 && c.choose(k, uint64(Always)) >= uint64(Always-chance)
}

// electionTimeout is raft.Config.ElectionTimeout for this run.
func (c *chooser) electionTimeout(s Spread) func(raft.ID, raft.Term, int) raft.Duration {
	return func(id raft.ID, term raft.Term, attempt int) raft.Duration {
		k := Key{Draw: DrawElection, From: uint16(id), Term: uint64(term), Ordinal: uint64(attempt)}
		return raft.Duration(c.spread(k, s))
	}
}
