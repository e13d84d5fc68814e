package linearize_test

import (
	"fmt"

	"github.com/castaway-kv/castaway/linearize"
)

// push is what a client asks of a stack, or nil to pop.
type push *int

// stack is a model of one's own: what a stack of numbers does.
var stack = linearize.Model[string, push, int]{
	// The state is a text, so that == compares it; states are never changed in place.
	Step: func(state string, in push, out *int) (string, bool) {
		if in != nil {
			return fmt.Sprint(*in) + " " + state, true
		}
		var top int
		if _, err := fmt.Sscan(state, &top); err != nil {
			return state, false // nothing to pop
		}
		rest := state[len(fmt.Sprint(top))+1:]
		return rest, out == nil || *out == top
	},
}

// A model of one's own: two pops get the same element.
func ExampleCheckModel() {
	seven := 7
	history := []linearize.Event[push, int]{
		{Client: 1, Call: 1, Return: 2, Input: &seven, Outcome: linearize.Answered},
		{Client: 1, Call: 3, Return: 6, Input: nil, Outcome: linearize.Answered, Output: 7},
		{Client: 2, Call: 4, Return: 5, Input: nil, Outcome: linearize.Answered, Output: 7},
	}
	verdict := linearize.CheckModel(stack, history, linearize.Options{})
	core := linearize.ModelCore(stack, history, verdict, linearize.Options{})
	fmt.Println(verdict.Result, core.Operations)
	fmt.Println(linearize.CheckModel(stack, history[:2], linearize.Options{}).Result)
	// Output:
	// violation [1 2]
	// linearizable
}
