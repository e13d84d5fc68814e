package lease

import (
	"slices"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func granted(t *testing.T, l *Lessor, now Time, id kv.LeaseID, ttl kv.TTL) {
	t.Helper()
	if _, err := l.Grant(now, id, ttl); err != nil {
		t.Fatal(err)
	}
}

// etcd's values: election time-outs of 1 s and 5 s.
func TestMinTTL(t *testing.T) {
	for timeout, want := range map[Duration]kv.TTL{Second: 2, 5 * Second: 8, Second / 5: 1, 2 * Second: 3} {
		if got := MinTTL(timeout); got != want {
			t.Errorf("%d ns: %d, want %d", timeout, got, want)
		}
	}
}

// The longest TTL late in the longest of lives does not wrap around.
func TestDeadlinesSaturate(t *testing.T) {
	l := newPair().lessor
	l.Promote(0, 0)
	granted(t, l, Never-1, 1, kv.MaxTTL)
	if l.Wake() != Never || len(slices.Collect(l.Expired(Never-1))) != 0 {
		t.Errorf("due at %d", l.Wake())
	}
	l.Promote(Never-1, 5*Second)
	if l.Wake() != Never {
		t.Errorf("after a promotion due at %d", l.Wake())
	}
}

// A caller that stops early is shown the rest the next time.
func TestExpiredMayStop(t *testing.T) {
	l := newPair().lessor
	l.Promote(0, 0)
	for id := range kv.LeaseID(10) {
		granted(t, l, 0, id+1, 5)
	}
	now := Time(5 * Second)
	var shown []kv.LeaseID
	for len(shown) < 10 {
		for id := range l.Expired(now) {
			shown = append(shown, id)
			if _, err := l.Revoke(id); err != nil {
				t.Fatal(err)
			}
			if len(shown)%3 == 0 {
				break
			}
		}
	}
	if !slices.IsSorted(shown) || l.Wake() != Never {
		t.Errorf("%v, then at %d", shown, l.Wake())
	}
}

// After a promotion many leases are spread over time, each of them later than it
// would be alone, none earlier.
func TestPromoteSpreads(t *testing.T) {
	l := newPair().lessor
	const leases = 10_000
	for id := range kv.LeaseID(leases) {
		granted(t, l, 0, id+1, 10+kv.TTL(id%3))
	}
	now := Time(100 * Second)
	l.Promote(now, Second)
	perSecond := map[Time]int{}
	for id, x := range l.timers.All() {
		perSecond[x.deadline/Time(Second)]++
		if ttl := l.TTL(id); x.deadline < Promoted(now, Second, ttl) {
			t.Fatalf("lease %v of %d s runs out %d ns after its promotion", id, ttl, x.deadline-now)
		}
	}
	for second, n := range perSecond {
		if n > maxPerSecond {
			t.Errorf("%d leases run out in second %d", n, second)
		}
	}
	if last := l.List()[leases-1]; l.timers.Len() != leases || last == 0 {
		t.Errorf("%d timers", l.timers.Len())
	}
}

// Each rule is needed: with another in its place a promise is broken.
func TestRulesAreNeeded(t *testing.T) {
	early := func(broken func(*Rules)) bool {
		rules := StandardRules()
		broken(&rules)
		l := New(Config{MinTTL: 1, Rules: rules})
		l.Promote(0, 0)
		granted(t, l, 0, 1, 10)
		held := Time(10 * Second)
		if ttl, err := l.Renew(Time(4*Second), 1); err == nil {
			held = Time(4*Second) + Time(ttl)*Time(Second)
		}
		// Leadership goes away and comes back.
		l.Demote()
		l.Promote(Time(8*Second), 0)
		for now := Time(0); now < held; now += Time(Second) {
			for range l.Expired(now) {
				return true
			}
		}
		return false
	}
	for name, broken := range map[string]func(*Rules){
		"none":     func(*Rules) {},
		"expired":  func(r *Rules) { r.Expired = func(deadline, now Time) bool { return now+Time(5*Second) >= deadline } },
		"renewed":  func(r *Rules) { r.Promoted = func(now Time, _ Duration, _ kv.TTL) Time { return now } },
		"promoted": func(r *Rules) { r.Promoted = func(Time, Duration, kv.TTL) Time { return Time(10 * Second) } },
	} {
		if got := early(broken); got != (name != "none") {
			t.Errorf("%s: a lease ends early: %v", name, got)
		}
	}
	rules := StandardRules()
	rules.MayRenew = func(_, _ Time) bool { return true }
	l := New(Config{MinTTL: 1, Rules: rules})
	l.Promote(0, 0)
	granted(t, l, 0, 1, 10)
	for id := range l.Expired(Time(10 * Second)) { // its revocation is under way
		if ttl, err := l.Renew(Time(10*Second), id); err != nil || ttl != 10 {
			t.Errorf("without MayRenew a lease about to be revoked is renewed: %d, %v", ttl, err)
		}
	}
}

func TestAttachToUnknownLeasePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	newPair().lessor.Attach("k", 1)
}

func BenchmarkRenew(b *testing.B) {
	l := newPair().lessor
	l.Promote(0, 0)
	for id := range kv.LeaseID(100_000) {
		_, _ = l.Grant(0, id+1, 60)
	}
	now := Time(0)
	b.ReportAllocs()
	for b.Loop() {
		now++
		if _, err := l.Renew(now, kv.LeaseID(now%100_000)+1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClone(b *testing.B) {
	l := newPair().lessor
	for id := range kv.LeaseID(100_000) {
		_, _ = l.Grant(0, id+1, 60)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = l.Clone()
	}
}
