package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// workloadOfClient is the first workload of a kind for which is holds.
func workloadOfClient[W any](sc *Scenario, is func(*W) bool) *W {
	for i := range sc.config.Clients {
		if w, ok := any(sc.config.Clients[i].Workload).(*W); ok && is(w) {
			return w
		}
	}
	return nil
}

// expectIncrements is `expect increments KEY`.
type expectIncrements string

func parseExpectIncrements(r *reader) (expectation, error) {
	key, err := r.text("the counter's key")
	if err == nil && workloadOfClient(r.sc, func(w *raftsim.CASCounter) bool { return w.Key == key }) == nil {
		err = fmt.Errorf("no client increments %s", quote(key))
	}
	return expectIncrements(key), err
}

func (e expectIncrements) words() string { return "increments " + kv.Quote(string(e)) }

func (expectIncrements) apply(*Scenario) error { return nil }

// check: every increment that was acknowledged counts once, every one with an
// unknown outcome at most once, and nothing else counts.
func (e expectIncrements) check(r *Result) (string, bool) {
	i := slices.IndexFunc(r.Counters, func(c Counter) bool { return c.Key == string(e) })
	c := r.Counters[i]
	final, err := int64(0), error(nil)
	if c.Final != "" {
		final, err = strconv.ParseInt(c.Final, 10, 64)
	}
	found := fmt.Sprintf("%d acknowledged + %d unknown that took effect, and it is %s", c.Acknowledged, c.TookEffect, cmp.Or(c.Final, "0"))
	return found, err == nil && final == c.Acknowledged+c.TookEffect
}

// expectBank is `expect bank PREFIX`: the money stays the same in sum.
type expectBank struct {
	anywhere
	bank *raftsim.Bank
}

func parseExpectBank(r *reader) (expectation, error) {
	prefix, err := r.text("the prefix of the accounts")
	if err != nil {
		return nil, err
	}
	bank := workloadOfClient(r.sc, func(w *raftsim.Bank) bool { return w.Prefix == prefix })
	if bank == nil {
		return nil, fmt.Errorf("no client has a bank %s", quote(prefix))
	}
	return expectBank{bank: bank}, nil
}

func (e expectBank) words() string { return "bank " + kv.Quote(e.bank.Prefix) }

func (e expectBank) check(r *Result) (string, bool) {
	if err := raftsim.CheckBank(r.History, e.bank); err != nil {
		return err.Error(), false
	}
	return fmt.Sprintf("every read finds %d in sum", int64(e.bank.Accounts)*e.bank.Balance), true
}

// expectStale is `expect stale-writes LOCK AMOUNT`: how many writes to what a lock
// protects took effect although the lock was another's by then.
type expectStale struct {
	anywhere
	lock *raftsim.Lock
	amount
}

func parseExpectStale(r *reader) (expectation, error) {
	key, err := r.text("the lock's key")
	if err != nil {
		return nil, err
	}
	lock := workloadOfClient(r.sc, func(w *raftsim.Lock) bool { return w.Key == key })
	if lock == nil {
		return nil, fmt.Errorf("no client takes the lock %s", quote(key))
	}
	a, err := r.amount()
	return expectStale{lock: lock, amount: a}, err
}

func (e expectStale) words() string {
	return "stale-writes " + kv.Quote(e.lock.Key) + " " + e.String()
}

func (e expectStale) check(r *Result) (string, bool) {
	n := len(r.World.StaleWrites(e.lock))
	return strconv.Itoa(n), e.has(n)
}
