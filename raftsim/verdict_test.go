package raftsim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
	"pgregory.net/rapid"
)

// What is done by calls is the same run as the schedule that comes of it, also where
// the world is cloned on the way.
func TestDoIsLikeTheSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll := rapidDice(t)
		c := roughConfig(roll)
		c.Clients = append(c.Clients, Client{Name: "hand", Manual: true, Timeout: 300 * Millisecond})
		actions := append(slices.Clip(c.Schedule), Scheduled{Action: Reconfigure{Add: []Target{Target(c.Members + 1)}}})
		c.Schedule = c.Schedule[:roll("scheduled", len(c.Schedule))]
		w := newWorld(t, c)
		for range rapid.IntRange(1, 10).Draw(t, "calls") {
			switch roll("call", 4) {
			case 0, 1:
				action := actions[roll("action", len(actions))].Action
				if roll("cloned", 3) == 0 {
					if err := w.Clone().Do(Heal{}); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Do(action); err != nil {
					t.Fatalf("%v: %v", action, err)
				}
			case 2:
				_, err := w.Ask("hand", TheLeader, kv.PutRequest{Key: "k", Value: strconv.Itoa(w.Ops())})
				if op := lastOp(w, "hand"); (err == nil) != (op.Outcome == linearize.Answered) {
					t.Fatalf("%v, and it was %v", err, op.Outcome)
				}
			case 3:
				w.Run(Time(roll("run", 1000)) * Millisecond)
			}
		}
		w.Run(0) // Ask ends in the midst of a moment
		again := newWorld(t, w.Config())
		again.RunUntil(w.Now())
		if again.Hash() != w.Hash() || again.Count() != w.Count() {
			t.Fatalf("%d events, hash %x; by schedule %d, %x", w.Count(), w.Hash(), again.Count(), again.Hash())
		}
		if v := w.Verdict(); v.Err() != nil {
			t.Fatal(v)
		}
	})
}

// lastOp is the last operation of a client.
func lastOp(w *World, client string) (last Op) {
	for i := range w.Ops() {
		if op := w.Op(i); op.Name == client {
			last = op
		}
	}
	return last
}

func TestDoRefuses(t *testing.T) {
	w := newWorld(t, Default(3))
	for _, a := range []Action{nil, Crash{Member: 4}, Invoke{Client: "nobody", Member: 1, Request: kv.PutRequest{Key: "k"}}} {
		if err := w.Do(a); err == nil || w.Now() != 0 {
			t.Errorf("%v: %v at %d", a, err, w.Now())
		}
	}
	if _, err := w.Ask("nobody", 1, kv.PutRequest{Key: "k"}); err == nil {
		t.Error("nobody asked")
	}
}

// What an answer can be.
func TestAsk(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "ann", Manual: true, Timeout: 200 * Millisecond}}
	w := newWorld(t, c)
	if !w.RunWhile(func(w *World) bool { return w.Leader() == 0 }, 10*Second) {
		t.Fatal("nobody leads")
	}
	if r, err := w.Ask("ann", TheLeader, kv.PutRequest{Key: "k", Value: "v"}); err != nil || r.At() != 2 {
		t.Errorf("%v, %v", r, err)
	}
	if r, err := w.Ask("ann", 2, kv.RangeRequest{Span: kv.Span{Key: "k"}, Revision: 7}); r != nil || !errors.Is(err, kv.ErrFutureRevision) {
		t.Errorf("%v, %v", r, err)
	}
	if err := w.Do(Cut{A: []Target{TheLeader}}); err != nil {
		t.Fatal(err)
	}
	if r, err := w.Ask("ann", Target(w.Leader()), kv.PutRequest{Key: "k", Value: "w"}); r != nil || !errors.Is(err, ErrUnknown) {
		t.Errorf("%v, %v", r, err)
	}
	if err := w.Do(PauseClient{"ann", Second}); err != nil {
		t.Fatal(err)
	}
	if r, err := w.Ask("ann", TheLeader, kv.RangeRequest{Span: kv.Span{Key: "k"}}); r == nil || err != nil || w.Now() < Second {
		t.Errorf("%v, %v at %d", r, err, w.Now())
	}
	if v := w.Verdict(); v.Err() != nil || v.Operations() != 3 || v.Store.Refused != 1 {
		t.Errorf("%+v", v)
	}
}

