package raftsim_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/raftsim"
)

// A timeline goes back, does something else there, and says where the two runs part.
func ExampleTimeline() {
	config := raftsim.Default(3)
	config.Clients = []raftsim.Client{{
		Name: "ann", Timeout: raftsim.Second, Workload: &raftsim.CASCounter{Key: "n", Increments: 50},
		Think: raftsim.Spread{Min: 10 * raftsim.Millisecond, Max: 20 * raftsim.Millisecond},
	}}
	w, err := raftsim.New(config)
	if err != nil {
		panic(err)
	}
	const budget = 1_000_000 // events that a call may simulate
	film := raftsim.NewTimeline(w)
	film.Seek(2*raftsim.Second, budget)

	film.Previous(raftsim.MarkAnswer)
	film.Step(-1)
	other, err := film.Act(raftsim.Crash{Member: raftsim.TheLeader})
	must(err)
	film.Next(raftsim.MarkElection, 10*raftsim.Second, budget)
	fmt.Printf("in branch %d, S%d leads\n", other, film.World().Leader())

	answers := func(e *raftsim.Event) bool { return e.Kind == raftsim.OpAnswered || e.Kind == raftsim.OpUnknown }
	difference, _, err := film.Compare(0, other, answers, 5*raftsim.Second, budget)
	must(err)
	fmt.Println(difference.Alike, "answers are alike")
	fmt.Println(difference)
	// Output:
	// in branch 1, S1 leads
	// 51 answers are alike
	// left:  2.000081571 s: ann: txn value(n)="25" → put n 26 → SUCCESS: OK
	// right: 2.211170824 s: ann: get n → n=25
}
