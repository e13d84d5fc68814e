package mvcc

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

func put(key, value string) kv.Request { return kv.PutRequest{Key: key, Value: value} }
func get(key string) kv.RangeRequest   { return kv.RangeRequest{Span: kv.Span{Key: key}} }
func del(key, end string) kv.Request {
	return kv.DeleteRangeRequest{Span: kv.Span{Key: key, End: end}}
}

func at(r kv.RangeRequest, revision kv.Revision) kv.RangeRequest {
	r.Revision = revision
	return r
}

func limit(r kv.RangeRequest, n int64) kv.RangeRequest {
	r.Limit = n
	return r
}

func all() kv.RangeRequest { return kv.RangeRequest{Span: kv.Prefix("")} }

func value(key string, o kv.Operator, v string) kv.Compare {
	return kv.Compare{Key: key, Target: kv.TargetValue, Operator: o, Value: v}
}

func number(t kv.Target, key string, o kv.Operator, n int64) kv.Compare {
	return kv.Compare{Key: key, Target: t, Operator: o, Number: n}
}

func then(ops ...kv.Request) kv.Request { return kv.TxnRequest{Success: ops} }

// cas is a transaction with one comparison.
func cas(c kv.Compare, ops ...kv.Request) kv.Request {
	return kv.TxnRequest{Compare: []kv.Compare{c}, Success: ops}
}

// mustApply fails the test when r is refused.
func mustApply(t testing.TB, s *Store, r kv.Request) kv.Response {
	t.Helper()
	response, err := s.Apply(r)
	if err != nil {
		t.Fatalf("%v: %v", r, err)
	}
	return response
}

// contents is all of a store in one line: its revision and the pairs.
func contents(s *Store) string {
	words := []string{fmt.Sprint(s.Revision())}
	for pair := range s.All() {
		words = append(words, pair.String())
	}
	return strings.Join(words, " ")
}

// The behaviour of compare-and-swap that the project promises, row by row.
func TestCompareAndSwap(t *testing.T) {
	s := New()
	increment := cas(value("counter", kv.Equal, "5"), put("counter", "6"), put("status", "success"))
	campaign := func(node string) kv.Request {
		return cas(number(kv.TargetCreate, "leader", kv.Equal, 0), put("leader", node))
	}
	configure := func(read kv.Revision, v string) kv.Request {
		return cas(number(kv.TargetMod, "config", kv.Equal, int64(read)), put("config", v))
	}
	for _, step := range []struct {
		r         kv.Request
		succeeded bool
		want      string
	}{
		{then(put("counter", "5")), true, `2 counter=5`},
		{increment, true, `3 counter=6 status=success`},
		{increment, false, `3 counter=6 status=success`},
		{then(del("a", "z")), true, `4`},
		{campaign("node1"), true, `5 leader=node1`},
		{campaign("node2"), false, `5 leader=node1`},
		{then(del("leader", ""), put("config", "old")), true, `6 config=old`},
		{configure(6, "new"), true, `7 config=new`},
		{configure(6, "lost"), false, `7 config=new`},
	} {
		response := mustApply(t, s, step.r).(kv.TxnResponse)
		if response.Succeeded != step.succeeded || contents(s) != step.want || response.Revision != s.Revision() {
			t.Errorf("%v\ngot  %v at %d: %s\nwant %v: %s", step.r, response, response.Revision, contents(s), step.succeeded, step.want)
		}
	}
	status := kv.KeyValue{Key: "status", Value: "success", CreateRevision: 3, ModRevision: 3, Version: 1}
	counter := kv.KeyValue{Key: "counter", Value: "6", CreateRevision: 2, ModRevision: 3, Version: 2}
	if got, _ := s.Range(at(all(), 3)); !slices.Equal(got.KVs, []kv.KeyValue{counter, status}) {
		t.Errorf("both puts have one revision: %#v", got.KVs)
	}
}

// Two clients read, compare and swap, and retry, in every order of their steps.
func TestIncrementsAreNeverLost(t *testing.T) {
	const rounds = 6
	for schedule := range 1 << (2 * rounds) {
		s := New()
		mustApply(t, s, put("counter", "0"))
		var clients [2]struct {
			read *kv.KeyValue
			done int
		}
		for step := range 2 * rounds {
			c := &clients[schedule>>step&1]
			if c.read == nil {
				found, _ := s.Range(get("counter"))
				c.read = &found.KVs[0]
				continue
			}
			var n int
			_, _ = fmt.Sscan(c.read.Value, &n)
			swap := cas(number(kv.TargetMod, "counter", kv.Equal, int64(c.read.ModRevision)), put("counter", fmt.Sprint(n+1)))
			if mustApply(t, s, swap).(kv.TxnResponse).Succeeded {
				c.done++
			}
			c.read = nil
		}
		if found, _ := s.Range(get("counter")); found.KVs[0].Value != fmt.Sprint(clients[0].done+clients[1].done) {
			t.Fatalf("schedule %b: %v after %v", schedule, found, clients)
		}
	}
}

