package watch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// ID names a watcher within its stream.
type ID int64

// NoID stands in responses that concern no watcher, or all of the stream.
const NoID ID = -1

// The reasons why a watcher is not created, with etcd's texts.
var (
	// ErrDuplicateID: the stream has a watcher with the id asked for.
	ErrDuplicateID = errors.New("mvcc: duplicate watch ID provided on the WatchStream")
	// ErrEmptyRange: the span contains no key.
	ErrEmptyRange = errors.New("mvcc: watcher range is empty")
)

// CreateRequest asks for a watcher.
type CreateRequest struct {
	// Span to watch; its keys need not exist. Without a key it begins with "\x00",
	// the first of all keys.
	kv.Span
	// ID to give the watcher; 0 leaves the choice to the stream, which counts up
	// from 0.
	ID ID
	// Start is the first revision to hear of, past or future; 0 is the next one.
	Start kv.Revision
	// PrevKV adds to each event the pair before it, unless that is compacted.
	PrevKV bool
	// Fragment allows a response to be split when it is longer than FragmentBytes.
	Fragment bool
	// ProgressNotify asks for progress notices from time to time; see Stream.Tick.
	ProgressNotify bool
	// NoPut and NoDelete leave out events of that kind.
	NoPut    bool
	NoDelete bool
}

// Response is what a stream has to say: that a watcher was created or canceled,
// events, or, without any of these, that everything up to Revision was said.
type Response struct {
	// ID of the watcher; NoID if none was created, and for the progress of the
	// whole stream.
	ID ID
	// Revision of the store when the response was made, 0 with CompactRevision.
	// For a watcher in step it is that of the events.
	Revision kv.Revision
	Created  bool
	// Canceled: there will be no further events.
	Canceled bool
	// CompactRevision is set when the watcher was canceled because events that it
	// was to hear of are compacted: start again here, or later.
	CompactRevision kv.Revision
	// Reason why no watcher was created.
	Reason string
	// Fragment: more events of the same response follow in the next one.
	Fragment bool
	Events   []kv.Event
}

// String is the response in one line.
func (r Response) String() string {
	var words []string
	add := func(when bool, format string, args ...any) {
		if when {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(r.Created, "created")
	add(r.Canceled, "canceled")
	add(r.CompactRevision != 0, "compacted at %d", r.CompactRevision)
	add(r.Reason != "", "%q", r.Reason)
	add(len(words) == 0 && len(r.Events) == 0, "progress")
	for _, e := range r.Events {
		add(true, "%s", eventWords(e))
	}
	add(r.Fragment, "...")
	return fmt.Sprintf("%d @%d %s", r.ID, r.Revision, strings.Join(words, ", "))
}

func eventWords(e kv.Event) string {
	words := fmt.Sprintf("%d put %v", e.KV.ModRevision, e.KV)
	if e.Kind == kv.EventDelete {
		words = fmt.Sprintf("%d delete %s", e.KV.ModRevision, e.KV.Key)
	}
	if e.Prev != nil {
		words += fmt.Sprintf(" (was %v)", *e.Prev)
	}
	return words
}
