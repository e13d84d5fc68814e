package scenario

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// pattern is a kind of event, perhaps at one member, of one client, about one kind
// of message.
type pattern struct {
	name    string
	is      func(*raftsim.Event) bool
	member  raft.ID
	client  string
	message string
}

// happenings are words for events that their kind alone does not tell.
var happenings = []struct {
	word string
	is   func(*raftsim.Event) bool
}{
	{"becomes-follower", becomes(raft.Follower)},
	{"becomes-pre-candidate", becomes(raft.PreCandidate)},
	{"becomes-candidate", becomes(raft.Candidate)},
	{"becomes-leader", becomes(raft.Leader)},
	{"txn-succeeded", func(e *raftsim.Event) bool { return isTxn(e) && succeeded(e.Response) }},
	{"txn-failed", func(e *raftsim.Event) bool { return isTxn(e) && !succeeded(e.Response) }},
}

func becomes(role raft.Role) func(*raftsim.Event) bool {
	return func(e *raftsim.Event) bool { return e.Kind == raftsim.RoleChanged && e.Role == role }
}

func isTxn(e *raftsim.Event) bool {
	_, ok := e.Response.(kv.TxnResponse)
	return ok && e.Kind == raftsim.OpAnswered
}

// happeningNames are all words for events.
func happeningNames() []string {
	names := kindNames(raftsim.EventKinds())
	for _, h := range happenings {
		names = append(names, h.word)
	}
	return names
}

// Qualifiers of a pattern.
const (
	atMember  = "at"
	byClient  = "by"
	ofMessage = "of"
)

// parsePattern reads a word for an event, and `at MEMBER`, `by CLIENT`, `of MESSAGE`
// behind it in any order.
func parsePattern(r *reader) (p pattern, err error) {
	if p.name, err = r.choice("event", happeningNames()...); err != nil {
		return p, err
	}
	p.is = happens(p.name)
	for {
		switch {
		case p.member == 0 && r.take(atMember):
			var t raftsim.Target
			t, err = r.numberedMember()
			p.member = raft.ID(t)
		case p.client == "" && r.take(byClient):
			p.client, err = value(r, "a client's name", r.sc.parseClientName)
		case p.message == "" && r.take(ofMessage):
			p.message, err = r.choice("message", kindNames(raftsim.MessageKinds())...)
		default:
			return p, nil
		}
		if err != nil {
			return p, err
		}
	}
}

// happens is the test for a word.
func happens(name string) func(*raftsim.Event) bool {
	for _, h := range happenings {
		if h.word == name {
			return h.is
		}
	}
	kinds := raftsim.EventKinds()
	kind := kinds[slices.Index(kindNames(kinds), name)]
	return func(e *raftsim.Event) bool { return e.Kind == kind }
}

func (p *pattern) words() string {
	words := p.name
	if p.member != 0 {
		words += " " + atMember + " " + raftsim.Name(p.member)
	}
	if p.client != "" {
		words += " " + byClient + " " + p.client
	}
	if p.message != "" {
		words += " " + ofMessage + " " + p.message
	}
	return words
}

// matches says whether an event is one of these.
func (p *pattern) matches(e *raftsim.Event) bool {
	return p.is(e) && (p.member == 0 || e.Member == p.member) && (p.client == "" || e.Client == p.client) &&
		(p.message == "" || e.Message != nil && raftsim.KindOf(e.Message).String() == p.message)
}
