package session

import (
	"errors"

	"github.com/castaway-kv/castaway/raftsim"
)

type comparing struct {
	id    raftsim.BranchID
	known bool
}
type replaying struct{}
type hunt struct{}

func (h *hunt) state() *HuntState                          { return nil }
func (p *path) violation() int64                           { return -1 }
func (s *Session) replayOn()                               {}
func (s *Session) openLink(string) error                   { return errors.New("not yet") }
func (s *Session) huntOn(Command) error                    { return errors.New("not yet") }
func (s *Session) showViolation() error                    { return errors.New("not yet") }
func (s *Session) edit(string) error                       { return errors.New("not yet") }
func (s *Session) plant(string) error                      { return errors.New("not yet") }
func (s *Session) compare(raftsim.BranchID) error          { return errors.New("not yet") }
func (s *Session) share() error                            { return errors.New("not yet") }
func (s *Session) export() error                           { return errors.New("not yet") }
func (s *Session) complete(string) []Completion            { return nil }
func (s *Session) inspection(*raftsim.World) *Inspection   { return nil }
func (s *Session) spaceTime() *SpaceTime                   { return nil }
func (s *Session) comparison() *Comparison                 { return nil }
