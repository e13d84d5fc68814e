package linearize

import "github.com/castaway-kv/castaway/kv"

// LeaseEvent is something that happened to a lease, at a moment of the leader's
// clock (each leader goes on from where the last one was, so that the moments
// can be compared, in nanoseconds or any unit that Second names).
type LeaseEvent struct {
	At   int64
	Kind LeaseEventKind
	ID   kv.LeaseID
	// TTL that was granted, in seconds, and how many units of At a second has.
	TTL    kv.TTL
	Second int64
}

// LeaseEventKind tells the kinds of lease events apart.
type LeaseEventKind uint8

// The kinds of lease events.
const (
	// LeaseGranted: the grant was acknowledged, or applied.
	LeaseGranted LeaseEventKind = iota
	// LeaseRenewed: a keep-alive was acknowledged, or a new leader began to count
	// anew.
	LeaseRenewed
	// LeaseRevoked: a client ended it.
	LeaseRevoked
	// LeaseExpired: the leader ended it.
	LeaseExpired
	// LeaseObserved: the run ended, or somebody looked, and the lease was there.
	LeaseObserved
)

// leaseLife is a lease under check.
type leaseLife struct{ granted, deadline int64 }

// checkLeases: a lease never ends by itself before its grant, or the last
// keep-alive that was acknowledged, plus its time to live; and it does end.
func checkLeases(r *Record) Property {
	p := Property{Name: "leases"}
	lives := map[kv.LeaseID]*leaseLife{}
	for _, e := range r.Leases {
		p.Checked++
		l := lives[e.ID]
		switch e.Kind {
		case LeaseGranted:
			if l != nil {
				p.breaks(nil, 0, "lease %v is granted at %d, although it is there since %d", e.ID, e.At, l.granted)
			}
			lives[e.ID] = &leaseLife{e.At, e.At + int64(e.TTL)*e.Second}
			continue
		case LeaseRenewed, LeaseObserved:
			if l == nil {
				p.breaks(nil, 0, "lease %v is there at %d, although it ended or was never granted", e.ID, e.At)
				continue
			}
			if e.At > l.deadline+r.LeaseGrace {
				p.breaks(nil, 0, "lease %v is still there at %d: its time ended at %d", e.ID, e.At, l.deadline)
			}
			if e.Kind == LeaseRenewed {
				l.deadline = max(l.deadline, e.At+int64(e.TTL)*e.Second)
			}
		case LeaseExpired:
			if l == nil {
				p.breaks(nil, 0, "lease %v expires at %d, although it is not there", e.ID, e.At)
				continue
			}
			if e.At < l.deadline {
				p.breaks(nil, 0, "lease %v expired at %d, before its time: that was until %d", e.ID, e.At, l.deadline)
			}
			delete(lives, e.ID)
		case LeaseRevoked:
			delete(lives, e.ID)
		}
	}
	return p.done("")
}
