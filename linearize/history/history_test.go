package history_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// read reads a history whole.
func read(text string, options history.Options) (entries []history.Entry, r *history.Reader, err error) {
	r, err = history.NewReader(strings.NewReader(text), options)
	if err != nil {
		return nil, nil, err
	}
	for e, err := range r.All() {
		if err != nil {
			return entries, r, err
		}
		entries = append(entries, *e)
	}
	return entries, r, nil
}

// told is an entry in a line.
func told(e *history.Entry) string {
	return fmt.Sprintf("%s@%d [%d,%d] %v %s: %s", e.Name, e.Line, e.Call, e.Return, e.Outcome, e.Words(), e.Answer())
}

func TestReaders(t *testing.T) {
	for _, test := range []struct {
		name, text string
		format     history.Format
		options    history.Options
		want       []string
	}{
		{name: "empty", format: history.JSONLines},
		{name: "blank", text: " \n\t\n", format: history.JSONLines},
		{
			name: "operations", format: history.JSONLines,
			text: `{"type":"operation","client":"a","call":1,"return":2,"outcome":"answered","request":{"put":{"key":"x","value":"1"}},"response":{"revision":2}}
{"type":"event","whatever":1}

{"type":"operation","client":7,"call":3,"outcome":"unknown","request":{"range":{"key":"x"}},"error":"timed out"}
{"type":"operation","client":"a","call":4,"return":5,"outcome":"refused","request":{"put":{"key":""}},"error":"no key"}`,
			want: []string{"a@1 [1,2] answered put x 1: OK at revision 2", "7@4 [3,0] unknown get x: no answer", `a@5 [4,5] refused put "" "": refused: no key`},
		},
		{
			name: "events", format: history.JSONLines,
			text: `{"type":"invoke","client":"a","f":"write","value":3}
{"type":"invoke","client":"b","f":"cas","key":"k","value":[3,4]}
{"type":"ok","client":"b","result":true}
{"type":"invoke","client":"b","f":"read"}
{"type":"info","client":"a","error":"timeout"}
{"type":"fail","client":"b","error":"refused"}
{"type":"invoke","client":"c","f":"read"}`,
			want: []string{"a@1 [1,5] unknown write 3: no answer", "b@2 [2,3] answered cas k [3 4]: true", "b@4 [4,6] refused read: refused: refused", "c@7 [7,0] unknown read: no answer"},
		},
		{
			name: "edn", format: history.EDN,
			text: `{:process 0, :type :invoke, :f :write, :value 3, :index 0} ; comment
{:process :nemesis, :type :info, :f :start-partition, :value nil}
#jepsen.history.Op{:process 1 :type :invoke :f :read :value nil #_ :skipped}
{:process 1, :type :ok, :f :read, :value #{1 2}} {:process 0, :type :ok, :f :write, :value 3}
{:process :nemesis, :type :info, :f :stop-partition}`,
			want: []string{"0@1 [1,5] answered write 3: 3", "1@3 [3,4] answered read: [1 2]"},
		},
		{
			name: "edn in a vector, independent keys", format: history.EDN, options: history.Options{Independent: true},
			text: `[{:process 0, :type :invoke, :f :cas, :value ["k" [1 2]]}
 {:process 0, :type :ok, :f :cas, :value ["k" [1 2]]}]`,
			want: []string{"0@1 [1,2] answered cas k [1 2]: [1 2]"},
		},
		{
			name: "log", format: history.Log,
			text: "2014 INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nnoise\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n" +
				"INFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :fail :read :timed-out\nINFO  jepsen.util - :nemesis :info :start nil\n",
			want: []string{"0@1 [1,2] answered cas [1 2]: false", "1@4 [3,4] refused read: refused: timed-out"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			entries, r, err := read(test.text, test.options)
			if err != nil {
				t.Fatal(err)
			}
			if r.Format() != test.format {
				t.Errorf("format %v, want %v", r.Format(), test.format)
			}
			var got []string
			for i := range entries {
				got = append(got, told(&entries[i]))
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestBandsModelApplied(t *testing.T) {
	_, r, err := read(`{"type":"history","model":"bank"}
{"type":"band","from":2,"to":9,"label":"cut"}
{"type":"applied","index":4,"revision":2,"op":0}
{"type":"applied","index":5,"request":{"compact":{"revision":1}}}`, history.Options{})
	if err != nil || r.Model() != "bank" || fmt.Sprint(r.Bands()) != "[{2 9 cut}]" || len(r.Applied()) != 2 || r.Applied()[1].Op != -1 {
		t.Errorf("%v %v %v %v", err, r.Model(), r.Bands(), r.Applied())
	}
	_, r, err = read("{:process :nemesis, :type :info, :f :start}\n{:process :nemesis, :type :info, :f :start}\n{:process 0, :type :invoke, :f :read}\n{:process :nemesis, :type :info, :f :stop}", history.Options{})
	if err != nil || fmt.Sprint(r.Bands()) != "[{1 4 start}]" {
		t.Errorf("%v %v", err, r.Bands())
	}
}

// Each bad input says the line, the reason, and what to do.
func TestBadInput(t *testing.T) {
	op := func(fields string) string {
		return `{"type":"operation","client":"a","outcome":"answered","request":{"put":{"key":"x"}},"response":{"revision":2}` + fields + "}"
	}
	for _, test := range []struct {
		name, text string
		line       int
		want       string
	}{
		{"cut off", `{"type":"operation"`, 1, "cut off"},
		{"no call", op(`,"return":2`), 1, `without "call"`},
		{"no return", op(`,"call":2`), 1, `without "return"`},
		{"negative", op(`,"call":-1,"return":2`), 1, "negative stamp"},
		{"no client", `{"type":"operation","call":1}`, 1, `without "client"`},
		{"no outcome", `{"type":"operation","client":"a","call":1,"request":{"put":{"key":"x"}}}`, 1, `without "outcome"`},
		{"unknown outcome", `{"type":"operation","client":"a","call":1,"outcome":"maybe","request":{"put":{"key":"x"}}}`, 1, "unknown outcome \"maybe\": use one of [unknown answered refused]"},
		{"unknown request", `{"type":"operation","client":"a","call":1,"outcome":"unknown","request":{"push":{"key":"x"}}}`, 1, "unknown field"},
		{"no request", `{"type":"operation","client":"a","call":1,"outcome":"unknown"}`, 1, `needs a "request"`},
		{"command", `{"type":"operation","client":"a","call":1,"outcome":"unknown","request":"put x 1"}`, 1, "give it as an object"},
		{"wrong type", `{"type":"operation","client":"a","call":"one"}`, 1, "can't be a string"},
		{"unknown type", "\n" + `{"type":"oper"}`, 2, "unknown type \"oper\": use operation"},
		{"return without a call", `{"type":"ok","client":"a"}`, 1, "no operation under way"},
		{"overlap", `{"type":"invoke","client":"a","f":"read"}` + "\n" + `{"type":"invoke","client":"a","f":"read"}`, 2, "is under way: a client has one operation at a time"},
		{"mixed", `{"type":"invoke","client":"a","f":"read"}` + "\n" + op(`,"call":1,"return":2`), 2, "can't be mixed"},
		{"another answer", "{:process 0, :type :invoke, :f :read}\n{:process 0, :type :ok, :f :write}", 2, "line 1 called read"},
		{"edn cut off", "{:process 0, :type :invoke\n", 1, "it was cut off"},
		{"edn vector cut off", "[{:process 0, :type :invoke, :f :read}\n", 2, "within its vector"},
		{"edn bracket", "{:process 0}\n]", 1, "without :type"},
		{"edn lone bracket", "{:process 0, :type :invoke, :f :read}\n]", 2, "closing bracket without"},
		{"edn wrong bracket", "{:process [0}}", 1, `'}' where ']' was expected`},
		{"edn no map", "{:process 0, :type :invoke, :f :read} 5", 1, "expected a map"},
		{"edn half a map", "{:process}", 1, "a key but no value"},
		{"edn deep", "{:process " + strings.Repeat("[", 200), 1, "nested more than 100 deep"},
		{"edn type", "{:process 0, :type :begin, :f :read}", 1, `unknown type "begin"`},
		{"log value", "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2", 1, "cut off"},
		{"neither", "hello", 1, "no known format begins with"},
		{"long line", `{"type":"` + strings.Repeat("x", history.MaxLine) + `"}`, 1, "more than"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := read(test.text, history.Options{})
			var problem *history.Error
			if !errors.As(err, &problem) || problem.Line != test.line || !strings.Contains(problem.Text, test.want) {
				t.Errorf("%v; want line %d and %q", err, test.line, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
		})
	}
}

func TestIndependentNeedsPairs(t *testing.T) {
	_, _, err := read("{:process 0, :type :invoke, :f :read, :value 3}", history.Options{Independent: true})
	if err == nil || !strings.Contains(err.Error(), "pairs [key value]") {
		t.Error(err)
	}
}

func anyText(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "x", "ключ", "\xff\x00", "a b"}).Draw(t, "text")
}

func anyRequest(t *rapid.T, depth int) kv.Request {
	span := kv.Span{Key: anyText(t), End: anyText(t)}
	n := rapid.Int64Range(-3, 9).Draw(t, "n")
	yes := rapid.Bool().Draw(t, "yes")
	kinds := 9
	if depth > 0 {
		kinds = 10
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return kv.RangeRequest{Span: span, Revision: kv.Revision(n), Limit: n, Order: kv.SortDescend, Target: kv.SortByMod, KeysOnly: yes, MinModRevision: 3, Serializable: !yes}
	case 1:
		return kv.DeleteRangeRequest{Span: span, PrevKV: yes}
	case 2:
		return kv.CompactRequest{Revision: kv.Revision(n)}
	case 3:
		return kv.LeaseGrantRequest{ID: kv.LeaseID(n), TTL: kv.TTL(n)}
	case 4:
		return kv.LeaseRevokeRequest{ID: kv.LeaseID(n)}
	case 5:
		return kv.LeaseKeepAliveRequest{ID: kv.LeaseID(n)}
	case 6:
		return kv.LeaseTimeToLiveRequest{ID: kv.LeaseID(n), Keys: yes}
	case 7:
		return kv.LeaseListRequest{}
	case 9:
		return kv.TxnRequest{
			Compare: []kv.Compare{{Key: anyText(t), Target: kv.TargetValue, Operator: kv.NotEqual, Value: anyText(t)}, {Key: "k", Target: kv.TargetMod, Number: n}},
			Success: []kv.Request{anyRequest(t, depth-1)}, Failure: []kv.Request{anyRequest(t, depth-1), anyRequest(t, depth-1)},
		}
	}
	return kv.PutRequest{Key: anyText(t), Value: anyText(t), Lease: kv.LeaseID(n), PrevKV: yes, IgnoreLease: !yes}
}

func anyResponse(t *rapid.T, r kv.Request) kv.Response {
	h := kv.Header{Revision: kv.Revision(rapid.IntRange(1, 99).Draw(t, "revision"))}
	p := kv.KeyValue{Key: anyText(t), Value: anyText(t), CreateRevision: 2, ModRevision: 3, Version: 4, Lease: 5}
	switch r := r.(type) {
	case kv.RangeRequest:
		return kv.RangeResponse{Header: h, KVs: []kv.KeyValue{p}, Count: 3, More: true}
	case kv.DeleteRangeRequest:
		return kv.DeleteRangeResponse{Header: h, Deleted: 1, PrevKVs: []kv.KeyValue{p}}
	case kv.CompactRequest:
		return kv.CompactResponse{Header: h}
	case kv.LeaseGrantRequest:
		return kv.LeaseGrantResponse{Header: h, ID: 7, TTL: 9}
	case kv.LeaseRevokeRequest:
		return kv.LeaseRevokeResponse{Header: h}
	case kv.LeaseKeepAliveRequest:
		return kv.LeaseKeepAliveResponse{Header: h, ID: 7, TTL: 9}
	case kv.LeaseTimeToLiveRequest:
		return kv.LeaseTimeToLiveResponse{Header: h, ID: 7, TTL: -1, Granted: 3, Keys: []string{p.Key}}
	case kv.LeaseListRequest:
		return kv.LeaseListResponse{Header: h, Leases: []kv.LeaseID{1, 2}}
	case kv.TxnRequest:
		resp := kv.TxnResponse{Header: h}
		for _, op := range r.Failure {
			resp.Responses = append(resp.Responses, anyResponse(t, op))
		}
		return resp
	}
	return kv.PutResponse{Header: h, PrevKV: &p}
}

// What is written is read back the same, whatever its bytes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ops []linearize.Operation
		for i := range rapid.IntRange(0, 5).Draw(t, "operations") {
			op := linearize.Operation{Client: i, Call: int64(i), Return: int64(i + 9), Request: anyRequest(t, 2)}
			switch rapid.IntRange(0, 2).Draw(t, "outcome") {
			case 0:
				op.Outcome, op.Response = linearize.Answered, anyResponse(t, op.Request)
			case 1:
				op.Outcome, op.Err = linearize.Refused, errors.New("no")
			}
			ops = append(ops, op)
		}
		var out bytes.Buffer
		w := history.NewWriter(&out)
		for _, op := range ops {
			if err := w.WriteOperation(op); err != nil {
				t.Fatal(err)
			}
		}
		entries, _, err := read(out.String(), history.Options{})
		if err != nil || len(entries) != len(ops) {
			t.Fatalf("%v: %d entries of %d\n%s", err, len(entries), len(ops), &out)
		}
		for i := range ops {
			if !reflect.DeepEqual(entries[i].Operation, ops[i]) {
				t.Fatalf("%+v\nread back\n%+v\n%s", ops[i], entries[i].Operation, &out)
			}
		}
	})
}

// A reader holds only what is under way.
func TestReaderStreams(t *testing.T) {
	pr, pw := io.Pipe()
	go func() {
		for i := range 1000 {
			fmt.Fprintf(pw, "{:process 0, :type :invoke, :f :write, :value %d}\n{:process 0, :type :ok, :f :write, :value %d}\n", i, i) //nolint:errcheck // a pipe
		}
		pw.Close() //nolint:errcheck // a pipe
	}()
	r, err := history.NewReader(pr, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1000 {
		t.Errorf("%d operations", n)
	}
}

// fuzzed: no input makes a reader panic, or give anything but entries that hang
// together or an *Error.
func fuzzed(f *testing.F, format history.Format, corpus ...string) {
	for _, text := range corpus {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, independent := range []bool{false, true} {
			entries, _, err := read(text, history.Options{Format: format, Independent: independent})
			if err != nil && !errors.As(err, new(*history.Error)) {
				t.Fatalf("%T %v", err, err)
			}
			for i := range entries {
				_ = told(&entries[i])
				if entries[i].Call < 0 || entries[i].Request == nil && entries[i].F == "" {
					t.Fatalf("%+v", entries[i])
				}
			}
		}
	})
}

func FuzzJSONLines(f *testing.F) {
	fuzzed(f, history.JSONLines,
		`{"type":"operation","client":"a","call":1,"return":2,"outcome":"answered","request":{"put":{"key":"x","value":{"hex":"ff"}}},"response":{"revision":2}}`,
		`{"type":"operation","client":"a","call":1,"outcome":"unknown","request":{"txn":{"compare":[{"key":"x","target":"value","operator":"=","value":"5"}],"success":[{"put":{"key":"x"}}]}}}`,
		`{"type":"invoke","client":"a","f":"write","value":3}`+"\n"+`{"type":"ok","client":"a"}`,
		`{"type":"invoke","process":1,"f":"cas","value":[1,[2,{"a":1.5}]]}`+"\n"+`{"type":"info","process":1}`,
		`{"type":"history","model":"bank"}`, `{"type":"band","from":1,"to":2,"label":"x"}`, `{"type":"applied","index":1,"op":0}`)
}

func FuzzEDN(f *testing.F) {
	fuzzed(f, history.EDN,
		`{:process 0, :type :invoke, :f :write, :value 3} {:process 0, :type :ok, :f :write, :value 3}`,
		`[#a.B{:process 0 :type :invoke :f :txn :value [[:r 1 nil] [:append 2 "\u00e9\n"]]} #_ {:x \c} ]`,
		`{:process :nemesis, :type :info, :f :start, :value #{1 2.5 3N ##Inf}} ; x`)
}

func FuzzLog(f *testing.F) {
	fuzzed(f, history.Log, "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n", "INFO  jepsen.util - 1 :invoke :read nil\n")
}

func FuzzDetect(f *testing.F) {
	fuzzed(f, history.Detect, "", "{", "[", "#", "INFO jepsen.util - ", `{"`, "{:", ";\n")
}
