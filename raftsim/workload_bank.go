package raftsim

import (
	"fmt"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// Bank is a client that moves money between accounts, each of which is a key. It
// reads all of them at once; if there are none, it opens them. Then it takes
// something from one that has something and gives it to another, in a transaction
// that compares the mod revisions of both with what was read, so that it fails
// if anybody was faster. Whatever happens, the money stays the same in sum: see
// CheckBank.
type Bank struct {
	// Prefix of the accounts' keys, behind which their numbers stand, from 0.
	Prefix string
	// Accounts is how many there are, 2 to MaxAccounts, and Balance what is in each at
	// first.
	Accounts int
	Balance  int64
	// Transfers after which the client is done, those included whose outcome is
	// unknown; 0 means that it never is.
	Transfers int

	// ended counts the transfers that were acknowledged or are unknown.
	ended int
}

// Bounds of a Bank.
const (
	MaxAccounts = 100
	maxBalance  = 1 << 40
)

// Next implements Workload.
func (b *Bank) Next(t *Turn) (kv.Request, bool) {
	if t.Last != nil {
		switch response := t.Last.Response.(type) {
		case kv.RangeResponse:
			return b.afterRead(t, response)
		default:
			if b.isTransfer(t.Last.Request) && concluded(t.Last) {
				b.ended++
			}
		}
	}
	if b.Transfers > 0 && b.ended >= b.Transfers {
		return nil, false
	}
	return b.read(), true
}

// read is the request for all accounts.
func (b *Bank) read() kv.RangeRequest { return kv.RangeRequest{Span: kv.Prefix(b.Prefix)} }

func (b *Bank) afterRead(t *Turn, all kv.RangeResponse) (kv.Request, bool) {
	if len(all.KVs) == 0 {
		return b.open(), true
	}
	if request := b.transfer(t, all.KVs); request != nil {
		return request, true
	}
	return nil, false
}

// open makes all accounts at once, unless there are some already.
func (b *Bank) open() kv.Request {
	r := kv.TxnRequest{Compare: []kv.Compare{{Key: numbered(b.Prefix, 0), Target: kv.TargetCreate}}}
	for i := range b.Accounts {
		r.Success = append(r.Success, kv.PutRequest{Key: numbered(b.Prefix, i), Value: strconv.FormatInt(b.Balance, 10)})
	}
	return r
}

// transfer moves something from an account that has something to another one, nil
// if none has: such is no bank.
func (b *Bank) transfer(t *Turn, accounts []kv.KeyValue) kv.Request {
	var rich []int
	balances := make([]int64, len(accounts))
	for i := range accounts {
		balances[i], _ = strconv.ParseInt(accounts[i].Value, 10, 64)
		if balances[i] > 0 {
			rich = append(rich, i)
		}
	}
	if len(rich) == 0 || len(accounts) < 2 {
		return nil
	}
	from := rich[t.Choose(uint64(len(rich)))]
	to := (from + 1 + int(t.Choose(uint64(len(accounts)-1)))) % len(accounts)
	amount := 1 + int64(t.Choose(uint64(balances[from])))
	isUnchanged := func(i int) kv.Compare {
		return kv.Compare{Key: accounts[i].Key, Target: kv.TargetMod, Number: int64(accounts[i].ModRevision)}
	}
	set := func(i int, balance int64) kv.Request {
		return kv.PutRequest{Key: accounts[i].Key, Value: strconv.FormatInt(balance, 10)}
	}
	return kv.TxnRequest{
		Compare: []kv.Compare{isUnchanged(from), isUnchanged(to)},
		Success: []kv.Request{set(from, balances[from]-amount), set(to, balances[to]+amount)},
	}
}

// isTransfer tells a transfer from the opening of the bank.
func (b *Bank) isTransfer(r kv.Request) bool {
	txn, ok := r.(kv.TxnRequest)
	return ok && len(txn.Compare) == 2
}

// Clone implements Workload.
func (b *Bank) Clone() Workload {
	clone := *b
	return &clone
}

// Validate names the field that can't be.
func (b *Bank) Validate() error {
	if b.Accounts < 2 || b.Accounts > MaxAccounts {
		return fmt.Errorf("accounts: %d is not between 2 and %d", b.Accounts, MaxAccounts)
	}
	if b.Balance < 1 || b.Balance > maxBalance {
		return fmt.Errorf("balance: %d is not between 1 and %d", b.Balance, int64(maxBalance))
	}
	return firstError(notEmpty("prefix", b.Prefix), notNegative("transfers", b.Transfers))
}

// String says how far the client is.
func (b *Bank) String() string { return fmt.Sprintf("bank: %d transfers done", b.ended) }

// CheckBank returns an error that names the first read of all accounts which did
// not find all of them, or another sum than that of the balances at first. A bank
// that was not opened yet has no accounts.
func CheckBank(h linearize.History, b *Bank) error {
	want := int64(b.Accounts) * b.Balance
	for i, op := range h {
		all, ok := op.Response.(kv.RangeResponse)
		if r, isRange := op.Request.(kv.RangeRequest); !ok || !isRange || r.Span != b.read().Span || all.Count == 0 {
			continue
		}
		if len(all.KVs) != b.Accounts {
			return fmt.Errorf("operation %d reads %d accounts of the bank; there are %d", i, len(all.KVs), b.Accounts)
		}
		sum := int64(0)
		for _, account := range all.KVs {
			balance, err := strconv.ParseInt(account.Value, 10, 64)
			if err != nil || balance < 0 {
				return fmt.Errorf("operation %d reads %q in account %s: that is no balance", i, account.Value, account.Key)
			}
			sum += balance
		}
		if sum != want {
			return fmt.Errorf("operation %d reads accounts with %d in sum, at revision %d; the bank has %d", i, sum, all.Revision, want)
		}
	}
	return nil
}
