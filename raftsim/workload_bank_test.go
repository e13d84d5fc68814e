package raftsim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

func accounts(balances ...int64) kv.Response {
	r := kv.RangeResponse{Count: int64(len(balances))}
	for i, b := range balances {
		r.KVs = append(r.KVs, kv.KeyValue{Key: fmt.Sprint("b/", i), Value: fmt.Sprint(b), ModRevision: kv.Revision(i + 3)})
	}
	return r
}

func TestBankConversation(t *testing.T) {
	b := &Bank{Prefix: "b/", Accounts: 2, Balance: 10, Transfers: 3}
	k := talkTo(t, b).says("get --prefix b/")
	k.hears(0, accounts(), nil).says("txn create(b/0)=0 → put b/0 10; put b/1 10")
	k.hears(0, nil, nil).says("get --prefix b/") // whether it is open is seen
	k.hears(0, accounts(0, 20), nil)
	r, _ := b.Next(k.turn)
	txn := r.(kv.TxnRequest)
	from, to := txn.Success[0].(kv.PutRequest), txn.Success[1].(kv.PutRequest)
	if from.Key != "b/1" || to.Key != "b/0" || from.Value == "20" || fmt.Sprint(txn.Compare) != "[mod(b/1)=4 mod(b/0)=3]" {
		t.Errorf("the transfer %v", txn)
	}
	k.last = txn
	k.hears(0, yes(5), nil).says("get --prefix b/").hears(0, accounts(4, 16), nil)
	k.last, _ = b.Next(k.turn)
	k.hears(0, no(5), nil).says("get --prefix b/").hears(0, accounts(5, 15), nil)
	k.last, _ = b.Next(k.turn)
	k.hears(0, nil, nil).says("get --prefix b/").hears(0, accounts(5, 15), nil)
	if b.ended != 2 {
		t.Errorf("%d transfers count: one that is acknowledged, one that is unknown", b.ended)
	}
	k.last, _ = b.Next(k.turn)
	k.hears(0, yes(5), nil).says("done")
}

func TestBankRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := roughConfig(rapidDice(t))
		bank := Bank{Prefix: "b/", Accounts: 2 + rapid.IntRange(0, 3).Draw(t, "accounts"), Balance: 100, Transfers: 10}
		for i := range c.Clients {
			b := bank
			c.Clients[i].Workload = &b
		}
		w := newWorld(t, c)
		missing := "?"
		for at := rough; at <= rough+60*Second && missing != ""; at += Second {
			w.RunUntil(at)
			missing = unsettled(w)
		}
		if missing != "" || w.violation != nil {
			t.Fatal(missing, w.violation)
		}
		checkHistory(t, w)
		if err := CheckBank(w.History(), &bank); err != nil {
			t.Error(err)
		}
	})
}

func TestCheckBank(t *testing.T) {
	bank := &Bank{Prefix: "b/", Accounts: 2, Balance: 10}
	read := bank.read()
	spoiled := accounts(5, 15).(kv.RangeResponse)
	spoiled.KVs[1].Value = "x"
	for _, test := range []struct {
		r    kv.Request
		all  kv.Response
		want string
	}{
		{read, accounts(5, 15), ""},
		{read, accounts(), ""},
		{read, nil, ""},
		{kv.RangeRequest{Span: kv.Span{Key: "b/0"}}, accounts(5), ""},
		{read, accounts(5, 16), "21 in sum"},
		{read, accounts(20), "reads 1 accounts"},
		{read, accounts(-5, 25), "no balance"},
		{read, spoiled, "no balance"},
	} {
		h := linearize.History{{Request: test.r, Response: test.all}}
		if err := CheckBank(h, bank); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v → %v: %v, want %q", test.r, test.all, err, test.want)
		}
	}
}

// A bank that does not compare loses money or makes it, and the check says so.
func TestCheckBankCatches(t *testing.T) {
	c := Default(3)
	for _, name := range []string{"a", "b", "c"} {
		c.Clients = append(c.Clients, Client{Name: name, Timeout: Second, Think: Spread{Max: 10 * Millisecond}, Workload: &carelessBank{
			Bank{Prefix: "b/", Accounts: 3, Balance: 100, Transfers: 50},
		}})
	}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	if err := CheckBank(w.History(), &Bank{Prefix: "b/", Accounts: 3, Balance: 100}); err == nil {
		t.Error("nothing is found")
	}
	checkHistory(t, w) // and yet all is linearizable
}

type carelessBank struct{ Bank }

func (b *carelessBank) Next(t *Turn) (kv.Request, bool) {
	r, ok := b.Bank.Next(t)
	if txn, isTxn := r.(kv.TxnRequest); isTxn && b.isTransfer(r) {
		txn.Compare = nil
		r = txn
	}
	return r, ok
}

func (b *carelessBank) Clone() Workload {
	clone := *b
	return &clone
}
