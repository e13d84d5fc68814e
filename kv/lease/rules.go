package lease

import "github.com/castaway-kv/castaway/kv"

// Rules are the decisions that keep a lease's promise. A run may replace one to
// show what it is there for.
type Rules struct {
	// Expired: a lease has run out only once the leader's clock has reached its
	// deadline.
	Expired func(deadline, now Time) bool
	// MayRenew: a lease that has run out is not renewed, even while its revocation
	// is still under way; else it would be renewed and then revoked nevertheless.
	MayRenew func(deadline, now Time) bool
	// Renewed: a lease that is granted or renewed has its full time to live.
	Renewed func(now Time, ttl kv.TTL) Time
	// Promoted: a new leader gives every lease its full time to live, and extend
	// besides, for the time in which there was no leader to renew it.
	Promoted func(now Time, extend Duration, ttl kv.TTL) Time
}

// Expired is the rule of the same name.
func Expired(deadline, now Time) bool { return now >= deadline }

// MayRenew is the rule of the same name.
func MayRenew(deadline, now Time) bool { return now < deadline }

// Renewed is the rule of the same name.
func Renewed(now Time, ttl kv.TTL) Time { return now.add(duration(ttl)) }

// Promoted is the rule of the same name.
func Promoted(now Time, extend Duration, ttl kv.TTL) Time { return now.add(extend).add(duration(ttl)) }

// StandardRules are etcd's.
func StandardRules() Rules { return Rules{Expired, MayRenew, Renewed, Promoted} }
