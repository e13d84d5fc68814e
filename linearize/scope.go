package linearize

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// covered returns an error for a request with an option or a comparison that
// the specification does not know. A transaction's operations are not looked at.
func covered(r kv.Request) error {
	beyond := false
	switch r := r.(type) {
	case kv.RangeRequest:
		beyond = r != kv.RangeRequest{Span: r.Span, Revision: r.Revision, Limit: r.Limit, Serializable: r.Serializable}
	case kv.PutRequest:
		beyond = r != kv.PutRequest{Key: r.Key, Value: r.Value}
	case kv.DeleteRangeRequest:
		beyond = r.PrevKV
	case kv.TxnRequest:
		for _, c := range r.Compare {
			beyond = beyond || c.End != "" || c.Target == kv.TargetLease
		}
	}
	if beyond {
		return fmt.Errorf("the specification does not cover all of %q: it knows a range's span, revision and limit, "+
			"a put's key and value, a deletion's span, and comparisons of one key but for its lease", r)
	}
	return nil
}
