// Package watch tells whoever asked what changed: which keys, at which revision,
// in which order. It has no clock, goroutine or channel: a Hub is told of each
// revision by whoever applies them, and each Stream is read by whoever serves its
// client.
//
//	Notify(revision 8) ─► index: which watchers does key k concern?
//	                        │
//	          ┌─────────────┴──────────────┐
//	      stream 1                      stream 2
//	      ┌───────────────┐             ┌───────────────┐
//	      │ queue: 6, 7   │ ─► Next     │ queue: full   │ ─► Next
//	      │ + 8           │             │               │
//	      └───────────────┘             └───────────────┘
//	       watcher a: in step            watcher b: behind, next 8
//	                                       later Next reads on from 8 in the
//	                                       store's history, ends up in step
//
// A watcher is in step when all of its events up to the newest revision are in its
// stream's queue or read already, and else behind: because it was created to
// start in the past, because its stream's queue was full, or because the store
// was replaced by a snapshot. One that is behind costs a number, not memory: its
// events are read from the history of the store when there is room for them. So a
// slow reader holds up nobody and misses nothing, unless a compaction takes the
// history away first; then its watcher is canceled and says so.
//
// All events of one revision reach a watcher in one response, in the order of the
// changes, revisions in ascending order, each once. How requests are answered, to
// the last detail, is etcd's way.
//
// A Hub and its streams are for one goroutine at a time.
package watch
