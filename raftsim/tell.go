package raftsim

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
)

// Sentence tells an event in English; false for what happens all the time and
// is not worth telling. All words about events stand in this file.
func (e *Event) Sentence() (string, bool) {
	name := Name(e.Member)
	switch e.Kind {
	case MemberStarted:
		if e.N == 1 {
			return "", false
		}
		return fmt.Sprintf("%s restarts from its disk: term %d, log up to index %d", name, e.Term, e.Index), true
	case MemberRefused:
		return fmt.Sprintf("%s can't start: %v", name, e.Err), true
	case MemberCrashed:
		return name + " crashes", true
	case RoleChanged:
		return e.roleSentence()
	case OpRetried:
		return fmt.Sprintf("%s: %v once more, at %s", e.Client, e.Request, name), true
	case OpAnswered:
		return fmt.Sprintf("%s: %v → %v", e.Client, e.Request, e.Response), true
	case OpRefused:
		return fmt.Sprintf("%s: %v → refused by %s, it did not happen: %v", e.Client, e.Request, name, e.Err), true
	case OpUnknown:
		return fmt.Sprintf("%s: %v → unknown, %s: it may have happened, or may yet", e.Client, e.Request, e.Cause.Because(name)), true
	case WatchOpened:
		return fmt.Sprintf("%s watches at %s: %s", e.Client, name, watchWords(e.Watch)), true
	case WatchDelivered:
		return fmt.Sprintf("%s hears from %s: %v", e.Client, name, e.Told), true
	case WatchBroken:
		return fmt.Sprintf("%s: the watch ends: %s", e.Client, e.Cause.Because(name)), true
	case ClientResumed:
		return e.Client + " goes on", true
	case ActionDone:
		return e.actionSentence(), true
	case ActionSkipped:
		return fmt.Sprintf("skipped: %v: %s", e.Action, e.Cause.Because("it")), true
	case PropertyBroken:
		return e.Err.Error(), true
	case TimerFired, MessageSent, MessageDelivered, MessageDropped, DiskWritten, DiskSynced, EntryApplied, OpInvoked, OpArrived:
		return "", false
	}
	panic(fmt.Sprintf("raftsim: unknown event %d", e.Kind))
}

func watchWords(r *watch.CreateRequest) string {
	if r.Start == 0 {
		return fmt.Sprintf("%v from now on", r.Span)
	}
	return fmt.Sprintf("%v from revision %d on", r.Span, r.Start)
}

func (e *Event) roleSentence() (string, bool) {
	name := Name(e.Member)
	switch e.Role {
	case raft.Leader:
		return fmt.Sprintf("%s leads term %d", name, e.Term), true
	case raft.Candidate:
		return fmt.Sprintf("%s is a candidate in term %d", name, e.Term), true
	case raft.PreCandidate:
		return fmt.Sprintf("%s hears no leader and asks for pre-votes in term %d", name, e.Term), true
	case raft.Follower:
		return fmt.Sprintf("%s follows in term %d", name, e.Term), e.Before != raft.Follower
	}
	panic(fmt.Sprintf("raftsim: unknown role %d", e.Role))
}

func (e *Event) actionSentence() string {
	switch a := e.Action.(type) {
	case PauseClient:
		return fmt.Sprintf("%s is paused for %d ms", a.Client, a.For/Millisecond)
	case Cut:
		return "cut: " + groupString(a.A) + " | " + groupString(a.B)
	case Heal:
		if slices.Equal(a.A, a.B) {
			return "all cuts are healed"
		}
		return "healed: " + groupString(a.A) + " | " + groupString(a.B)
	}
	panic(fmt.Sprintf("raftsim: unexpected %T", e.Action))
}

// Because says a cause, about the member or thing called name.
func (c Cause) Because(name string) string {
	switch c {
	case NoCause:
		return "for no reason"
	case CauseCut:
		return "a cut is in the way"
	case CauseLoss:
		return "the network lost it"
	case CauseDown:
		return name + " is down"
	case CauseUp:
		return name + " is up"
	case CauseNoLeader:
		return "nobody leads"
	case CauseTimeout:
		return name + " did not answer in time"
	case CauseConnection:
		return "the connection to " + name + " broke"
	case CauseBusy:
		return "too many requests wait already"
	case CauseCompacted:
		return "what comes next is compacted at " + name
	case CauseCanceled:
		return name + " has canceled it"
	}
	panic(fmt.Sprintf("raftsim: unknown cause %d", c))
}

// Strings of actions are in the words of a scenario.

func (a Crash) String() string { return "crash " + a.Member.String() }

func (a Restart) String() string {
	if a.Member == 0 {
		return "restart"
	}
	return "restart " + a.Member.String()
}

func (a Cut) String() string { return withGroups("cut", a.A, a.B) }

func (a Heal) String() string { return withGroups("heal", a.A, a.B) }

func (a Invoke) String() string {
	return fmt.Sprintf("client %s@%v %v", a.Client, a.Member, a.Request)
}

func (a PauseClient) String() string {
	return fmt.Sprintf("pause client %s %d ns", a.Client, a.For)
}

func withGroups(word string, a, b []Target) string {
	if len(a) > 0 {
		word += " " + groupString(a)
	}
	if len(b) > 0 {
		word += " | " + groupString(b)
	}
	return word
}
