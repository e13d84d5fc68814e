package watch

// FragmentBytes is the size at which a response is split for a watcher that
// allows it: etcd's limit for a request, with 512 KiB for what surrounds it.
const FragmentBytes = 2 * 1024 * 1024

// Next takes the next thing that the stream has to say, false if there is nothing
// until something happens.
func (s *Stream) Next() (Response, bool) {
	for s.queue.len() == 0 {
		if len(s.behind) == 0 {
			return Response{}, false
		}
		s.catchUp()
	}
	d := s.queue.front()
	if d.watcher == nil {
		defer s.queue.pop()
		return d.response, true
	}
	d.watcher.due = false
	if part, ok := d.split(); ok {
		return part, true
	}
	defer s.queue.pop()
	return d.response, true
}

// split takes the first part off a response that is too long, false if it is not
// or must stay whole.
func (d *delivery) split() (Response, bool) {
	if !d.watcher.fragment {
		return Response{}, false
	}
	size := overhead
	for i := range d.response.Events {
		size += eventSize(&d.response.Events[i])
		if i > 0 && size > FragmentBytes {
			part := d.response
			part.Fragment = true
			part.Events, d.response.Events = part.Events[:i:i], part.Events[i:]
			return part, true
		}
	}
	return Response{}, false
}
