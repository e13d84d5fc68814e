package raftsim

import (
	"fmt"
	"slices"
)

// Reconfigure changes the members while the cluster runs, all of it as one change
// (joint consensus). An operator asks whoever leads, again and again until it is
// done; one change follows the other.
type Reconfigure struct {
	// Add are new members, which start now with empty disks: learners that vote as
	// soon as they have caught up.
	Add []Target
	// AddLearner are new members that stay learners until they are promoted.
	AddLearner []Target
	// Promote is which learners vote as soon as they have caught up.
	Promote []Target
	// Remove is who leaves.
	Remove []Target
}

func (a Reconfigure) validate(c *Config) error {
	if len(a.Add)+len(a.AddLearner)+len(a.Promote)+len(a.Remove) == 0 {
		return fmt.Errorf("reconfigure: nothing is to change")
	}
	for _, t := range slices.Concat(a.Add, a.AddLearner) {
		if t <= Target(c.Members) || t > MaxIDs {
			return fmt.Errorf("reconfigure: a new member needs a number from %d to %d, not %d", c.Members+1, MaxIDs, t)
		}
	}
	for _, t := range slices.Concat(a.Promote, a.Remove) {
		if err := t.validate(c); err != nil {
			return fmt.Errorf("reconfigure: %w", err)
		}
	}
	return nil
}

// joining are the members that the schedule adds at some time.
func (c *Config) joining() []Target {
	var list []Target
	for _, s := range c.Schedule {
		if a, ok := s.Action.(Reconfigure); ok {
			list = slices.Concat(list, a.Add, a.AddLearner)
		}
	}
	return list
}
