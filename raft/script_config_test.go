package raft_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/raft"
)

// optionSets are the options a story may name.
var optionSets = map[string]raft.Options{"paper": raft.Paper(), "etcd": raft.Etcd(), "lease": leaseOptions(0b11111), "empty": anyOptions(0b100000)}

// bounds of a "cluster" line.
var bounds = map[string]func(c *raft.Config) *int{
	"entries":     func(c *raft.Config) *int { return &c.MaxEntries },
	"message":     func(c *raft.Config) *int { return &c.MaxMessageBytes },
	"window":      func(c *raft.Config) *int { return &c.MaxInflight },
	"bytes":       func(c *raft.Config) *int { return &c.MaxInflightBytes },
	"uncommitted": func(c *raft.Config) *int { return &c.MaxUncommittedBytes },
	"chunk":       func(c *raft.Config) *int { return &c.MaxChunk },
	"keep":        func(c *raft.Config) *int { return &c.KeepEntries },
}

func (s *script) cluster(args []string) error {
	if len(args)%2 != 0 {
		return fmt.Errorf("want a number of members, named options, and pairs")
	}
	config := testConfig(optionSets[args[1]])
	config.ElectionTimeout = func(id raft.ID, _ raft.Term, attempt int) raft.Duration {
		return (100 + 10*raft.Duration(id) + raft.Duration(attempt)) * millisecond
	}
	members := number(args[0])
	voters := members
	for i := 2; i < len(args); i += 2 {
		value := args[i+1]
		switch args[i] {
		case "voters":
			voters = number(value)
		case "drift":
			config.ClockDrift = int64(number(value))
		case "prefer":
			config.Priority = func(id raft.ID) int { return map[string]int{value: 1}[who(id)] }
		case "rule":
			if !s.honest {
				replacements[value](&config.Rules)
			}
		default:
			bound := bounds[args[i]]
			if bound == nil {
				return fmt.Errorf("unknown %s", args[i])
			}
			*bound(&config) = number(value)
		}
	}
	s.c = newCluster(members, voters, config)
	s.c.watch = s.watch
	s.told = map[string]bool{}
	return nil
}
