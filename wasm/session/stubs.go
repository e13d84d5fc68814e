package session

import (
	"errors"
)

type (
	hunt struct{}
)

func (h *hunt) state() *HuntState       { return nil }
func (s *Session) huntOn(Command) error { return errors.New("not yet") }
