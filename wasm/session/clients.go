package session

import (
	"fmt"
	"strings"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// maxClients bounds the clients that a frame shows.
const maxClients = 12

// clients are the first clients at the playhead, and how many there are. The page's own is
// the last one, and always there.
func clients(w *raftsim.World) ([]ClientState, int) {
	config := w.Config()
	n := len(config.Clients)
	list := []ClientState{}
	for i := range config.Clients {
		if i < maxClients-1 || config.Clients[i].Name == you {
			list = append(list, client(w, i))
		}
	}
	return list, n
}

func client(w *raftsim.World, i int) ClientState {
	v := w.Client(i)
	c := ClientState{Name: v.Name, Member: int(v.Member), Outcome: Pending, Paused: v.PausedUntil > w.Now(), About: clip(v.About)}
	if v.Op >= 0 {
		op := w.Op(v.Op)
		c.Request, c.Since, c.Serializable = clip(fmt.Sprint(op.Request)), int64(op.Called), serializable(op.Request)
	}
	if v.Last >= 0 {
		op := w.Op(v.Last)
		c.Outcome, c.Answer = outcomeOf(&op)
	}
	return c
}

// outcomeOf is how an operation ended, as answerOf says it.
func outcomeOf(op *raftsim.Op) (OpOutcome, string) {
	e := raftsim.Event{Kind: raftsim.OpUnknown, Member: op.Member, Cause: op.Cause, Response: op.Response, Err: op.Err}
	switch op.Outcome {
	case linearize.Answered:
		e.Kind = raftsim.OpAnswered
	case linearize.Refused:
		e.Kind = raftsim.OpRefused
	case linearize.Unknown:
	}
	return answerOf(&e)
}

func links(w *raftsim.World) []LinkState {
	views := w.Links()
	list := []LinkState{}
	config := w.Config()
	for i := range views {
		v := &views[i]
		list = append(list, LinkState{int(v.From), int(v.To), linkWords(&config.Network, v)})
	}
	return list
}

// linkWords says in what a link differs from the rest of the network.
func linkWords(usual *raftsim.Link, v *raftsim.LinkView) string {
	var words []string
	note := func(is bool, text string) {
		if is {
			words = append(words, text)
		}
	}
	if l := v.Link; l != nil {
		note(l.Latency != usual.Latency, l.Latency.String())
		note(l.Drop != usual.Drop, "loses "+l.Drop.String())
		note(l.Duplicate != usual.Duplicate, "doubles "+l.Duplicate.String())
		note(l.Reorder != usual.Reorder, "reorders "+l.Reorder.String())
		note(l.Bandwidth != usual.Bandwidth, bandwidthWords(l.Bandwidth))
	}
	note(v.Flaps > 0, "flaps every "+v.Flaps.String())
	return strings.Join(words, ", ")
}

func bandwidthWords(bytes int64) string {
	if bytes == 0 {
		return raftsim.Unlimited
	}
	return raftsim.FormatSize(bytes) + "/s"
}
