package session

import (
	"iter"
	"math/bits"
	"sort"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// exactBits: histories of fewer than 2^exactBits calls and returns are judged up to the
// last one.
const exactBits = 6

// judge knows the verdicts on a branch. To judge takes time in proportion to the history.
// So a long one is judged at a few stamps only, 2^(exactBits−1) of them while it doubles, and
// a frame shows the verdict on the one before the last: that depends on the playhead alone, and
// leaves the time from one stamp to the next to judge it little by little.
type judge struct {
	// bug is the one that is planted, "" for none.
	bug string
	// end is when the scenario ends: there all is judged. endStamp is the last stamp up to it,
	// 0 if that was not asked for.
	end      raftsim.Time
	endStamp int64
	// good is the last stamp up to which all was well: then it was at every one before.
	good int64
	// ill are the verdicts on stamps that were not well, by stamp.
	ill map[int64]raftsim.Verdict
	// broken is the first violation that is known, nil if none is.
	broken *breach
	// next is what is being judged, nil if nothing is; rate is how many steps it took for
	// each stamp the last time.
	next *judging
	rate float64
	// word is the verdict that was given last, wordAt what it is about.
	word   Verdict
	wordAt wordAt
}

func newJudge(s *scenario.Scenario) judge { return judge{bug: s.Bug(), end: s.Length()} }

// endsWith takes the end of a scenario that has been changed.
func (j *judge) endsWith(s *scenario.Scenario) {
	if j.end != s.Length() {
		j.end, j.endStamp = s.Length(), 0
	}
}

// wordAt is what a verdict depends on.
type wordAt struct {
	known   bool
	stamp   int64
	broken  *breach
	cluster *raftsim.Violation
	excuse  string
}

// breach is a promise that was broken.
type breach struct {
	// stamp and time are when it shows.
	stamp   int64
	time    raftsim.Time
	verdict raftsim.Verdict
}

// grid is the last stamp up to one that may be judged.
func grid(stamp int64) int64 { return stamp - stamp%gridStep(stamp) }

func gridStep(stamp int64) int64 { return 1 << max(0, bits.Len64(uint64(stamp))-exactBits) }

// shown is the stamp whose verdict a frame shows.
func shown(stamp int64) int64 {
	if step := gridStep(stamp); step > 1 {
		return grid(stamp - step)
	}
	return stamp
}

// stampFor is what is judged of a world: all of it once a property of the cluster has
// ended the run, and all that happened until the scenario's end.
func (j *judge) stampFor(w *raftsim.World) int64 {
	if w.Violation() != nil {
		return w.Stamps()
	}
	stamp := shown(w.Stamps())
	if w.Now() < j.end {
		return stamp
	}
	if j.endStamp == 0 {
		j.endStamp = lastStamp(w, j.end)
	}
	return max(stamp, j.endStamp)
}

// lastStamp is the last one that an operation got up to a moment; 1 if none did.
func lastStamp(w *raftsim.World, until raftsim.Time) int64 {
	last := int64(1)
	for i := range w.Ops() {
		op := w.Op(i)
		if op.Called <= until {
			last = max(last, op.Call)
		}
		if op.Ended && op.Returned <= until {
			last = max(last, op.Return)
		}
	}
	return last
}

// verdict is the word on the history at the playhead; on the way to somewhere else the one
// that was given last is good enough.
func (j *judge) verdict(w *raftsim.World, onTheWay bool) Verdict {
	stamp := j.stampFor(w)
	if onTheWay && j.wordAt.known && stamp > j.good && w.Violation() == nil {
		return j.word
	}
	v := j.known(w, stamp)
	at := wordAt{true, stamp, nil, w.Violation(), w.Excuse()}
	if j.broken != nil && j.broken.time <= w.Now() {
		at.broken = j.broken
	}
	if at != j.wordAt {
		j.word, j.wordAt = wordOn(w, stamp, &v, at.broken, j.bug), at
	}
	return j.word
}

// known is the verdict on a stamp; all is well without asking if it was later.
func (j *judge) known(w *raftsim.World, stamp int64) raftsim.Verdict {
	if stamp <= j.good {
		return raftsim.Verdict{Result: linearize.Linearizable, Broken: w.Violation()}
	}
	if v, ok := j.ill[stamp]; ok {
		return v
	}
	var v raftsim.Verdict
	if j.next != nil && j.next.stamp == stamp {
		v = j.next.finish()
		j.rate = float64(j.next.polls) / float64(max(1, stamp))
	} else {
		v = w.JudgeUntil(stamp, linearize.Options{})
	}
	j.stop()
	v.Beyond = append(v.Beyond, w.Broken(promises(j.bug), stamp)...)
	j.learn(w, stamp, &v)
	return v
}

// learn takes in a verdict.
func (j *judge) learn(w *raftsim.World, stamp int64, v *raftsim.Verdict) {
	if isWell(v) {
		j.good = stamp
		return
	}
	if j.ill == nil {
		j.ill = map[int64]raftsim.Verdict{}
	}
	j.ill[stamp] = *v
	if broken(v) {
		if b := breachOf(w, stamp, v); j.broken == nil || b.time < j.broken.time {
			j.broken = b
		}
	}
}

// isWell says that what clients saw is as it must be, whatever became of the cluster.
func isWell(v *raftsim.Verdict) bool {
	return v.Store.Result == linearize.Linearizable && v.Commands.Result == linearize.Linearizable && linearize.FirstBroken(v.Beyond) == nil
}

// broken says that clients saw what they must not.
func broken(v *raftsim.Verdict) bool {
	return v.Store.Result == linearize.Violation || v.Commands.Result == linearize.Violation || linearize.FirstBroken(v.Beyond) != nil
}

// ahead judges a little of what will be shown next, so that it is known when it is. It is
// called once for each frame.
func (j *judge) ahead(w *raftsim.World) {
	now := w.Stamps()
	stamp, step := grid(now), gridStep(now)
	if step == 1 || stamp <= j.good || w.Violation() != nil {
		return
	}
	if _, ok := j.ill[stamp]; ok {
		return
	}
	j.begin(w, stamp)
	// It should be done after half of the way.
	goal := 1 + 2*(now-stamp)*j.polls(stamp)/step
	for x := j.next; !x.done && x.polls < goal; {
		x.goOn()
	}
}

// polls is about how many steps it takes to judge up to a stamp.
func (j *judge) polls(stamp int64) int64 { return 1 + int64(float64(stamp)*max(j.rate, leastRate)) }

// begin makes a verdict the one that is being judged.
func (j *judge) begin(w *raftsim.World, stamp int64) {
	if j.next == nil || j.next.stamp != stamp {
		j.stop()
		j.next = newJudging(w, stamp)
	}
}

// leastRate is how many steps to judge there are for each stamp, when nothing better is
// known.
const leastRate = 1.0 / 128

// slice is how many steps a command judges that can do no more before the verdict is known.
const slice = 32

// isReady judges on for the verdict at a playhead, and says whether it is known.
func (j *judge) isReady(w *raftsim.World) bool {
	stamp := j.stampFor(w)
	if _, ok := j.ill[stamp]; ok || stamp <= j.good {
		return true
	}
	j.begin(w, stamp)
	for i := 0; i < slice && !j.next.done; i++ {
		j.next.goOn()
	}
	return j.next.done
}

// stop gives up what is being judged.
func (j *judge) stop() {
	if j.next != nil {
		j.next.stop()
		j.next = nil
	}
}

// judging is a verdict in the making.
type judging struct {
	stamp int64
	done  bool
	// polls counts the steps so far.
	polls int64
	value raftsim.Verdict
	step  func() (struct{}, bool)
	stop  func()
}

func newJudging(w *raftsim.World, stamp int64) *judging {
	x := &judging{stamp: stamp}
	x.step, x.stop = iter.Pull(func(yield func(struct{}) bool) {
		more := true
		x.value = w.JudgeUntil(stamp, linearize.Options{Poll: func(int64) bool {
			more = more && yield(struct{}{})
			return more
		}})
	})
	return x
}

// goOn judges on for about a millisecond.
func (x *judging) goOn() {
	if !x.done {
		_, more := x.step()
		x.done = !more
		x.polls++
	}
}

func (x *judging) finish() raftsim.Verdict {
	for !x.done {
		x.goOn()
	}
	return x.value
}

// breachOf says when a violation shows: when the last of the operations that contradict
// each other has ended.
func breachOf(w *raftsim.World, stamp int64, v *raftsim.Verdict) *breach {
	b := &breach{stamp: stamp, verdict: *v, time: -1}
	for _, i := range conflict(v) {
		if i < w.Ops() {
			op := w.Op(i)
			b.time = max(b.time, op.Called, op.Returned)
		}
	}
	if b.time < 0 {
		b.time = timeOfStamp(w, stamp)
	}
	return b
}

// conflict are the operations that a violation is about.
func conflict(v *raftsim.Verdict) []int {
	switch p := linearize.FirstBroken(v.Beyond); {
	case v.Store.Result == linearize.Violation:
		return v.Store.Conflict
	case p != nil:
		return p.Operations
	}
	return nil
}

// timeOfStamp is about when a stamp was given: when the last operation was called up to it.
func timeOfStamp(w *raftsim.World, stamp int64) raftsim.Time {
	n := sort.Search(w.Ops(), func(i int) bool { return w.Op(i).Call > stamp })
	if n == 0 {
		return 0
	}
	return w.Op(n - 1).Called
}

// violation is when the branch first broke a promise, as far as is known, −1 if it did not.
func (s *Session) violation(p *path) int64 {
	first := int64(-1)
	note := func(at raftsim.Time) {
		if first < 0 || int64(at) < first {
			first = int64(at)
		}
	}
	if p.judge.broken != nil {
		note(p.judge.broken.time)
	}
	if p.history != nil && p.history.property >= 0 {
		note(p.history.property)
	}
	return first
}
