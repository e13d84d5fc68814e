// Package linearize is the judge: it decides whether what clients saw of a
// store can be explained by one copy of it that does one operation at a time,
// each at some moment between its call and its answer (Herlihy and Wing,
// "Linearizability: a correctness condition for concurrent objects", 1990), and
// explains the verdict.
//
//	verdict := linearize.Check(history, linearize.Options{})
//	if verdict.Result != linearize.Linearizable {
//		fmt.Println(linearize.Explain(history, verdict, linearize.Options{}))
//	}
//
// A [History] holds every operation of every client on a store that was fresh
// when it began. The specification (spec.go) is written on plain maps and slices
// from package kv's vocabulary alone and shares no code with the store, so that a
// bug of the store can't excuse itself.
//
// There are two judges. The revision witness (plan.go, witness.go) follows the
// revisions in the answers, which tell the order of writes, in nearly linear
// time; who made the revisions that nobody was told of it learns from the applied
// log, or chooses by what was read (facts.go, fill_search.go). [porcupine] searches,
// after a quick search of our own (model_quick.go), where there are no revisions: [CheckValues], and [CheckModel] for a [Model] of
// one's own. [Stream] is the witness for histories that are being read.
//
// There are three results, and the zero one is [Undecided]: it says that
// nothing is known, and never counts as a pass. A violation has a [Contradiction],
// a minimal set of answers that can't all be right.
//
// [CheckRecord] makes the checks beyond linearizability: serializable reads,
// explicit revisions, watches, leases, locks and fencing, compaction, durability,
// honesty of errors. What it needs is in [Record].
//
// Packages below: history reads and writes files, model has the usual models by
// name, report draws.
//
// [porcupine]: https://github.com/anishathalye/porcupine
package linearize
