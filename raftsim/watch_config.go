package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
)

// Watch is what a client watches. It goes on wherever a stream breaks: at another
// member, from the revision after the last one that it has heard completely. If
// that is compacted, it goes on with what is left.
type Watch struct {
	kv.Span
	// Start is the first revision to hear of; 0 is the next one when the first stream
	// is opened.
	Start kv.Revision
	// PrevKV adds to each event the pair before it.
	PrevKV bool
	// Window is how many responses may be on their way to the client; 0 is
	// DefaultWindow. With a long Client.Think it makes a slow reader.
	Window int
	// Progress makes the client ask, when half of its Timeout was silent, whether there
	// is nothing to tell. So it stays with a member that has nothing, and even with one
	// that is cut off; without, it goes to the next one.
	Progress bool
}

// DefaultWindow is the Watch.Window of a client that has none.
const DefaultWindow = 16

// maxWindow bounds Watch.Window.
const maxWindow = 1 << 20

func (x *Watch) window() int {
	if x.Window == 0 {
		return DefaultWindow
	}
	return x.Window
}

// request is the watcher to create, from a revision on.
func (x *Watch) request(next kv.Revision) watch.CreateRequest {
	return watch.CreateRequest{Span: x.Span, Start: next, PrevKV: x.PrevKV}
}

func (x *Watch) validate() error {
	const noEnd = "\x00"
	if x.Key == "" || x.End != "" && x.End != noEnd && x.End <= x.Key {
		return fmt.Errorf("watch: span: it contains no key")
	}
	if x.Start < 0 {
		return fmt.Errorf("watch: start: revision %d is none", x.Start)
	}
	if x.Window < 0 || x.Window > maxWindow {
		return fmt.Errorf("watch: window: %d is not between 0 and %d", x.Window, maxWindow)
	}
	return nil
}
