package raftsim_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/raftsim"
)

// Ticker is a workload of one's own: it puts the time under its client's name, and
// now and then reads what it has put last.
type Ticker struct {
	Puts int
	made int
}

// Next implements raftsim.Workload.
func (k *Ticker) Next(t *raftsim.Turn) (kv.Request, bool) {
	if t.Last != nil && t.Last.Response == nil {
		// Nobody else writes this key, so that a second put of a value does no harm.
		return t.Last.Request, true
	}
	if k.made == k.Puts {
		return nil, false
	}
	if t.Choose(4) == 3 {
		return kv.RangeRequest{Span: kv.Span{Key: t.Name}}, true
	}
	k.made++
	t.Pause = t.Spread(raftsim.Spread{Min: raftsim.Millisecond, Max: raftsim.Second})
	return kv.PutRequest{Key: t.Name, Value: fmt.Sprint(t.Now)}, true
}

// Clone implements raftsim.Workload.
func (k *Ticker) Clone() raftsim.Workload {
	c := *k
	return &c
}

// A workload is a value that is asked for one request after the other. It can be
// tried alone, turn by turn, and run in a world with whatever faults.
func ExampleWorkload() {
	turn := raftsim.NewTurn(7)
	request, _ := (&Ticker{Puts: 1}).Next(turn)
	fmt.Println(request, "after a pause:", turn.Pause > 0)

	config := raftsim.Default(3)
	for _, name := range []string{"ann", "bob"} {
		config.Clients = append(config.Clients, raftsim.Client{
			Name: name, Timeout: raftsim.Second, Workload: &Ticker{Puts: 5},
		})
	}
	config.Schedule = []raftsim.Scheduled{
		{At: 2 * raftsim.Second, Action: raftsim.Crash{Member: raftsim.TheLeader}},
		{At: 3 * raftsim.Second, Action: raftsim.Restart{}},
	}
	world, err := raftsim.New(config)
	if err != nil {
		panic(err)
	}
	world.RunUntil(10 * raftsim.Second)
	puts := 0
	for _, op := range world.History() {
		if _, ok := op.Request.(kv.PutRequest); ok && op.Outcome == linearize.Answered {
			puts++
		}
	}
	fmt.Println(puts, "puts are acknowledged")
	fmt.Println(linearize.Check(world.History(), linearize.Options{}).Result)
	// Output:
	// put client 0s after a pause: true
	// 10 puts are acknowledged
	// linearizable
}
