package raft_test

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raft"
)

// TestRestoreRejects: a configuration or records that can't be are an error
// that says what is wrong.
func TestRestoreRejects(t *testing.T) {
	entry := func(i raft.Index, term raft.Term) raft.Record {
		return &raft.Append{Entries: []raft.Entry{{Index: i, Term: term}}}
	}
	vote := func(term raft.Term) raft.Record { return raft.TermVote{Term: term} }
	for _, test := range []struct {
		name   string
		config func(*raft.Config)
		voters []raft.ID
		tail   []raft.Record
		want   string
	}{
		{name: "nobody", config: func(c *raft.Config) { c.ID = 0 }, want: "Config.ID"},
		{name: "no time-out", config: func(c *raft.Config) { c.ElectionTimeout = nil }, want: "ElectionTimeout"},
		{name: "slow heartbeat", config: func(c *raft.Config) { c.HeartbeatInterval = c.MinElectionTimeout }, want: "HeartbeatInterval"},
		{name: "empty messages", config: func(c *raft.Config) { c.MaxEntries = 0 }, want: "bounds"},
		{name: "no rules", config: func(c *raft.Config) { c.Rules = raft.Rules{} }, want: "StandardRules"},
		{name: "one rule missing", config: func(c *raft.Config) { c.Rules.MayRead = nil }, want: "StandardRules"},
		{name: "no voters", voters: []raft.ID{}, want: "voter"},
		{name: "voters out of order", voters: []raft.ID{2, 1}, want: "ascending"},
		{name: "a voter twice", voters: []raft.ID{1, 2, 2}, want: "ascending"},
		{name: "voter 0", voters: []raft.ID{0, 1}, want: "ascending"},
		{name: "term goes back", tail: []raft.Record{vote(2), vote(1)}, want: "record 2 after the base: term 1 after term 2"},
		{name: "gap", tail: []raft.Record{vote(1), entry(2, 1)}, want: "record 2 after the base: entry 2@1 after 0@0"},
		{name: "entry of a later term", tail: []raft.Record{vote(1), entry(1, 2)}, want: "entry 1@2"},
		{name: "entry terms go back", tail: []raft.Record{vote(2), entry(1, 2), entry(2, 1)}, want: "entry 2@1 after 1@2"},
		{name: "truncation ahead", tail: []raft.Record{vote(1), raft.Truncate{Last: raft.Position{Term: 1, Index: 1}}}, want: "truncation"},
		{name: "base in the tail", tail: []raft.Record{raft.Base{}}, want: "unexpected raft.Base"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := testConfig(raft.Paper())
			config.ID = 1
			if test.config != nil {
				test.config(&config)
			}
			voters := []raft.ID{1, 2, 3}
			if test.voters != nil {
				voters = test.voters
			}
			_, err := raft.Restore(config, raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: voters}}}, test.tail, 1)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// TestObserverNeverCampaigns: a member that is not a voter waits for a leader
// for ever, and follows the one that comes.
func TestObserverNeverCampaigns(t *testing.T) {
	config := testConfig(raft.Etcd())
	config.ID = 9
	n, err := raft.Restore(config, raft.Base{Snapshot: raft.Snapshot{Members: raft.Configuration{Voters: []raft.ID{1, 2}}}}, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	now := n.Step(0, raft.Wake{}).Wake
	for range 10 {
		out := n.Step(now, raft.Wake{})
		if len(out.Sends) > 0 || n.Role() != raft.Follower || out.Wake <= now {
			t.Fatalf("at %d: %+v", now, out)
		}
		now = out.Wake
	}
	n.Step(now, raft.Receive{From: 1, Message: &raft.AppendEntries{Term: 1}})
	if n.Leader() != 1 {
		t.Errorf("follows %d", n.Leader())
	}
}

// TestUnknownInputPanics: an input of no known kind is our own bug.
func TestUnknownInputPanics(t *testing.T) {
	c := newCluster(1, 1, testConfig(raft.Paper()))
	if err := c.start(c.members[0]); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	c.members[0].node.Step(0, nil)
}
