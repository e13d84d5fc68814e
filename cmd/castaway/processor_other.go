//go:build !unix

package main

import "time"

var started = time.Now()

// processorTime is how long this process has run: other systems don't tell here how long
// it has used processors.
func processorTime() time.Duration { return time.Since(started) }
