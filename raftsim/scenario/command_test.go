package scenario

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

func get(key, end string) kv.RangeRequest { return kv.RangeRequest{Span: kv.Span{Key: key, End: end}} }

func TestParseCommand(t *testing.T) {
	tests := []struct {
		text string
		want kv.Request
	}{
		{`put counter 6`, kv.PutRequest{Key: "counter", Value: "6"}},
		{`  put	'a key' "a\tvalue\xff"  # said why`, kv.PutRequest{Key: "a key", Value: "a\tvalue\xff"}},
		{`put a"b"'c'\ d ''`, kv.PutRequest{Key: "abc d", Value: ""}},
		{`put key -- -5`, kv.PutRequest{Key: "key", Value: "-5"}},
		{`put key '--prefix'`, kv.PutRequest{Key: "key", Value: "--prefix"}},
		{`put key -`, kv.PutRequest{Key: "key", Value: "-"}},
		{`put über größe`, kv.PutRequest{Key: "über", Value: "größe"}},
		{`get counter`, get("counter", "")},
		{`get a b`, get("a", "b")},
		{`get --prefix config/`, get("config/", "config0")},
		{`get config/ --prefix`, get("config/", "config0")},
		{`get '' --prefix`, get("\x00", "\x00")},
		{`get m --from-key`, get("m", "\x00")},
		{`get "" --from-key`, get("\x00", "\x00")},
		{`get a --rev 7 --limit=3 --consistency s`, kv.RangeRequest{Span: kv.Span{Key: "a"}, Revision: 7, Limit: 3, Serializable: true}},
		{`get a --consistency=l`, get("a", "")},
		{`del a`, kv.DeleteRangeRequest{Span: kv.Span{Key: "a"}}},
		{`del a --prefix`, kv.DeleteRangeRequest{Span: kv.Span{Key: "a", End: "b"}}},
		{`txn`, kv.TxnRequest{}},
		{
			`txn --compare 'value("counter") = "5"' --then 'put counter 6' --then 'put status ok' --else 'get counter'`,
			kv.TxnRequest{
				Compare: []kv.Compare{{Key: "counter", Target: kv.TargetValue, Value: "5"}},
				Success: []kv.Request{kv.PutRequest{Key: "counter", Value: "6"}, kv.PutRequest{Key: "status", Value: "ok"}},
				Failure: []kv.Request{get("counter", "")},
			},
		},
		{
			`txn --compare=ver(a)>1 --compare='c("a b")!="0"' --compare 'm( a ) < 9' --compare 'val(a)=x'`,
			kv.TxnRequest{Compare: []kv.Compare{
				{Key: "a", Target: kv.TargetVersion, Operator: kv.Greater, Number: 1},
				{Key: "a b", Target: kv.TargetCreate, Operator: kv.NotEqual},
				{Key: "a", Target: kv.TargetMod, Operator: kv.Less, Number: 9},
				{Key: "a", Target: kv.TargetValue, Value: "x"},
			}},
		},
	}
	for _, test := range tests {
		got, err := ParseCommand(test.text)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("ParseCommand(%s) = %#v, %v; want %#v", test.text, got, err, test.want)
		}
	}
}

func TestParseCommandErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, `the line ends too early: expected put, get, del or txn`},
		{`putt a b`, `unknown command "putt": did you mean "put"?`},
		{`lease grant 5`, `unknown command "lease": expected put, get, del or txn`},
		{`put a`, `put: expected a key and a value, found 1 words`},
		{`put a b c`, `put: expected a key and a value, found 3 words`},
		{`put '' b`, `put: etcdserver: key is not provided`},
		{`put a -5`, `put: unknown option "-5": there are none (what is no option stands in quotes)`},
		{`put a b --lease=5`, `put: unknown option "--lease": there are none (what is no option stands in quotes)`},
		{`get`, `get: expected a key, or a key and the end of a range, found 0 words`},
		{`get a b --prefix`, `get: expected one key with --prefix or --from-key, found two`},
		{`get a --prefix --from-key`, `get: --prefix and --from-key exclude each other`},
		{`get a --prefix --prefix`, `get: --prefix is given twice`},
		{`get a --prefix=yes`, `get: --prefix takes no value, found "--prefix=yes"`},
		{`get a --pefix`, `get: unknown option "--pefix": did you mean "--prefix"? (what is no option stands in quotes)`},
		{`get a --keys-only`, `get: unknown option "--keys-only": expected --prefix, --from-key, --rev, --limit or --consistency (what is no option stands in quotes)`},
		{`get a --rev`, `get: the line ends too early: expected a value after --rev`},
		{`get a --rev=-1`, `get: --rev: expected a number of at least 0, found "-1"`},
		{`get a --limit 1e3`, `get: --limit: expected a number of at least 0, found "1e3"`},
		{`get a --consistency=x`, `get: --consistency: unknown consistency "x": did you mean "l"?`},
		{`put 'a b`, `the quote "'a b" is never closed`},
		{`put a "b\q"`, `the quote "\"b\\q\"" is never closed, or an escape in it is none of Go's`},
		{`put a \`, `the line ends in a backslash: expected a character after it`},
		{"put a \xff", `not UTF-8: save the file as UTF-8, and write other bytes as "\xff" in double quotes`},
		{"put a \x00", `control character '\x00': write it as an escape in double quotes`},
		{`txn put a b`, `txn: unexpected "put": expected --compare, --then or --else before it`},
		{`txn --compare value`, `txn: --compare: comparison "value": expected one such as value("counter") = "5"`},
		{`txn --compare 'lease(a) = "1"'`, `txn: --compare: comparison "lease(a) = \"1\"": unknown target "lease": expected value, version, create or mod`},
		{`txn --compare 'mod(a) = x'`, `txn: --compare: comparison "mod(a) = x": expected a number, found "x"`},
		{`txn --compare 'mod(a)'`, `txn: --compare: comparison "mod(a)": expected =, !=, < or > after the key, found ""`},
		{`txn --compare 'mod(a'`, `txn: --compare: comparison "mod(a": expected ) after the key`},
		{`txn --compare 'mod() = 1'`, `txn: --compare: comparison "mod() = 1": expected a word or a quoted text, found ""`},
		{`txn --compare 'mod(a) = "1" 2'`, `txn: --compare: comparison "mod(a) = \"1\" 2": unexpected "2" at its end`},
		{`txn --then 'txn'`, `txn: --then: a transaction inside of a transaction: etcdctl has none`},
		{`txn --then 'put a 1' --then 'put a 2'`, `txn: etcdserver: duplicate key given in txn request`},
		{`txn --then ''`, `txn: --then: the line ends too early: expected put, get, del or txn`},
	}
	for _, test := range tests {
		r, err := ParseCommand(test.text)
		if err == nil || err.Error() != test.want {
			t.Errorf("ParseCommand(%s) = %v, error\n%v; want\n%s", test.text, r, err, test.want)
		}
	}
}

// genText draws text that is hard to quote.
func genText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "B", "7", "-", "--prefix", " ", "\t", "\n", "#", `"`, "'", `\`, "|", "=", "(", ")", "ü", "\u00a0", "\u202e", "\xff", "\x00",
		}), 1, 5).Draw(t, "pieces")
		return strings.Join(pieces, "")
	})
}

func genSpan() *rapid.Generator[kv.Span] {
	return rapid.Custom(func(t *rapid.T) kv.Span {
		key := genText().Draw(t, "key")
		switch rapid.IntRange(0, 3).Draw(t, "span") {
		case 0:
			return kv.Span{Key: key}
		case 1:
			return kv.Prefix(key)
		case 2:
			return kv.Span{Key: key, End: "\x00"}
		default:
			return kv.Span{Key: key, End: genText().Draw(t, "end")}
		}
	})
}

func genOperation() *rapid.Generator[kv.Request] {
	return rapid.Custom(func(t *rapid.T) kv.Request {
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return kv.PutRequest{Key: genText().Draw(t, "key"), Value: rapid.OneOf(genText(), rapid.Just("")).Draw(t, "value")}
		case 1:
			return kv.DeleteRangeRequest{Span: genSpan().Draw(t, "span")}
		default:
			return kv.RangeRequest{
				Span:         genSpan().Draw(t, "span"),
				Revision:     kv.Revision(rapid.Int64Range(0, 9).Draw(t, "revision")),
				Limit:        rapid.Int64Range(0, 9).Draw(t, "limit"),
				Serializable: rapid.Bool().Draw(t, "serializable"),
			}
		}
	})
}

func genCompare() *rapid.Generator[kv.Compare] {
	return rapid.Custom(func(t *rapid.T) kv.Compare {
		c := kv.Compare{
			Key:      genText().Draw(t, "key"),
			Target:   kv.Target(rapid.IntRange(0, 3).Draw(t, "target")),
			Operator: kv.Operator(rapid.IntRange(0, 3).Draw(t, "operator")),
		}
		if c.Target == kv.TargetValue {
			c.Value = rapid.OneOf(genText(), rapid.Just("")).Draw(t, "value")
		} else {
			c.Number = rapid.Int64().Draw(t, "number")
		}
		return c
	})
}

func genRequest() *rapid.Generator[kv.Request] {
	return rapid.Custom(func(t *rapid.T) kv.Request {
		if rapid.Bool().Draw(t, "single") {
			return genOperation().Draw(t, "operation")
		}
		return kv.TxnRequest{
			Compare: rapid.SliceOfN(genCompare(), 0, 2).Draw(t, "compare"),
			Success: rapid.SliceOfN(genOperation(), 0, 2).Draw(t, "then"),
			Failure: rapid.SliceOfN(genOperation(), 0, 2).Draw(t, "else"),
		}
	}).Filter(func(r kv.Request) bool { return kv.Validate(r) == nil })
}

// Every request has words, and they mean the same request.
func TestCommandWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genRequest().Draw(t, "request")
		words := FormatCommand(want)
		got, err := ParseCommand(words)
		if err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		if string(kv.AppendRequest(nil, got)) != string(kv.AppendRequest(nil, want)) {
			t.Fatalf("%s means %#v, not %#v", words, got, want)
		}
	})
}
