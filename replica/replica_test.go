package replica_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/replica"
	"github.com/castaway-kv/castaway/replica/wal"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// One Put, all the way: written, synced, sent, acknowledged, committed, applied,
// answered.
func TestTranscripts(t *testing.T) {
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var story strings.Builder
			c := newCluster(n, &story)
			c.settle()
			c.elect(c.members[0])
			c.tell("\n--- a put")
			c.step(c.members[0], replica.Request{Ticket: 1, Request: put("x", "1")})
			c.settle()
			c.tell("\n--- two puts while a sync is under way share the next one")
			for ticket := range uint64(3) {
				c.step(c.members[0], replica.Request{Ticket: ticket + 2, Request: put("x", fmt.Sprint(ticket+2))})
			}
			c.settle()
			if n > 1 {
				c.tell("\n--- a put by way of a follower")
				c.step(c.members[1], replica.Request{Ticket: 5, Request: put("y", "1")})
				c.settle()
			}
			c.tell("\n--- a read")
			c.step(c.members[n-1], replica.Request{Ticket: 6, Request: getX()})
			c.settle()
			compare(t, fmt.Sprintf("testdata/put-%d.txt", n), story.String())
			if c.wrong != "" {
				t.Error(c.wrong)
			}
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%v; rerun with -update if this is meant; got:\n%s", err, got)
	}
}

// Whatever happens in whatever order: nothing leaves a member that a crash could
// make it forget, one Sync is under way at a time, no refused request is
// applied, and a member that was down comes back and goes on.
func TestChaos(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCluster(rapid.SampledFrom([]int{1, 3, 5}).Draw(t, "members"), nil)
		if rapid.Bool().Draw(t, "elected") {
			c.settle()
			c.elect(c.members[0])
		}
		ticket := uint64(0)
		for range rapid.IntRange(20, 150).Draw(t, "deeds") {
			m := c.members[rapid.IntRange(0, len(c.members)-1).Draw(t, "member")]
			chaos(t, c, m, &ticket)
			if c.wrong != "" {
				t.Fatal(c.wrong)
			}
		}
		for ticket, r := range c.replies {
			a, applied := c.applied[ticket]
			switch {
			case r.Err != nil && applied:
				t.Errorf("ticket %d was refused (%v) and applied at %v", ticket, r.Err, a.Position)
			case r.Index > 0 && (!applied || a.Position.Index != r.Index || fmt.Sprint(a.Response) != fmt.Sprint(r.Response)):
				t.Errorf("ticket %d was answered %+v; applied: %+v", ticket, r, a)
			}
		}
	})
}

// chaos does something to a cluster, or to one member of it.
func chaos(t *rapid.T, c *cluster, m *member, ticket *uint64) {
	deed := rapid.SampledFrom([]string{"deliver", "deliver", "deliver", "sync", "sync", "wake", "ask", "ask", "settle", "drop", "crash"}).Draw(t, "deed")
	switch {
	case deed == "deliver" && len(c.flight) > 0:
		c.deliver(rapid.IntRange(0, len(c.flight)-1).Draw(t, "packet"))
	case deed == "drop" && len(c.flight) > 0:
		i := rapid.IntRange(0, len(c.flight)-1).Draw(t, "packet")
		c.flight = slices.Delete(c.flight, i, i+1)
	case deed == "settle":
		c.settle()
	case m.replica == nil:
		c.start(m)
	case deed == "sync" && m.busy:
		c.sync(m)
	case deed == "wake":
		m.now = m.wake
		c.step(m, replica.Wake{})
	case deed == "ask":
		*ticket++
		r := rapid.SampledFrom([]kv.Request{put("x", fmt.Sprint(*ticket)), getX(), kv.PutRequest{}}).Draw(t, "request")
		c.step(m, replica.Request{Ticket: *ticket, Request: r})
	case deed == "crash":
		c.crash(m, rapid.IntRange(0, 300).Draw(t, "kept"))
	}
}

// After a restart the log gives back the store.
func TestRestartReplays(t *testing.T) {
	c := newCluster(1, nil)
	m := c.members[0]
	c.settle()
	c.elect(m)
	for i := range uint64(300) {
		c.step(m, replica.Request{Ticket: i + 1, Request: put(fmt.Sprint("k", i%7), fmt.Sprint(i))})
		if i%10 == 0 {
			c.settle()
		}
	}
	c.settle()
	hash, applied := m.replica.Store().Hash(), m.replica.Applied()
	for range 3 {
		c.crash(m, 0)
		c.start(m)
		c.settle()
		c.elect(m)
		applied++ // the empty entry of the new term
		if m.replica.Store().Hash() != hash || m.replica.Applied() != applied {
			t.Errorf("applied %d, store %x; want %d, %x", m.replica.Applied(), m.replica.Store().Hash(), applied, hash)
		}
	}
	if c.wrong != "" {
		t.Error(c.wrong)
	}
}

