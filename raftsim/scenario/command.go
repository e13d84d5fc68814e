package scenario

import (
	"fmt"
	"math"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// commands of clients, as etcdctl names them; compact is another name for
// compaction.
var commands = []string{"put", "get", "del", "txn", "compaction", "compact", "lease", "watch"}

// Command is what a client is told to do.
type Command struct {
	// Request to send; nil for a watch.
	Request kv.Request
	// Then is a compaction for when the transaction has succeeded: see
	// raftsim.Invoke.
	Then kv.Request
	// Watch, nil for all else.
	Watch *raftsim.Watch
	// Ranged is that of raftsim.Invoke.
	Ranged bool
	// short is the command in the short form of a transaction, if it was written so.
	short string
}

// ParseCommand reads a request as etcdctl takes it, such as `put counter 6`,
// `get --prefix config/` or
//
//	txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter'
//
// etcdctl reads the parts of a transaction from its input; here they are
// options, each of which may be repeated. Words are quoted as in a scenario. The
// request is one that the store takes: see kv.Validate. What is more than a request
// is for ReadCommand.
func ParseCommand(text string) (kv.Request, error) {
	c, err := ReadCommand(text)
	switch {
	case err != nil:
		return nil, err
	case c.Watch != nil:
		return nil, fmt.Errorf("watch: expected a request with one answer")
	case c.Then != nil:
		return nil, fmt.Errorf("txn: --action: a compaction afterwards is a request of its own")
	}
	return c.Request, nil
}

// ReadCommand reads a command of a client: all that ParseCommand reads, watches, and
// transactions with a compaction afterwards.
func ReadCommand(text string) (Command, error) {
	if err := checkText(text); err != nil {
		return Command{}, unplaced(err)
	}
	words, _, err := split(text)
	if err != nil {
		return Command{}, unplaced(err)
	}
	c, err := parseCommand(newReader(words, nil))
	return c, unplaced(err)
}

// FormatCommand is r as ParseCommand reads it: for every request that etcdctl knows,
// the words mean exactly r.
func FormatCommand(r kv.Request) string { return kv.Command(r) }

func parseCommand(r *reader) (Command, error) {
	name, err := r.choice("command", commands...)
	if err != nil {
		return Command{}, err
	}
	var c Command
	switch name {
	case "put":
		c.Request, err = parsePut(r)
	case "get":
		c.Request, c.Ranged, err = parseGet(r)
	case "del":
		c.Request, c.Ranged, err = parseDel(r)
	case "txn":
		c, err = parseTxn(r)
	case "lease":
		c.Request, err = parseLeaseCommand(r)
	case "watch":
		var watch raftsim.Watch
		watch, err = parseWatch(r, nil)
		c.Watch = &watch
	default:
		c.Request, err = parseCompaction(r)
	}
	if err == nil && c.Request != nil {
		err = kv.Validate(c.Request)
	}
	if err != nil {
		return Command{}, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func parsePut(r *reader) (kv.Request, error) {
	var put kv.PutRequest
	args, err := (&syntax{options: []option{
		{name: "lease", value: leaseValue(&put.Lease)},
		{name: "prev-kv", flag: &put.PrevKV},
		{name: "ignore-value", flag: &put.IgnoreValue},
		{name: "ignore-lease", flag: &put.IgnoreLease},
	}}).parse(r)
	if err != nil {
		return nil, err
	}
	want, expected := 2, "a key and a value"
	if put.IgnoreValue {
		want, expected = 1, "a key alone with --ignore-value"
	}
	if len(args) != want {
		return nil, fmt.Errorf("expected %s, found %s", expected, countWords(args))
	}
	put.Key = args[0]
	if !put.IgnoreValue {
		put.Value = args[1]
	}
	return put, nil
}

func parseDel(r *reader) (request kv.Request, ranged bool, err error) {
	var del kv.DeleteRangeRequest
	var span spanOptions
	args, err := (&syntax{options: span.options(option{name: "prev-kv", flag: &del.PrevKV})}).parse(r)
	if err == nil {
		del.Span, err = span.span(args)
	}
	return del, isRanged(del.Span, args), err
}

func parseCompaction(r *reader) (kv.Request, error) {
	n, err := value(r, "a revision", func(text string) (int64, error) { return parseNumber(text, 0, math.MaxInt64) })
	if err == nil {
		err = r.atEnd()
	}
	return kv.CompactRequest{Revision: kv.Revision(n)}, err
}

// leaseValue reads the id of a lease: hexadecimal digits, as etcdctl has them.
func leaseValue(id *kv.LeaseID) func(string) error {
	return func(text string) (err error) {
		*id, err = parseLeaseID(text)
		return err
	}
}

func parseLeaseID(text string) (kv.LeaseID, error) {
	n, err := strconv.ParseInt(text, 16, 64)
	if err != nil {
		return 0, fmt.Errorf("expected the id of a lease in hexadecimal digits, such as 1f, found %s", quote(text))
	}
	return kv.LeaseID(n), nil
}

// numberValue reads a number of at least 0.
func numberValue[N ~int64](n *N) func(string) error {
	return func(text string) error {
		v, err := parseNumber(text, 0, math.MaxInt64)
		*n = N(v)
		return err
	}
}

func countWords(args []string) string {
	if len(args) == 1 {
		return "1 word"
	}
	return strconv.Itoa(len(args)) + " words"
}

// isRanged says that two words were written where a prefix would mean the same.
func isRanged(span kv.Span, args []string) bool {
	return len(args) == 2 && span == kv.Prefix(args[0])
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
	case len(args) > 2:
		return kv.Span{}, fmt.Errorf("expected a key, or a key and the end of a range, found %d words: several keys are several commands", len(args))
	case len(args) == 0:
		return kv.Span{}, fmt.Errorf("expected a key, or a key and the end of a range, found 0 words")
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
