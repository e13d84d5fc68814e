package history

import (
	"errors"
	"fmt"
)

// Error is a complaint about a history, with the line that it is about.
type Error struct {
	// Line counts from 1.
	Line int
	// Text is the reason and what to do, on one line.
	Text string
}

// Error is such as `line 7: …`.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

func errorAt(line int, format string, args ...any) error {
	return &Error{line, fmt.Sprintf(format, args...)}
}

// at gives an error its line, unless it has one.
func at(line int, err error) error {
	if err == nil || errors.As(err, new(*Error)) {
		return err
	}
	return &Error{line, err.Error()}
}

// Limits on what a reader takes, so that a stranger's file can't exhaust it.
const (
	// MaxLine bounds a line of JSON or of a log, and a value of EDN, in bytes.
	MaxLine = 16 << 20
	// maxDepth bounds how deep values are nested.
	maxDepth = 100
)
