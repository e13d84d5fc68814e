package raftsim

import (
	"errors"
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"pgregory.net/rapid"
)

// Every kind of request occurs, most are carried out, and the store never refuses
// one as malformed.
func TestMixedInTheShop(t *testing.T) {
	kinds, refused := map[string]int{}, map[string]int{}
	nested := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []Workload
		for range 3 {
			all = append(all, &Mixed{Keys: 3, Prefix: "m", Compact: Always / 50, Leases: Always / 5, TTL: 5, Requests: 100})
		}
		s := newShop(rapidDice(t), all...)
		s.run()
		if i := s.idle(); i >= 0 {
			t.Fatalf("client %d is not done", i)
		}
		for i := range s.world.Ops() {
			op := s.world.Op(i)
			kinds[fmt.Sprintf("%T", op.Request)]++
			if err := kv.Validate(op.Request); err != nil {
				t.Fatalf("%v: %v", op.Request, err)
			}
			if op.Err != nil && !errors.Is(op.Err, errShop) {
				refused[op.Err.Error()]++
			}
			if txn, ok := op.Request.(kv.TxnRequest); ok && !kv.ReadOnly(txn) {
				for _, x := range txn.Success {
					if _, ok := x.(kv.TxnRequest); ok {
						nested++
					}
				}
			}
		}
	})
	if len(kinds) != 10 || nested == 0 {
		t.Errorf("%d nested transactions, kinds %v", nested, kinds)
	}
	for _, err := range []error{kv.ErrCompacted, kv.ErrKeyNotFound, kv.ErrLeaseNotFound} {
		if refused[err.Error()] == 0 {
			t.Errorf("no %v", err)
		}
	}
}
