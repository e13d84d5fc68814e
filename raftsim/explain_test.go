package raftsim

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// byHand runs a calm cluster in which one client does one thing after the other, and
// returns what the story says of each.
func byHand(t *testing.T, invokes ...Invoke) []string {
	t.Helper()
	c := Default(3)
	c.Clients = []Client{{Name: "you", Manual: true, Timeout: Second}}
	for i, a := range invokes {
		a.Client, a.Member = "you", TheLeader
		c.Schedule = append(c.Schedule, Scheduled{At: Second + Time(i)*100*Millisecond, Action: a})
	}
	w := newWorld(t, c)
	var said []string
	for next, ok := w.Next(); ok && next < 10*Second; next, ok = w.Next() {
		w.Step()
		for _, e := range w.Events() {
			if e.Kind == OpAnswered || e.Kind == OpRefused {
				sentence, _ := e.Sentence()
				said = append(said, sentence)
			}
		}
	}
	return said
}

func compareOf(key string, t kv.Target, o kv.Operator, n int64) kv.Request {
	return kv.TxnRequest{Compare: []kv.Compare{{Key: key, Target: t, Operator: o, Number: n}}}
}

// A failed comparison says what is the case instead, and what was probably meant.
func TestUnmet(t *testing.T) {
	put := Invoke{Request: kv.PutRequest{Key: "k", Value: "v"}}
	changing := kv.TxnRequest{
		Compare: []kv.Compare{{Key: "k", Target: kv.TargetValue, Value: "x"}},
		Failure: []kv.Request{kv.PutRequest{Key: "k", Value: "w"}},
	}
	for _, test := range []struct {
		request kv.Request
		want    string
	}{
		{compareOf("k", kv.TargetVersion, kv.Equal, 4), "(version(k) is 2; its mod revision is 4: did you mean mod=4?)"},
		{compareOf("k", kv.TargetVersion, kv.Equal, 1), "(version(k) is 2)"},
		{compareOf("k", kv.TargetMod, kv.Equal, 3), "(mod(k) is 4)"},
		{compareOf("k", kv.TargetMod, kv.Equal, 2), "(mod(k) is 4; its version is 2: did you mean version=2?)"},
		{compareOf("k", kv.TargetMod, kv.Less, 4), "(mod(k) is 4)"},
		{compareOf("k", kv.TargetCreate, kv.Equal, 0), "(create(k) is 3: the key exists)"},
		{compareOf("k", kv.TargetCreate, kv.Equal, 4), "(create(k) is 3; its mod revision is 4: did you mean mod=4?)"},
		{compareOf("k", kv.TargetLease, kv.Greater, 0), "(lease(k) is 0)"},
		{compareOf("j", kv.TargetMod, kv.NotEqual, 0), "(j does not exist: its mod is 0)"},
		{changing, `(value(k) is "v")`},
	} {
		first := Invoke{Request: kv.PutRequest{Key: "other", Value: "v"}}
		said := byHand(t, first, put, put, Invoke{Request: test.request})
		if len(said) != 4 || !strings.HasSuffix(said[3], " "+test.want) {
			t.Errorf("%q; want %s", said, test.want)
		}
	}
}

// Two words are a range, which is told where a person may have meant something else.
func TestRangesAreTold(t *testing.T) {
	for _, test := range []struct {
		a    Invoke
		told bool
	}{
		{Invoke{Request: kv.RangeRequest{Span: kv.Span{Key: "a", End: "c"}}}, true},
		{Invoke{Request: kv.RangeRequest{Span: kv.Span{Key: "c", End: "a"}}}, true},
		{Invoke{Request: kv.DeleteRangeRequest{Span: kv.Span{Key: "a", End: "c"}}}, true},
		{Invoke{Request: kv.RangeRequest{Span: kv.Prefix("a")}}, false},
		{Invoke{Request: kv.RangeRequest{Span: kv.Prefix("a")}, Ranged: true}, true},
		{Invoke{Request: kv.RangeRequest{Span: kv.Span{Key: "a"}}}, false},
		{Invoke{Request: kv.RangeRequest{Span: kv.Span{Key: "a", End: "\x00"}}}, false},
	} {
		if said := byHand(t, test.a); len(said) != 1 || strings.Contains(said[0], "two words are a range") != test.told {
			t.Errorf("%v says %q", test.a, said)
		}
	}
}

// A compaction comes after a transaction that succeeds, and only then.
func TestThen(t *testing.T) {
	txn := compareOf("k", kv.TargetMod, kv.Equal, 0).(kv.TxnRequest)
	txn.Success = []kv.Request{kv.PutRequest{Key: "k", Value: "v"}}
	twice := []Invoke{{Request: txn, Then: kv.CompactRequest{}}, {Request: txn, Then: kv.CompactRequest{Revision: 2}}}
	said := byHand(t, twice...)
	if len(said) != 3 || said[1] != "you: compaction 2 → compacted" || !strings.Contains(said[2], "FAILURE") {
		t.Errorf("%q", said)
	}
	c := Default(1)
	c.Clients = []Client{{Name: "you", Manual: true, Timeout: Second}}
	c.Schedule = []Scheduled{{At: 1, Action: Invoke{Client: "you", Member: 1, Request: txn, Then: txn}}}
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "only a compaction") {
		t.Errorf("another transaction may follow: %v", err)
	}
}
