package raft

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Configuration says who is a member. All lists are in ascending order.
type Configuration struct {
	// Voters decide elections and commits.
	Voters []ID
	// Outgoing are the voters before, while a joint configuration is in force:
	// then decisions need a majority of both (§6, thesis §4.3). Empty otherwise.
	Outgoing []ID
	// Learners get entries, but have no vote (thesis §4.2.1).
	Learners []ID
	// Promoting are the learners that become voters as soon as they have caught
	// up with the leader.
	Promoting []ID
	// Demoting are the outgoing voters that become learners when the joint
	// configuration ends.
	Demoting []ID
}

// lists are all lists of a configuration, in the order of their encoding.
func (c *Configuration) lists() [5]*[]ID {
	return [5]*[]ID{&c.Voters, &c.Outgoing, &c.Learners, &c.Promoting, &c.Demoting}
}

// Joint reports whether two majorities are needed.
func (c Configuration) Joint() bool { return len(c.Outgoing) > 0 }

// IsVoter reports whether a member has a vote, in either of a joint pair.
func (c Configuration) IsVoter(id ID) bool { return has(c.Voters, id) || has(c.Outgoing, id) }

// IsMember reports whether a member takes part at all.
func (c Configuration) IsMember(id ID) bool { return c.IsVoter(id) || has(c.Learners, id) }

// Members are all who take part, in ascending order.
func (c Configuration) Members() []ID {
	all := slices.Concat(c.Voters, c.Outgoing, c.Learners)
	slices.Sort(all)
	return slices.Compact(all)
}

// Equal reports whether two configurations are the same.
func (c Configuration) Equal(d Configuration) bool {
	for i, list := range c.lists() {
		if !slices.Equal(*list, *d.lists()[i]) {
			return false
		}
	}
	return true
}

func (c Configuration) String() string {
	text := fmt.Sprintf("voters %v", c.Voters)
	if c.Joint() {
		text += fmt.Sprintf(" and %v", c.Outgoing)
	}
	if len(c.Learners) > 0 {
		text += fmt.Sprintf(" learners %v", c.Learners)
	}
	if len(c.Promoting) > 0 {
		text += fmt.Sprintf(" promoting %v", c.Promoting)
	}
	if len(c.Demoting) > 0 {
		text += fmt.Sprintf(" demoting %v", c.Demoting)
	}
	return text
}

// Validate returns an error that says what no configuration can be.
func (c Configuration) Validate() error {
	for _, list := range c.lists() {
		for i, id := range *list {
			if id == 0 || i > 0 && id <= (*list)[i-1] {
				return fmt.Errorf("raft: %v must be different IDs in ascending order, none of them 0", *list)
			}
		}
	}
	switch {
	case len(c.Voters) == 0:
		return errors.New("raft: a configuration needs a voter")
	case intersects(c.Learners, c.Voters) || intersects(c.Learners, c.Outgoing):
		return fmt.Errorf("raft: a member can't be voter and learner at once: %v", c)
	}
	for _, id := range c.Promoting {
		if !has(c.Learners, id) {
			return fmt.Errorf("raft: member %d can't be promoted: it is no learner", id)
		}
	}
	for _, id := range c.Demoting {
		if !has(c.Outgoing, id) || has(c.Voters, id) {
			return fmt.Errorf("raft: member %d can't be demoted: it is no outgoing voter", id)
		}
	}
	return nil
}

// Encode returns the configuration as the data of an entry.
func (c Configuration) Encode() string {
	var b []byte
	for _, list := range c.lists() {
		b = binary.AppendUvarint(b, uint64(len(*list)))
		for _, id := range *list {
			b = binary.AppendUvarint(b, uint64(id))
		}
	}
	return string(b)
}

// DecodeConfiguration reads what Encode wrote.
func DecodeConfiguration(data string) (Configuration, error) {
	var c Configuration
	b := []byte(data)
	for _, list := range c.lists() {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)) {
			return Configuration{}, errConfiguration
		}
		b = b[k:]
		for range n {
			id, k := binary.Uvarint(b)
			if k <= 0 {
				return Configuration{}, errConfiguration
			}
			b = b[k:]
			*list = append(*list, ID(id))
		}
	}
	if len(b) > 0 {
		return Configuration{}, errConfiguration
	}
	return c, c.Validate()
}

// validate returns an error if the entry should carry a configuration and does not.
func (e *Entry) validate() error {
	if e.Kind != ConfigChange {
		return nil
	}
	_, err := DecodeConfiguration(e.Data)
	return err
}

var errConfiguration = errors.New("raft: bytes that are no configuration")

// has reports whether id is in a list in ascending order. Lists are short.
func has(list []ID, id ID) bool {
	for _, x := range list {
		if x >= id {
			return x == id
		}
	}
	return false
}

func intersects(a, b []ID) bool {
	return slices.ContainsFunc(a, func(id ID) bool { return has(b, id) })
}

// insert adds id to a list in ascending order.
func insert(list []ID, id ID) []ID {
	i, _ := slices.BinarySearch(list, id)
	return slices.Insert(list, i, id)
}

// without returns the list without the ids of another.
func without(list, remove []ID) []ID {
	return slices.DeleteFunc(slices.Clone(list), func(id ID) bool { return has(remove, id) })
}
