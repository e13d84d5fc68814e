package machine_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/watch"
)

// arguments are the words of a command, taken one by one. The first mistake is
// kept for end.
type arguments struct {
	words []string
	err   error
}

func (a *arguments) next() string {
	if len(a.words) == 0 {
		a.err = fmt.Errorf("too few words")
		return ""
	}
	word := a.words[0]
	a.words = a.words[1:]
	return strings.ReplaceAll(strings.Trim(word, `"`), `\0`, "\x00")
}

func (a *arguments) number() int64 {
	n, err := strconv.ParseInt(a.next(), 0, 64)
	if err != nil {
		a.err = err
	}
	return n
}

// optional is a number if one follows, else 0.
func (a *arguments) optional() int64 {
	if len(a.words) == 0 {
		return 0
	}
	return a.number()
}

func (a *arguments) optionalText(otherwise string) string {
	if len(a.words) == 0 {
		return otherwise
	}
	return a.next()
}

// flag takes a word if it is next.
func (a *arguments) flag(word string) bool {
	if len(a.words) == 0 || a.words[0] != word {
		return false
	}
	a.words = a.words[1:]
	return true
}

func (a *arguments) end() error {
	if a.err == nil && len(a.words) > 0 {
		return fmt.Errorf("what is %q?", a.words)
	}
	return a.err
}

// span takes a key and, unless an option follows, an end.
func (a *arguments) span(options ...string) kv.Span {
	s := kv.Span{Key: a.next()}
	if len(a.words) > 0 && !strings.Contains(" "+strings.Join(options, " ")+" ", " "+a.words[0]+" ") {
		s.End = a.next()
	}
	return s
}

// request takes a request, nil if word begins none.
func (a *arguments) request(word string) kv.Request {
	switch word {
	case "put":
		return a.put()
	case "get":
		r := kv.RangeRequest{Span: a.span("rev")}
		if a.flag("rev") {
			r.Revision = kv.Revision(a.number())
		}
		return r
	case "del":
		return kv.DeleteRangeRequest{Span: a.span("prev", ";"), PrevKV: a.flag("prev")}
	case "both":
		return kv.TxnRequest{Success: a.operations()}
	case "if":
		compare := kv.Compare{Key: a.next(), Target: kv.TargetValue, Value: a.next()}
		return kv.TxnRequest{Compare: []kv.Compare{compare}, Success: a.operations()}
	case "compact":
		return kv.CompactRequest{Revision: kv.Revision(a.number())}
	case "alarm":
		return a.alarm()
	default:
		return a.leaseRequest(word)
	}
}

func (a *arguments) put() kv.Request {
	r := kv.PutRequest{Key: a.next()}
	if r.IgnoreValue = a.flag("ignore-value"); !r.IgnoreValue {
		r.Value = a.next()
	}
	if a.flag("lease") {
		r.Lease = kv.LeaseID(a.number())
	}
	r.PrevKV, r.IgnoreLease = a.flag("prev"), a.flag("ignore-lease")
	return r
}

// operations takes puts and deletes with semicolons between them.
func (a *arguments) operations() (ops []kv.Request) {
	for {
		ops = append(ops, a.request(a.next()))
		if !a.flag(";") {
			return ops
		}
	}
}

func (a *arguments) leaseRequest(word string) kv.Request {
	switch word {
	case "grant":
		return kv.LeaseGrantRequest{ID: kv.LeaseID(a.number()), TTL: kv.TTL(a.number())}
	case "revoke":
		return kv.LeaseRevokeRequest{ID: kv.LeaseID(a.number())}
	case "keep-alive":
		return kv.LeaseKeepAliveRequest{ID: kv.LeaseID(a.number())}
	case "ttl":
		return kv.LeaseTimeToLiveRequest{ID: kv.LeaseID(a.number()), Keys: a.flag("keys")}
	case "leases":
		return kv.LeaseListRequest{}
	default:
		return nil
	}
}

func (a *arguments) alarm() kv.Request {
	r := kv.AlarmRequest{Member: 1}
	switch word := a.next(); word {
	case "raise":
		r.Action = kv.RaiseAlarm
	case "disarm":
		r.Action = kv.DisarmAlarm
	case "list":
		r.Member = 0
	default:
		a.err = fmt.Errorf("alarm %q?", word)
	}
	if a.flag("NOSPACE") {
		r.Alarm = kv.NoSpace
	} else if a.flag("CORRUPT") {
		r.Alarm = kv.Corrupt
	}
	return r
}

func (a *arguments) watch() watch.CreateRequest {
	options := []string{"id", "from", "prev", "fragment", "progress", "no-put", "no-delete"}
	r := watch.CreateRequest{Span: a.span(options...)}
	if a.flag("id") {
		r.ID = watch.ID(a.number())
	}
	if a.flag("from") {
		r.Start = kv.Revision(a.number())
	}
	r.PrevKV, r.Fragment, r.ProgressNotify = a.flag("prev"), a.flag("fragment"), a.flag("progress")
	r.NoPut, r.NoDelete = a.flag("no-put"), a.flag("no-delete")
	return r
}
