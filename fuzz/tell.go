package fuzz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

// Told is the case as a scenario that says behind every action what happens then.
func (c *Case) Told() string {
	story := c.story()
	at := 0
	var text strings.Builder
	for line := range strings.Lines(c.Text()) {
		line = strings.TrimSuffix(line, "\n")
		isAction := strings.HasPrefix(line, "at ")
		if first := comment(story.first); first != "" && at == 0 && (isAction || strings.HasPrefix(line, "run ")) {
			text.WriteString(strings.TrimPrefix(first, " ") + "\n")
			story.first = nil
		}
		switch {
		case isAction:
			line += comment(story.notes[at])
			at++
		case strings.HasPrefix(line, "run "):
			line += comment(story.last)
		}
		text.WriteString(line + "\n")
	}
	return text.String()
}

func comment(notes []string) string {
	const most = 4
	if len(notes) > most {
		notes = slices.Concat(notes[:2], []string{"…"}, notes[len(notes)-most+2:])
	}
	if len(notes) == 0 {
		return ""
	}
	return " # " + strings.Join(notes, "; ")
}

// story is the sentences about a run: before its first action, after each, and how it
// ends.
type story struct {
	first []string
	notes [][]string
	last  []string
}

func (c *Case) story() (s story) {
	planted := c.planted()
	schedule := planted.Config.Schedule
	slices.SortStableFunc(schedule, byTime)
	s.notes = make([][]string, len(schedule))
	w, err := raftsim.New(planted.Config)
	if err != nil {
		return s
	}
	done := 0 // so many actions: those of a moment come first in it, one in each step
	for next, ok := w.Next(); ok && next <= c.Length; next, ok = w.Next() {
		if done < len(schedule) && schedule[done].At == next {
			s.add(done, aside(w, schedule[done].Action))
			done++
		}
		w.Step()
		events := w.Events()
		for i := range events {
			s.see(schedule, &events[i], done-1)
		}
	}
	if o, _ := Run(c, nil); o.Property != "" && len(s.last) == 0 {
		s.last = append(s.last, o.Property+" is broken: "+o.Detail)
	}
	return s
}

// see adds what is worth telling of an event after the last action that was done.
func (s *story) see(schedule []raftsim.Scheduled, e *raftsim.Event, last int) {
	switch e.Kind {
	case raftsim.PropertyBroken:
		s.last = append(s.last, e.Err.Error())
	case raftsim.OpAnswered, raftsim.OpRefused, raftsim.OpUnknown:
		if k := invoked(schedule[:last+1], e); k >= 0 {
			s.add(k, answer(e))
		}
	default:
		s.add(last, note(e))
	}
}

// invoked is the last action whose request has ended so, -1 if it is no action's.
func invoked(schedule []raftsim.Scheduled, e *raftsim.Event) int {
	for i, x := range slices.Backward(schedule) {
		if a, ok := x.Action.(raftsim.Invoke); ok && a.Client == e.Client && fmt.Sprint(a.Request) == fmt.Sprint(e.Request) {
			return i
		}
	}
	return -1
}

// answer is how a request ended.
func answer(e *raftsim.Event) string {
	switch e.Kind {
	case raftsim.OpAnswered:
		return fmt.Sprintf("%s answers: %v", raftsim.Name(e.Member), e.Response)
	case raftsim.OpRefused:
		return "refused by " + raftsim.Name(e.Member)
	default:
		return "no answer"
	}
}

// add adds sentences to those after an action, or before the first.
func (s *story) add(action int, sentences ...string) {
	for _, text := range sentences {
		switch {
		case text == "":
		case action < 0:
			s.first = append(s.first, text)
		default:
			s.notes[action] = append(s.notes[action], text)
		}
	}
}

// aside says before an action is done what it is about: who leads, where it says leader,
// and what is in a message.
func aside(w *raftsim.World, a raftsim.Action) string {
	switch a := a.(type) {
	case raftsim.EditMessage:
		for _, f := range w.InFlight() {
			if f.Name == a.Message {
				return contents(f.Message)
			}
		}
		return ""
	case raftsim.Invoke:
		return "" // its answer says who
	}
	leader := w.Leader()
	if leader != 0 && slices.Contains(strings.Fields(fmt.Sprint(a)), raftsim.TheLeader.String()) {
		return "that is " + raftsim.Name(leader)
	}
	return ""
}

// contents are what a message says, as far as it matters for a story.
func contents(m raft.Message) string {
	switch m := m.(type) {
	case *raft.AppendEntries:
		switch len(m.Entries) {
		case 0:
			return fmt.Sprintf("a heartbeat, commit %d", m.Commit)
		case 1:
			return fmt.Sprintf("entry %d, commit %d", m.Prev.Index+1, m.Commit)
		}
		return fmt.Sprintf("entries %d to %d, commit %d", m.Prev.Index+1, m.Prev.Index+raft.Index(len(m.Entries)), m.Commit)
	case *raft.AppendEntriesReply:
		if m.Success {
			return fmt.Sprintf("it has all up to %d", m.Match)
		}
		return fmt.Sprintf("it does not have what stands at %d", m.Prev)
	case *raft.RequestVote:
		return fmt.Sprintf("a log up to %v", m.Last)
	case *raft.RequestVoteReply:
		return map[bool]string{true: "granted", false: "refused"}[m.Granted]
	}
	return ""
}

// notable are the events that belong into the shortest story, beside changes of leaders
// and what the client of the console is told.
var notable = []raftsim.EventKind{
	raftsim.MemberRefused, raftsim.LossFound, raftsim.Forgotten, raftsim.DiskFailed, raftsim.SnapshotInstalled,
	raftsim.MembersChanged, raftsim.Settled, raftsim.BeyondModel, raftsim.FaultSkipped, raftsim.QuorumLost,
}

// note is the sentence about an event, "" if it does not belong into the story.
func note(e *raftsim.Event) string {
	switch e.Kind {
	case raftsim.RoleChanged:
		switch {
		case e.Role == raft.Leader:
			return fmt.Sprintf("%s leads term %d", raftsim.Name(e.Member), e.Term)
		case e.Before == raft.Leader:
			return raftsim.Name(e.Member) + " leads no more"
		}
		return ""
	case raftsim.ActionSkipped:
		return "nothing: " + e.Cause.Because("it")
	default:
	}
	if !slices.Contains(notable, e.Kind) {
		return ""
	}
	sentence, _ := e.Sentence()
	return sentence
}
