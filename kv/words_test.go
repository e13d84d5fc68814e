package kv

import "testing"

func TestRequestWords(t *testing.T) {
	for _, tc := range []struct {
		r    Request
		want string
	}{
		{get("counter"), `get counter`},
		{RangeRequest{Span: Prefix("config/")}, `get --prefix config/`},
		{RangeRequest{Span: Prefix("")}, `get --prefix ""`},
		{RangeRequest{Span: Span{"k", "\x00"}}, `get --from-key k`},
		{RangeRequest{Span: Span{"a", "m"}, Revision: 7, Limit: 2, Serializable: true}, `get a m --rev=7 --limit=2 --consistency=s`},
		{RangeRequest{Span: Span{Key: "k"}, Revision: -1, Limit: -1}, `get k`},
		{
			RangeRequest{
				Span: Span{Key: "k"}, Order: SortDescend, Target: SortByMod, KeysOnly: true, CountOnly: true,
				MinModRevision: 1, MaxModRevision: 2, MinCreateRevision: 3, MaxCreateRevision: -4,
			},
			`get k --order=DESCEND --sort-by=MODIFY --min-mod-rev=1 --max-mod-rev=2 --min-create-rev=3 --max-create-rev=-4 --keys-only --count-only`,
		},
		{RangeRequest{Span: Span{Key: "k"}, Order: 7, Target: 9}, `get k --order=ORDER7 --sort-by=TARGET9`},
		{PutRequest{Key: "counter", Value: "6"}, `put counter 6`},
		{PutRequest{Key: "k", Value: "v", Lease: 31, PrevKV: true}, `put k v --lease=1f --prev-kv`},
		{PutRequest{Key: "k", IgnoreValue: true, IgnoreLease: true}, `put k --ignore-value --ignore-lease`},
		{DeleteRangeRequest{Span: Span{Key: "k"}, PrevKV: true}, `del k --prev-kv`},
		{TxnRequest{Compare: []Compare{{Key: "a", End: "b", Target: TargetLease, Number: 31}}}, `txn lease(--prefix a)=1f → nothing`},
		{CompactRequest{7}, `compaction 7`},
		{LeaseGrantRequest{TTL: 60}, `lease grant 60`},
		{LeaseGrantRequest{ID: 31, TTL: 60}, `lease grant 60 --id=1f`},
		{LeaseRevokeRequest{31}, `lease revoke 1f`},
		{LeaseKeepAliveRequest{-31}, `lease keep-alive --once -1f`},
		{LeaseTimeToLiveRequest{31, true}, `lease timetolive 1f --keys`},
		{LeaseListRequest{}, `lease list`},
		{AlarmRequest{}, `alarm list`},
		{AlarmRequest{DisarmAlarm, 2, NoSpace}, `alarm disarm NOSPACE --member=2`},
		{AlarmRequest{RaiseAlarm, 2, Corrupt}, `alarm raise CORRUPT --member=2`},
		{AlarmRequest{9, 0, 9}, `alarm action9 ALARM9`},
		{PutRequest{Key: "größe", Value: ""}, `put größe ""`},
		{PutRequest{Key: "two words", Value: "\x00\xff\n"}, `put "two words" "\x00\xff\n"`},
		{PutRequest{Key: "--flag", Value: `say "x"`}, `put "--flag" "say \"x\""`},
		{DeleteRangeRequest{Span: Prefix("a")}, `del --prefix a`},
		{del("k", ""), `del k`},
		{
			TxnRequest{
				Compare: []Compare{{Key: "counter", Target: TargetValue, Value: "5"}},
				Success: []Request{PutRequest{Key: "counter", Value: "6"}, PutRequest{Key: "status", Value: "success"}},
			},
			`txn value(counter)="5" → put counter 6; put status success`,
		},
		{
			TxnRequest{
				Compare: []Compare{
					{Key: "a", Target: TargetCreate},
					{Key: "b", Target: TargetMod, Operator: Greater, Number: 3},
					{Key: "c", Target: TargetVersion, Operator: Less, Number: -1},
					{Key: "d e", Target: TargetValue, Operator: NotEqual, Value: "x"},
					{Key: "f", Target: 9, Operator: 9},
				},
				Failure: []Request{get("a"), then(del("a", ""))},
			},
			`txn create(a)=0 and mod(b)>3 and version(c)<-1 and value("d e")!="x" and target9(f)operator90 → nothing else get a; (txn → del a)`,
		},
	} {
		if got := tc.r.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

func TestResponseWords(t *testing.T) {
	pair := KeyValue{Key: "counter", Value: "6", CreateRevision: 2, ModRevision: 7, Version: 3}
	found := RangeResponse{KVs: []KeyValue{pair}, Count: 1}
	for _, tc := range []struct {
		r    Response
		want string
	}{
		{RangeResponse{}, `(none)`},
		{found, `counter=6`},
		{RangeResponse{KVs: []KeyValue{pair, {Key: "s", Value: "on air"}}, Count: 9, More: true}, `counter=6 s="on air" (2 of 9)`},
		{PutResponse{}, `OK`},
		{RangeResponse{Count: 2}, `(0 of 2)`},
		{PutResponse{PrevKV: &pair}, `OK, was counter=6`},
		{DeleteRangeResponse{Deleted: 2}, `deleted 2`},
		{DeleteRangeResponse{Deleted: 1, PrevKVs: []KeyValue{pair}}, `deleted 1: counter=6`},
		{CompactResponse{}, `compacted`},
		{LeaseGrantResponse{ID: 31, TTL: 60}, `lease 1f granted with TTL(60s)`},
		{LeaseRevokeResponse{}, `revoked`},
		{LeaseKeepAliveResponse{ID: 31, TTL: 60}, `lease 1f keepalived with TTL(60)`},
		{LeaseKeepAliveResponse{ID: 31}, `lease 1f expired or revoked`},
		{LeaseTimeToLiveResponse{ID: 31, TTL: 55, Granted: 60}, `lease 1f granted with TTL(60s), remaining(55s)`},
		{LeaseTimeToLiveResponse{ID: 31, TTL: 5, Granted: 6, Keys: []string{"a", "b c"}}, `lease 1f granted with TTL(6s), remaining(5s), attached keys([a "b c"])`},
		{LeaseTimeToLiveResponse{ID: 31, TTL: -1}, `lease 1f already expired`},
		{LeaseListResponse{}, `found 0 leases`},
		{LeaseListResponse{Leases: []LeaseID{31, 42}}, `found 2 leases: 1f 2a`},
		{AlarmResponse{}, `no alarm`},
		{AlarmResponse{Alarms: []MemberAlarm{{2, NoSpace}, {1, Corrupt}}}, `2:NOSPACE 1:CORRUPT`},
		{TxnResponse{}, `FAILURE`},
		{TxnResponse{Succeeded: true, Responses: []Response{PutResponse{}, found}}, `SUCCESS: OK; counter=6`},
	} {
		if got := tc.r.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}
