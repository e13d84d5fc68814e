package mvcc_test

import (
	"fmt"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/mvcc"
)

// Increment a counter that others increment too: read it, then write the next
// number on condition that nobody has written since, and begin again when
// somebody has. The store never retries by itself.
func Example() {
	store := mvcc.New()

	increment := func() error {
		for {
			found, err := store.Range(kv.RangeRequest{Span: kv.Span{Key: "counter"}})
			if err != nil {
				return err
			}
			var counter kv.KeyValue // a missing key has mod revision 0
			if len(found.KVs) > 0 {
				counter = found.KVs[0]
			}
			n, _ := strconv.Atoi(counter.Value)
			response, err := store.Apply(kv.TxnRequest{
				Compare: []kv.Compare{{Key: "counter", Target: kv.TargetMod, Number: int64(counter.ModRevision)}},
				Success: []kv.Request{kv.PutRequest{Key: "counter", Value: strconv.Itoa(n + 1)}},
			})
			if err != nil {
				return err
			}
			if response.(kv.TxnResponse).Succeeded {
				return nil
			}
		}
	}
	for range 3 {
		if err := increment(); err != nil {
			fmt.Println(err)
			return
		}
	}

	for version := range store.History("counter") {
		fmt.Println(version.ModRevision, version)
	}
	// Output:
	// 2 counter=1
	// 3 counter=2
	// 4 counter=3
}
