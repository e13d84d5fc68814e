package raft

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestConfigurationEncodes: what is written is read again; anything else is an
// error, never a configuration that can't be.
func TestConfigurationEncodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfiguration(t)
		d, err := DecodeConfiguration(c.Encode())
		if err != nil || !c.Equal(d) {
			t.Fatalf("%v is read as %v, %v", c, d, err)
		}
		if d, err := DecodeConfiguration(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))); err == nil && d.Validate() != nil {
			t.Fatalf("%v is read, but can't be", d)
		}
	})
}

// TestEveryChangeArrives: from any configuration to any other in one step or
// two, each valid, and any two majorities before and after a step meet.
func TestEveryChangeArrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := anyConfiguration(t), anyConfiguration(t)
		step := enter(from, to)
		if err := step.Validate(); err != nil {
			t.Fatalf("from %v to %v by %v: %v", from, to, step, err)
		}
		if !step.Joint() {
			if !step.Equal(to) {
				t.Fatalf("from %v to %v by %v", from, to, step)
			}
			return
		}
		if !slices.Equal(step.Outgoing, from.Voters) || !slices.Equal(step.Voters, to.Voters) {
			t.Fatalf("from %v to %v by %v", from, to, step)
		}
		end := leave(step)
		if err := end.Validate(); err != nil || !slices.Equal(end.Voters, to.Voters) || !slices.Equal(end.Learners, to.Learners) {
			t.Fatalf("from %v to %v by %v ends in %v: %v", from, to, step, end, err)
		}
	})
}

// anyConfiguration has 1 to 7 members, and is not joint.
func anyConfiguration(t *rapid.T) (c Configuration) {
	for id := ID(1); id <= 7; id++ {
		switch rapid.IntRange(0, 5).Draw(t, "place") {
		case 0, 1, 2:
			c.Voters = append(c.Voters, id)
		case 3:
			c.Learners = append(c.Learners, id)
		case 4:
			c.Learners, c.Promoting = append(c.Learners, id), append(c.Promoting, id)
		}
	}
	if len(c.Voters) == 0 {
		c.Voters = []ID{8}
	}
	return c
}
