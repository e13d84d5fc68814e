package linearize

import (
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// checkRequest returns the error with which etcd refuses a request whatever
// the store holds. budget is the number of operations that a transaction may
// still have.
func checkRequest(r kv.Request, budget int) error {
	if err := checkShape(r, budget); err != nil {
		return err
	}
	txn, ok := r.(kv.TxnRequest)
	if !ok {
		return nil
	}
	for _, branch := range [][]kv.Request{txn.Success, txn.Failure} {
		if _, err := changesOf(branch); err != nil {
			return err
		}
	}
	return nil
}

// checkShape looks for missing keys and operations, for fields that exclude each
// other, and for too many operations (etcd's checkTxnRequest): a transaction inside another gets what the longest of the
// outer one's three lists leaves.
func checkShape(r kv.Request, budget int) error {
	switch r := r.(type) {
	case nil:
		return kv.ErrKeyNotFound
	case kv.RangeRequest:
		return checkRange(&r)
	case kv.PutRequest:
		return checkPutShape(&r)
	case kv.DeleteRangeRequest:
		return checkKey(r.Key)
	case kv.TxnRequest:
		longest := max(len(r.Compare), len(r.Success), len(r.Failure))
		if longest > budget {
			return kv.ErrTooManyOps
		}
		for _, c := range r.Compare {
			if err := checkKey(c.Key); err != nil {
				return err
			}
		}
		for _, branch := range [][]kv.Request{r.Success, r.Failure} {
			for _, op := range branch {
				if err := checkShape(op, budget-longest); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkRange(r *kv.RangeRequest) error {
	switch {
	case r.Key == "":
		return kv.ErrEmptyKey
	case r.Order > kv.SortDescend || r.Target > kv.SortByValue:
		return kv.ErrInvalidSort
	}
	return nil
}

func checkPutShape(r *kv.PutRequest) error {
	switch {
	case r.Key == "":
		return kv.ErrEmptyKey
	case r.IgnoreValue && r.Value != "":
		return kv.ErrValueProvided
	case r.IgnoreLease && r.Lease != 0:
		return kv.ErrLeaseProvided
	}
	return nil
}

func checkKey(key string) error {
	if key == "" {
		return kv.ErrEmptyKey
	}
	return nil
}

// changes is what a list of operations may change.
type changes struct {
	puts []string
	dels []kv.Span
}

// changesOf refuses a list that changes a key twice, with etcd's exceptions
// (its checkIntervals): deletions may overlap each other; the end "\x00" is
// taken literally, so that such a deletion covers nothing; transactions
// inside the list see the deletions of the list and of those before them only;
// and the two branches of one transaction may change the same key.
func changesOf(ops []kv.Request) (changes, error) {
	var all changes
	for _, op := range ops {
		if del, ok := op.(kv.DeleteRangeRequest); ok {
			all.dels = append(all.dels, del.Span)
		}
	}
	for _, op := range ops {
		if txn, ok := op.(kv.TxnRequest); ok {
			if err := all.addTxn(txn); err != nil {
				return changes{}, err
			}
		}
	}
	for _, op := range ops {
		if put, ok := op.(kv.PutRequest); ok {
			if all.clash(put.Key) {
				return changes{}, kv.ErrDuplicateKey
			}
			all.puts = append(all.puts, put.Key)
		}
	}
	return all, nil
}

func (c *changes) addTxn(txn kv.TxnRequest) error {
	success, err := changesOf(txn.Success)
	if err != nil {
		return err
	}
	failure, err := changesOf(txn.Failure)
	if err != nil {
		return err
	}
	// Both branches are compared with what came before the transaction.
	for _, branch := range []changes{success, failure} {
		if slices.ContainsFunc(branch.puts, c.clash) {
			return kv.ErrDuplicateKey
		}
	}
	for _, branch := range []changes{success, failure} {
		c.puts = append(c.puts, branch.puts...)
		c.dels = append(c.dels, branch.dels...)
	}
	return nil
}

func (c *changes) clash(key string) bool {
	return slices.Contains(c.puts, key) || slices.ContainsFunc(c.dels, func(d kv.Span) bool {
		return key == d.Key && d.End == "" || d.Key <= key && key < d.End
	})
}
