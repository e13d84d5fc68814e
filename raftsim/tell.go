package raftsim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv/watch"
	"github.com/castaway-kv/castaway/raft"
)

// Sentence tells an event in English; false for what happens all the time and
// is not worth telling. All words about events stand in this file.
func (e *Event) Sentence() (string, bool) {
	switch e.Kind {
	case MemberStarted, MemberRefused, LossFound, Forgotten, FaultSkipped, BeyondModel, MemberCrashed, DiskFailed,
		SnapshotDamaged, SnapshotInstalled, MembersChanged, Settled, QuorumLost:
		return e.memberSentence()
	case RoleChanged:
		return e.roleSentence()
	case OpRetried, OpAnswered, OpRefused, OpUnknown:
		return e.opSentence(), true
	case WatchOpened, WatchDelivered, WatchBroken, LockClaimed, LockGivenUp, ClientResumed:
		return e.clientSentence(), true
	case ActionDone:
		return e.actionSentence(), true
	case ActionSkipped:
		return e.skippedSentence(), true
	case PropertyBroken:
		return e.Err.Error(), true
	case TimerFired, MessageSent, MessageDelivered, MessageDropped, DiskWritten, DiskSynced, SnapshotSaved, LinkFlapped,
		EntryApplied, OpInvoked, OpArrived:
		return "", false
	}
	panic(fmt.Sprintf("raftsim: unknown event %d", e.Kind))
}

// memberSentence tells what became of a member.
func (e *Event) memberSentence() (string, bool) {
	name := Name(e.Member)
	switch e.Kind {
	case MemberStarted:
		if e.N == 1 {
			return "", false
		}
		return fmt.Sprintf("%s restarts from its disk: term %d, log up to index %d", name, e.Term, e.Index), true
	case MemberRefused:
		return fmt.Sprintf("%s can't start: %v", name, e.Err), true
	case LossFound:
		return e.lossSentence(), true
	case Forgotten:
		return fmt.Sprintf("%s has lost something up to index %d that was synced, and can't know it; the others have it", name, e.Index), true
	case FaultSkipped:
		return fmt.Sprintf("the disk of %s gets back what it had lost: the cluster relies on it, and no member could know", name), true
	case BeyondModel:
		return fmt.Sprintf("%s has a fault that no replication survives: whatever breaks from here on is excused", name), true
	case DiskFailed:
		return fmt.Sprintf("the disk of %s fails, and it stops: %v", name, e.Err), true
	case SnapshotDamaged:
		return fmt.Sprintf("%s finds its snapshot damaged before it serves it, and makes a new one", name), true
	case SnapshotInstalled:
		return fmt.Sprintf("%s takes over a snapshot of the state after index %d", name, e.Index), true
	case MembersChanged:
		return fmt.Sprintf("the members are now %s", memberWords(e.Members)), true
	case Settled:
		return fmt.Sprintf("all is at rest: %s leads, every client is answered, all members are equal", name), true
	case QuorumLost:
		return "the cluster stands still, and must: those who have kept what they promised can't elect a leader", true
	default:
		return name + " crashes", true
	}
}

func (e *Event) lossSentence() string {
	text := fmt.Sprintf("%s finds that its disk has lost a part of its log, which went up to index %d: "+
		"until it has that back, it helps nobody who lacks it to lead", Name(e.Member), e.Index)
	if e.Err != nil {
		text += fmt.Sprintf(" (%v)", e.Err)
	}
	return text
}

// memberWords is a configuration in words.
func memberWords(c *raft.Configuration) string {
	text := names(c.Voters)
	if c.Joint() {
		text = fmt.Sprintf("%s, and as long as both count %s", text, names(c.Outgoing))
	}
	if len(c.Learners) > 0 {
		text += "; learning: " + names(c.Learners)
	}
	return text
}

