package kv

import (
	"fmt"
	"strings"
)

// String is the pair as `key=value`.
func (p KeyValue) String() string { return word(p.Key) + "=" + word(p.Value) }

// String lists the pairs found, and how many there are if the limit hid some.
func (r RangeResponse) String() string {
	if r.Count == 0 {
		return "(none)"
	}
	if len(r.KVs) == 0 {
		return fmt.Sprintf("(0 of %d)", r.Count)
	}
	words := join(r.KVs, " ")
	if r.More {
		words += fmt.Sprintf(" (%d of %d)", len(r.KVs), r.Count)
	}
	return words
}

// String is etcdctl's `OK`, with the pair before if it was asked for.
func (r PutResponse) String() string {
	if r.PrevKV != nil {
		return "OK, was " + r.PrevKV.String()
	}
	return "OK"
}

// String says how many keys were deleted, and which if that was asked for.
func (r DeleteRangeResponse) String() string {
	words := fmt.Sprintf("deleted %d", r.Deleted)
	if len(r.PrevKVs) > 0 {
		words += ": " + join(r.PrevKVs, " ")
	}
	return words
}

// String is `compacted`.
func (CompactResponse) String() string { return "compacted" }

// String is such as `lease 1f granted with TTL(60s)`.
func (r LeaseGrantResponse) String() string {
	return fmt.Sprintf("lease %v granted with TTL(%ds)", r.ID, r.TTL)
}

// String is `revoked`.
func (LeaseRevokeResponse) String() string { return "revoked" }

// String is such as `lease 1f keepalived with TTL(60)`.
func (r LeaseKeepAliveResponse) String() string {
	if r.TTL <= 0 {
		return fmt.Sprintf("lease %v expired or revoked", r.ID)
	}
	return fmt.Sprintf("lease %v keepalived with TTL(%d)", r.ID, r.TTL)
}

// String is such as `lease 1f granted with TTL(60s), remaining(55s)`, with the
// attached keys if there are any.
func (r LeaseTimeToLiveResponse) String() string {
	if r.TTL < 0 {
		return fmt.Sprintf("lease %v already expired", r.ID)
	}
	words := fmt.Sprintf("lease %v granted with TTL(%ds), remaining(%ds)", r.ID, r.Granted, r.TTL)
	if len(r.Keys) > 0 {
		keys := make([]string, len(r.Keys))
		for i, key := range r.Keys {
			keys[i] = word(key)
		}
		words += ", attached keys([" + strings.Join(keys, " ") + "])"
	}
	return words
}

// String lists the leases, such as `found 2 leases: 1f 2a`.
func (r LeaseListResponse) String() string {
	words := fmt.Sprintf("found %d leases", len(r.Leases))
	if len(r.Leases) > 0 {
		words += ": " + join(r.Leases, " ")
	}
	return words
}

// String lists the alarms, such as `2:NOSPACE`.
func (r AlarmResponse) String() string {
	if len(r.Alarms) == 0 {
		return "no alarm"
	}
	return join(r.Alarms, " ")
}

// String is the alarm with the member's id before it.
func (a MemberAlarm) String() string { return fmt.Sprintf("%d:%v", a.Member, a.Alarm) }

// String is etcdctl's `SUCCESS` or `FAILURE`, with the answers of that branch.
func (r TxnResponse) String() string {
	words := "FAILURE"
	if r.Succeeded {
		words = "SUCCESS"
	}
	if len(r.Responses) > 0 {
		words += ": " + join(r.Responses, "; ")
	}
	return words
}