func TestRevisionsAndVersions(t *testing.T) {
	s := New()
	if s.Revision() != 1 {
		t.Fatalf("a fresh store is at revision %d", s.Revision())
	}
	for _, step := range []struct {
		r    kv.Request
		want kv.Response
	}{
		{get("k"), kv.RangeResponse{Header: kv.Header{Revision: 1}}},
		{del("k", ""), kv.DeleteRangeResponse{Header: kv.Header{Revision: 1}}},
		{put("k", "a"), kv.PutResponse{Header: kv.Header{Revision: 2}}},
		{put("k", "b"), kv.PutResponse{Header: kv.Header{Revision: 3}}},
		{get("k"), kv.RangeResponse{
			Header: kv.Header{Revision: 3}, Count: 1,
			KVs: []kv.KeyValue{{Key: "k", Value: "b", CreateRevision: 2, ModRevision: 3, Version: 2}},
		}},
		{del("a", "z"), kv.DeleteRangeResponse{Header: kv.Header{Revision: 4}, Deleted: 1}},
		{get("k"), kv.RangeResponse{Header: kv.Header{Revision: 4}}},
		{put("k", "c"), kv.PutResponse{Header: kv.Header{Revision: 5}}},
		{get("k"), kv.RangeResponse{
			Header: kv.Header{Revision: 5}, Count: 1,
			KVs: []kv.KeyValue{{Key: "k", Value: "c", CreateRevision: 5, ModRevision: 5, Version: 1}},
		}},
		{then(get("k"), del("x", "")), kv.TxnResponse{
			Header: kv.Header{Revision: 5}, Succeeded: true,
			Responses: []kv.Response{
				kv.RangeResponse{
					Header: kv.Header{Revision: 5}, Count: 1,
					KVs: []kv.KeyValue{{Key: "k", Value: "c", CreateRevision: 5, ModRevision: 5, Version: 1}},
				},
				kv.DeleteRangeResponse{Header: kv.Header{Revision: 5}},
			},
		}},
	} {
		if got := mustApply(t, s, step.r); !reflect.DeepEqual(got, step.want) {
			t.Fatalf("%v\ngot  %#v\nwant %#v", step.r, got, step.want)
		}
	}
}

