package scenario

import (
	"fmt"
	"math"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// targets of comparisons, with etcdctl's short names.
var targets = []struct {
	name, short string
	target      kv.Target
}{
	{"value", "val", kv.TargetValue},
	{"version", "ver", kv.TargetVersion},
	{"create", "c", kv.TargetCreate},
	{"mod", "m", kv.TargetMod},
	{"lease", "l", kv.TargetLease},
}

// operators, the longer ones first where one begins with another.
var operators = []struct {
	sign     string
	operator kv.Operator
}{
	{"!=", kv.NotEqual},
	{"=", kv.Equal},
	{"<", kv.Less},
	{">", kv.Greater},
}

// parseCompare reads a comparison such as `value("counter") = "5"` or
// `mod(config)=7`. etcdctl wants both operands in quotes; here they may be left
// out.
func parseCompare(text string) (kv.Compare, error) {
	compare, err := cutCompare(text)
	if err != nil {
		return kv.Compare{}, fmt.Errorf("comparison %s: %w", quote(text), err)
	}
	return compare, nil
}

func cutCompare(text string) (c kv.Compare, err error) {
	name, rest, ok := strings.Cut(text, "(")
	if !ok {
		return c, fmt.Errorf(`expected one such as value("counter") = "5"`)
	}
	if c.Target, err = parseCompareTarget(strings.TrimSpace(name)); err != nil {
		return c, err
	}
	if rest, err = cutKeys(&c, rest); err != nil {
		return c, err
	}
	if c.Operator, rest, err = cutOperator(strings.TrimSpace(rest)); err != nil {
		return c, err
	}
	value, rest, err := cutOperand(rest, "")
	if err != nil {
		return c, err
	}
	if rest != "" {
		return c, fmt.Errorf("unexpected %s at its end", quote(rest))
	}
	return c, setOperand(&c, value)
}

// setOperand is what the comparison compares with: a text, a number, or the id of a
// lease.
func setOperand(c *kv.Compare, text string) (err error) {
	switch c.Target {
	case kv.TargetValue:
		c.Value = text
	case kv.TargetLease:
		var id kv.LeaseID
		id, err = parseLeaseID(text)
		c.Number = int64(id)
	default:
		c.Number, err = parseNumber(text, math.MinInt64, math.MaxInt64)
	}
	return err
}

// cutKeys takes the key, or what else stands in parentheses: a key and an end,
// --prefix or --from-key and a key.
func cutKeys(c *kv.Compare, s string) (rest string, err error) {
	var span spanOptions
	rest = strings.TrimSpace(s)
	if cut, ok := strings.CutPrefix(rest, "--prefix "); ok {
		span.prefix, rest = true, cut
	} else if cut, ok := strings.CutPrefix(rest, "--from-key "); ok {
		span.fromKey, rest = true, cut
	}
	var args []string
	for len(args) < 2 && (len(args) == 0 || rest == "" || rest[0] != ')') {
		var arg string
		if arg, rest, err = cutOperand(rest, ") \t"); err != nil {
			return "", err
		}
		rest = strings.TrimSpace(rest)
		if args = append(args, arg); rest == "" {
			break
		}
	}
	rest, ok := strings.CutPrefix(rest, ")")
	if !ok {
		return "", fmt.Errorf("expected ) after the key")
	}
	keys, err := span.span(args)
	c.Key, c.End = keys.Key, keys.End
	return rest, err
}

func parseCompareTarget(name string) (kv.Target, error) {
	var valid []string
	for _, t := range targets {
		if name == t.name || name == t.short {
			return t.target, nil
		}
		valid = append(valid, t.name)
	}
	return 0, unknown("target", name, valid)
}

func cutOperator(s string) (kv.Operator, string, error) {
	for _, o := range operators {
		if rest, ok := strings.CutPrefix(s, o.sign); ok {
			return o.operator, rest, nil
		}
	}
	return 0, "", fmt.Errorf("expected =, !=, < or > after the key, found %s", quote(s))
}

// cutOperand takes a quoted or bare operand with the blanks around it; a bare one
// ends at one of the stops or at the end.
func cutOperand(s, stops string) (operand, rest string, err error) {
	s = strings.TrimSpace(s)
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		operand, rest, err = cutPiece(s)
		return operand, strings.TrimSpace(rest), err
	}
	end := strings.IndexAny(s, stops)
	if end < 0 {
		end = len(s)
	}
	operand = strings.TrimSpace(s[:end])
	if operand == "" || strings.ContainsAny(operand, " \t\"'") {
		return "", "", fmt.Errorf("expected a word or a quoted text, found %s", quote(operand))
	}
	return operand, s[end:], nil
}
