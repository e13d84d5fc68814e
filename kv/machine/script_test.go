package machine_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
)

// script runs a story on one machine, command by command, and tells what happens.
//
//	machine [quota N] [buffer N] [rule NAME]
//	                       a fresh machine; a replaced rule (see replacements)
//	at MS                  the clock is there now
//	put K V [lease ID] [prev] [ignore-value] [ignore-lease]
//	get K [END] [rev N]    del K [END] [prev]
//	both R ; R             put and del as one transaction; if R ; R: only if K's
//	if K V R ; R           value is V
//	fill K N [V]           N puts of a key, without a word
//	compact N, grant ID TTL, revoke ID, keep-alive ID, ttl ID [keys], leases
//	alarm list|raise|disarm [NOSPACE|CORRUPT]
//	promote [MS], demote   this member leads, with what leases get besides; another
//	due                    what a leader proposes now, applied; ask: not applied
//	save, restore          a snapshot of all; put it in the place of what is there
//	later COMMAND          do it on a copy from which the snapshot is then taken
//	stream                 open one; the commands below go to the last, or to S: N
//	watch K [END] [id N] [from N] [prev] [fragment] [progress] [no-put] [no-delete]
//	cancel ID, progress, tick, close
//	read [N]               what the stream has to say, all or N; sizes: without the events
//
// K may be "" for none, END "\0" for no bound.
type script struct {
	m     *machine.Machine
	now   lease.Time
	saved bytes.Buffer
	last  watch.StreamID
	out   strings.Builder
}

// replacements are rules gone wrong, one at a time.
var replacements = map[string]func(*machine.Config){
	"progress-overtakes": func(c *machine.Config) {
		c.Watch.Rules.MayReport = func(bool, kv.Revision, kv.Revision) bool { return true }
	},
	"watch-gap-on-compact": func(c *machine.Config) { c.Watch.Rules.IsCompacted = func(_, _ kv.Revision) bool { return false } },
	"revision-split":       func(c *machine.Config) { c.Watch.Rules.MayCut = func(_, _ kv.Revision) bool { return true } },
	"lease-not-extended": func(c *machine.Config) {
		c.Lease.Rules.Promoted = func(now lease.Time, _ lease.Duration, _ kv.TTL) lease.Time { return now }
	},
	"expired-lease-renewed": func(c *machine.Config) { c.Lease.Rules.MayRenew = func(_, _ lease.Time) bool { return true } },
}

func testConfig() machine.Config {
	return machine.Config{
		Member: 1,
		Lease:  lease.Config{MinTTL: 2, Rules: lease.StandardRules()},
		Watch:  watch.Config{Buffer: 1500, Rules: watch.StandardRules()},
	}
}

// run replaces the answers under the commands of a transcript.
func (s *script) run(text string) (string, error) {
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		s.out.WriteString(line + "\n")
		command, ok := strings.CutPrefix(line, "> ")
		if !ok {
			continue
		}
		if err := s.do(strings.Fields(command)); err != nil {
			return "", fmt.Errorf("line %d: %s: %w", i+1, line, err)
		}
	}
	return s.out.String(), nil
}

func (s *script) say(format string, args ...any) { fmt.Fprintf(&s.out, "  "+format+"\n", args...) }

func (s *script) do(words []string) error {
	a := &arguments{words: words[1:]}
	switch words[0] {
	case "machine":
		s.begin(a)
	case "at":
		s.now = lease.Time(a.number()) * lease.Time(lease.Second) / 1000
	case "promote":
		s.m.Promote(s.now, lease.Duration(a.optional())*lease.Second/1000)
	case "demote":
		s.m.Demote()
	case "due", "ask":
		s.due(words[0] == "due")
	case "fill":
		s.fill(a)
	case "save":
		if err := s.m.Save(&s.saved); err != nil {
			return err
		}
	case "later":
		return s.later(a)
	case "restore":
		if err := s.m.Restore(&s.saved); err != nil {
			return err
		}
		s.say("at revision %d, compacted %d", s.m.Store().Revision(), s.m.Store().Compacted())
	default:
		return s.doMore(words[0], a)
	}
	return a.end()
}

func (s *script) doMore(word string, a *arguments) error {
	if r := a.request(word); r != nil {
		s.apply(r)
		return a.end()
	}
	if n, ok := strings.CutSuffix(word, ":"); ok {
		id, err := strconv.Atoi(n)
		if err != nil || len(a.words) == 0 {
			return fmt.Errorf("which stream?")
		}
		defer func(last watch.StreamID) { s.last = last }(s.last)
		s.last, word = watch.StreamID(id), a.next()
	}
	return s.stream(word, a)
}

func (s *script) begin(a *arguments) {
	config := testConfig()
	for len(a.words) > 0 {
		switch word := a.next(); word {
		case "quota":
			config.Quota = a.number()
		case "buffer":
			config.Watch.Buffer = int(a.number())
		case "rule":
			replacements[a.next()](&config)
		default:
			a.err = fmt.Errorf("%q?", word)
			return
		}
	}
	s.m = machine.New(config)
}

func (s *script) apply(r kv.Request) {
	response, err := s.m.Apply(s.now, r)
	if err != nil {
		s.say("error: %v", err)
		return
	}
	s.say("%v @%d", response, response.At())
}

func (s *script) due(apply bool) {
	for r := range s.m.Due(s.now) {
		s.say("proposes %v", r)
		if apply {
			s.apply(r)
		}
	}
	if wake := s.m.Wake(); wake != lease.Never {
		s.say("wakes at %d", wake*1000/lease.Time(lease.Second))
	}
}

func (s *script) fill(a *arguments) {
	key, n, value := a.next(), a.number(), a.optionalText("x")
	for range n {
		if _, err := s.m.Apply(s.now, kv.PutRequest{Key: key, Value: value}); err != nil {
			s.say("error: %v", err)
			return
		}
	}
}

// later takes the snapshot from a copy that has gone on by one command.
func (s *script) later(a *arguments) error {
	here := s.m
	defer func() { s.m = here }()
	s.m = here.Clone()
	if err := s.do(a.words); err != nil {
		return err
	}
	a.words = nil
	s.saved.Reset()
	return s.m.Save(&s.saved)
}

func (s *script) stream(word string, a *arguments) error {
	hub := s.m.Watches()
	if word == "stream" {
		s.last = hub.Open().ID()
		return a.end()
	}
	stream := hub.Stream(s.last)
	if stream == nil {
		return fmt.Errorf("no such command or stream")
	}
	switch word {
	case "watch":
		stream.Create(a.watch())
	case "cancel":
		stream.Cancel(watch.ID(a.number()))
	case "progress":
		stream.RequestProgress()
	case "tick":
		stream.Tick()
	case "close":
		stream.Close()
	case "read", "sizes":
		s.read(stream, int(a.optional()), word == "sizes")
	default:
		return fmt.Errorf("no such command")
	}
	return a.end()
}

func (s *script) read(stream *watch.Stream, n int, sizes bool) {
	for i := 0; n == 0 || i < n; i++ {
		r, ok := stream.Next()
		if !ok {
			s.say("(nothing more)")
			return
		}
		if sizes && len(r.Events) > 0 {
			s.say("%d @%d %d events of revisions %d to %d, fragment %v", r.ID, r.Revision, len(r.Events),
				r.Events[0].KV.ModRevision, r.Events[len(r.Events)-1].KV.ModRevision, r.Fragment)
			continue
		}
		s.say("%v", r)
	}
}
