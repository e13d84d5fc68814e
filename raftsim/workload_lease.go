package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// Lease is a client that registers a service, as one does on etcd: a key that is
// attached to a lease stands as long as the lease is kept alive. Now and then the
// client asks how much time is left. At the end of a registration's life it
// revokes the lease, or lets it run out and looks whether the key is gone.
type Lease struct {
	// Prefix of the keys, behind which the clients' names stand.
	Prefix string
	// TTL of the lease.
	TTL kv.TTL
	// Life is how long a registration is kept up.
	Life Spread
	// Expire is the chance that the lease is left to run out, rather than revoked.
	Expire Chance
	// Rounds is how often the client registers before it is done; 0 means that it
	// never is.
	Rounds int

	session session
	// registered is the lease with which the client's key was put, 0 if it was not;
	// end is when its life is over.
	registered kv.LeaseID
	end        Time
	// waits says that the lease is left to run out.
	waits bool
	// rounds counts the registrations.
	rounds int
}

// Next implements Workload.
func (l *Lease) Next(t *Turn) (kv.Request, bool) {
	l.hear(t)
	switch {
	case l.waits:
		return l.wait(t), true
	case l.registered == 0 && l.Rounds > 0 && l.rounds >= l.Rounds:
		return nil, false
	case l.registered != 0 && t.Now >= l.end:
		return l.finish(t), true
	}
	if request := l.session.request(t, l.TTL); request != nil {
		return request, true
	}
	if l.registered == 0 {
		return kv.PutRequest{Key: l.key(t), Value: t.Name, Lease: l.session.id}, true
	}
	if t.Choose(3) == 2 {
		return kv.LeaseTimeToLiveRequest{ID: l.session.id, Keys: true}, true
	}
	t.Pause = min(l.end-t.Now, seconds(l.TTL)/4)
	return nil, true
}

func (l *Lease) key(t *Turn) string { return l.Prefix + t.Name }

// hear takes note of how the last request ended.
func (l *Lease) hear(t *Turn) {
	if l.waits {
		return // what becomes of the lease is up to its time
	}
	l.session.hear(t.Last)
	if t.Last != nil {
		switch response := t.Last.Response.(type) {
		case kv.PutResponse:
			if l.session.granted {
				l.registered, l.end = l.session.id, t.Now+t.Spread(l.Life)
				l.rounds++
			}
		case kv.LeaseTimeToLiveResponse:
			if response.TTL < 0 && response.ID == l.session.id {
				l.session.lose()
			}
		}
	}
	if l.session.expire(t.Now); !l.session.granted {
		l.registered = 0
	}
}

// finish ends a registration.
func (l *Lease) finish(t *Turn) kv.Request {
	l.registered = 0
	if t.Happens(l.Expire) {
		l.waits = true
		t.Pause = max(0, l.session.until-t.Now) + seconds(l.TTL)
		return nil
	}
	return l.session.revoke()
}

// wait is over: the client looks, and begins anew.
func (l *Lease) wait(t *Turn) kv.Request {
	l.waits = false
	l.session.lose()
	return kv.RangeRequest{Span: kv.Span{Key: l.key(t)}}
}

// Clone implements Workload.
func (l *Lease) Clone() Workload {
	clone := *l
	return &clone
}

// Validate names the field that can't be.
func (l *Lease) Validate() error {
	return firstError(
		notEmpty("prefix", l.Prefix), validateTTL(l.TTL), l.Life.validateField("life"),
		l.Expire.validate("expire"), notNegative("rounds", l.Rounds),
	)
}

// String says what the client believes.
func (l *Lease) String() string {
	state := "not registered"
	switch {
	case l.waits:
		state = "waits until it runs out"
	case l.registered != 0:
		state = "registered"
	}
	return fmt.Sprintf("lease: %v, %s", &l.session, state)
}