// A follower's read waits until the follower has applied what the leader had
// committed when it was asked.
func TestReadWaitsForApplied(t *testing.T) {
	c := newCluster(3, nil)
	leader, late := c.members[0], c.members[1]
	c.settle()
	c.elect(leader)
	lose := func() {
		c.flight = slices.DeleteFunc(c.flight, func(p packet) bool {
			_, entries := p.message.(*raft.AppendEntries)
			return entries && p.to == late.id
		})
	}
	quietly := func() {
		for range 20 {
			lose()
			for _, m := range c.members {
				if m.busy {
					c.sync(m)
				}
			}
			if lose(); len(c.flight) > 0 {
				c.deliver(0)
			}
		}
	}
	c.step(leader, replica.Request{Ticket: 1, Request: put("x", "1")})
	quietly()
	if r, ok := c.replies[1]; !ok || r.Err != nil {
		t.Fatalf("the put is answered %+v", r)
	}
	c.step(late, replica.Request{Ticket: 2, Request: getX()})
	quietly()
	if r, ok := c.replies[2]; ok {
		t.Errorf("the read is answered %+v before S2 has applied the put", r)
	}
	for range 3 {
		leader.now = leader.wake
		c.step(leader, replica.Wake{})
		c.settle()
	}
	if r := c.replies[2]; r.Response == nil || r.Response.String() != "x=1" || r.Index != 0 {
		t.Errorf("the read is answered %+v, want x=1", r)
	}
	if c.wrong != "" {
		t.Error(c.wrong)
	}
}

// Requests that can't be are refused at once; a serializable read is served at once.
func TestAnswersAtOnce(t *testing.T) {
	tests := []struct {
		request  kv.Request
		err      error
		response string
	}{
		{kv.PutRequest{}, kv.ErrEmptyKey, ""},
		{put("x", "1"), replica.ErrNoLeader, ""},
		{getX(), replica.ErrNoLeader, ""},
		{kv.RangeRequest{Span: kv.Span{Key: "x"}, Serializable: true}, nil, "(none)"},
		{kv.RangeRequest{Span: kv.Span{Key: "x"}, Serializable: true, Revision: 9}, kv.ErrFutureRevision, ""},
	}
	for _, test := range tests {
		c := newCluster(3, nil)
		c.step(c.members[0], replica.Request{Ticket: 1, Request: test.request})
		r, ok := c.replies[1]
		if !ok || !errors.Is(r.Err, test.err) || test.err == nil && fmt.Sprint(r.Response) != test.response {
			t.Errorf("%v is answered %+v, want %q, %v", test.request, r, test.response, test.err)
		}
	}
}

// A clone goes the same way as its original, and neither disturbs the other.
func TestClone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCluster(rapid.SampledFrom([]int{1, 3}).Draw(t, "members"), nil)
		c.settle()
		c.elect(c.members[0])
		ticket := uint64(0)
		for range rapid.IntRange(0, 60).Draw(t, "deeds") {
			chaos(t, c, c.members[rapid.IntRange(0, len(c.members)-1).Draw(t, "member")], &ticket)
		}
		m := c.members[0]
		if m.replica == nil {
			c.start(m)
		}
		clone := *m
		clone.replica = m.replica.Clone()
		clone.file = slices.Clone(m.file)
		inputs := []func(m *member) replica.Input{
			func(*member) replica.Input { return replica.Request{Ticket: 1000, Request: put("x", "clone")} },
			func(m *member) replica.Input { m.now = m.wake; return replica.Wake{} },
			func(m *member) replica.Input {
				if m.busy {
					m.synced, m.busy = m.syncing, false
					return replica.Synced{}
				}
				return replica.Wake{}
			},
		}
		play := func(m *member) string {
			var story strings.Builder
			d := &cluster{members: c.members, replies: map[uint64]replica.Reply{}, applied: map[uint64]replica.Applied{}, story: &story}
			for i := range 9 {
				d.step(m, inputs[i%len(inputs)](m))
			}
			return story.String() + string(m.file)
		}
		if first, second := play(m), play(&clone); first != second {
			t.Errorf("the original went\n%q\nits clone\n%q", first, second)
		}
	})
}

// What Open refuses.
func TestOpenRefuses(t *testing.T) {
	c := newCluster(1, nil)
	m := c.members[0]
	c.settle()
	c.elect(m)
	c.step(m, replica.Request{Ticket: 1, Request: put("x", "1")})
	c.settle()
	damaged := slices.Clone(m.file)
	damaged[210] ^= 1
	_, opening, err := replica.Open(c.config(1), found(damaged))
	if err != nil || opening.Loss == nil || opening.Lost.Index == 0 {
		t.Errorf("a log that lost synced records: %+v, %v", opening, err)
	}
	config := c.config(1)
	config.New = false
	if _, _, err := replica.Open(config, replica.Found{}); !errors.Is(err, replica.ErrWiped) {
		t.Errorf("an empty disk of a member that was there: %v", err)
	}
	var w wal.Writer
	var contradiction []byte
	for _, r := range []raft.Record{
		raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1}}}},
		&raft.Append{Entries: []raft.Entry{{Term: 1, Index: 5}}},
	} {
		contradiction = append(contradiction, w.Append(r).Data...)
	}
	if _, _, err := replica.Open(c.config(1), found(contradiction)); err == nil || !strings.Contains(err.Error(), "record 1 after the base") {
		t.Errorf("a log with a gap: %v", err)
	}
	config = c.config(1)
	config.Raft.HeartbeatInterval = 0
	if _, _, err := replica.Open(config, replica.Found{}); err == nil || !strings.HasPrefix(err.Error(), "replica: raft: Config.HeartbeatInterval") {
		t.Errorf("a heartbeat of 0: %v", err)
	}
}

func TestDecode(t *testing.T) {
	for _, data := range []string{"", "\x80", "\x01", "\x01\xff\xff"} {
		if ticket, r, err := replica.Decode(data); err == nil {
			t.Errorf("%q decodes to %d, %v", data, ticket, r)
		}
	}
}
