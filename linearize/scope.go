package linearize

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// covered returns an error for a request that the specification does not know:
// alarms. With values only, one that asks for revisions can't be judged either.
func covered(r kv.Request, valuesOnly bool) error {
	switch r := r.(type) {
	case nil:
		return fmt.Errorf("it has no request")
	case kv.RangeRequest:
		if valuesOnly && (r.Revision > 0 || bounded(&r) || r.Target != kv.SortByKey && r.Target != kv.SortByValue) {
			return fmt.Errorf("%q asks by revision, which values alone can't judge", r)
		}
	case kv.PutRequest, kv.DeleteRangeRequest, kv.CompactRequest,
		kv.LeaseGrantRequest, kv.LeaseRevokeRequest, kv.LeaseKeepAliveRequest, kv.LeaseTimeToLiveRequest, kv.LeaseListRequest:
	case kv.TxnRequest:
		return coveredTxn(r, valuesOnly)
	case kv.AlarmRequest:
		return fmt.Errorf("the specification does not cover %q: it knows requests on keys and leases", r)
	default:
		return fmt.Errorf("request of type %T: use one of kv's request types, by value", r)
	}
	return nil
}

func coveredTxn(r kv.TxnRequest, valuesOnly bool) error {
	if valuesOnly {
		for _, c := range r.Compare {
			byNumber := c.Target == kv.TargetCreate || c.Target == kv.TargetMod || c.Target == kv.TargetVersion
			if byNumber && c.Number != 0 {
				return fmt.Errorf("%q compares with a revision or version, which values alone can't judge: only with 0, for a missing key", r)
			}
		}
	}
	for _, branch := range [][]kv.Request{r.Success, r.Failure} {
		for i, op := range branch {
			if op == nil {
				continue // the store refuses it
			}
			if err := covered(op, valuesOnly); err != nil {
				return fmt.Errorf("in operation %d of a transaction: %w", i, err)
			}
		}
	}
	return nil
}