func TestHistory(t *testing.T) {
	s := New()
	for _, r := range []kv.Request{
		put("k", "a"), put("l", "x"), put("k", "b"), del("k", ""), del("k", ""), put("k", "c"),
		then(put("k", "d"), del("a", "\x00"), put("m", "y")),
	} {
		mustApply(t, s, r)
	}
	want := []kv.KeyValue{
		{Key: "k", Value: "a", CreateRevision: 2, ModRevision: 2, Version: 1},
		{Key: "k", Value: "b", CreateRevision: 2, ModRevision: 4, Version: 2},
		{Key: "k", ModRevision: 5},
		{Key: "k", Value: "c", CreateRevision: 6, ModRevision: 6, Version: 1},
		{Key: "k", Value: "d", CreateRevision: 6, ModRevision: 7, Version: 2},
		{Key: "k", ModRevision: 7},
	}
	if got := slices.Collect(s.History("k")); !slices.Equal(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if got := slices.Collect(s.History("never")); got != nil {
		t.Errorf("a key that never was has the history %v", got)
	}
	for pair := range s.History("k") {
		if pair != want[0] {
			t.Errorf("first %v", pair)
		}
		break
	}
}

func TestRange(t *testing.T) {
	s := New()
	for _, key := range []string{"a", "b", "b/1", "b/2", "b/3", "c"} {
		mustApply(t, s, put(key, "v"))
	}
	mustApply(t, s, del("b/2", ""))
	for _, tc := range []struct {
		r    kv.RangeRequest
		want string
	}{
		{get("b"), `b=v`},
		{get("b/"), `(none)`},
		{get("b/2"), `(none)`},
		{kv.RangeRequest{Span: kv.Prefix("b/")}, `b/1=v b/3=v`},
		{kv.RangeRequest{Span: kv.Span{Key: "b", End: "\x00"}}, `b=v b/1=v b/3=v c=v`},
		{kv.RangeRequest{Span: kv.Span{Key: "a", End: "b/1"}}, `a=v b=v`},
		{kv.RangeRequest{Span: kv.Span{Key: "c", End: "a"}}, `(none)`},
		{all(), `a=v b=v b/1=v b/3=v c=v`},
		{at(all(), -7), `a=v b=v b/1=v b/3=v c=v`},
		{limit(all(), -7), `a=v b=v b/1=v b/3=v c=v`},
		{limit(all(), 2), `a=v b=v (2 of 5)`},
		{limit(all(), 4), `a=v b=v b/1=v b/3=v (4 of 5)`},
		{limit(all(), 5), `a=v b=v b/1=v b/3=v c=v`},
		{limit(all(), 1<<63-1), `a=v b=v b/1=v b/3=v c=v`},
		{limit(at(all(), 6), 4), `a=v b=v b/1=v b/2=v (4 of 5)`},
		{at(all(), 1), `(none)`},
		{at(all(), 3), `a=v b=v`},
		{at(get("b/2"), 4), `(none)`},
		{at(get("b/2"), 5), `b/2=v`},
		{at(get("b/2"), 7), `b/2=v`},
		{at(get("b/2"), 8), `(none)`},
	} {
		if got, err := s.Range(tc.r); err != nil || got.String() != tc.want || got.Revision != 8 {
			t.Errorf("%v (revision %d, limit %d): got %v (%v)", tc.r, tc.r.Revision, tc.r.Limit, got, err)
		}
	}
}

func TestCompare(t *testing.T) {
	s := New()
	mustApply(t, s, put("k", "a"))
	mustApply(t, s, put("k", "b")) // create 2, mod 3, version 2
	for _, tc := range []struct {
		target kv.Target
		key    string
		actual int64
	}{
		{kv.TargetVersion, "k", 2},
		{kv.TargetCreate, "k", 2},
		{kv.TargetMod, "k", 3},
		{kv.TargetVersion, "none", 0},
		{kv.TargetCreate, "none", 0},
		{kv.TargetMod, "none", 0},
	} {
		for n := tc.actual - 1; n <= tc.actual+1; n++ {
			for operator, want := range map[kv.Operator]bool{
				kv.Equal: tc.actual == n, kv.NotEqual: tc.actual != n, kv.Greater: tc.actual > n, kv.Less: tc.actual < n,
				9: true,
			} {
				c := number(tc.target, tc.key, operator, n)
				if got := mustApply(t, s, cas(c)).(kv.TxnResponse).Succeeded; got != want {
					t.Errorf("%v: %v", c, got)
				}
			}
		}
	}
	for _, tc := range []struct {
		c    kv.Compare
		want bool
	}{
		{value("k", kv.Equal, "b"), true},
		{value("k", kv.Equal, "c"), false},
		{value("k", kv.NotEqual, "b"), false},
		{value("k", kv.NotEqual, "c"), true},
		{value("k", kv.Greater, "a"), true},
		{value("k", kv.Greater, "b"), false},
		{value("k", kv.Less, "bb"), true},
		{value("k", kv.Less, "b"), false},
		{value("none", kv.Equal, ""), false},
		{value("none", kv.NotEqual, "x"), false},
		{value("none", kv.Less, "x"), false},
		{value("none", 9, "x"), false},
		{number(9, "k", kv.Equal, 77), true},
		{number(9, "none", kv.Equal, 77), true},
		{number(9, "k", kv.NotEqual, 77), false},
	} {
		if got := mustApply(t, s, cas(tc.c)).(kv.TxnResponse).Succeeded; got != tc.want {
			t.Errorf("%v: %v", tc.c, got)
		}
	}
}

// What one transaction sees of itself: a golden story.
func TestTransactionSeesItself(t *testing.T) {
	s := New()
	mustApply(t, s, put("k", "old"))
	isOld := []kv.Compare{value("k", kv.Equal, "old")}
	response := mustApply(t, s, kv.TxnRequest{Compare: isOld, Success: []kv.Request{
		get("k"),
		del("none", ""),
		put("k", "new"),
		get("k"),
		at(get("k"), -1),
		at(get("k"), 2),
		del("none", ""),
		// The comparison still holds: it looks at the state before.
		kv.TxnRequest{Compare: isOld, Success: []kv.Request{put("l", "x"), all()}, Failure: []kv.Request{get("wrong")}},
		kv.TxnRequest{Compare: []kv.Compare{number(kv.TargetCreate, "l", kv.Greater, 0)}, Failure: []kv.Request{limit(all(), 1)}},
	}}).(kv.TxnResponse)

	var lines []string
	var tell func(string, kv.Response)
	tell = func(indent string, r kv.Response) {
		txn, ok := r.(kv.TxnResponse)
		if !ok {
			lines = append(lines, fmt.Sprintf("%s%d %v", indent, r.At(), r))
			return
		}
		lines = append(lines, fmt.Sprintf("%s%d txn %v", indent, txn.At(), txn.Succeeded))
		for _, inner := range txn.Responses {
			tell(indent+". ", inner)
		}
	}
	tell("", response)
	want := strings.TrimSpace(`
3 txn true
. 2 k=old
. 2 deleted 0
. 3 OK
. 3 k=new
. 3 k=new
. 3 k=old
. 3 deleted 0
. 0 txn true
. . 3 OK
. . 3 k=new l=x
. 0 txn false
. . 3 k=new (1 of 2)`)
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.Revision() != 3 {
		t.Errorf("revision %d", s.Revision())
	}
}

func TestErrorsLeaveTheStateUnchanged(t *testing.T) {
	s := New()
	mustApply(t, s, put("k", "v"))
	before, hash := contents(s), s.Hash()
	for _, tc := range []struct {
		r    kv.Request
		want error
	}{
		{nil, kv.ErrKeyNotFound},
		{put("", "v"), kv.ErrEmptyKey},
		{del("", "\x00"), kv.ErrEmptyKey},
		{get(""), kv.ErrEmptyKey},
		{at(get("k"), 3), kv.ErrFutureRevision},
		{then(put("k", "w"), put("k", "x")), kv.ErrDuplicateKey},
		{then(slices.Repeat([]kv.Request{get("k")}, kv.MaxTxnOps+1)...), kv.ErrTooManyOps},
		{put("k", strings.Repeat("v", kv.MaxRequestBytes)), kv.ErrTooLarge},
		{then(put("k", "w"), nil), kv.ErrKeyNotFound},
		// The revision that the transaction itself makes is in the future too.
		{then(put("k", "w"), at(get("k"), 3)), kv.ErrFutureRevision},
		{then(put("k", "w"), then(at(get("k"), 3))), kv.ErrFutureRevision},
		{then(put("k", "w"), at(get("k"), -2)), kv.ErrCompacted},
	} {
		response, err := s.Apply(tc.r)
		if response != nil || !errors.Is(err, tc.want) {
			t.Errorf("%.60v: %v, %v; want %v", tc.r, response, err, tc.want)
		}
		if contents(s) != before || s.Hash() != hash || len(slices.Collect(s.History("k"))) != 1 {
			t.Fatalf("%.60v changed the store", tc.r)
		}
	}
	for r, want := range map[kv.RangeRequest]error{get(""): kv.ErrEmptyKey, at(get("k"), 3): kv.ErrFutureRevision} {
		if response, err := s.Range(r); response.Count != 0 || !errors.Is(err, want) {
			t.Errorf("Range %v: %v, %v; want %v", r, response, err, want)
		}
	}
	// A branch that isn't taken may ask for what it likes.
	if _, err := s.Apply(kv.TxnRequest{Failure: []kv.Request{at(get("k"), 99)}}); err != nil {
		t.Error(err)
	}
}

// The digest is part of what members and recorded runs compare.
func TestHash(t *testing.T) {
	s := New()
	hashes := map[uint64]string{}
	note := func(why string) {
		t.Helper()
		if earlier, ok := hashes[s.Hash()]; ok {
			t.Errorf("%s: same hash as %s", why, earlier)
		}
		hashes[s.Hash()] = why
	}
	if got := fmt.Sprintf("%016x", s.Hash()); got != "ddc1ed05282d1d64" {
		t.Errorf("empty: %s", got)
	}
	note("empty")
	for _, r := range []kv.Request{put("k", "v"), put("kv", ""), del("kv", ""), put("k", "v"), del("k", "")} {
		mustApply(t, s, r)
		note(r.String())
	}
	mustApply(t, s, put("counter", "6"))
	if got := fmt.Sprintf("%016x", s.Hash()); got != "835495904d185162" {
		t.Errorf("with a counter: %s", got)
	}
}