func names(list []raft.ID) string {
	var words []string
	for _, id := range list {
		words = append(words, Name(id))
	}
	return strings.Join(words, " ")
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

func (e *Event) opSentence() string {
	name := Name(e.Member)
	switch e.Kind {
	case OpRetried:
		return fmt.Sprintf("%s: %v once more, at %s", e.Client, e.Request, name)
	case OpAnswered:
		return fmt.Sprintf("%s: %v → %v%s", e.Client, e.Request, e.Response, e.explanation())
	case OpRefused:
		return fmt.Sprintf("%s: %v → refused by %s, it did not happen: %v", e.Client, e.Request, name, e.Err)
	default:
		return fmt.Sprintf("%s: %v → unknown, %s: it may have happened, or may yet", e.Client, e.Request, e.Cause.Because(name))
	}
}

func (e *Event) clientSentence() string {
	name := Name(e.Member)
	switch e.Kind {
	case WatchOpened:
		return fmt.Sprintf("%s watches at %s: %s", e.Client, name, watchWords(e.Watch))
	case WatchDelivered:
		return fmt.Sprintf("%s hears from %s: %v", e.Client, name, e.Told)
	case WatchBroken:
		return fmt.Sprintf("%s: the watch ends: %s", e.Client, e.Cause.Because(name))
	case LockClaimed:
		return fmt.Sprintf("%s believes that it holds %s, with token %d", e.Client, e.Claim.Key, e.Claim.Token)
	case LockGivenUp:
		return fmt.Sprintf("%s does not claim %s any more (token %d)", e.Client, e.Claim.Key, e.Claim.Token)
	default:
		return e.Client + " goes on"
	}
}

func watchWords(r *watch.CreateRequest) string {
	if r.Start == 0 {
		return fmt.Sprintf("%v from now on", r.Span)
	}
	return fmt.Sprintf("%v from revision %d on", r.Span, r.Start)
}

func (e *Event) actionSentence() string {
	switch a := e.Action.(type) {
	case Cut:
		if a.OneWay {
			return "cut: " + groupString(a.A) + " → " + groupString(a.B)
		}
		return "cut: " + groupString(a.A) + " | " + groupString(a.B)
	case Heal:
		if slices.Equal(a.A, a.B) {
			return "all cuts are healed"
		}
		if a.OneWay {
			return "healed: " + groupString(a.A) + " → " + groupString(a.B)
		}
		return "healed: " + groupString(a.A) + " | " + groupString(a.B)
	}
	return fmt.Sprint(e.Action)
}

func (e *Event) skippedSentence() string {
	text := fmt.Sprintf("skipped: %v: %s", e.Action, e.Cause.Because("it"))
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// causes in words; % stands for the member or thing that each is about.
var causes = [...]string{
	NoCause:          "for no reason",
	CauseCut:         "a cut is in the way",
	CauseLoss:        "the network lost it",
	CauseDown:        "% is down",
	CauseUp:          "% is up",
	CauseNoLeader:    "nobody leads",
	CauseTimeout:     "% did not answer in time",
	CauseConnection:  "the connection to % broke",
	CauseBusy:        "too many requests wait already",
	CauseDoubled:     "the network sent it twice",
	CauseHand:        "it was taken off the network",
	CauseNotInFlight: "no such message is under way",
	CauseAbsent:      "there is no such member",
	CauseExists:      "there is such a member already",
	CauseTooMany:     fmt.Sprintf("there would be more than %d members", MaxMembers),
	CauseRefused:     "the members can't change so",
	CausePaused:      "% is paused",
	CauseDead:        "the identity of % is dead: replace it",
	CauseEmpty:       "nothing is there to be damaged",
	CauseNoClient:    "there is no such client",
	CauseCompacted:   "what comes next is compacted at %",
	CauseCanceled:    "% has canceled it",
	CauseReplaced:    "it watches something else from now on",
	CauseModel:       "the cluster could not stand it, and the run does not ask for faults beyond the model",
}

// Because says a cause, about the member or thing called name.
func (c Cause) Because(name string) string { return strings.ReplaceAll(causes[c], "%", name) }
