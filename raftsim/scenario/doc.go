// Package scenario is the text language of a run: members, seed, network,
// disks, clients, faults at their times, and what is expected in the end. One
// text is a test case, a file for `castaway run`, and what the playground edits
// and shares.
//
//	castaway 1
//	members 5
//	seed 42
//	client A B cas-counter counter
//	at 2s cut leader
//	at 4s heal
//	run 10s
//	expect increments counter
//
// A text is read line by line: words apart by blanks, quoted as in a shell, a
// `#` before a comment. [Parse] checks everything that can be known before the
// run; [Scenario.String] gives the text back byte for byte, edits of the
// playground included, and [Scenario.Format] gives its canonical form. [Run]
// executes it and judges what the clients saw.
//
// Commands of clients are written as for etcdctl; [ParseCommand] is the one
// parser for scenarios and consoles. docs/SCENARIO.md shows every word.
package scenario
