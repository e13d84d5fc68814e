package linearize

import (
	"os"
	"strconv"
	"testing"
)

// judgesCount is how many histories both judges see: JUDGES, or 20,000.
func judgesCount(t *testing.T) int {
	n := 20_000
	if text := os.Getenv("JUDGES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
