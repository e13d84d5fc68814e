package replica

import (
	"cmp"
	"slices"

	"github.com/castaway-kv/castaway/kv/watch"
)

// stream is one client's stream of watch responses.
type stream struct {
	// number is the driver's name for it, id the hub's.
	number uint64
	id     watch.StreamID
	// credit is how many responses the client is ready for.
	credit int
}

func (r *Replica) watch(in Watch) {
	s := r.machine.Watches().Open()
	s.Create(in.Create)
	r.streams = append(r.streams, stream{number: in.Stream, id: s.ID()})
}

func (r *Replica) pull(in Pull) {
	if s := r.stream(in.Stream); s != nil {
		s.credit += in.N
	}
}

func (r *Replica) progress(in Progress) {
	if s := r.stream(in.Stream); s != nil {
		r.machine.Watches().Stream(s.id).RequestProgress()
	}
}

func (r *Replica) unwatch(in Unwatch) {
	if s := r.stream(in.Stream); s != nil {
		r.machine.Watches().Stream(s.id).Close()
		r.streams = slices.DeleteFunc(r.streams, func(x stream) bool { return x.number == in.Stream })
	}
}

// stream finds a stream by its number, nil if there is none.
func (r *Replica) stream(number uint64) *stream {
	i := slices.IndexFunc(r.streams, func(s stream) bool { return s.number == number })
	if i < 0 {
		return nil
	}
	return &r.streams[i]
}

// deliver hands out what streams have to say, as far as their clients are ready
// for it.
func (r *Replica) deliver() {
	if len(r.streams) == 0 {
		return
	}
	for s := range r.machine.Watches().Ready() {
		i, _ := slices.BinarySearchFunc(r.streams, s.ID(), func(x stream, id watch.StreamID) int { return cmp.Compare(x.id, id) })
		r.deliverTo(&r.streams[i], s)
	}
}

func (r *Replica) deliverTo(to *stream, s *watch.Stream) {
	for to.credit > 0 {
		response, ok := s.Next()
		if !ok {
			return
		}
		to.credit--
		r.out.Watched = append(r.out.Watched, Watched{to.number, response})
	}
}
