// Package report makes a page of a run: what became of it, a picture in space and
// time, the history of the clients in the same picture, the story, and the scenario
// to run it again.
//
//	scenario.Run ─► Recorder ─► one HTML file
//
// The page asks nothing of anybody: no script, no font, no picture from elsewhere.
// Everything in it that a scenario can say is text, whatever it looks like: see writer.
package report
