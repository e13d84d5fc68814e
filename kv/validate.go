package kv

import (
	"cmp"
	"slices"
	"strings"
)

// Validate says whether r is a request that the state machine takes, by etcd's
// rules and in etcd's order of checks: ErrTooManyOps, ErrEmptyKey, ErrInvalidSort,
// ErrValueProvided, ErrLeaseProvided and ErrKeyNotFound as they are met, then
// ErrDuplicateKey, then ErrTooLarge; ErrNotAnOperation and ErrUnknownAlarm for what
// etcd never sees. It looks at the request alone; what depends on the state (a
// future revision, an unknown lease) is found when it is applied.
func Validate(r Request) error {
	if err := checkRequest(r); err != nil {
		return err
	}
	if txn, ok := r.(TxnRequest); ok {
		if err := checkChanges(txn.Success); err != nil {
			return err
		}
		if err := checkChanges(txn.Failure); err != nil {
			return err
		}
	}
	if !ReadOnly(r) && maxSize(r) > MaxRequestBytes && len(AppendRequest(nil, r)) > MaxRequestBytes {
		return ErrTooLarge
	}
	return nil
}

// checkRequest checks all but duplicate keys and the size.
func checkRequest(r Request) error {
	switch r := r.(type) {
	case CompactRequest, LeaseGrantRequest, LeaseRevokeRequest, LeaseKeepAliveRequest, LeaseTimeToLiveRequest, LeaseListRequest:
		return nil
	case CommandRequest:
		return nil
	case AlarmRequest:
		if r.Action > DisarmAlarm || r.Alarm > Corrupt {
			return ErrUnknownAlarm
		}
		return nil
	default:
		return checkOp(r, MaxTxnOps)
	}
}

// checkOp checks what a transaction may hold; maxOps bounds the operations of
// those nested in it.
func checkOp(r Request, maxOps int) error {
	switch r := r.(type) {
	case nil:
		return ErrKeyNotFound
	case RangeRequest:
		return checkRange(r)
	case PutRequest:
		return checkPut(r)
	case DeleteRangeRequest:
		return checkKey(r.Key)
	case TxnRequest:
		return checkTxn(r, maxOps)
	default:
		return ErrNotAnOperation
	}
}

func checkRange(r RangeRequest) error {
	if r.Order > SortDescend || r.Target > SortByValue {
		return cmp.Or(checkKey(r.Key), ErrInvalidSort)
	}
	return checkKey(r.Key)
}

func checkPut(r PutRequest) error {
	switch {
	case r.Key == "":
		return ErrEmptyKey
	case r.IgnoreValue && r.Value != "":
		return ErrValueProvided
	case r.IgnoreLease && r.Lease != 0:
		return ErrLeaseProvided
	default:
		return nil
	}
}

func checkKey(key string) error {
	if key == "" {
		return ErrEmptyKey
	}
	return nil
}

