package linearize

import "github.com/castaway-kv/castaway/kv"

// candidate is an operation without an answer that may fill gaps.
type candidate struct {
	op   int32
	used bool
	// class is the same for equal requests.
	class int32
	keys  keySet
	// reserved for gaps that were seen to put what only it can have put.
	reserved bool
}

// reserve keeps for the gaps that were seen to put a pair the candidates that
// can put it, if there are no more of them than of the gaps.
func (f *searchFiller) reserve() {
	if len(f.wide) > 0 {
		return // a put that keeps a value may put any
	}
	need := map[kv.KeyValue]int{}
	for _, gap := range f.gaps {
		for _, m := range f.musts[gap] {
			if m.pair == nil {
				continue
			}
			p := kv.KeyValue{Key: m.pair.Key, Value: m.pair.Value}
			need[p]++
			if need[p] == len(f.byPut[p]) {
				for _, n := range f.byPut[p] {
					f.pool[n].reserved = true
				}
			}
		}
	}
}

// enter makes a candidate known by what it may put.
func (f *searchFiller) enter(n int32, r kv.Request) {
	wide := false
	eachOp(r, func(op kv.Request) {
		switch op := op.(type) {
		case kv.PutRequest:
			f.byKey[op.Key] = append(f.byKey[op.Key], n)
			if op.IgnoreValue {
				wide = true
				return
			}
			p := kv.KeyValue{Key: op.Key, Value: op.Value}
			f.byPut[p] = append(f.byPut[p], n)
		case kv.DeleteRangeRequest:
			if op.End == "" {
				f.byKey[op.Key] = append(f.byKey[op.Key], n)
				f.byDel[op.Key] = append(f.byDel[op.Key], n)
			}
			wide = wide || op.End != ""
		case kv.LeaseRevokeRequest:
			wide = true
		}
	})
	if wide {
		f.wide = append(f.wide, n)
	}
}
