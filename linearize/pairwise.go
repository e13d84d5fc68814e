package linearize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// witnessed is one pair that one answer showed.
type witnessed struct {
	op   int
	pair *kv.KeyValue
	at   kv.Revision
}

// putAt is an answered put of a key.
type putAt struct {
	op       int
	revision kv.Revision
	value    string
	keeps    bool // the value that was there
}

// disagreement looks for two answers that can't both be right, whatever anybody
// else did: one shows a pair that the operation which made its revision did not
// put; or that another had overwritten by then; or two show one key at one
// revision differently.
func (p *plan) disagreement() *finding {
	puts := map[string][]putAt{}
	makers := map[kv.Revision]int{}
	for k, i := range p.order {
		if p.slots[k].reads() {
			continue
		}
		op, r := &p.history[i], p.slots[k].revision()
		makers[r] = int(i)
		eachPut(op.Request, op.Response, func(put kv.PutRequest) {
			puts[put.Key] = append(puts[put.Key], putAt{int(i), r, put.Value, put.IgnoreValue})
		})
	}
	seen := map[kv.KeyValue]witnessed{} // by key and ModRevision
	for _, i := range p.order {
		var found *finding
		op := &p.history[i]
		eachPair(op.Request, op.Response, func(pair *kv.KeyValue, at kv.Revision) {
			if found == nil {
				found = p.contradicts(witnessed{int(i), pair, at}, puts[pair.Key], makers, seen)
			}
		})
		if found != nil {
			return found
		}
	}
	return nil
}

func (p *plan) contradicts(w witnessed, puts []putAt, makers map[kv.Revision]int, seen map[kv.KeyValue]witnessed) *finding {
	n, ok := slices.BinarySearchFunc(puts, w.pair.ModRevision, func(q putAt, r kv.Revision) int { return cmp.Compare(q.revision, r) })
	maker, made := makers[w.pair.ModRevision]
	switch {
	case made && maker != w.op && (!ok || !puts[n].keeps && puts[n].value != w.pair.Value):
		return w.finding(maker, fmt.Sprintf("%s shows %s as revision %d left it, but %s made that revision",
			p.describe(w.op), shorten(w.pair.String()), w.pair.ModRevision, p.describe(maker)))
	case w.pair.ModRevision > w.at:
		return w.finding(w.op, fmt.Sprintf("%s shows %s, which is newer than the revision %d that it reads", p.describe(w.op), pairWords(*w.pair), w.at))
	}
	if ok {
		n++
	}
	if n < len(puts) && puts[n].revision <= w.at && puts[n].op != w.op {
		return w.finding(puts[n].op, fmt.Sprintf("%s shows %s as revision %d left it, but %s had overwritten it",
			p.describe(w.op), shorten(w.pair.String()), w.pair.ModRevision, p.describe(puts[n].op)))
	}
	id := kv.KeyValue{Key: w.pair.Key, ModRevision: w.pair.ModRevision}
	if first, ok := seen[id]; !ok {
		seen[id] = w
	} else if *first.pair != *w.pair {
		return w.finding(first.op, fmt.Sprintf("%s shows %s, but %s shows %s", p.describe(w.op), pairWords(*w.pair), p.describe(first.op), pairWords(*first.pair)))
	}
	return nil
}

func (w *witnessed) finding(other int, reason string) *finding {
	f := &finding{rule: RuleAnswer, conflict: []int{w.op}, reason: reason}
	if other != w.op {
		f.conflict = append(f.conflict, other)
	}
	return f
}
