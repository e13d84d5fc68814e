package raftsim

import (
	"fmt"
	"math"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
)

// CASCounter is a client that increments a counter as one does on etcd: it reads
// the counter, and puts the next number by a transaction that compares the
// value (or, if there was none, create revision 0) with what was read. If
// another client came first, it reads again and retries. If the outcome is
// unknown, it reads again and goes on to the next increment: to retry that one
// might count it twice.
type CASCounter struct {
	// Key of the counter. Without the key it stands at 0; at a value that is no
	// number, the client has nothing more to do.
	Key string
	// Increments after which the client is done, those with an unknown outcome
	// included; 0 means that it never is.
	Increments int

	// ended counts the increments that are acknowledged or unknown.
	ended int
}

// Next implements Workload.
func (c *CASCounter) Next(t *Turn) (kv.Request, bool) {
	read := kv.RangeRequest{Span: kv.Span{Key: c.Key}}
	if last := t.Last; last != nil {
		switch request := last.Request.(type) {
		case kv.RangeRequest:
			if response, ok := last.Response.(kv.RangeResponse); ok && request == read {
				return c.increment(response)
			}
		case kv.TxnRequest:
			if IsIncrement(request, c.Key) && concluded(last) {
				c.ended++
			}
		}
	}
	if c.Increments > 0 && c.ended >= c.Increments {
		return nil, false
	}
	return read, true
}

// Validate names the field that can't be.
func (c *CASCounter) Validate() error {
	return firstError(notEmpty("key", c.Key), notNegative("increments", c.Increments))
}

// Clone implements Workload.
func (c *CASCounter) Clone() Workload {
	clone := *c
	return &clone
}

// increment is the transaction that puts the number after the one that was read.
func (c *CASCounter) increment(read kv.RangeResponse) (kv.Request, bool) {
	compare, n := kv.Compare{Key: c.Key, Target: kv.TargetCreate}, int64(0)
	if len(read.KVs) > 0 {
		value := read.KVs[0].Value
		var err error
		if n, err = strconv.ParseInt(value, 10, 64); err != nil || n == math.MaxInt64 {
			return nil, false
		}
		compare = kv.Compare{Key: c.Key, Target: kv.TargetValue, Value: value}
	}
	put := kv.PutRequest{Key: c.Key, Value: strconv.FormatInt(n+1, 10)}
	return kv.TxnRequest{Compare: []kv.Compare{compare}, Success: []kv.Request{put}}, true
}

// concluded says that a transaction is acknowledged or unknown: a lost race and a
// definite error are tried again.
func concluded(e *Ending) bool { return succeeded(e.Response) || e.Unknown() }

// IsIncrement says whether r adds one to the counter key, as CASCounter does:
// only if nobody else wrote it since it was read.
func IsIncrement(r kv.Request, key string) bool {
	txn, ok := r.(kv.TxnRequest)
	if !ok || len(txn.Compare) != 1 || len(txn.Success) != 1 || len(txn.Failure) != 0 {
		return false
	}
	put, ok := txn.Success[0].(kv.PutRequest)
	if !ok || put.Key != key {
		return false
	}
	next, err := strconv.ParseInt(put.Value, 10, 64)
	if err != nil || next == math.MinInt64 {
		return false
	}
	switch txn.Compare[0] {
	case kv.Compare{Key: key, Target: kv.TargetValue, Value: strconv.FormatInt(next-1, 10)}:
		return true
	case kv.Compare{Key: key, Target: kv.TargetCreate}:
		return next == 1
	default:
		return false
	}
}

// String says how far the client is.
func (c *CASCounter) String() string {
	return fmt.Sprintf("cas-counter %s: %d increments done", c.Key, c.ended)
}
