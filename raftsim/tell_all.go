package raftsim

import "fmt"

// Words tells an event in English, also one that Sentence passes over.
func (e *Event) Words() string {
	if text, ok := e.Sentence(); ok {
		return text
	}
	name, message := Name(e.Member), ""
	if e.Message != nil {
		message = fmt.Sprintf("%v of term %d (number %d)", KindOf(e.Message), e.Term, e.N)
	}
	switch e.Kind {
	case TimerFired:
		return "a timer of " + name + " falls due"
	case MessageSent:
		return fmt.Sprintf("%s sends %s %s", name, Name(e.Peer), message)
	case MessageDelivered:
		return fmt.Sprintf("%s gets %s from %s", Name(e.Peer), message, name)
	case MessageDropped:
		return fmt.Sprintf("%s from %s to %s is lost: %s", message, name, Name(e.Peer), e.Cause.Because(Name(e.Peer)))
	case EntryApplied:
		return fmt.Sprintf("%s applies index %d", name, e.Index)
	case OpInvoked:
		return fmt.Sprintf("%s asks %s: %v", e.Client, name, e.Request)
	case OpArrived:
		return fmt.Sprintf("the request of %s reaches %s", e.Client, name)
	case RoleChanged:
		return fmt.Sprintf("%s follows in term %d", name, e.Term)
	default:
		return e.diskWords()
	}
}

// diskWords tells what happens at a member or its disk all the time.
func (e *Event) diskWords() string {
	name := Name(e.Member)
	words, ok := map[EventKind]string{
		MemberStarted: name + " starts",
		DiskWritten:   fmt.Sprintf("%s writes %d bytes", name, e.N),
		DiskSynced:    name + " has synced its disk",
		SnapshotSaved: fmt.Sprintf("%s has saved a snapshot of the state after index %d", name, e.Index),
		LinkFlapped:   fmt.Sprintf("%v: now %s", e.Action, [...]string{"whole", "cut"}[e.N&1]),
	}[e.Kind]
	if !ok {
		panic(fmt.Sprintf("raftsim: event %d has no words", e.Kind))
	}
	return words
}