// A run that has ended says so to everybody.
func TestAfterViolation(t *testing.T) {
	c := tallyConfig(&tally{poison: 30})
	c.Clients = append(c.Clients, Client{Name: "ann", Manual: true, Timeout: Second})
	w := newWorld(t, c)
	if w.RunWhile(func(*World) bool { return true }, 10*Second) || w.Violation() == nil {
		t.Fatal("it did not end", w.Now(), w.Violation(), w.Ops())
	}
	if _, err := w.Ask("ann", 1, kv.PutRequest{Key: "k"}); !errors.Is(err, ErrEnded) {
		t.Error(err)
	}
	if err := w.Do(Heal{}); !errors.Is(err, ErrEnded) {
		t.Error(err)
	}
	v := w.Verdict()
	if v.Result != linearize.Violation || v.Broken == nil || v.Err() == nil || !strings.Contains(v.String(), "can't add 30") {
		t.Error(v)
	}
}

// The judge of commands agrees with one that tries every place for each query.
func TestCommandJudge(t *testing.T) {
	found := map[linearize.Result]int{}
	rapid.Check(t, func(t *rapid.T) {
		j := drawCommands(t)
		want := linearize.Violation
		if tryPlaces(j, nil, 0, j.queriesOf()) {
			want = linearize.Linearizable
		}
		j.bound()
		j.run()
		if j.verdict.Result != want {
			t.Fatalf("%+v; the judge says %v, want %v", j.history, j.verdict, want)
		}
		if want == linearize.Linearizable && len(j.verdict.Order) != len(j.history) {
			t.Fatalf("the order is %v", j.verdict.Order)
		}
		found[want]++
	})
	if found[linearize.Violation] == 0 || found[linearize.Linearizable] == 0 {
		t.Error(found)
	}
}

// drawCommands is a short history of additions and queries, answered as if in some order.
func drawCommands(t *rapid.T) *commandJudge {
	n := rapid.IntRange(1, 7).Draw(t, "operations")
	stamps := rapid.Permutation(slices.Collect(countTo(2*n))).Draw(t, "stamps")
	j := &commandJudge{machine: &tally{}, verdict: linearize.Verdict{Result: linearize.Linearizable}}
	for i := range n {
		op := linearize.Operation{Client: i, Call: min(stamps[2*i], stamps[2*i+1]), Return: max(stamps[2*i], stamps[2*i+1]), Outcome: linearize.Answered}
		op.Request = kv.CommandRequest{Command: "1", Query: rapid.Bool().Draw(t, "query")}
		j.history = append(j.history, op)
	}
	slices.SortFunc(j.history, func(a, b linearize.Operation) int { return int(a.Call - b.Call) })
	sum := 0
	for i := range j.history {
		op := &j.history[i]
		if op.Request.(kv.CommandRequest).Query {
			op.Response = kv.CommandResponse{Answer: strconv.Itoa(rapid.IntRange(0, n).Draw(t, "answer"))}
			j.queries = append(j.queries, query{op: i})
			continue
		}
		j.commands = append(j.commands, i)
	}
	if rapid.Bool().Draw(t, "shuffled") {
		j.commands = rapid.Permutation(j.commands).Draw(t, "commands")
	}
	for _, i := range j.commands {
		sum++
		j.history[i].Response = kv.CommandResponse{Answer: strconv.Itoa(sum)}
	}
	return j
}

func countTo(n int) func(func(int64) bool) {
	return func(yield func(int64) bool) {
		for i := range n {
			if !yield(int64(i + 1)) {
				return
			}
		}
	}
}

func (j *commandJudge) queriesOf() (list []int) {
	for _, q := range j.queries {
		list = append(list, q.op)
	}
	return list
}

// tryPlaces puts what is left into an order in every way; the state is the number of
// commands in it.
func tryPlaces(j *commandJudge, order []int, commands int, queries []int) bool {
	ok := func(i int) bool { // what ended before i was asked comes before it
		for k := range j.history {
			if j.history[k].Return < j.history[i].Call && !slices.Contains(order, k) {
				return false
			}
		}
		return true
	}
	if len(order) == len(j.history) {
		return true
	}
	if commands < len(j.commands) && ok(j.commands[commands]) &&
		tryPlaces(j, append(slices.Clip(order), j.commands[commands]), commands+1, queries) {
		return true
	}
	for k, i := range queries {
		if ok(i) && answerOf(&j.history[i]) == fmt.Sprint(commands) &&
			tryPlaces(j, append(slices.Clip(order), i), commands, slices.Delete(slices.Clone(queries), k, k+1)) {
			return true
		}
	}
	return false
}
