package session

import (
	"encoding/hex"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// maxExport bounds the bytes of an exported history.
const maxExport = 32 << 20

// export writes the history up to the head as JSON lines. They are those of package
// linearize/history, which reads them back; its writer would bring all of encoding/json.
func (s *Session) export() error {
	w, err := s.timeline.Beside(s.timeline.Branch(), s.timeline.Head(), maxEvents)
	if err != nil {
		return err
	}
	if w.Ops() == 0 {
		return errors.New("no client has asked for anything yet")
	}
	e := &encoder{}
	for i, op := range w.History() {
		if !exports(op.Request) {
			continue
		}
		o := object{e: e}
		o.text("type", "operation")
		o.int("op", int64(i))
		o.text("client", w.Op(i).Name)
		o.int("call", op.Call)
		o.intUnlessZero("return", op.Return)
		o.text("outcome", op.Outcome.String())
		o.name("request")
		o.request(op.Request)
		if op.Outcome == linearize.Answered {
			o.name("response")
			o.response(op.Response)
		}
		if op.Err != nil {
			o.text("error", op.Err.Error())
		}
		o.close()
		e.b = append(e.b, '\n')
		if len(e.b) > maxExport {
			return fmt.Errorf("the history is longer than %d MiB: let `castaway run --json` write it", maxExport>>20)
		}
	}
	s.answer.history = string(e.b)
	return nil
}

// exports says that the format has words for a request: for all on the store.
func exports(r kv.Request) bool {
	switch r.(type) {
	case kv.CommandRequest, kv.AlarmRequest:
		return false
	}
	return true
}

// object is a JSON object in the making.
type object struct {
	e   *encoder
	any bool
}

func (o *object) name(name string) {
	if o.any {
		o.e.b = append(o.e.b, ',')
	} else {
		o.e.b = append(o.e.b, '{')
	}
	o.any = true
	o.e.text(name)
	o.e.b = append(o.e.b, ':')
}

func (o *object) close() {
	if !o.any {
		o.e.b = append(o.e.b, '{')
	}
	o.e.b = append(o.e.b, '}')
}

func (o *object) text(name, s string) {
	o.name(name)
	if utf8.ValidString(s) {
		o.e.text(s)
		return
	}
	bytes := object{e: o.e}
	bytes.name("hex")
	o.e.text(hex.EncodeToString([]byte(s)))
	bytes.close()
}

func (o *object) textUnlessEmpty(name, s string) {
	if s != "" {
		o.text(name, s)
	}
}

func (o *object) int(name string, n int64) {
	o.name(name)
	o.e.int("", n)
}

func (o *object) intUnlessZero(name string, n int64) {
	if n != 0 {
		o.int(name, n)
	}
}

func (o *object) flag(name string, is bool) {
	if is {
		o.name(name)
		o.e.bool("", true)
	}
}

// list writes a list of n objects, unless it is empty.
func (o *object) list(name string, n int, write func(o *object, i int)) {
	if n == 0 {
		return
	}
	o.name(name)
	o.e.b = append(o.e.b, '[')
	for i := range n {
		o.e.next(i)
		x := object{e: o.e}
		write(&x, i)
		x.close()
	}
	o.e.b = append(o.e.b, ']')
}

// request writes a request as the value of a name.
func (o *object) request(r kv.Request) {
	x := object{e: o.e}
	x.requestFields(r)
	x.close()
}

func (o *object) requestFields(r kv.Request) {
	inner := object{e: o.e}
	switch r := r.(type) {
	case kv.RangeRequest:
		o.name("range")
		inner.rangeFields(&r)
	case kv.PutRequest:
		o.name("put")
		inner.text("key", r.Key)
		inner.textUnlessEmpty("value", r.Value)
		inner.intUnlessZero("lease", int64(r.Lease))
		inner.flag("prev_kv", r.PrevKV)
		inner.flag("ignore_value", r.IgnoreValue)
		inner.flag("ignore_lease", r.IgnoreLease)
	case kv.DeleteRangeRequest:
		o.name("delete_range")
		inner.text("key", r.Key)
		inner.textUnlessEmpty("end", r.End)
		inner.flag("prev_kv", r.PrevKV)
	case kv.TxnRequest:
		o.name("txn")
		inner.txnFields(&r)
	case kv.CompactRequest:
		o.name("compact")
		inner.int("revision", int64(r.Revision))
	default:
		o.leaseRequest(r, &inner)
	}
	inner.close()
}

func (o *object) leaseRequest(r kv.Request, inner *object) {
	switch r := r.(type) {
	case kv.LeaseGrantRequest:
		o.name("lease_grant")
		inner.int("id", int64(r.ID))
		inner.intUnlessZero("ttl", int64(r.TTL))
	case kv.LeaseRevokeRequest:
		o.name("lease_revoke")
		inner.int("id", int64(r.ID))
	case kv.LeaseKeepAliveRequest:
		o.name("lease_keep_alive")
		inner.int("id", int64(r.ID))
	case kv.LeaseTimeToLiveRequest:
		o.name("lease_time_to_live")
		inner.int("id", int64(r.ID))
		inner.flag("keys", r.Keys)
	case kv.LeaseListRequest:
		o.name("lease_list")
	default:
		panic(fmt.Sprintf("session: no words for a request of type %T", r))
	}
}

func (o *object) rangeFields(r *kv.RangeRequest) {
	o.text("key", r.Key)
	o.textUnlessEmpty("end", r.End)
	o.intUnlessZero("revision", int64(r.Revision))
	o.intUnlessZero("limit", r.Limit)
	if r.Order != kv.SortNone {
		o.text("order", r.Order.String())
	}
	if r.Target != kv.SortByKey {
		o.text("sort_by", r.Target.String())
	}
	o.flag("keys_only", r.KeysOnly)
	o.flag("count_only", r.CountOnly)
	o.flag("serializable", r.Serializable)
	o.intUnlessZero("min_mod_revision", int64(r.MinModRevision))
	o.intUnlessZero("max_mod_revision", int64(r.MaxModRevision))
	o.intUnlessZero("min_create_revision", int64(r.MinCreateRevision))
	o.intUnlessZero("max_create_revision", int64(r.MaxCreateRevision))
}

func (o *object) txnFields(r *kv.TxnRequest) {
	o.list("compare", len(r.Compare), func(o *object, i int) {
		c := &r.Compare[i]
		o.text("key", c.Key)
		o.textUnlessEmpty("end", c.End)
		o.text("target", c.Target.String())
		o.text("operator", c.Operator.String())
		o.textUnlessEmpty("value", c.Value)
		o.intUnlessZero("number", c.Number)
	})
	o.list("success", len(r.Success), func(o *object, i int) { o.requestFields(r.Success[i]) })
	o.list("failure", len(r.Failure), func(o *object, i int) { o.requestFields(r.Failure[i]) })
}

// response writes an answer as the value of a name.
func (o *object) response(r kv.Response) {
	x := object{e: o.e}
	x.responseFields(r)
	x.close()
}

func (o *object) responseFields(r kv.Response) {
	o.int("revision", int64(r.At()))
	switch r := r.(type) {
	case kv.RangeResponse:
		o.pairs("kvs", r.KVs)
		o.flag("more", r.More)
		o.intUnlessZero("count", r.Count)
	case kv.PutResponse:
		o.prev(r.PrevKV)
	case kv.DeleteRangeResponse:
		o.intUnlessZero("deleted", r.Deleted)
		o.pairs("prev_kvs", r.PrevKVs)
	case kv.TxnResponse:
		o.flag("succeeded", r.Succeeded)
		o.list("responses", len(r.Responses), func(o *object, i int) { o.responseFields(r.Responses[i]) })
	default:
		o.leaseResponse(r)
	}
}

func (o *object) leaseResponse(r kv.Response) {
	switch r := r.(type) {
	case kv.LeaseGrantResponse:
		o.intUnlessZero("id", int64(r.ID))
		o.intUnlessZero("ttl", int64(r.TTL))
	case kv.LeaseKeepAliveResponse:
		o.intUnlessZero("id", int64(r.ID))
		o.intUnlessZero("ttl", int64(r.TTL))
	case kv.LeaseTimeToLiveResponse:
		o.intUnlessZero("id", int64(r.ID))
		o.intUnlessZero("ttl", int64(r.TTL))
		o.intUnlessZero("granted", int64(r.Granted))
		o.keys(r.Keys)
	case kv.LeaseListResponse:
		if len(r.Leases) > 0 {
			o.name("leases")
			o.e.list("")
			for i, id := range r.Leases {
				o.e.next(i)
				o.e.int("", int64(id))
			}
			o.e.end(']')
		}
	}
}

func (o *object) keys(keys []string) {
	if len(keys) > 0 {
		o.name("keys")
		o.e.list("")
		for i, key := range keys {
			o.e.next(i)
			o.e.text(key)
		}
		o.e.end(']')
	}
}

func (o *object) prev(p *kv.KeyValue) {
	if p != nil {
		o.name("prev_kv")
		x := object{e: o.e}
		x.pair(p)
		x.close()
	}
}

func (o *object) pairs(name string, list []kv.KeyValue) {
	o.list(name, len(list), func(o *object, i int) { o.pair(&list[i]) })
}

func (o *object) pair(p *kv.KeyValue) {
	o.text("key", p.Key)
	o.text("value", p.Value)
	o.intUnlessZero("create_revision", int64(p.CreateRevision))
	o.int("mod_revision", int64(p.ModRevision))
	o.intUnlessZero("version", p.Version)
	o.intUnlessZero("lease", int64(p.Lease))
}
