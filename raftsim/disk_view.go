package raftsim

// SectorState is where the newest contents of a sector are.
type SectorState uint8

// The states of a sector.
const (
	// SectorDurable: on the medium.
	SectorDurable SectorState = iota
	// SectorDirty: only in the page cache.
	SectorDirty
	// SectorSyncing: on their way to the medium.
	SectorSyncing
	// SectorDiffers: not on the medium, though the disk has said so: a lying sync, a
	// flipped bit, or a failed sync whose rest was dropped.
	SectorDiffers
	// SectorUnreadable: on the medium, which can't read it.
	SectorUnreadable
)

func (s SectorState) String() string {
	return [...]string{"durable", "dirty", "syncing", "differs", "unreadable"}[s]
}

// DiskView is what is wrong with a disk.
type DiskView struct {
	// Slow is the factor by which everything takes longer, at least 1.
	Slow int64
	// Limited says that only Free bytes more fit.
	Limited bool
	Free    int64
	// Fails and Lies are what the next fsync does.
	Fails, Lies bool
	// Unreadable and Differing count sectors: those that can't be read, and those that
	// do not hold what the disk has reported durable.
	Unreadable, Differing int
}

func (s *storage) view() DiskView {
	d := &s.disk
	v := DiskView{Slow: max(1, s.slow), Limited: d.limit > 0, Free: d.free(), Fails: d.fails, Lies: d.lies}
	for i := range d.files {
		v.Unreadable += len(d.files[i].unreadable)
		v.Differing += len(d.files[i].honest)
	}
	return v
}

// FileView is one file of a disk, to look at.
type FileView struct {
	Name string
	// Size as the process sees it, of which Synced bytes were reported durable.
	Size, Synced int64
	Sectors      []SectorState
}

// view shows all files that the process sees.
func (d *disk) view() []FileView {
	var list []FileView
	for i := range d.files {
		if f := &d.files[i]; f.present {
			list = append(list, FileView{f.name, f.cache.size, f.synced, f.states()})
		}
	}
	return list
}

func (f *file) states() []SectorState {
	states := make([]SectorState, f.cache.sectors.Len())
	for i := range states {
		if f.cache.at(i) != f.medium.at(i) {
			states[i] = SectorDiffers
		}
	}
	note := func(s SectorState, index int) {
		if index < len(states) {
			states[index] = s
		}
	}
	for _, w := range f.honest {
		note(SectorDiffers, w.index)
	}
	for _, index := range f.unreadable {
		note(SectorUnreadable, index)
	}
	for _, w := range f.syncing {
		note(SectorSyncing, w.index)
	}
	for _, w := range f.dirty {
		note(SectorDirty, w.index)
	}
	return states
}
