package kv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// String is the request as a command of etcdctl, such as `get --prefix config/`.
// Where etcdctl has no option, the option is named after the field.
func (r RangeRequest) String() string {
	var words strings.Builder
	words.WriteString("get " + r.Span.String())
	number := func(option string, n int64) {
		if n != 0 {
			fmt.Fprintf(&words, " --%s=%d", option, n)
		}
	}
	number("rev", max(0, int64(r.Revision)))
	number("limit", max(0, r.Limit))
	if r.Order != SortNone {
		fmt.Fprintf(&words, " --order=%v", r.Order)
	}
	if r.Target != SortByKey {
		fmt.Fprintf(&words, " --sort-by=%v", r.Target)
	}
	number("min-mod-rev", int64(r.MinModRevision))
	number("max-mod-rev", int64(r.MaxModRevision))
	number("min-create-rev", int64(r.MinCreateRevision))
	number("max-create-rev", int64(r.MaxCreateRevision))
	words.WriteString(option("keys-only", r.KeysOnly) + option("count-only", r.CountOnly))
	words.WriteString(option("consistency=s", r.Serializable))
	return words.String()
}

// option is an option of etcdctl with a blank before it, if it is set.
func option(name string, set bool) string {
	if set {
		return " --" + name
	}
	return ""
}

// String is etcdctl's word for the order.
func (o SortOrder) String() string {
	switch o {
	case SortNone:
		return "NONE"
	case SortAscend:
		return "ASCEND"
	case SortDescend:
		return "DESCEND"
	default:
		return fmt.Sprintf("ORDER%d", uint8(o))
	}
}

// String is etcdctl's word for the target.
func (t SortTarget) String() string {
	switch t {
	case SortByKey:
		return "KEY"
	case SortByVersion:
		return "VERSION"
	case SortByCreate:
		return "CREATE"
	case SortByMod:
		return "MODIFY"
	case SortByValue:
		return "VALUE"
	default:
		return fmt.Sprintf("TARGET%d", uint8(t))
	}
}

// String is the request as a command of etcdctl, such as `put counter 6`.
func (r PutRequest) String() string {
	words := "put " + word(r.Key)
	if !r.IgnoreValue {
		words += " " + word(r.Value)
	}
	if r.Lease != 0 {
		words += " --lease=" + r.Lease.String()
	}
	return words + option("prev-kv", r.PrevKV) + option("ignore-value", r.IgnoreValue) + option("ignore-lease", r.IgnoreLease)
}

// String is the request as a command of etcdctl, such as `del --from-key m`.
func (r DeleteRangeRequest) String() string {
	return "del " + r.Span.String() + option("prev-kv", r.PrevKV)
}

// String is the request as a command of etcdctl, such as `compaction 7`.
func (r CompactRequest) String() string { return fmt.Sprintf("compaction %d", r.Revision) }

// String is the request as a command of etcdctl, such as `lease grant 60`. The id
// follows, which etcdctl leaves to the server.
func (r LeaseGrantRequest) String() string {
	words := fmt.Sprintf("lease grant %d", r.TTL)
	if r.ID != 0 {
		words += " --id=" + r.ID.String()
	}
	return words
}

// String is the request as a command of etcdctl, such as `lease revoke 1f`.
func (r LeaseRevokeRequest) String() string { return "lease revoke " + r.ID.String() }

// String is the request as a command of etcdctl, such as
// `lease keep-alive --once 1f`.
func (r LeaseKeepAliveRequest) String() string { return "lease keep-alive --once " + r.ID.String() }

// String is the request as a command of etcdctl, such as `lease timetolive 1f`.
func (r LeaseTimeToLiveRequest) String() string {
	return "lease timetolive " + r.ID.String() + option("keys", r.Keys)
}

// String is the request as a command of etcdctl: `lease list`.
func (LeaseListRequest) String() string { return "lease list" }

