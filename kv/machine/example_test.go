package machine_test

import (
	"fmt"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
)

// must applies a request that can't fail here.
func must(m *machine.Machine, now lease.Time, r kv.Request) kv.Response {
	response, err := m.Apply(now, r)
	if err != nil {
		panic(err)
	}
	return response
}

// get reads one key; a missing one is all zero.
func get(m *machine.Machine, key string) (pair kv.KeyValue) {
	found := must(m, 0, kv.RangeRequest{Span: kv.Span{Key: key}}).(kv.RangeResponse)
	if len(found.KVs) > 0 {
		pair = found.KVs[0]
	}
	return pair
}

// Two clients count together. Each reads the counter and writes the next number on
// condition that nobody has written since; whoever finds that somebody has reads
// again. The machine itself never retries.
func Example_counter() {
	m := machine.New(machine.Default(1))
	swap := func(read kv.KeyValue) bool {
		n, _ := strconv.Atoi(read.Value)
		return must(m, 0, kv.TxnRequest{
			Compare: []kv.Compare{{Key: "counter", Target: kv.TargetMod, Number: int64(read.ModRevision)}},
			Success: []kv.Request{kv.PutRequest{Key: "counter", Value: strconv.Itoa(n + 1)}},
		}).(kv.TxnResponse).Succeeded
	}

	ann, bob := get(m, "counter"), get(m, "counter")
	fmt.Println("ann:", swap(ann))
	fmt.Println("bob:", swap(bob))
	fmt.Println("bob again:", swap(get(m, "counter")))
	fmt.Println(get(m, "counter"))
	// Output:
	// ann: true
	// bob: false
	// bob again: true
	// counter=2
}

// A lock is a key that is created by whoever finds it missing, attached to a lease
// that its holder keeps alive. A holder that is gone loses it; but one that was only
// slow does not know that. So what the lock protects is written with the key's
// create revision, which grows with every new holder, as a fencing token.
func Example_lock() {
	m := machine.New(machine.Default(1))
	m.Promote(0, 0)
	acquire := func(now lease.Time, name string, id kv.LeaseID) (token kv.Revision, ok bool) {
		must(m, now, kv.LeaseGrantRequest{ID: id, TTL: 10})
		r := must(m, now, kv.TxnRequest{
			Compare: []kv.Compare{{Key: "lock", Target: kv.TargetCreate, Number: 0}},
			Success: []kv.Request{kv.PutRequest{Key: "lock", Value: name, Lease: id}},
		}).(kv.TxnResponse)
		return r.Revision, r.Succeeded
	}
	write := func(token kv.Revision, value string) bool {
		return must(m, 0, kv.TxnRequest{
			Compare: []kv.Compare{{Key: "lock", Target: kv.TargetCreate, Number: int64(token)}},
			Success: []kv.Request{kv.PutRequest{Key: "precious", Value: value}},
		}).(kv.TxnResponse).Succeeded
	}

	ann, ok := acquire(0, "ann", 1)
	fmt.Println("ann has it:", ok)
	_, ok = acquire(0, "bob", 2)
	fmt.Println("bob has it:", ok)

	// Ann is paused and keeps nothing alive. The leader proposes what is due.
	later := lease.Time(10 * lease.Second)
	for r := range m.Due(later) {
		fmt.Println("due:", r)
		must(m, later, r)
	}
	bob, ok := acquire(later, "bob", 3)
	fmt.Println("bob has it:", ok)
	fmt.Println("bob writes:", write(bob, "bob"))
	fmt.Println("ann, back again, writes:", write(ann, "ann"))
	fmt.Println(get(m, "precious"))
	// Output:
	// ann has it: true
	// bob has it: false
	// due: lease revoke 1
	// due: lease revoke 2
	// bob has it: true
	// bob writes: true
	// ann, back again, writes: false
	// precious=bob
}

// In an election each candidate puts a key of its own, with a lease, under one
// prefix. The oldest of them leads; the others wait for those before them to go.
func Example_election() {
	m := machine.New(machine.Default(1))
	leader := func() string {
		r := must(m, 0, kv.RangeRequest{
			Span: kv.Prefix("election/"), Target: kv.SortByCreate, Order: kv.SortAscend, Limit: 1,
		}).(kv.RangeResponse)
		return r.KVs[0].Value
	}
	for i, name := range []string{"ann", "bob", "cid"} {
		id := kv.LeaseID(i + 1)
		must(m, 0, kv.LeaseGrantRequest{ID: id, TTL: 10})
		must(m, 0, kv.PutRequest{Key: "election/" + id.String(), Value: name, Lease: id})
	}
	fmt.Println("leader:", leader())

	// Bob gives up, then ann resigns; cid watches the keys before his own.
	s := m.Watches().Open()
	s.Create(watch.CreateRequest{Span: kv.Span{Key: "election/1", End: "election/3"}, NoPut: true})
	must(m, 0, kv.LeaseRevokeRequest{ID: 2})
	fmt.Println("leader:", leader())
	must(m, 0, kv.LeaseRevokeRequest{ID: 1})
	fmt.Println("leader:", leader())
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		fmt.Println("cid hears:", r)
	}
	// Output:
	// leader: ann
	// leader: ann
	// leader: cid
	// cid hears: 0 @4 created
	// cid hears: 0 @5 5 delete election/2
	// cid hears: 0 @6 6 delete election/1
}

// A client that comes back resumes its watch after the last revision that it heard
// of. If that is compacted by then, it is told so: it reads everything anew, and
// watches from the revision after that.
func Example_watch() {
	m := machine.New(machine.Default(1))
	var heard kv.Revision
	resume := func() {
		s := m.Watches().Open()
		defer s.Close()
		s.Create(watch.CreateRequest{Span: kv.Prefix("config/"), Start: heard + 1})
		for r, ok := s.Next(); ok; r, ok = s.Next() {
			switch {
			case r.CompactRevision != 0:
				all := must(m, 0, kv.RangeRequest{Span: kv.Prefix("config/")}).(kv.RangeResponse)
				fmt.Println("compacted; now it is", all.KVs)
				heard = all.Revision
			case len(r.Events) > 0:
				fmt.Println(r)
				heard = r.Events[len(r.Events)-1].KV.ModRevision
			}
		}
	}

	must(m, 0, kv.PutRequest{Key: "config/a", Value: "1"})
	must(m, 0, kv.PutRequest{Key: "config/b", Value: "1"})
	resume()
	must(m, 0, kv.PutRequest{Key: "config/a", Value: "2"})
	must(m, 0, kv.PutRequest{Key: "else", Value: "1"})
	must(m, 0, kv.DeleteRangeRequest{Span: kv.Span{Key: "config/b"}})
	resume()
	must(m, 0, kv.PutRequest{Key: "config/a", Value: "3"})
	must(m, 0, kv.PutRequest{Key: "config/a", Value: "4"})
	must(m, 0, kv.CompactRequest{Revision: 8})
	resume()
	resume()
	// Output:
	// 0 @3 2 put config/a=1, 3 put config/b=1
	// 0 @6 4 put config/a=2, 6 delete config/b
	// compacted; now it is [config/a=4]
}
