// Package fuzz is the adversary: it looks for runs in which something breaks.
//
// Draw makes a run from a seed: a cluster, clients, and faults, of which each run has
// a random subset (swarm testing: Groce and others, ISSTA 2012). Run plays it to its
// end and judges it. A Campaign goes on from seed to seed, keeps the runs that showed
// something new, and makes new ones of them. Shrink turns a run that breaks something
// into the smallest one that still does.
//
// All of this is deterministic: the same seeds find the same runs, in the same order.
package fuzz
