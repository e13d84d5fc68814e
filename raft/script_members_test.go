package raft_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// change asks a member for another configuration.
func (s *script) change(args []string) error {
	m := s.named(args[0])
	var target raft.Configuration
	lists := map[string]*[]raft.ID{
		"voters": &target.Voters, "learners": &target.Learners, "promoting": &target.Promoting,
	}
	var list *[]raft.ID
	for _, word := range args[1:] {
		if lists[word] != nil {
			list = lists[word]
			continue
		}
		*list = append(*list, raft.ID(number(word)))
	}
	s.c.step(m, raft.Change{Request: m.request(), Target: target})
	return nil
}

func (s *script) transfer(args []string) error {
	var to raft.ID
	if len(args) > 1 {
		to = s.named(args[1]).id
	}
	s.c.step(s.named(args[0]), raft.Transfer{To: to})
	return nil
}

func (s *script) snapshot(args []string) error {
	m := s.named(args[0])
	i := raft.Index(s.c.judge.applied[m.id])
	if len(args) > 1 {
		i = raft.Index(number(args[1]))
	}
	s.c.snapshot(m, i)
	return nil
}

func (s *script) received(args []string) error {
	m := s.named(args[0])
	if !m.whole() {
		return fmt.Errorf("no whole snapshot has come")
	}
	s.c.received(m, len(args) == 1)
	return nil
}

func (s *script) lose(args []string) error {
	m := s.named(args[0])
	if m.node != nil {
		return fmt.Errorf("%v must be down", m)
	}
	if m.lose(number(args[1])) {
		s.c.judge.lose(m)
	}
	base, tail := m.recover()
	now := compacted(base, tail)
	s.always("%v has lost entries: its log ends at %v, and once went to %v", m, end(now), now.Lost)
	return nil
}