// String is the request in etcdctl's manner, such as `alarm list` or
// `alarm disarm NOSPACE --member=2`.
func (r AlarmRequest) String() string {
	words := fmt.Sprintf("alarm %v", r.Action)
	if r.Alarm != NoAlarm {
		words += fmt.Sprintf(" %v", r.Alarm)
	}
	if r.Member != 0 {
		words += fmt.Sprintf(" --member=%d", r.Member)
	}
	return words
}

// String is etcdctl's word for the action.
func (a AlarmAction) String() string {
	switch a {
	case ListAlarms:
		return "list"
	case RaiseAlarm:
		return "raise"
	case DisarmAlarm:
		return "disarm"
	default:
		return fmt.Sprintf("action%d", uint8(a))
	}
}

// String is etcdctl's word for the alarm.
func (a Alarm) String() string {
	switch a {
	case NoAlarm:
		return "NONE"
	case NoSpace:
		return "NOSPACE"
	case Corrupt:
		return "CORRUPT"
	default:
		return fmt.Sprintf("ALARM%d", uint8(a))
	}
}

// String is the transaction in one line, such as
// `txn value(counter)="5" → put counter 6; put status ok else get counter`.
func (r TxnRequest) String() string {
	words := "txn "
	if len(r.Compare) > 0 {
		words += join(r.Compare, " and ") + " "
	}
	words += "→ " + branchWords(r.Success)
	if len(r.Failure) > 0 {
		words += " else " + branchWords(r.Failure)
	}
	return words
}

func branchWords(ops []Request) string {
	if len(ops) == 0 {
		return "nothing"
	}
	words := make([]string, len(ops))
	for i, op := range ops {
		words[i] = fmt.Sprint(op)
		if _, nested := op.(TxnRequest); nested {
			words[i] = "(" + words[i] + ")"
		}
	}
	return strings.Join(words, "; ")
}

// String is the span as arguments of etcdctl: a key, a key and an end,
// `--prefix p` or `--from-key k`.
func (s Span) String() string {
	switch {
	case s.End == "":
		return word(s.Key)
	case s == Prefix(""):
		return `--prefix ""`
	case s == Prefix(s.Key):
		return "--prefix " + word(s.Key)
	case s.End == endOfKeys:
		return "--from-key " + word(s.Key)
	default:
		return word(s.Key) + " " + word(s.End)
	}
}

// String is the comparison as etcdctl writes it, such as `mod(config)=7`. A span
// of more than one key stands in the parentheses as in a get.
func (c Compare) String() string {
	operand := strconv.FormatInt(c.Number, 10)
	if c.Target == TargetValue {
		operand = strconv.Quote(c.Value)
	}
	if c.Target == TargetLease {
		operand = LeaseID(c.Number).String()
	}
	return fmt.Sprintf("%v(%v)%v%s", c.Target, c.Span(), c.Operator, operand)
}

// String is etcdctl's word for the target.
func (t Target) String() string {
	switch t {
	case TargetVersion:
		return "version"
	case TargetCreate:
		return "create"
	case TargetMod:
		return "mod"
	case TargetValue:
		return "value"
	case TargetLease:
		return "lease"
	default:
		return fmt.Sprintf("target%d", uint8(t))
	}
}

// String is etcdctl's sign for the operator.
func (o Operator) String() string {
	switch o {
	case Equal:
		return "="
	case Greater:
		return ">"
	case Less:
		return "<"
	case NotEqual:
		return "!="
	default:
		return fmt.Sprintf("operator%d", uint8(o))
	}
}

func join[T any](items []T, separator string) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = fmt.Sprint(item)
	}
	return strings.Join(words, separator)
}

// word is s as one word, in Go's quotes if it would not read as one.
func word(s string) string {
	if s == "" || s[0] == '-' || s[0] == '#' || strings.ContainsFunc(s, breaksWord) {
		return strconv.Quote(s)
	}
	return s
}

func breaksWord(r rune) bool {
	return r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune(`"'\;()=`, r)
}
