package lease

import (
	"math"

	"github.com/castaway-kv/castaway/kv"
)

// Time is a reading of the member's monotonic clock, in nanoseconds.
type Time int64

// Duration is a span of such time, in nanoseconds.
type Duration int64

// Second is the unit of a TTL.
const Second Duration = 1_000_000_000

// Never is later than any time.
const Never = Time(math.MaxInt64)

// add is the time d later, Never if that is beyond what can be counted.
func (t Time) add(d Duration) Time {
	if sum := t + Time(d); d < 0 || sum >= t {
		return sum
	}
	return Never
}

// duration of a time to live; it is at most kv.MaxTTL, which can be counted.
func duration(ttl kv.TTL) Duration { return Duration(ttl) * Second }

// MinTTL is the shortest time to live to grant where elections time out after
// electionTimeout: half as long again, in whole seconds rounded up, so that a
// lease outlasts an election. It is what etcd sets: 2 for one second, 8 for five.
func MinTTL(electionTimeout Duration) kv.TTL {
	return kv.TTL((electionTimeout*3/2 + Second - 1) / Second)
}
