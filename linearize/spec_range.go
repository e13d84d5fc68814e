package linearize

import (
	"cmp"
	"errors"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// errForgotten: the judge let the past go, so it can't tell.
var errForgotten = errors.New("the judge no longer has that revision")

// get answers a range. The bounds leave out, then the order sorts, then the
// limit cuts; but a target other than the key without an order, and without
// bounds, sorts only the first Limit+1 keys.
func (s *store) get(r *kv.RangeRequest, out *answer, inTxn bool) error {
	if !inTxn && r.Revision > 0 {
		if r.Revision > s.revision {
			return kv.ErrFutureRevision
		}
		if r.Revision < s.compacted {
			return kv.ErrCompacted
		}
		if r.Revision < s.forgotten {
			return errForgotten
		}
	}
	out.revision = s.now()
	at := s.now()
	if r.Revision > 0 {
		at = r.Revision
	}
	keep := int64(-1) // all
	switch {
	case r.CountOnly:
		keep = 0
	case r.Limit > 0 && plainOrder(r) && !bounded(r):
		keep = r.Limit
		if r.Target != kv.SortByKey {
			keep++
		}
	}
	s.each(r.Span, func(c *cell) bool {
		p := c.at(at)
		if p == nil {
			return true
		}
		out.count++
		if (keep < 0 || int64(len(out.kvs)) < keep) && inBounds(p, r) {
			out.kvs = append(out.kvs, *p)
		}
		return true
	})
	if !r.CountOnly {
		finish(r, out)
	}
	return nil
}

// finish sorts and cuts what was found, and leaves out what was not asked for.
func finish(r *kv.RangeRequest, out *answer) {
	arrange(r, out.kvs)
	found := int64(len(out.kvs))
	if r.Limit > 0 && plainOrder(r) && !bounded(r) {
		found = out.count
	}
	if r.Limit > 0 && found > r.Limit {
		out.more = true
		out.kvs = out.kvs[:min(r.Limit, int64(len(out.kvs)))]
	}
	if !r.KeysOnly {
		return
	}
	for i := range out.kvs {
		out.kvs[i].Value = ""
		if r.Target != kv.SortByValue {
			out.kvs[i].Lease = 0
		}
	}
}

// plainOrder: the keys that come first are the ones that an answer begins with.
func plainOrder(r *kv.RangeRequest) bool {
	return r.Order == kv.SortNone || r.Order == kv.SortAscend && r.Target == kv.SortByKey
}

func bounded(r *kv.RangeRequest) bool {
	return r.MinModRevision != 0 || r.MaxModRevision != 0 || r.MinCreateRevision != 0 || r.MaxCreateRevision != 0
}

func inBounds(p *kv.KeyValue, r *kv.RangeRequest) bool {
	if !bounded(r) {
		return true
	}
	within := func(v, least, most kv.Revision) bool { return (least == 0 || v >= least) && (most == 0 || v <= most) }
	return within(p.ModRevision, r.MinModRevision, r.MaxModRevision) && within(p.CreateRevision, r.MinCreateRevision, r.MaxCreateRevision)
}

// arrange sorts pairs that are in the order of their keys.
func arrange(r *kv.RangeRequest, pairs []kv.KeyValue) {
	if r.Order != kv.SortDescend && r.Target == kv.SortByKey {
		return
	}
	slices.SortStableFunc(pairs, func(a, b kv.KeyValue) int {
		if r.Order == kv.SortDescend {
			a, b = b, a
		}
		switch r.Target {
		case kv.SortByVersion:
			return cmp.Compare(a.Version, b.Version)
		case kv.SortByCreate:
			return cmp.Compare(a.CreateRevision, b.CreateRevision)
		case kv.SortByMod:
			return cmp.Compare(a.ModRevision, b.ModRevision)
		case kv.SortByValue:
			return cmp.Compare(a.Value, b.Value)
		case kv.SortByKey:
		}
		return cmp.Compare(a.Key, b.Key)
	})
}
