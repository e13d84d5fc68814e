package raft_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/raft"
)

// script runs a story on a cluster, command by command, and tells what happens.
//
//	cluster N paper|etcd|lease [voters N] [rule NAME] [prefer S] [BOUND N ...]
//	                       N members, not started; the first voters of them; a
//	                       replaced rule (see replacements); who should lead; and
//	                       bounds: entries, message (bytes), window (messages),
//	                       bytes (in the window), uncommitted, chunk, keep, drift
//	disk S term T [vote S] log T T T
//	                       what a member's disk holds at first: its log, as terms
//	start [S ...]          start members, all if none is named; also after a crash
//	elect S                start all, and let S win an election, without a word
//	timeout S              move the clock of S to when it wakes, and wake it
//	wait MS [S ...]        move clocks on; nobody is woken
//	wake S                 wake it now
//	propose S DATA ...     propose, several in one batch; read S: ask for a read index
//	change S voters N N ... [learners N ...] [promoting N ...]
//	transfer S [S]         let S hand over
//	snapshot S [I]         keep the state of S (after applying entry I) and compact
//	received S [damaged]   the file of a snapshot is whole, or damaged
//	sync [S ...]           write all to disk and report it; whole snapshots, too
//	persist S N            write N records to disk and don't report it
//	report S               report what is on disk
//	deliver LINK [KIND] [N|all]
//	                       deliver the first (or Nth, or every) message under way
//	                       on a link (S1>S2, *>S2, S1>*, *), of a kind
//	drop, double           the same way: lose it; add a copy behind all others
//	inject S>S prev I@T commit I
//	                       put an empty AppendEntries in the sender's term on the wire
//	settle                 sync and deliver all until nothing is under way
//	cut S [S]              cut a link, or a member off; heal: mend all
//	crash S [keep N]       lose what is not synced, but for N records
//	lose S N               take the last N synced records from a crashed member's disk
//	rebase S               replace the records on its disk by a Base and its log
//	state, logs, flight    show them
//	quietly COMMAND        tell only elections and commits
type script struct {
	c     *cluster
	out   strings.Builder
	quiet bool
	mute  bool
	// honest ignores "rule", to see that the story is harmless without it.
	honest bool
	// told are the properties whose violations were told.
	told map[string]bool
}

// run replaces the answers under the commands of a transcript.
func (s *script) run(text string) (string, error) {
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		command, ok := strings.CutPrefix(line, "> ")
		if !ok {
			if !strings.HasPrefix(line, "  ") {
				s.out.WriteString(line + "\n")
			}
			continue
		}
		s.out.WriteString(line + "\n")
		rest, quiet := strings.CutPrefix(command, "quietly ")
		s.quiet = quiet
		if err := s.do(strings.Fields(rest)); err != nil {
			return "", fmt.Errorf("line %d: %s: %w", i+1, line, err)
		}
		s.blame()
	}
	return s.out.String(), nil
}

// blame tells the first violation of each property.
func (s *script) blame() {
	for _, property := range slices.Sorted(maps.Keys(s.c.judge.verdicts)) {
		if !s.told[property] {
			s.told[property] = true
			fmt.Fprintf(&s.out, "  !! %s\n", s.c.judge.verdicts[property])
		}
	}
}

func (s *script) say(format string, args ...any) {
	if !s.quiet {
		s.always(format, args...)
	}
}

func (s *script) always(format string, args ...any) {
	if !s.mute {
		fmt.Fprintf(&s.out, "  "+format+"\n", args...)
	}
}

// commands by their first word; args are the words behind it.
var commands = map[string]func(s *script, args []string) error{
	"cluster":  (*script).cluster,
	"disk":     (*script).disk,
	"start":    each((*script).start),
	"elect":    each((*script).elect),
	"timeout":  each((*script).timeout),
	"wake":     each(func(s *script, m *member) error { s.c.step(m, raft.Wake{}); return nil }),
	"sync":     each(func(s *script, m *member) error { s.sync(m); return nil }),
	"report":   each(func(s *script, m *member) error { s.c.report(m); return nil }),
	"rebase":   each(func(_ *script, m *member) error { m.rebase(); return nil }),
	"change":   (*script).change,
	"transfer": (*script).transfer,
	"campaign": each(func(s *script, m *member) error { s.c.step(m, raft.Campaign{}); return nil }),
	"snapshot": (*script).snapshot,
	"received": (*script).received,
	"lose":     (*script).lose,
	"read":     each((*script).read),
	"wait":     (*script).wait,
	"propose":  (*script).propose,
	"persist":  (*script).persist,
	"deliver":  func(s *script, a []string) error { return s.pick(a, s.deliver) },
	"drop":     func(s *script, a []string) error { return s.pick(a, s.drop) },
	"double":   func(s *script, a []string) error { return s.pick(a, s.double) },
	"inject":   (*script).inject,
	"settle":   (*script).settle,
	"cut":      (*script).cut,
	"heal":     func(s *script, _ []string) error { s.c.heal(); return nil },
	"crash":    (*script).crash,
	"state":    (*script).state,
	"logs":     (*script).logs,
	"flight":   (*script).flight,
}

func (s *script) do(words []string) error {
	if len(words) == 0 || commands[words[0]] == nil {
		return fmt.Errorf("unknown command")
	}
	if s.c == nil && words[0] != "cluster" {
		return fmt.Errorf("no cluster yet")
	}
	return commands[words[0]](s, words[1:])
}

// each makes a command of one that is for one member: for each named, or all.
func each(do func(*script, *member) error) func(*script, []string) error {
	return func(s *script, names []string) error {
		for _, m := range s.c.members {
			if len(names) > 0 && !slices.Contains(names, m.String()) {
				continue
			}
			if err := do(s, m); err != nil {
				return err
			}
		}
		return nil
	}
}

