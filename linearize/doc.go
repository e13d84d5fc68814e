// Package linearize is the judge: it decides whether what clients saw of a
// store can be explained by one copy of it that does one operation at a time,
// each at some moment between its call and its answer (Herlihy and Wing,
// "Linearizability: a correctness condition for concurrent objects", 1990).
//
//	verdict := linearize.Check(history, linearize.Options{})
//	if verdict.Result != linearize.Linearizable {
//		fmt.Println(verdict.Result, verdict.Reason)
//	}
//
// A [History] holds every operation of every client on a store that was fresh
// when it began. [State] is the specification, written on plain slices from
// package kv's vocabulary alone and sharing no code with the store, so that a
// bug of the store can't excuse itself. The search for an order is
// [porcupine]'s; before it, the revisions in the answers narrow the search
// without changing its result (see witness.go).
//
// There are three results, and the zero one is [Undecided]: it says that
// nothing is known, and never counts as a pass.
//
// [porcupine]: https://github.com/anishathalye/porcupine
package linearize
