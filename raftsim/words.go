package raftsim

import (
	"fmt"
	"strings"
)

// Strings of actions are in the words of a scenario.

func (a Crash) String() string {
	if a.Torn {
		return "crash " + a.Member.String() + " torn"
	}
	return "crash " + a.Member.String()
}

func (a Kill) String() string { return "kill " + a.Member.String() }

func (a Restart) String() string { return orAll("restart", a.Member) }

func (a Pause) String() string { return "pause " + a.Member.String() }

func (a Resume) String() string { return orAll("resume", a.Member) }

func (a TimeOut) String() string { return "timeout " + a.Member.String() }

func (a Transfer) String() string { return "transfer " + a.To.String() }

func (a Settle) String() string { return "settle " + span(a.Within) }

func (a ClockRate) String() string { return fmt.Sprintf("clock %v rate %+dppm", a.Member, a.Rate) }

func (a ClockJump) String() string {
	if a.By < 0 {
		return fmt.Sprintf("clock %v jump -%s", a.Member, span(-a.By))
	}
	return fmt.Sprintf("clock %v jump +%s", a.Member, span(a.By))
}

func (a Cut) String() string { return withGroups("cut", a.A, a.B, a.OneWay) }

func (a Heal) String() string { return withGroups("heal", a.A, a.B, a.OneWay) }

func (a Bridge) String() string { return "bridge " + a.Member.String() }

func (Ring) String() string { return "ring" }

func (a Flap) String() string {
	return withGroups("flap "+span(a.Period), a.A, a.B, a.OneWay)
}

func (a SetLink) String() string {
	text := withGroups("link", a.A, a.B, a.OneWay)
	if a.Link == nil {
		return text + " normal"
	}
	return text + " " + a.Link.String()
}

func (l *Link) String() string {
	text := "latency " + l.Latency.String()
	for _, x := range []struct {
		name   string
		chance Chance
	}{{"drop", l.Drop}, {"duplicate", l.Duplicate}, {"reorder", l.Reorder}} {
		text += fmt.Sprintf(" %s %d.%04d%%", x.name, x.chance/10_000, x.chance%10_000)
	}
	if l.Bandwidth > 0 {
		text += fmt.Sprintf(" bandwidth %d", l.Bandwidth)
	}
	return text
}

func (l Latency) String() string {
	text := span(l.Min) + ".." + span(l.Max)
	if l.Shape != Uniform {
		text += " " + l.Shape.String()
	}
	return text
}

func (a EditMessage) String() string {
	text := fmt.Sprintf("%v %v", a.Edit, a.Message)
	if a.Edit == DoubleIt || a.Edit == DelayIt {
		text += " by " + span(a.By)
	}
	return text
}

func (a SlowDisk) String() string { return fmt.Sprintf("disk %v slow %d", a.Member, a.Factor) }

func (a FillDisk) String() string { return fmt.Sprintf("disk %v full %d", a.Member, a.Bytes) }

func (a FailSync) String() string { return fmt.Sprintf("disk %v fail-sync", a.Member) }

func (a LoseSync) String() string { return fmt.Sprintf("disk %v lose-sync", a.Member) }

func (a FlipBit) String() string { return damageWords("flip", a.Member, a.Part, a.FromEnd) }

func (a ReadError) String() string { return damageWords("unreadable", a.Member, a.Part, a.FromEnd) }

func (a MendDisk) String() string { return fmt.Sprintf("disk %v mend", a.Member) }

func (a Wipe) String() string { return fmt.Sprintf("disk %v wipe", a.Member) }

func damageWords(word string, t Target, part Damaged, fromEnd int64) string {
	text := fmt.Sprintf("disk %v %s %v", t, word, part)
	if fromEnd >= 0 {
		text += fmt.Sprintf(" %d", fromEnd)
	}
	return text
}

func (a Reconfigure) String() string {
	var words []string
	for _, part := range []struct {
		word string
		list []Target
	}{{"add", a.Add}, {"add-learner", a.AddLearner}, {"promote", a.Promote}, {"remove", a.Remove}} {
		if len(part.list) > 0 {
			words = append(words, part.word+" "+groupString(part.list))
		}
	}
	return "members " + strings.Join(words, " ")
}

func (a PauseClient) String() string { return "pause client " + a.Client + " " + span(a.For) }

func (a Invoke) String() string {
	return fmt.Sprintf("client %s@%v %v", a.Client, a.Member, a.Request)
}

func orAll(word string, t Target) string {
	if t == 0 {
		return word
	}
	return word + " " + t.String()
}

func withGroups(word string, a, b []Target, oneWay bool) string {
	if len(a) > 0 {
		word += " " + groupString(a)
	}
	if len(b) > 0 && oneWay {
		word += " > " + groupString(b)
	} else if len(b) > 0 {
		word += " | " + groupString(b)
	}
	return word
}

// span is a time with the largest unit that leaves no fraction.
func span(t Time) string {
	for _, u := range []struct {
		unit Time
		name string
	}{{Second, "s"}, {Millisecond, "ms"}, {Microsecond, "us"}} {
		if t%u.unit == 0 {
			return fmt.Sprintf("%d%s", t/u.unit, u.name)
		}
	}
	return fmt.Sprintf("%dns", t)
}
