// Package bugs is a catalogue of mistakes that real implementations of Raft and etcd
// have made. Each is one rule of a member or of a client replaced by a wrong one, or a
// fault that the right rules survive; no core knows of any of them.
//
//	bug, _ := bugs.Find("commit-old-term")
//	config := raftsim.Default(5)
//	bug.Apply(&config)
//
// The catalogue is there to be looked at, and to measure the checks: a check that no
// bug trips is no check.
package bugs
