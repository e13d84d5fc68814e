package raftsim

import (
	"errors"
	"fmt"
)

// errSync is what a failed fsync says.
var errSync = errors.New("fsync: input/output error")

// actDisk does something to a member's disk.
func (w *World) actDisk(a Action) Cause {
	switch a := a.(type) {
	case SlowDisk:
		return w.onDisk(a.Member, a, func(h *host) { h.storage.slow = a.Factor })
	case FillDisk:
		return w.onDisk(a.Member, a, func(h *host) { h.storage.fill(a.Bytes) })
	case FailSync:
		return w.onDisk(a.Member, a, func(h *host) { h.storage.disk.failNextSync() })
	case LoseSync:
		return w.onDisk(a.Member, a, func(h *host) { h.storage.disk.loseNextSync() })
	case MendDisk:
		return w.onDisk(a.Member, a, w.mendDisk)
	case FlipBit:
		return w.damage(a.Member, a, a.Part, a.FromEnd, func(h *host, name string, at int64) { h.storage.disk.flipBit(name, 8*at) })
	case ReadError:
		return w.damage(a.Member, a, a.Part, a.FromEnd, func(h *host, name string, at int64) { h.storage.disk.readError(name, int(at/sectorSize)) })
	case Wipe:
		return w.onMember(a.Member, w.actWipe)
	}
	panic(fmt.Sprintf("raftsim: unknown action %T", a))
}

// onDisk does something to a member's disk and traces it by that member's name.
func (w *World) onDisk(t Target, a Action, do func(*host)) Cause {
	return w.onMember(t, func(h *host) Cause {
		w.emit(Event{Kind: ActionDone, Member: h.id, Action: Retarget(a, func(Target) Target { return Target(h.id) })})
		do(h)
		return NoCause
	})
}

func (w *World) mendDisk(h *host) {
	h.storage.slow = 1
	h.storage.disk.mend()
}

// damage does something to a byte of a part of the disk.
func (w *World) damage(t Target, a Action, part Damaged, fromEnd int64, do func(h *host, name string, at int64)) Cause {
	h := w.resolve(t)
	if h == nil {
		return absence(t)
	}
	name, size := h.storage.part(part)
	if size == 0 {
		return CauseEmpty
	}
	at := size - 1 - fromEnd
	if fromEnd < 0 {
		h.damages++
		at = int64(w.chance.choose(Key{Draw: DrawDamage, From: uint16(h.id), Ordinal: h.damages}, uint64(size)))
	}
	if at < 0 {
		return CauseEmpty
	}
	do(h, name, at)
	w.emit(Event{Kind: ActionDone, Member: h.id, Action: a, N: uint64(at)})
	return NoCause
}

// part is the newest file of a part, and what of it is durable.
func (s *storage) part(part Damaged) (name string, size int64) {
	prefix := logFiles
	if part == TheSnapshot {
		prefix = snapshotFiles
	}
	names := s.disk.list(prefix)
	if len(names) == 0 {
		return "", 0
	}
	name = names[len(names)-1]
	data, _ := s.disk.readDurable(name)
	return name, int64(len(data))
}

// fill leaves so many bytes on the disk, any number if it is negative.
func (s *storage) fill(bytes int64) {
	if bytes < 0 {
		s.disk.full(0)
		return
	}
	s.disk.full(max(1, s.disk.size()+bytes))
}

func (w *World) actWipe(h *host) Cause {
	if h.replica != nil {
		w.crash(h, false)
	}
	w.emit(Event{Kind: ActionDone, Member: h.id, Action: Wipe{Target(h.id)}})
	h.storage.disk.wipe()
	h.storage.stop()
	h.atRest = w.rest(h)
	return NoCause
}
