package raftsim

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
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

func (a Settle) String() string { return "settle " + a.Within.String() }

func (a ClockRate) String() string {
	return fmt.Sprintf("clock %v rate %s", a.Member, FormatRate(a.Rate))
}

func (a ClockJump) String() string {
	if a.By < 0 {
		return fmt.Sprintf("clock %v jump %v", a.Member, a.By)
	}
	return fmt.Sprintf("clock %v jump +%v", a.Member, a.By)
}

func (a Cut) String() string { return withGroups("cut", a.A, a.B, a.OneWay) }

func (a Heal) String() string { return withGroups("heal", a.A, a.B, a.OneWay) }

func (a Bridge) String() string { return "bridge " + a.Member.String() }

func (Ring) String() string { return "ring" }

func (a Flap) String() string {
	return withGroups("flap "+a.Period.String(), a.A, a.B, a.OneWay)
}

func (a SetLink) String() string {
	text := withGroups("link", a.A, a.B, a.OneWay)
	if a.Link == nil {
		return text + " normal"
	}
	return text + " " + a.Link.String()
}

func (l *Link) String() string {
	text := fmt.Sprintf("latency %v drop %v duplicate %v reorder %v", l.Latency, l.Drop, l.Duplicate, l.Reorder)
	if l.Bandwidth > 0 {
		return text + " bandwidth " + FormatSize(l.Bandwidth)
	}
	return text + " bandwidth " + Unlimited
}

// Unlimited is the word for a bandwidth that does not matter, and for a disk that
// does not fill.
const Unlimited = "unlimited"

func (l Latency) String() string {
	if l.Shape == Uniform {
		return l.Spread.String()
	}
	return l.Spread.String() + " " + l.Shape.String()
}

func (a EditMessage) String() string {
	text := fmt.Sprintf("%v %v", a.Edit, a.Message)
	if a.Edit == DoubleIt || a.Edit == DelayIt {
		text += " by " + a.By.String()
	}
	return text
}

func (a SlowDisk) String() string { return fmt.Sprintf("disk %v slow %d", a.Member, a.Factor) }

func (a FillDisk) String() string {
	if a.Bytes < 0 {
		return fmt.Sprintf("disk %v full %s", a.Member, Unlimited)
	}
	return fmt.Sprintf("disk %v full %s", a.Member, FormatSize(a.Bytes))
}

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

func (a PauseClient) String() string { return "pause client " + a.Client + " " + a.For.String() }

func (a Invoke) String() string {
	text := fmt.Sprintf("client %s@%v %s", a.Client, a.Member, a.command())
	if then, ok := a.Then.(kv.CompactRequest); ok && then.Revision == 0 {
		text += " --action=compaction"
	} else if ok {
		text += fmt.Sprintf(" --action=compaction,%d", then.Revision)
	}
	return text
}

// command is the request in words, a range as one if it was asked for so.
func (a Invoke) command() string {
	text := kv.Command(a.Request)
	span := kv.Span{}
	switch r := a.Request.(type) {
	case kv.RangeRequest:
		span = r.Span
	case kv.DeleteRangeRequest:
		span = r.Span
	}
	if !a.Ranged || span.End == "" {
		return text
	}
	ends := kv.Span{Key: span.Key}.String() + " " + kv.Span{Key: span.End}.String()
	return strings.Replace(text, span.String(), ends, 1)
}

func (a StartWatch) String() string {
	return fmt.Sprintf("client %s@%v watch %v", a.Client, a.Member, &a.Watch)
}

// String is the watch in the words of etcdctl.
func (x *Watch) String() string {
	text := x.Span.String()
	if x.Start != 0 {
		text += fmt.Sprintf(" --rev=%d", x.Start)
	}
	if x.PrevKV {
		text += " --prev-kv"
	}
	return text
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
