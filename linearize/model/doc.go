// Package model judges histories of anything that has a sequential
// specification: the usual ones of Jepsen's and porcupine's tests are here by
// name, and a [linearize.Model] of one's own takes twenty lines.
//
// The search is porcupine's, fed with what narrows it: each partition alone, no
// reads without an answer, a hash of the state, and a budget of steps that works
// where no clock and no thread can end a search, as in a browser.
package model
