package kv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// String is the request as a command of etcdctl, such as `get --prefix config/`.
func (r RangeRequest) String() string {
	words := "get " + r.Span.String()
	if r.Revision > 0 {
		words += fmt.Sprintf(" --rev=%d", r.Revision)
	}
	if r.Limit > 0 {
		words += fmt.Sprintf(" --limit=%d", r.Limit)
	}
	if r.Serializable {
		words += " --consistency=s"
	}
	return words
}

// String is the request as a command of etcdctl, such as `put counter 6`.
func (r PutRequest) String() string { return "put " + word(r.Key) + " " + word(r.Value) }

// String is the request as a command of etcdctl, such as `del --from-key m`.
func (r DeleteRangeRequest) String() string { return "del " + r.Span.String() }

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

// String is the comparison as etcdctl writes it, such as `mod(config)=7`.
func (c Compare) String() string {
	operand := strconv.FormatInt(c.Number, 10)
	if c.Target == TargetValue {
		operand = strconv.Quote(c.Value)
	}
	return fmt.Sprintf("%v(%s)%v%s", c.Target, word(c.Key), c.Operator, operand)
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

// String is the pair as `key=value`.
func (p KeyValue) String() string { return word(p.Key) + "=" + word(p.Value) }

// String lists the pairs found, and how many there are if the limit hid some.
func (r RangeResponse) String() string {
	if r.Count == 0 {
		return "(none)"
	}
	words := join(r.KVs, " ")
	if r.More {
		words += fmt.Sprintf(" (%d of %d)", len(r.KVs), r.Count)
	}
	return words
}

// String is etcdctl's `OK`.
func (PutResponse) String() string { return "OK" }

// String says how many keys were deleted.
func (r DeleteRangeResponse) String() string { return fmt.Sprintf("deleted %d", r.Deleted) }

// String is etcdctl's `SUCCESS` or `FAILURE`, with the answers of that branch.
func (r TxnResponse) String() string {
	words := "FAILURE"
	if r.Succeeded {
		words = "SUCCESS"
	}
	if len(r.Responses) > 0 {
		words += ": " + join(r.Responses, "; ")
	}
	return words
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
