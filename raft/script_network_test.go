package raft_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
)

// pick does something with the messages that the arguments name.
func (s *script) pick(args []string, do func(i int)) error {
	link, args := args[0], args[1:]
	kind, nth, all := "", 1, false
	for _, a := range args {
		switch n := number(a); {
		case a == "all":
			all = true
		case n > 0:
			nth = n
		default:
			kind = a
		}
	}
	want := func(p packet) bool { return onLink(link, p) && (kind == "" || kindOf(p.message) == kind) }
	count := 0
	for _, p := range s.c.flight {
		if want(p) {
			count++
		}
	}
	if count < nth {
		return fmt.Errorf("%d such messages under way", count)
	}
	if !all {
		count = 1
	}
	for range count {
		s.pickOne(want, nth, do)
	}
	return nil
}

func (s *script) pickOne(want func(packet) bool, nth int, do func(i int)) {
	for i, p := range s.c.flight {
		if want(p) {
			if nth--; nth == 0 {
				do(i)
				return
			}
		}
	}
}

// onLink reports whether a message fits S1>S2, *>S2, S1>* or *.
func onLink(link string, p packet) bool {
	from, to, _ := strings.Cut(link, ">")
	return (from == "*" || from == who(p.from)) && (to == "" || to == "*" || to == who(p.to))
}

func (s *script) deliver(i int) {
	p := s.c.flight[i]
	lost := ""
	if s.c.severed(p.from, p.to) || s.c.member(p.to).node == nil {
		lost = " (lost)"
	}
	s.say("%v%s", p, lost)
	s.c.deliver(i)
}

func (s *script) drop(i int)   { s.say("%v (dropped)", s.c.take(i)) }
func (s *script) double(i int) { s.c.flight = append(s.c.flight, s.c.flight[i]) }

// inject forges what another leader of the paper might send: an empty
// AppendEntries anywhere in its log.
func (s *script) inject(args []string) error {
	from, to, _ := strings.Cut(args[0], ">")
	sender := s.named(from)
	index, term, _ := strings.Cut(args[2], "@")
	m := &raft.AppendEntries{
		Term:   sender.node.Term(),
		Prev:   raft.Position{Index: raft.Index(number(index)), Term: raft.Term(number(term))},
		Commit: raft.Index(number(args[4])),
	}
	s.c.flight = append(s.c.flight, packet{sender.id, s.named(to).id, m})
	return nil
}

func (s *script) settle([]string) error {
	for range 1000 {
		for _, m := range s.c.members {
			s.sync(m)
		}
		if len(s.c.flight) == 0 && s.c.idle() {
			return nil
		}
		if len(s.c.flight) > 0 {
			s.deliver(0)
		}
	}
	return fmt.Errorf("does not settle")
}

func (s *script) cut(args []string) error {
	a := s.named(args[0])
	for _, b := range s.c.members {
		if a != b && (len(args) == 1 || slices.Contains(args[1:], b.String())) {
			s.c.sever(a.id, b.id)
		}
	}
	return nil
}
