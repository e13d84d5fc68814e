package fuzz

import (
	"cmp"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Told is the case as a scenario that says behind every action what happens then.
func (c *Case) Told() string {
	notes, last := c.notes()
	at := -1
	var text strings.Builder
	for line := range strings.Lines(c.Text()) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "at "):
			at++
			line += comment(notes[at])
		case strings.HasPrefix(line, "run "):
			line += comment(last)
		}
		text.WriteString(line + "\n")
	}
	return text.String()
}

func comment(notes []string) string {
	const most = 3
	if len(notes) > most {
		notes = append(slices.Clone(notes[:1]), notes[len(notes)-most+1:]...)
	}
	if len(notes) == 0 {
		return ""
	}
	return " # " + strings.Join(notes, "; ")
}

// notes are the sentences about what happens between one action and the next, and how
// the run ends.
func (c *Case) notes() (notes [][]string, last []string) {
	planted := c.planted()
	slices.SortStableFunc(planted.Config.Schedule, func(a, b raftsim.Scheduled) int { return int(a.At - b.At) })
	notes = make([][]string, len(planted.Config.Schedule))
	w, err := raftsim.New(planted.Config)
	if err != nil {
		return notes, nil
	}
	schedule := planted.Config.Schedule
	for next, ok := w.Next(); ok && next <= c.Length; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			done, _ := slices.BinarySearchFunc(schedule, e.Time+1, func(x raftsim.Scheduled, at raftsim.Time) int { return cmp.Compare(x.At, at) })
			sentence, ok := e.Sentence()
			switch {
			case !ok || !isNotable(&e):
			case e.Kind == raftsim.PropertyBroken:
				last = append(last, sentence)
			case done > 0:
				notes[done-1] = append(notes[done-1], sentence)
			}
		}
	}
	if o, _ := Run(c, nil); o.Property != "" && len(last) == 0 {
		last = append(last, o.Property+" is broken: "+o.Detail)
	}
	return notes, last
}

// notable are the events that belong into the shortest story, beside changes of leaders.
var notable = []raftsim.EventKind{
	raftsim.MemberRefused, raftsim.LossFound, raftsim.Forgotten, raftsim.DiskFailed, raftsim.SnapshotInstalled,
	raftsim.MembersChanged, raftsim.ActionSkipped, raftsim.PropertyBroken, raftsim.Settled,
}

func isNotable(e *raftsim.Event) bool {
	if e.Kind == raftsim.RoleChanged {
		return e.Role == raft.Leader || e.Before == raft.Leader
	}
	return slices.Contains(notable, e.Kind)
}