// disk gives a member a past: every entry of a term in one record.
func (s *script) disk(args []string) error {
	m, at := s.named(args[0]), slices.Index(args, "log")
	if m == nil || at < 0 {
		return fmt.Errorf("want a member, term, vote, and log with terms")
	}
	vote := raft.TermVote{Term: raft.Term(number(args[2]))}
	if args[3] == "vote" {
		vote.Vote = s.named(args[4]).id
	}
	m.records = append(m.records, vote)
	for i, t := range args[at+1:] {
		e := raft.Entry{Term: raft.Term(number(t)), Index: raft.Index(i + 1), Kind: raft.NoOp}
		m.records = append(m.records, &raft.Append{Entries: []raft.Entry{e}})
	}
	return nil
}

func (s *script) start(m *member) error {
	if m.node != nil {
		return nil
	}
	if err := s.c.start(m); err != nil {
		return err
	}
	st := m.node.State()
	s.say("%v starts in term %d with vote %s, log up to %v", m, st.Term, who(st.Vote), st.Last)
	return nil
}

func (s *script) elect(m *member) error {
	s.mute = true
	for _, other := range s.c.members {
		if err := s.start(other); err != nil {
			return err
		}
	}
	_ = s.timeout(m)
	s.c.settle()
	s.mute = false
	s.always("%v %s, %v is committed", m, status(m.node.State()), m.node.Last())
	return nil
}

func (s *script) timeout(m *member) error {
	m.clock = max(m.clock, m.wake)
	s.c.step(m, raft.Wake{})
	return nil
}

func (s *script) wait(args []string) error {
	for _, m := range s.c.members {
		if len(args) == 1 || slices.Contains(args[1:], m.String()) {
			m.clock += raft.Time(raft.Duration(number(args[0])) * millisecond)
		}
	}
	return nil
}

func (s *script) sync(m *member) {
	if m.node == nil || !m.busy() {
		return
	}
	if len(m.cache) > 0 || m.told != m.synced {
		s.say("%v synced to #%d", m, m.synced+uint64(len(m.cache)))
	}
	s.c.sync(m)
}

func (s *script) persist(args []string) error {
	m := s.named(args[0])
	if number(args[1]) > len(m.cache) {
		return fmt.Errorf("only %d records wait", len(m.cache))
	}
	s.c.persist(m, number(args[1]))
	s.say("%v has #%d on disk", m, m.synced)
	return nil
}

func (s *script) propose(args []string) error {
	m := s.named(args[0])
	if len(args) == 2 {
		s.c.propose(m, args[1])
		return nil
	}
	var batch raft.ProposeBatch
	for _, data := range args[1:] {
		batch.Proposals = append(batch.Proposals, raft.Propose{Request: m.request(), Data: data})
	}
	s.c.step(m, batch)
	return nil
}

func (s *script) read(m *member) error {
	s.say("%v is asked for %s", m, name(raft.RequestID{Member: m.id, Life: m.life, Sequence: m.sequence + 1}))
	s.c.read(m)
	return nil
}

func (s *script) crash(args []string) error {
	m, keep := s.named(args[0]), 0
	if len(args) == 3 {
		keep = number(args[2])
	}
	lost := len(m.cache) - keep
	s.c.crash(m, keep)
	s.always("%v crashes; %d records lost", m, lost)
	return nil
}

func (s *script) state([]string) error {
	for _, m := range s.c.members {
		if m.node == nil {
			s.always("%v is down", m)
			continue
		}
		s.always("%v", m.node.State())
	}
	return nil
}

// logs shows the terms of all logs, by index.
func (s *script) logs([]string) error {
	for _, m := range s.c.members {
		var terms []string
		for _, p := range s.c.judge.logs[m.id] {
			terms = append(terms, fmt.Sprint(uint64(p.Term)))
		}
		s.always("%v: %s", m, strings.Join(terms, " "))
	}
	return nil
}

func (s *script) flight([]string) error {
	for _, p := range s.c.flight {
		s.always("%v", p)
	}
	return nil
}

func (s *script) named(name string) *member {
	for _, m := range s.c.members {
		if m.String() == name {
			return m
		}
	}
	return nil
}

// number reads a number, 0 if it is none.
func number(word string) int {
	n, _ := strconv.Atoi(word)
	return n
}

// watch tells what a step did.
func (s *script) watch(m *member, before raft.State, out *raft.Output) {
	after := m.node.State()
	if after.Role != before.Role || after.Term != before.Term || after.Leader != before.Leader {
		s.always("%v %s", m, status(after))
	}
	if out.Ignored != raft.Heeded {
		s.say("%v does not heed it: %v", m, out.Ignored)
	}
	for _, x := range out.Chunks {
		s.say("%v keeps bytes %d to %d", m, x.Offset, x.Offset+uint64(len(x.Data)))
	}
	for _, w := range out.Writes {
		s.say("%v writes #%d %s", m, w.Number, describeRecord(w.Record))
	}
	for _, x := range out.Sends {
		after := ""
		if x.After > 0 {
			after = fmt.Sprintf(" (after #%d)", x.After)
		}
		s.say("%v sends %s %s%s", m, who(x.To), describe(x.Message), after)
	}
	if out.Installed != nil {
		s.always("%v installs %s", m, describeSnapshot(*out.Installed))
	}
	if len(out.Committed) > 0 {
		s.always("%v commits %s", m, describeEntries(out.Committed))
	}
	for _, r := range out.Reads {
		s.always("%v may serve %s at %d", m, name(r.Request), r.Index)
	}
	for _, r := range out.Refused {
		s.always("%v refuses %s: %v, ask %s", m, name(r.Request), r.Reason, who(r.Leader))
	}
}