func checkTxn(r TxnRequest, maxOps int) error {
	used := max(len(r.Compare), len(r.Success), len(r.Failure))
	if used > maxOps {
		return ErrTooManyOps
	}
	for _, c := range r.Compare {
		if err := checkKey(c.Key); err != nil {
			return err
		}
	}
	for _, ops := range [...][]Request{r.Success, r.Failure} {
		for _, op := range ops {
			if err := checkOp(op, maxOps-used); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkChanges finds keys that a list of operations changes twice.
func checkChanges(ops []Request) error {
	if !mayRepeat(ops) {
		return nil
	}
	_, err := collectChanges(ops)
	return err
}

// mayRepeat is false for the lists that can't change a key twice at a glance, so
// that the usual small transaction costs nothing.
func mayRepeat(ops []Request) bool {
	changing := 0
	for _, op := range ops {
		switch op.(type) {
		case TxnRequest:
			return true
		case PutRequest, DeleteRangeRequest:
			changing++
		}
	}
	return changing > 1
}

// changes is what a list of operations, all branches of its nested transactions
// included, may change.
type changes struct {
	puts []string // sorted
	dels []Span   // sorted, disjoint, each a nonempty [Key, End)
}

// collectChanges gathers the changes of ops or returns ErrDuplicateKey. The
// rules are etcd's with their gaps, which programs may rely on: deletes may meet
// deletes; the two branches of a nested transaction may touch the same key; a put
// in a nested transaction may meet a delete in a later sibling, not in an earlier
// one; a delete without an upper bound is not looked at.
func collectChanges(ops []Request) (changes, error) {
	all := changes{dels: disjoint(directDeletes(ops))}
	for _, op := range ops {
		txn, ok := op.(TxnRequest)
		if !ok {
			continue
		}
		then, err := collectChanges(txn.Success)
		if err != nil {
			return changes{}, err
		}
		otherwise, err := collectChanges(txn.Failure)
		if err != nil {
			return changes{}, err
		}
		// Only one branch runs: a key put in both is put once.
		puts := slices.Compact(sorted(then.puts, otherwise.puts))
		if slices.ContainsFunc(puts, all.deletes) {
			return changes{}, ErrDuplicateKey
		}
		all.puts = append(all.puts, puts...)
		if len(then.dels)+len(otherwise.dels) > 0 {
			all.dels = disjoint(slices.Concat(all.dels, then.dels, otherwise.dels))
		}
	}
	puts := directPuts(ops)
	if slices.ContainsFunc(puts, all.deletes) {
		return changes{}, ErrDuplicateKey
	}
	all.puts = sorted(all.puts, puts)
	if len(slices.Compact(slices.Clone(all.puts))) < len(all.puts) {
		return changes{}, ErrDuplicateKey
	}
	return all, nil
}

func directPuts(ops []Request) (keys []string) {
	for _, op := range ops {
		if put, ok := op.(PutRequest); ok {
			keys = append(keys, put.Key)
		}
	}
	return keys
}

func directDeletes(ops []Request) (spans []Span) {
	for _, op := range ops {
		del, ok := op.(DeleteRangeRequest)
		if !ok {
			continue
		}
		span := del.Span
		if span.End == "" {
			span.End = span.Key + "\x00"
		}
		// An unbounded span ("\x00") is empty by this order: etcd's gap.
		if span.Key < span.End {
			spans = append(spans, span)
		}
	}
	return spans
}

// deletes says whether one of the spans holds key: only the last that begins at
// or before key can.
func (c *changes) deletes(key string) bool {
	after, _ := slices.BinarySearchFunc(c.dels, key, func(s Span, key string) int {
		if s.Key <= key {
			return -1
		}
		return 1
	})
	return after > 0 && key < c.dels[after-1].End
}

// sorted is a new sorted list of the elements of both.
func sorted(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return all
}

// disjoint sorts the spans and joins those that overlap or touch.
func disjoint(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return strings.Compare(a.Key, b.Key) })
	joined := spans[:0]
	for _, s := range spans {
		if last := len(joined) - 1; last >= 0 && s.Key <= joined[last].End {
			joined[last].End = max(joined[last].End, s.End)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// maxSize is a bound on the encoded size of r that is quick to compute: its
// strings, and more than the rest of an operation or comparison can take.
func maxSize(r Request) int {
	const rest = 128
	switch r := r.(type) {
	case RangeRequest:
		return rest + len(r.Key) + len(r.End)
	case PutRequest:
		return rest + len(r.Key) + len(r.Value)
	case DeleteRangeRequest:
		return rest + len(r.Key) + len(r.End)
	case TxnRequest:
		size := rest
		for _, c := range r.Compare {
			size += rest + len(c.Key) + len(c.End) + len(c.Value)
		}
		for _, ops := range [...][]Request{r.Success, r.Failure} {
			for _, op := range ops {
				size += maxSize(op)
			}
		}
		return size
	case CommandRequest:
		return rest + len(r.Command)
	default:
		return rest
	}
}
