package model

import (
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

// accounts is what a bank is known to hold. What it began with need not be told:
// the first read says so, and transfers before it are remembered as differences.
type accounts struct {
	known bool
	// balances, or differences until they are known.
	balances cells
}

type bankInput struct {
	transfer bool
	from, to string
	amount   int64
}

// bank holds accounts between which amounts are transferred, and which are read
// all at once. A transfer that answered moved its amount, whole; balances may be
// negative only if a read says so.
var bank = linearize.Model[accounts, bankInput, cells]{
	Step: func(s accounts, in bankInput, out *cells) (accounts, bool) {
		if in.transfer {
			return accounts{s.known, s.balances.add(in.from, -in.amount).add(in.to, in.amount)}, true
		}
		if out == nil {
			return s, true
		}
		if s.known {
			return s, s.balances.sameBalances(*out)
		}
		for _, c := range s.balances {
			if _, ok := out.find(c.key); !ok && c.value != int64(0) {
				return s, false
			}
		}
		return accounts{true, *out}, true
	},
	Equal: func(a, b accounts) bool { return a.known == b.known && slices.Equal(a.balances, b.balances) },
	Hash:  func(s accounts) uint64 { return s.balances.hash() },
	// The first read says what the bank began with, so a read changes nothing
	// only if nobody saw it.
	ReadOnly: func(in bankInput, out *cells) bool { return !in.transfer && out == nil },
	Describe: func(in bankInput, out *cells) string {
		words := "read"
		if in.transfer {
			words = fmt.Sprintf("transfer %d from %s to %s", in.amount, in.from, in.to)
		}
		switch {
		case out == nil:
			return words + ": no answer"
		case in.transfer:
			return words + ": ok"
		}
		return words + ": " + out.String()
	},
}

// String is such as `a 7, b 10`.
func (s accounts) String() string { return s.balances.String() }

func (c cells) add(key string, amount int64) cells {
	n, _ := c.get(key).(int64)
	return c.with(key, n+amount)
}

// sameBalances takes an account that is not listed for an empty one.
func (c cells) sameBalances(d cells) bool {
	covers := func(a, b cells) bool {
		return !slices.ContainsFunc(a, func(e cell) bool {
			n, _ := b.get(e.key).(int64)
			return n != e.value
		})
	}
	return covers(c, d) && covers(d, c)
}

// parseBank reads transfers, whose value has from, to and amount, and reads,
// whose result maps accounts to balances.
func parseBank(e *history.Entry) (in bankInput, out cells, err error) {
	switch e.F {
	case "transfer":
		in.transfer = true
		m, ok := e.Value.(map[string]any)
		amount, isNumber := m["amount"].(int64)
		if !ok || !isNumber || m["from"] == nil || m["to"] == nil {
			return in, out, fmt.Errorf(`the value of a transfer has "from", "to" and a whole "amount", found %s`, history.Text(e.Value))
		}
		in.from, in.to, in.amount = history.Text(m["from"]), history.Text(m["to"]), amount
		if e.Result == false {
			err = fmt.Errorf("a transfer answered false: one that did not happen is refused")
		}
	case "read":
		if e.Result == nil {
			return in, out, nil
		}
		m, ok := e.Result.(map[string]any)
		if !ok {
			return in, out, fmt.Errorf("a read of the bank is a map of balances, found %s", history.Text(e.Result))
		}
		//castaway:unordered cells sort themselves
		for k, v := range m {
			n, ok := v.(int64)
			if !ok {
				return in, out, fmt.Errorf("the balance of %s is no whole number: %s", k, history.Text(v))
			}
			out = out.with(k, n)
		}
	default:
		err = unknownFunction(e, "transfer and read")
	}
	return in, out, err
}
