package linearize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

func intervalWords(op Operation) string { return fmt.Sprintf("[%d, %d]", op.Call, op.Return) }

func put(key, value string) kv.Request { return kv.PutRequest{Key: key, Value: value} }

func get(key string) kv.Request { return kv.RangeRequest{Span: kv.Span{Key: key}} }

// increment makes a counter that is 5 one more; otherwise it reads.
func increment() kv.Request {
	return kv.TxnRequest{
		Compare: []kv.Compare{{Key: "counter", Target: kv.TargetValue, Value: "5"}},
		Success: []kv.Request{put("counter", "6")},
		Failure: []kv.Request{get("counter")},
	}
}

func at(r kv.Revision) kv.Header { return kv.Header{Revision: r} }

func done(r kv.Revision) kv.Response { return kv.PutResponse{Header: at(r)} }

func nothing(r kv.Revision) kv.Response { return kv.RangeResponse{Header: at(r)} }

// one shows a key that was created at a revision and put version times since,
// with nothing in between.
func one(r kv.Revision, key, value string, created kv.Revision, version int64) kv.Response {
	return kv.RangeResponse{Header: at(r), Count: 1, KVs: []kv.KeyValue{{
		Key: key, Value: value, CreateRevision: created, ModRevision: created + kv.Revision(version) - 1, Version: version,
	}}}
}

func swapped(r kv.Revision) kv.Response {
	return kv.TxnResponse{Header: at(r), Succeeded: true, Responses: []kv.Response{done(r)}}
}

func answered(client int, call, ret int64, r kv.Request, resp kv.Response) Operation {
	return Operation{Client: client, Call: call, Return: ret, Request: r, Outcome: Answered, Response: resp}
}

func unknown(client int, call int64, r kv.Request) Operation {
	return Operation{Client: client, Call: call, Request: r, Err: errTimeout}
}

