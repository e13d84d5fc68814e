package scenario

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
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
		{`put a 1 --lease=1f --prev-kv`, kv.PutRequest{Key: "a", Value: "1", Lease: 31, PrevKV: true}},
		{`put a --ignore-value --ignore-lease`, kv.PutRequest{Key: "a", IgnoreValue: true, IgnoreLease: true}},
		{
			`get a --order=descend --sort-by MODIFY --keys-only --min-mod-rev=1 --max-mod-rev=2 --min-create-rev=3 --max-create-rev=4`,
			kv.RangeRequest{
				Span: kv.Span{Key: "a"}, Order: kv.SortDescend, Target: kv.SortByMod, KeysOnly: true,
				MinModRevision: 1, MaxModRevision: 2, MinCreateRevision: 3, MaxCreateRevision: 4,
			},
		},
		{`get a --count-only`, kv.RangeRequest{Span: kv.Span{Key: "a"}, CountOnly: true}},
		{`del a --prev-kv`, kv.DeleteRangeRequest{Span: kv.Span{Key: "a"}, PrevKV: true}},
		{`compaction 7`, kv.CompactRequest{Revision: 7}},
		{`compact 7`, kv.CompactRequest{Revision: 7}},
		{`lease grant 60`, kv.LeaseGrantRequest{TTL: 60}},
		{`lease grant -1 --id -1f`, kv.LeaseGrantRequest{TTL: -1, ID: -31}},
		{`lease revoke -1f`, kv.LeaseRevokeRequest{ID: -31}},
		{`lease keep-alive --once 1f`, kv.LeaseKeepAliveRequest{ID: 31}},
		{`lease keep-alive 1f`, kv.LeaseKeepAliveRequest{ID: 31}},
		{`lease timetolive 1f --keys`, kv.LeaseTimeToLiveRequest{ID: 31, Keys: true}},
		{`lease list`, kv.LeaseListRequest{}},
		{`txn --compare 'mod(a b)>1' --compare 'val(--prefix "a b")=x' --compare 'lease(--from-key a) = "1f"'`, kv.TxnRequest{Compare: []kv.Compare{
			{Key: "a", End: "b", Target: kv.TargetMod, Operator: kv.Greater, Number: 1},
			{Key: "a b", End: "a c", Target: kv.TargetValue, Value: "x"},
			{Key: "a", End: "\x00", Target: kv.TargetLease, Number: 31},
		}}},
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

// What is no request, or more than one.
func TestReadCommand(t *testing.T) {
	same := kv.TxnRequest{
		Compare: []kv.Compare{{Key: "/counter", Target: kv.TargetValue, Value: "5"}, {Key: "/new", Target: kv.TargetCreate}},
		Success: []kv.Request{
			kv.PutRequest{Key: "/counter", Value: "6"}, kv.DeleteRangeRequest{Span: kv.Span{Key: "/old"}}, kv.PutRequest{Key: "/new", Value: "a,b"},
		},
	}
	tests := []struct {
		text string
		want Command
	}{
		{`txn --key=/counter --compare=value=5 --action=/counter,put,6 --action=/old,delete --action=/new,create,a,b`, Command{Request: same}},
		{
			`txn --key=k --compare=value= --compare 'version > 1' --key=j --compare=lease!=1f --action=compaction`,
			Command{
				Request: kv.TxnRequest{Compare: []kv.Compare{
					{Key: "k", Target: kv.TargetCreate},
					{Key: "k", Target: kv.TargetVersion, Operator: kv.Greater, Number: 1},
					{Key: "j", Target: kv.TargetLease, Operator: kv.NotEqual, Number: 31},
				}},
				Then: kv.CompactRequest{},
			},
		},
		{`txn --then 'put a 1' --action=compaction,7`, Command{
			Request: kv.TxnRequest{Success: []kv.Request{kv.PutRequest{Key: "a", Value: "1"}}},
			Then:    kv.CompactRequest{Revision: 7},
		}},
		{`watch a --prefix --rev=3 --prev-kv`, Command{Watch: &raftsim.Watch{Span: kv.Prefix("a"), Start: 3, PrevKV: true}}},
	}
	for _, test := range tests {
		got, err := ReadCommand(test.text)
		got.short = ""
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("ParseCommand(%s) = %#v, %v; want %#v", test.text, got, err, test.want)
		}
	}
}

func TestParseCommandErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, `the line ends too early: expected put, get, del, txn, compaction, compact, lease or watch`},
		{`putt a b`, `unknown command "putt": did you mean "put"?`},
		{`put a`, `put: expected a key and a value, found 1 word`},
		{`put a b c`, `put: expected a key and a value, found 3 words`},
		{`put '' b`, `put: etcdserver: key is not provided`},
		{`put a -5`, `put: unknown option "-5": expected --lease, --prev-kv, --ignore-value or --ignore-lease (what is no option stands in quotes)`},
		{`get`, `get: expected a key, or a key and the end of a range, found 0 words`},
		{`get a b --prefix`, `get: expected one key with --prefix or --from-key, found two`},
		{`get a --prefix --from-key`, `get: --prefix and --from-key exclude each other`},
		{`get a --prefix --prefix`, `get: --prefix is given twice`},
		{`get a --prefix=yes`, `get: --prefix takes no value, found "--prefix=yes"`},
		{`get a --pefix`, `get: unknown option "--pefix": did you mean "--prefix"? (what is no option stands in quotes)`},
		{`get a --rev`, `get: the line ends too early: expected a value after --rev`},
		{`get a --rev=-1`, `get: --rev: expected a number of at least 0, found "-1"`},
		{`get a --limit 1e3`, `get: --limit: expected a number of at least 0, found "1e3"`},
		{`get a --consistency=x`, `get: --consistency: unknown consistency "x": did you mean "l"?`},
		{`put 'a b`, `the quote "'a b" is never closed`},
		{`put a "b\q"`, `the quote "\"b\\q\"" is never closed, or an escape in it is none of Go's`},
		{`put a \`, `the line ends in a backslash: expected a character after it`},
		{"put a \xff", `not UTF-8: save the file as UTF-8, and write other bytes as "\xff" in double quotes`},
		{"put a \x00", `control character '\x00': write it as an escape in double quotes`},
		{`txn put a b`, `txn: unexpected "put": expected --compare, --then, --else, --key or --action before it`},
		{`txn --compare value`, `txn: --compare: comparison "value": expected one such as value("counter") = "5"`},
		{`txn --compare 'mod(a) = x'`, `txn: --compare: comparison "mod(a) = x": expected a number, found "x"`},
		{`txn --compare 'mod(a)'`, `txn: --compare: comparison "mod(a)": expected =, !=, < or > after the key, found ""`},
		{`txn --compare 'mod(a'`, `txn: --compare: comparison "mod(a": expected ) after the key`},
		{`txn --compare 'mod() = 1'`, `txn: --compare: comparison "mod() = 1": expected a word or a quoted text, found ""`},
		{`txn --compare 'mod(a) = "1" 2'`, `txn: --compare: comparison "mod(a) = \"1\" 2": unexpected "2" at its end`},
		{`txn --then 'txn'`, `txn: --then: a transaction inside of a transaction: etcdctl has none`},
		{`txn --then 'put a 1' --then 'put a 2'`, `txn: etcdserver: duplicate key given in txn request`},
		{`put a --ignore-value b`, `put: expected a key alone with --ignore-value, found 2 words`},
		{`put a b --lease=xyz`, `put: --lease: expected the id of a lease in hexadecimal digits, such as 1f, found "xyz"`},
		{`put a b --ignore-lease --lease=5`, `put: etcdserver: lease is provided`},
		{`get a b c`, `get: expected a key, or a key and the end of a range, found 3 words: several keys are several commands`},
		{`get a --order=UP`, `get: --order: unknown order "UP": expected NONE, ASCEND or DESCEND`},
		{`get a --sort-by=MODIFIED`, `get: --sort-by: unknown target "MODIFIED": expected KEY, VERSION, CREATE, MODIFY or VALUE`},
		{`compaction x`, `compaction: expected a number of at least 0, found "x"`},
		{`compact`, `compact: the line ends too early: expected a revision`},
		{`lease`, `lease: the line ends too early: expected grant, revoke, keep-alive, timetolive or list`},
		{`lease grand 5`, `lease: unknown lease command "grand": did you mean "grant"?`},
		{`lease grant`, `lease: grant: expected a time to live in seconds, found 0 words`},
		{`lease grant 5s`, `lease: grant: expected a number, found "5s"`},
		{`lease revoke 1 2`, `lease: revoke: expected the id of a lease, found 2 words`},
		{`lease revoke 1 --keys`, `lease: revoke: unknown option "--keys": there are none (what is no option stands in quotes)`},
		{`lease timetolive xyz`, `lease: timetolive: expected the id of a lease in hexadecimal digits, such as 1f, found "xyz"`},
		{`lease list all`, `lease: list: unexpected "all": expected the end of the line`},
		{`watch b a`, `watch: no key lies in the range from b up to, not including, a`},
		{`watch a --rev=-1`, `watch: --rev: expected a number of at least 0, found "-1"`},
		{`txn --compare value=5`, `txn: --compare: comparison "value=5": expected --key before it, or a comparison such as value("counter") = "5"`},
		{`txn --key=`, `txn: --key: expected a key, found an empty word`},
		{`txn --key=k --compare=modd=5`, `txn: --compare: comparison "modd=5": unknown target "modd": did you mean "mod"?`},
		{`txn --key=k --compare=mod=`, `txn: --compare: comparison "mod=": expected a number, found ""`},
		{`txn --action=k`, `txn: --action: "k" is no action: expected one such as /counter,put,6 or /counter,delete or compaction`},
		{`txn --action=k,put`, `txn: --action: "k,put" lacks a value: expected k,put,VALUE`},
		{`txn --action=k,delete,x`, `txn: --action: "k,delete,x" has something left over: expected k,delete`},
		{`txn --action=k,del`, `txn: --action: unknown action "del": expected put, delete or create`},
		{`txn --action=compaction --action=compaction,5`, `txn: --action: there is one compaction already`},
		{`txn --action=compaction,0`, `txn: --action: expected a number of at least 1, found "0"`},
		{`watch a`, `watch: expected a request with one answer`},
		{`txn --action=compaction`, `txn: --action: a compaction afterwards is a request of its own`},
		{`txn --then 'lease list'`, `txn: --then: lease can't be a part of a transaction: expected put, get or del`},
		{`txn --then ''`, `txn: --then: the line ends too early: expected put, get, del, txn, compaction, compact, lease or watch`},
	}
	for _, test := range tests {
		r, err := ParseCommand(test.text)
		if err == nil || err.Error() != test.want {
			t.Errorf("ParseCommand(%s) = %v, error\n%v; want\n%s", test.text, r, err, test.want)
		}
	}
}

