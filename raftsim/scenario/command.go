package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// commands of clients, as etcdctl names them.
var commands = []string{"put", "get", "del", "txn"}

// ParseCommand reads a request as etcdctl takes it, such as `put counter 6`,
// `get --prefix config/` or
//
//	txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'
//
// etcdctl reads the parts of a transaction from its input; here they are
// options, each of which may be repeated. Words are quoted as in a scenario. The
// request is one that the store takes: see kv.Validate.
func ParseCommand(text string) (kv.Request, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	words, _, err := split(text)
	if err != nil {
		return nil, err
	}
	return parseCommand(words)
}

func parseCommand(words []word) (kv.Request, error) {
	r := reader{words}
	name, err := r.choice("command", commands...)
	if err != nil {
		return nil, err
	}
	var request kv.Request
	switch name {
	case "put":
		request, err = parsePut(r.words)
	case "get":
		request, err = parseGet(r.words)
	case "del":
		request, err = parseDel(r.words)
	case "txn":
		request, err = parseTxn(r.words)
	}
	if err == nil {
		err = kv.Validate(request)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return request, nil
}

func parsePut(words []word) (kv.Request, error) {
	args, err := parseOptions(words, nil)
	if err != nil {
		return nil, err
	}
	if len(args) != 2 {
		return nil, fmt.Errorf("expected a key and a value, found %d words", len(args))
	}
	return kv.PutRequest{Key: args[0], Value: args[1]}, nil
}

func parseGet(words []word) (kv.Request, error) {
	var request kv.RangeRequest
	var span spanOptions
	options := span.options(
		option{name: "rev", value: func(text string) error {
			n, err := parseNumber(text, 0, math.MaxInt64)
			request.Revision = kv.Revision(n)
			return err
		}},
		option{name: "limit", value: func(text string) (err error) {
			request.Limit, err = parseNumber(text, 0, math.MaxInt64)
			return err
		}},
		option{name: "consistency", value: func(text string) error {
			r := reader{[]word{{text: text}}}
			consistency, err := r.choice("consistency", "l", "s")
			request.Serializable = consistency == "s"
			return err
		}},
	)
	args, err := parseOptions(words, options)
	if err == nil {
		request.Span, err = span.span(args)
	}
	return request, err
}

func parseDel(words []word) (kv.Request, error) {
	var span spanOptions
	args, err := parseOptions(words, span.options())
	if err != nil {
		return nil, err
	}
	keys, err := span.span(args)
	return kv.DeleteRangeRequest{Span: keys}, err
}

// spanOptions are the options of commands that name a span of keys.
type spanOptions struct {
	prefix, fromKey bool
}

func (o *spanOptions) options(more ...option) []option {
	return append([]option{
		{name: "prefix", flag: &o.prefix},
		{name: "from-key", flag: &o.fromKey},
	}, more...)
}

// span is what the arguments mean: a key, a key and an end, a prefix, or all
// keys from one on.
func (o *spanOptions) span(args []string) (kv.Span, error) {
	switch {
	case len(args) == 0 || len(args) > 2:
		return kv.Span{}, fmt.Errorf("expected a key, or a key and the end of a range, found %d words", len(args))
	case o.prefix && o.fromKey:
		return kv.Span{}, fmt.Errorf("--prefix and --from-key exclude each other")
	case len(args) == 2 && (o.prefix || o.fromKey):
		return kv.Span{}, fmt.Errorf("expected one key with --prefix or --from-key, found two")
	case len(args) == 2:
		return kv.Span{Key: args[0], End: args[1]}, nil
	case o.prefix:
		return kv.Prefix(args[0]), nil
	case o.fromKey && args[0] == "":
		return kv.Prefix(""), nil
	case o.fromKey:
		return kv.Span{Key: args[0], End: "\x00"}, nil
	default:
		return kv.Span{Key: args[0]}, nil
	}
}

func parseTxn(words []word) (kv.Request, error) {
	var txn kv.TxnRequest
	branch := func(ops *[]kv.Request) func(string) error {
		return func(text string) error {
			op, err := parseOperation(text)
			*ops = append(*ops, op)
			return err
		}
	}
	args, err := parseOptions(words, []option{
		{name: "compare", repeated: true, value: func(text string) error {
			compare, err := parseCompare(text)
			txn.Compare = append(txn.Compare, compare)
			return err
		}},
		{name: "then", repeated: true, value: branch(&txn.Success)},
		{name: "else", repeated: true, value: branch(&txn.Failure)},
	})
	if err == nil && len(args) > 0 {
		err = fmt.Errorf("unexpected %s: expected --compare, --then or --else before it", quote(args[0]))
	}
	return txn, err
}

// parseOperation reads one command inside of a transaction.
func parseOperation(text string) (kv.Request, error) {
	words, _, err := split(text)
	if err != nil {
		return nil, err
	}
	if len(words) > 0 && words[0].text == "txn" {
		return nil, fmt.Errorf("a transaction inside of a transaction: etcdctl has none")
	}
	return parseCommand(words)
}

// FormatCommand is r as ParseCommand reads it: for every request that has no
// transaction inside of another, the words mean exactly r.
func FormatCommand(r kv.Request) string {
	switch r := r.(type) {
	case kv.PutRequest:
		return "put " + spell(r.Key) + " " + spell(r.Value)
	case kv.RangeRequest:
		return "get " + spanWords(r.Span) + rangeWords(r)
	case kv.DeleteRangeRequest:
		return "del " + spanWords(r.Span)
	case kv.TxnRequest:
		return txnWords(r)
	default:
		panic(fmt.Sprintf("scenario: no command for a %T", r))
	}
}

func rangeWords(r kv.RangeRequest) string {
	var words string
	if r.Revision > 0 {
		words += " --rev=" + strconv.FormatInt(int64(r.Revision), 10)
	}
	if r.Limit > 0 {
		words += " --limit=" + strconv.FormatInt(r.Limit, 10)
	}
	if r.Serializable {
		words += " --consistency=s"
	}
	return words
}

func spanWords(s kv.Span) string {
	switch {
	case s.End == "":
		return spell(s.Key)
	case s == kv.Prefix(""):
		return "'' --prefix"
	case s == kv.Prefix(s.Key):
		return spell(s.Key) + " --prefix"
	case s.End == "\x00":
		return spell(s.Key) + " --from-key"
	default:
		return spell(s.Key) + " " + spell(s.End)
	}
}

func txnWords(r kv.TxnRequest) string {
	var words strings.Builder
	words.WriteString("txn")
	for _, c := range r.Compare {
		words.WriteString(" --compare " + spell(compareWords(c)))
	}
	for _, op := range r.Success {
		words.WriteString(" --then " + spell(FormatCommand(op)))
	}
	for _, op := range r.Failure {
		words.WriteString(" --else " + spell(FormatCommand(op)))
	}
	return words.String()
}
