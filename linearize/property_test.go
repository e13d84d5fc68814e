package linearize

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func rapidChooser(t *rapid.T) chooser {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }
}

// faultless: what a right store answers is linearizable, and the order says how.
func faultless(t *rapid.T) {
	h := generate(rapidChooser(t), recipe{
		operations: rapid.IntRange(0, 40).Draw(t, "operations"),
		clients:    rapid.IntRange(1, 6).Draw(t, "clients"),
		keys:       3,
		unknown:    rapid.SampledFrom([]int{0, 10, 25}).Draw(t, "unknown"),
		pasts:      true,
	})
	v := Check(h, Options{})
	if v.Result == Undecided && lostWrites(h) > 8 {
		return // honest: many ways to fill the gaps
	}
	if v.Result != Linearizable {
		t.Fatalf("%v\n%s", v, historyWords(h))
	}
	if why := wrongOrder(h, v.Order); why != "" {
		t.Fatalf("order %v: %s\n%s", v.Order, why, historyWords(h))
	}
}

func lostWrites(h History) int {
	n := 0
	for _, op := range h {
		if op.Outcome == Unknown && mayWrite(op.Request) {
			n++
		}
	}
	return n
}

// wrongOrder replays an order of effect on the naive store.
func wrongOrder(h History, order []int) string {
	store := newNaive()
	placed := make(map[int]bool)
	for i, at := range order {
		for _, later := range order[i:] {
			if h[later].Outcome == Answered && h[later].Return < h[at].Call {
				return "against real time"
			}
		}
		resp := store.apply(h[at].Request)
		if h[at].Outcome == Answered && (resp == nil || !equal(h[at].Request, resp, h[at].Response)) {
			return "another answer"
		}
		placed[at] = true
	}
	for i, op := range h {
		if op.Outcome == Answered && !placed[i] && !serializable(op.Request) {
			return "an answer without a place"
		}
	}
	return ""
}

// tester is what a test and a rapid property have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// twoJudges: on histories small enough to try every order, right or spoilt, the
// verdict is that of brute force. It returns whether brute force found an order.
func twoJudges(t tester, choose chooser, f fault) bool {
	t.Helper()
	h := generate(choose, recipe{
		operations: 1 + choose(6), clients: 1 + choose(4), keys: 1 + choose(2), unknown: 30 * choose(3), fault: f, pasts: true,
	})
	want := Violation
	if explainable(h) {
		want = Linearizable
	}
	v := Check(h, Options{})
	if v.Result != want {
		t.Fatalf("brute force says %v, the check %v\n%s", want, v, historyWords(h))
	}
	if v.Result == Violation && (v.Reason == "" || len(v.Conflict) == 0) {
		t.Fatalf("a violation without a reason: %+v", v)
	}
	return want == Linearizable
}

func historyWords(h History) string {
	text := ""
	for i, op := range h {
		text += h.describe(i) + " " + op.Outcome.String() +
			" " + intervalWords(op) + "\n"
	}
	return text
}

func TestFaultlessHistories(t *testing.T) { rapid.Check(t, faultless) }

func FuzzFaultlessHistories(f *testing.F) { f.Fuzz(rapid.MakeFuzz(faultless)) }

func TestAgainstBruteForce(t *testing.T) {
	rapid.Check(t, againstBruteForce)
}

func FuzzAgainstBruteForce(f *testing.F) { f.Fuzz(rapid.MakeFuzz(againstBruteForce)) }

func againstBruteForce(t *rapid.T) {
	twoJudges(t, rapidChooser(t), fault(rapid.IntRange(0, int(faults)-1).Draw(t, "fault")))
}

// Each fault shows in some histories and not in others; none shows without one.
func TestFaultsAreFound(t *testing.T) {
	for f := noFault; f < faults; f++ {
		t.Run(f.String(), func(t *testing.T) {
			right, wrong := 0, 0
			for seed := range uint64(3000) {
				if twoJudges(t, seeded(seed), f) {
					right++
				} else {
					wrong++
				}
			}
			t.Logf("%d linearizable, %d violations", right, wrong)
			if (f == noFault) != (wrong == 0) || right == 0 {
				t.Errorf("%d linearizable, %d violations", right, wrong)
			}
		})
	}
}

// The model and the naive store were written apart, and agree.
func TestModelAgainstNaiveStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose, store, model := rapidChooser(t), newNaive(), NewState()
		for range rapid.IntRange(1, 30).Draw(t, "requests") {
			r := request(choose, recipe{keys: 3, pasts: true}, store)
			want := store.apply(r)
			next, got, err := model.Apply(r)
			if err != nil && (want != nil || next != model) || err == nil && !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: model %v, %v; naive %v", r, got, err, want)
			}
			model = next
			if model.Revision() != store.revision() {
				t.Fatalf("%s: model at revision %d, naive at %d", r, model.Revision(), store.revision())
			}
		}
	})
}
