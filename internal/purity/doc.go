// Package purity holds the tests that read the source of this module and fail
// when a wall of the house is broken.
//
// Pure rooms are deterministic: what they do is a function of what they were
// given. So they have no clock, goroutine, channel, I/O, randomness of their
// own, logging, platform-dependent file, or map order that can be seen, and,
// because architectures round differently, no floating point (linearize, which
// replays nothing, may have it). Everything said about replaying a run rests
// on that.
//
// A loop over a map whose order can't be seen says so, with a reason, on its
// own line or the one before:
//
//	//castaway:unordered a sum doesn't depend on the order
//	for _, n := range sizes {
//
// Walls are the order of the rooms: a room imports rooms below it, never above;
// and linearize, the specification, knows the store by its vocabulary only.
package purity
