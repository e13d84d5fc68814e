package raftsim_test

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// A cluster, a client, a cut and a crash, call by call.
func Example() {
	config := raftsim.Default(3)
	config.Clients = []raftsim.Client{{Name: "ann", Manual: true, Timeout: 500 * raftsim.Millisecond}}
	w, err := raftsim.New(config)
	if err != nil {
		panic(err)
	}
	w.RunWhile(func(w *raftsim.World) bool { return w.Leader() == 0 }, 10*raftsim.Second)
	leader := raftsim.Target(w.Leader())

	// The leader is cut off from the others. Its clients reach it, but it reaches no
	// majority: nobody knows what becomes of the request.
	must(w.Do(raftsim.Cut{A: []raftsim.Target{leader}}))
	_, err = w.Ask("ann", leader, kv.PutRequest{Key: "color", Value: "red"})
	fmt.Println("unknown:", errors.Is(err, raftsim.ErrUnknown))

	// The majority has elected another one. That crashes, and comes back from its disk.
	w.RunWhile(func(w *raftsim.World) bool { return raftsim.Target(w.Leader()) == leader }, 10*raftsim.Second)
	must(w.Do(raftsim.Heal{}))
	_, err = w.Ask("ann", raftsim.TheLeader, kv.PutRequest{Key: "color", Value: "blue"})
	must(err)
	must(w.Do(raftsim.Crash{Member: raftsim.TheLeader}))
	must(w.Do(raftsim.Restart{}))
	w.Run(raftsim.Second)

	response, err := w.Ask("ann", 1, kv.RangeRequest{Span: kv.Span{Key: "color"}})
	must(err)
	fmt.Println("read:", response)
	fmt.Println(w.Verdict())
	// Output:
	// unknown: true
	// read: color=blue
	// linearizable (3 operations)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
