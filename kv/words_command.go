package kv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Command is r on one line as scenarios and consoles take it, in the syntax of
// etcdctl. For all but a transaction that is its String; the parts of a
// transaction, which etcdctl reads from its input, are options:
//
//	txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'
func Command(r Request) string {
	txn, ok := r.(TxnRequest)
	if !ok {
		return r.String()
	}
	var words strings.Builder
	words.WriteString("txn")
	for _, c := range txn.Compare {
		words.WriteString(" --compare " + Quote(compareCommand(c)))
	}
	for _, op := range txn.Success {
		words.WriteString(" --then " + Quote(Command(op)))
	}
	for _, op := range txn.Failure {
		words.WriteString(" --else " + Quote(Command(op)))
	}
	return words.String()
}

// compareCommand is c as etcdctl takes it: both operands in quotes. It knows no
// comparison of many keys.
func compareCommand(c Compare) string {
	if c.End != "" {
		return c.String()
	}
	value := c.Value
	switch c.Target {
	case TargetValue:
	case TargetLease:
		value = LeaseID(c.Number).String()
	default:
		value = strconv.FormatInt(c.Number, 10)
	}
	return fmt.Sprintf("%v(%s) %v %s", c.Target, strconv.Quote(c.Key), c.Operator, strconv.Quote(value))
}

// Quote is text as one word of a command: as it stands if it is one, else in single
// quotes if they can hold it, else in double quotes with the escapes of Go.
func Quote(text string) string {
	plain := text != "" && text[0] != '#' && text[0] != '-' && utf8.ValidString(text) &&
		!strings.ContainsAny(text, "'\"\\") && !strings.ContainsFunc(text, isOdd)
	switch {
	case plain:
		return text
	case strings.ContainsFunc(text, isUnspeakable) || strings.Contains(text, "'") || !utf8.ValidString(text):
		return strconv.Quote(text)
	default:
		return "'" + text + "'"
	}
}

func isOdd(r rune) bool { return unicode.IsSpace(r) || isUnspeakable(r) }

func isUnspeakable(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) }