var histories = []struct {
	name    string
	history History
	result  Result
	// order, or the operations in conflict and a part of the reason.
	order, conflict []int
	reason          string
}{
	{name: "empty", result: Linearizable},
	{
		name: "concurrent writes, ordered by what was read",
		history: History{
			answered(1, 1, 5, put("x", "1"), done(3)),
			answered(2, 2, 6, put("x", "2"), done(2)),
			answered(3, 7, 8, get("x"), one(3, "x", "1", 2, 2)),
		},
		result: Linearizable, order: []int{1, 0, 2},
	},
	{
		name: "stale read",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(1, 3, 4, put("x", "2"), done(3)),
			answered(2, 5, 6, get("x"), one(2, "x", "1", 2, 1)),
		},
		result: Violation, conflict: []int{2, 1},
		reason: "was called only after operation 1 (client 1: put x 2: OK at revision 3) had been answered",
	},
	{
		name: "a read of the old value beside the write",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(1, 3, 6, put("x", "2"), done(3)),
			answered(2, 4, 5, get("x"), one(2, "x", "1", 2, 1)),
		},
		result: Linearizable, order: []int{0, 2, 1},
	},
	{
		name: "a read of the future",
		history: History{
			answered(2, 1, 2, get("x"), one(2, "x", "1", 2, 1)),
			answered(1, 3, 4, put("x", "1"), done(2)),
		},
		result: Violation, conflict: []int{1, 0}, reason: "which made that revision, was called",
	},
	{
		name: "lost update: both swaps succeed from the same value",
		history: History{
			answered(1, 1, 2, put("counter", "5"), done(2)),
			answered(1, 3, 6, increment(), swapped(3)),
			answered(2, 4, 7, increment(), swapped(4)),
		},
		result: Violation, conflict: []int{2}, reason: "the answer would be FAILURE: counter=6 at revision 3",
	},
	{
		name: "lost update: both swaps made the same revision",
		history: History{
			answered(1, 1, 2, put("counter", "5"), done(2)),
			answered(1, 3, 6, increment(), swapped(3)),
			answered(2, 4, 7, increment(), swapped(3)),
		},
		result: Violation, conflict: []int{1, 2}, reason: "both made revision 3",
	},
	{
		name: "doubled increment: one put, two revisions",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(2, 3, 4, get("x"), one(3, "x", "1", 2, 2)),
		},
		result: Violation, conflict: []int{1}, reason: "no operation can have made revision 3",
	},
	{
		name: "doubled write of an operation without an answer",
		history: History{
			unknown(1, 1, put("x", "1")),
			answered(2, 3, 4, get("x"), one(3, "x", "1", 2, 2)),
		},
		result: Violation, conflict: []int{1}, reason: "the 1 without an answer included",
	},
	{
		name: "phantom value",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(2, 3, 4, get("x"), one(2, "x", "7", 2, 1)),
		},
		result: Violation, conflict: []int{1}, reason: `at revision 2 the answer would be x=1`,
	},
	{
		name: "unknown write seen later",
		history: History{
			unknown(1, 1, put("x", "1")),
			answered(2, 2, 3, get("x"), nothing(1)),
			answered(2, 4, 5, get("x"), one(2, "x", "1", 2, 1)),
		},
		result: Linearizable, order: []int{1, 0, 2},
	},
	{
		name: "unknown write never seen",
		history: History{
			unknown(1, 1, put("x", "1")),
			answered(2, 4, 5, get("x"), nothing(1)),
		},
		result: Linearizable, order: []int{1},
	},
	{
		name: "unknown write seen before its call",
		history: History{
			answered(2, 1, 2, get("x"), one(2, "x", "1", 2, 1)),
			unknown(1, 3, put("x", "1")),
		},
		result: Violation, conflict: []int{0},
	},
	{
		name: "unknown write seen, then not",
		history: History{
			unknown(1, 1, put("x", "1")),
			answered(2, 2, 3, get("x"), one(2, "x", "1", 2, 1)),
			answered(2, 4, 5, get("x"), nothing(2)),
		},
		result: Violation, conflict: []int{1},
	},
	{
		name: "two unknown writes, of which one happened",
		history: History{
			unknown(1, 1, put("x", "1")),
			unknown(2, 2, put("x", "2")),
			answered(3, 3, 4, get("y"), nothing(2)),
			answered(3, 5, 6, get("x"), one(2, "x", "2", 2, 1)),
		},
		result: Linearizable, order: []int{1, 2, 3},
	},
	{
		name: "refused write that was seen",
		history: History{
			{Client: 1, Call: 1, Return: 2, Request: put("x", "1"), Outcome: Refused, Err: kv.ErrTooLarge},
			answered(2, 3, 4, get("x"), one(2, "x", "1", 2, 1)),
		},
		result: Violation, conflict: []int{1},
	},
	{
		name: "read at an explicit revision",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(1, 3, 4, put("x", "2"), done(3)),
			answered(2, 5, 6, kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: 2}, one(3, "x", "1", 2, 1)),
		},
		result: Linearizable, order: []int{0, 1, 2},
	},
	{
		name: "read at an explicit revision, of another one",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(1, 3, 4, put("x", "2"), done(3)),
			answered(2, 5, 6, kv.RangeRequest{Span: kv.Span{Key: "x"}, Revision: 2}, one(3, "x", "2", 2, 2)),
		},
		result: Violation, conflict: []int{2}, reason: "get x --rev=2",
	},
	{
		name: "a stale read that asked for one",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(2, 5, 6, kv.RangeRequest{Span: kv.Span{Key: "x"}, Serializable: true}, nothing(1)),
		},
		result: Linearizable, order: []int{0},
	},
	{
		name: "wrong version",
		history: History{
			answered(1, 1, 2, put("x", "1"), done(2)),
			answered(1, 3, 4, put("x", "1"), done(3)),
			answered(2, 5, 6, get("x"), one(3, "x", "1", 3, 1)),
		},
		result: Violation, conflict: []int{2},
		reason: "differ in x=1 (created at 2, modified at 3, version 2), not x=1 (created at 3, modified at 3, version 1)",
	},
	{
		name: "revisions at the end of their type",
		history: History{
			unknown(1, 1, put("x", "1")),
			answered(2, 2, 3, get("x"), nothing(1<<63-1)),
			answered(2, 4, 5, put("x", "1"), done(1<<63-1)),
			answered(2, 6, 7, get("x"), nothing(-1<<63)),
		},
		result: Violation, conflict: []int{3},
	},
}

func TestCheck(t *testing.T) {
	for _, test := range histories {
		t.Run(test.name, func(t *testing.T) {
			v := Check(test.history, Options{})
			t.Log(v)
			if v.Result != test.result || v.Err != nil {
				t.Fatalf("%v, want %v", v, test.result)
			}
			if v.Result == Linearizable && !slices.Equal(v.Order, test.order) {
				t.Errorf("order %v, want %v", v.Order, test.order)
			}
			if !slices.Equal(v.Conflict, test.conflict) {
				t.Errorf("conflict %v, want %v", v.Conflict, test.conflict)
			}
			if !strings.Contains(v.Reason, test.reason) {
				t.Errorf("reason %q, want %q in it", v.Reason, test.reason)
			}
			small := len(test.history) <= 6
			if small && !slices.ContainsFunc(test.history, func(op Operation) bool { return serializable(op.Request) }) {
				if explainable(test.history) != (test.result == Linearizable) {
					t.Error("brute force disagrees")
				}
			}
		})
	}
}

