package scenario

import (
	"fmt"
	"math"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// transaction is a txn that is being read.
type transaction struct {
	kv.TxnRequest
	// key of the short comparisons that follow.
	key string
	// then is a compaction afterwards.
	then kv.Request
	// words are the options in canonical form; short says that some are those of the
	// short form.
	words strings.Builder
	short bool
}

// parseTxn reads a transaction. Beside the long form, whose words are those of
// etcdctl, there is the short one of tutorials:
//
//	txn --key=/counter --compare=value=5 --action=/counter,put,6 --action=/status,put,success
func parseTxn(r *reader) (Command, error) {
	var t transaction
	args, err := (&syntax{options: []option{
		{name: "compare", repeated: true, value: t.compare},
		{name: "then", repeated: true, value: t.branch(&t.Success, "--then")},
		{name: "else", repeated: true, value: t.branch(&t.Failure, "--else")},
		{name: "key", repeated: true, value: t.setKey},
		{name: "action", repeated: true, value: t.action},
	}}).parse(r)
	if err == nil && len(args) > 0 {
		err = fmt.Errorf("unexpected %s: expected --compare, --then, --else, --key or --action before it", quote(args[0]))
	}
	c := Command{Request: t.TxnRequest, Then: t.then}
	if t.short {
		c.short = "txn" + t.words.String()
	}
	return c, err
}

// branch reads one command of a list of them.
func (t *transaction) branch(ops *[]kv.Request, name string) func(string) error {
	return func(text string) error {
		op, err := parseOperation(text)
		if err == nil {
			*ops = append(*ops, op)
			t.words.WriteString(" " + name + " " + kv.Quote(kv.Command(op)))
		}
		return err
	}
}

// spellShort notes an option of the short form.
func (t *transaction) spellShort(name, text string) {
	t.short = true
	t.words.WriteString(" " + name + "=")
	if text != "" {
		t.words.WriteString(kv.Quote(text))
	}
}

// parseOperation reads one command inside of a transaction.
func parseOperation(text string) (kv.Request, error) {
	words, _, err := split(text)
	if err != nil {
		return nil, unplaced(err)
	}
	if len(words) > 0 {
		switch words[0].text {
		case "txn":
			return nil, fmt.Errorf("a transaction inside of a transaction: etcdctl has none")
		case "lease", "watch", "compact", "compaction":
			return nil, fmt.Errorf("%s can't be a part of a transaction: expected put, get or del", words[0].text)
		}
	}
	c, err := parseCommand(newReader(words, nil))
	return c.Request, unplaced(err)
}

func (t *transaction) setKey(text string) error {
	t.key = text
	if text == "" {
		return fmt.Errorf("expected a key, found an empty word")
	}
	t.spellShort("--key", text)
	return nil
}

// compare reads a comparison of either form.
func (t *transaction) compare(text string) error {
	name := text
	if i := strings.IndexAny(text, "=!<>("); i >= 0 {
		name = text[:i]
	}
	if name == text || text[len(name)] == '(' {
		c, err := parseCompare(text)
		if err == nil {
			t.Compare = append(t.Compare, c)
			t.words.WriteString(kv.Command(kv.TxnRequest{Compare: []kv.Compare{c}})[len("txn"):])
		}
		return err
	}
	c, err := t.shortCompare(strings.TrimSpace(name), text[len(name):])
	if err != nil {
		return fmt.Errorf("comparison %s: %w", quote(text), err)
	}
	t.Compare = append(t.Compare, c)
	t.spellShort("--compare", text)
	return nil
}

// shortCompare is a comparison of the key that was named before. One with no value
// asks that the key does not exist.
func (t *transaction) shortCompare(name, rest string) (kv.Compare, error) {
	c := kv.Compare{Key: t.key}
	if t.key == "" {
		return c, fmt.Errorf(`expected --key before it, or a comparison such as value("counter") = "5"`)
	}
	var err error
	if c.Target, err = parseCompareTarget(name); err != nil {
		return c, err
	}
	if c.Operator, rest, err = cutOperator(rest); err != nil {
		return c, err
	}
	if c.Target == kv.TargetValue && c.Operator == kv.Equal && rest == "" {
		c.Target = kv.TargetCreate
		return c, nil
	}
	if c.Target != kv.TargetValue {
		rest = strings.TrimSpace(rest)
	}
	return c, setOperand(&c, rest)
}

// compaction is the action that is no part of the transaction.
const compaction = "compaction"

// action reads an action of the short form: KEY,put,VALUE or KEY,delete or
// KEY,create,VALUE or compaction or compaction,REVISION.
func (t *transaction) action(text string) error {
	t.spellShort("--action", text)
	parts := strings.SplitN(text, ",", 3)
	if parts[0] == compaction && len(parts) < 3 {
		return t.compact(parts[1:])
	}
	if len(parts) < 2 {
		return fmt.Errorf("%s is no action: expected one such as /counter,put,6 or /counter,delete or compaction", quote(text))
	}
	key, verb := parts[0], parts[1]
	switch {
	case verb == "delete" && len(parts) == 2:
		t.Success = append(t.Success, kv.DeleteRangeRequest{Span: kv.Span{Key: key}})
	case verb == "put" && len(parts) == 3:
		t.Success = append(t.Success, kv.PutRequest{Key: key, Value: parts[2]})
	case verb == "create" && len(parts) == 3:
		t.Compare = append(t.Compare, kv.Compare{Key: key, Target: kv.TargetCreate})
		t.Success = append(t.Success, kv.PutRequest{Key: key, Value: parts[2]})
	case verb == "put" || verb == "create":
		return fmt.Errorf("%s lacks a value: expected %s,%s,VALUE", quote(text), key, verb)
	case verb == "delete":
		return fmt.Errorf("%s has something left over: expected %s,delete", quote(text), key)
	default:
		return unknown("action", verb, []string{"put", "delete", "create"})
	}
	return nil
}

func (t *transaction) compact(rest []string) error {
	if t.then != nil {
		return fmt.Errorf("there is one compaction already")
	}
	var n int64
	if len(rest) > 0 {
		var err error
		if n, err = parseNumber(rest[0], 1, math.MaxInt64); err != nil {
			return err
		}
	}
	t.then = kv.CompactRequest{Revision: kv.Revision(n)}
	return nil
}
