// Package history reads and writes recorded histories, one operation at a time,
// so that the memory they take is that of the operations under way, not of the
// file.
//
//	JSON lines   Castaway's own, one object a line      WriteOperation, Reader
//	EDN          Jepsen's maps, one after another or in one vector
//	log lines    INFO  jepsen.util - 0  :invoke  :write  3
//
// Two kinds of operations come out. An [Entry] with a Request is one on an
// etcd-like store, for linearize.Check; one with a function's name is for a
// model of package model. All files are put in the order of calls: what was
// called while an earlier call has no answer yet waits for it.
//
// Every error is an [*Error], which says the line and what to do about it.
package history