// The short form of a transaction stays what it is.
func TestShortForm(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{
			`txn --key /counter --compare=value=5 --compare mod(a)=1 --action '/counter,put,a b' --then 'del   x' --action=compaction`,
			`txn --key=/counter --compare=value=5 --compare 'mod("a") = "1"' --action='/counter,put,a b' --then 'del x' --action=compaction`,
		},
		{`txn --key=k --compare=value=`, `txn --key=k --compare=value=`},
		{`txn --key=k --then 'put k 1'`, `txn --key=k --then 'put k 1'`},
		{`txn --then 'put k 1'`, ``},
	} {
		got, err := ReadCommand(test.text)
		if err != nil || got.short != test.want {
			t.Errorf("%s: %s, %v; want %s", test.text, got.short, err, test.want)
		}
		again, err := ReadCommand(got.short)
		if test.want != "" && (err != nil || !reflect.DeepEqual(got, again)) {
			t.Errorf("%s: %+v, %v; want %+v", got.short, again, err, got)
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
		number := func(label string) int64 { return rapid.Int64Range(0, 9).Draw(t, label) }
		flag := func(label string) bool { return rapid.Bool().Draw(t, label) }
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return kv.PutRequest{
				Key: genText().Draw(t, "key"), Value: rapid.OneOf(genText(), rapid.Just("")).Draw(t, "value"),
				Lease: genLease().Draw(t, "lease"), PrevKV: flag("prev"), IgnoreValue: flag("ignore value"), IgnoreLease: flag("ignore lease"),
			}
		case 1:
			return kv.DeleteRangeRequest{Span: genSpan().Draw(t, "span"), PrevKV: flag("prev")}
		default:
			return kv.RangeRequest{
				Span: genSpan().Draw(t, "span"), Revision: kv.Revision(number("revision")), Limit: number("limit"),
				Order: rapid.SampledFrom(orders).Draw(t, "order"), Target: rapid.SampledFrom(sorts).Draw(t, "target"),
				KeysOnly: flag("keys"), CountOnly: flag("count"), Serializable: flag("serializable"),
				MinModRevision: kv.Revision(number("a")), MaxModRevision: kv.Revision(number("b")),
				MinCreateRevision: kv.Revision(number("c")), MaxCreateRevision: kv.Revision(number("d")),
			}
		}
	})
}

func genLease() *rapid.Generator[kv.LeaseID] {
	return rapid.Map(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()), func(n int64) kv.LeaseID { return kv.LeaseID(n) })
}

// genLone draws what is no part of a transaction.
func genLone() *rapid.Generator[kv.Request] {
	return rapid.Custom(func(t *rapid.T) kv.Request {
		id := genLease().Draw(t, "id")
		return rapid.SampledFrom([]kv.Request{
			kv.CompactRequest{Revision: kv.Revision(rapid.Int64Range(0, 9).Draw(t, "revision"))},
			kv.LeaseGrantRequest{ID: id, TTL: kv.TTL(rapid.Int64().Draw(t, "ttl"))},
			kv.LeaseRevokeRequest{ID: id},
			kv.LeaseKeepAliveRequest{ID: id},
			kv.LeaseTimeToLiveRequest{ID: id, Keys: rapid.Bool().Draw(t, "keys")},
			kv.LeaseListRequest{},
		}).Draw(t, "lone")
	})
}

func genCompare() *rapid.Generator[kv.Compare] {
	return rapid.Custom(func(t *rapid.T) kv.Compare {
		c := kv.Compare{
			Target:   kv.Target(rapid.IntRange(0, 4).Draw(t, "target")),
			Operator: kv.Operator(rapid.IntRange(0, 3).Draw(t, "operator")),
		}
		keys := genSpan().Draw(t, "keys")
		c.Key, c.End = keys.Key, keys.End
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
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return genOperation().Draw(t, "operation")
		case 1:
			return genLone().Draw(t, "lone")
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