func TestVerdictCounts(t *testing.T) {
	v := Check(History{
		answered(1, 1, 2, put("x", "1"), done(2)),
		unknown(2, 3, get("x")),
		{Client: 3, Call: 4, Return: 5, Request: put("", ""), Outcome: Refused, Err: kv.ErrEmptyKey},
		answered(4, 6, 7, kv.TxnRequest{Success: []kv.Request{kv.RangeRequest{Span: kv.Span{Key: "x"}, Serializable: true}}},
			kv.TxnResponse{Header: at(1), Succeeded: true, Responses: []kv.Response{nothing(1)}}),
	}, Options{})
	if v.Operations != 2 || v.Refused != 1 || v.Serializable != 1 || v.String() != "linearizable (2 operations)" {
		t.Errorf("%+v", v)
	}
}

// While the budget lasts the verdict is the same; when it ends nothing is known,
// whether the history is right or wrong.
func TestBudget(t *testing.T) {
	for _, f := range []fault{noFault, phantomValue, lostWrite} {
		for seed := range uint64(20) {
			h := generate(seeded(seed), recipe{operations: 30, clients: 3, keys: 2, unknown: 10, fault: f})
			full := Check(h, Options{})
			if full.Result == Undecided {
				t.Fatalf("%v", full)
			}
			for steps := int64(1); steps <= full.Steps; steps++ {
				v := Check(h, Options{Steps: steps})
				if steps < full.Steps && (v.Result != Undecided || v.Steps != steps || v.Reason == "") {
					t.Fatalf("seed %d: %d of %d steps: %+v", seed, steps, full.Steps, v)
				}
				if steps == full.Steps && v.String() != full.String() {
					t.Fatalf("seed %d: with all %d steps %v, before %v", seed, steps, v, full)
				}
			}
		}
	}
}

func TestInvalidHistoryIsUndecided(t *testing.T) {
	v := Check(History{{}}, Options{})
	if v.Result != Undecided || v.Err == nil || v.Reason == "" {
		t.Errorf("%+v", v)
	}
	if new(Verdict).Result != Undecided {
		t.Error("the zero verdict is not undecided")
	}
}

// Forty writes without an answer happened in the reverse order of their calls;
// the reads that show which was which keep the search straight.
func TestReadsNarrowTheSearch(t *testing.T) {
	const writes = 40
	var h History
	key := func(i int) string { return fmt.Sprintf("k%02d", i) }
	for i := range writes {
		h = append(h, unknown(1, int64(i), put(key(i), "1")))
	}
	for i := range writes {
		stamp := int64(writes + 2*i)
		h = append(h, answered(2, stamp, stamp+1, get(key(i)), one(writes+1, key(i), "1", kv.Revision(writes+1-i), 1)))
	}
	v := Check(h, Options{Steps: 4 * writes * writes})
	if v.Result != Linearizable || v.Order[0] != writes-1 {
		t.Error(v)
	}
}

// Reads of the past see the past, so states with another past differ.
func TestDigest(t *testing.T) {
	after := func(requests ...kv.Request) digest { return (&State{requests}).at().digest }
	a := after(put("x", "1"), del("x", ""), put("x", "3"))
	if a != after(put("x", "1"), del("x", ""), put("x", "3")) {
		t.Error("equal histories have unequal digests")
	}
	if a == after(put("x", "2"), del("x", ""), put("x", "3")) {
		t.Error("another past has the same digest")
	}
}

// Undo brings back all that a request changed, and its digest.
func TestUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choose, model := rapidChooser(t), newNaive()
		st := (&State{}).at()
		type saved struct {
			mark     int
			revision kv.Revision
			digest   digest
			answer   kv.Response
		}
		everything := kv.RangeRequest{Span: kv.Span{Key: "a", End: "\x00"}}
		look := func() kv.Response {
			mark := st.mark()
			if err := st.apply(everything); err != nil {
				t.Fatal(err)
			}
			answer := st.out.response(everything)
			st.undo(mark)
			return answer
		}
		var marks []saved
		for range rapid.IntRange(1, 20).Draw(t, "requests") {
			r := request(choose, recipe{keys: 3, pasts: true}, model)
			model.apply(r)
			answer := look()
			marks = append(marks, saved{st.mark(), st.revision, st.digest, answer})
			st.apply(r) //nolint:errcheck // some are refused
		}
		for _, m := range slices.Backward(marks) {
			st.undo(m.mark)
			if st.revision != m.revision || st.digest != m.digest || !equal(everything, look(), m.answer) {
				t.Fatalf("revision %d after undo, digest %v; want %d, %v", st.revision, st.digest, m.revision, m.digest)
			}
		}
	})
}
