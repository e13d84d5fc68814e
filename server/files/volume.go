package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/replica/wal"
	tidwall "github.com/tidwall/wal"
)

// segmentSize is when the library begins another file. It keeps the newest one in
// memory.
const segmentSize = 4 << 20

// volumes is the log of a member.
type volumes struct {
	// loaded are the paths of the files as the last Load returned them.
	loaded []string
	// current is where records are appended, nil before the first one.
	current *tidwall.Log
	path    string
	// next is the number that current expects.
	next uint64
	// named are how many files of current have durable names, -1 if the volume
	// itself has not.
	named int
}

// volumeName of the volume, or the file in one, that begins with a record. The
// library names its files so.
func volumeName(number uint64) string { return fmt.Sprintf("%020d", number) }

// list is the volumes, or the files of one, in order: those names in a directory
// that are numbers.
func list(path string) (names []string, err error) {
	entries, err := os.ReadDir(path)
	for _, e := range entries {
		if number, err := strconv.ParseUint(e.Name(), 10, 64); err == nil && e.Name() == volumeName(number) {
			names = append(names, e.Name())
		}
	}
	return names, err // ReadDir sorts
}

// Load reads the log, for wal.Recover: the bytes of all files, oldest first. What it
// returns is durable. It must not be called after Append.
func (d *Dir) Load() (segments [][]byte, err error) {
	err = d.do("loading the log", func() error {
		d.log.loaded = nil
		names, err := list(d.logPath())
		if err != nil {
			return err
		}
		for _, name := range names {
			volume := filepath.Join(d.logPath(), name)
			files, err := list(volume)
			if err != nil {
				return err
			}
			for _, file := range files {
				data, err := load(filepath.Join(volume, file))
				if err != nil {
					return err
				}
				segments = append(segments, data)
				d.log.loaded = append(d.log.loaded, filepath.Join(volume, file))
			}
			if err := syncDir(volume); err != nil {
				return err
			}
		}
		return syncDir(d.logPath())
	})
	return segments, err
}

// load reads a file and makes it durable: a process that died, but not its
// machine, has left it in the page cache.
func load(path string) ([]byte, error) {
	if err := syncFile(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// syncFile makes a file durable.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(fsync(f), f.Close())
}

// fsync is replaced by tests that do it ten thousand times.
var fsync = (*os.File).Sync

// Cut removes, durably, what stands behind a place in the log that Load has
// returned. It is for a torn tail, before anything is appended.
func (d *Dir) Cut(c wal.Cut) error {
	return d.do("cutting the log", func() error {
		files := d.log.loaded
		for i := len(files) - 1; i >= 0 && i >= c.Segment; i-- {
			if i > c.Segment || c.Size == 0 {
				if err := d.remove(files[i]); err != nil {
					return err
				}
				continue
			}
			if err := d.step("truncate", func() error { return os.Truncate(files[i], c.Size) }); err != nil {
				return err
			}
			if err := d.step("sync", func() error { return syncFile(files[i]) }); err != nil {
				return err
			}
		}
		d.log.loaded = files[:min(len(files), c.Segment+1)]
		return d.step("sync", func() error { return syncDir(d.logPath()) })
	})
}

// remove takes a file away, and its volume if that is empty then.
func (d *Dir) remove(file string) error {
	volume := filepath.Dir(file)
	if err := d.step("remove", func() error { return os.Remove(file) }); err != nil {
		return err
	}
	if files, err := list(volume); err != nil || len(files) > 0 {
		return errors.Join(err, d.step("sync", func() error { return syncDir(volume) }))
	}
	return d.step("remove", func() error { return os.RemoveAll(volume) })
}

// Append writes records to the log. They are durable after the next Sync, not
// before. A volume begins with each Base, with each jump in the numbers, and with
// the first record after Open.
func (d *Dir) Append(records []wal.Encoded) error {
	return d.do("appending to the log", func() error {
		for len(records) > 0 {
			n := d.log.run(records)
			if n == 0 {
				if err := d.begin(records[0].Number); err != nil {
					return err
				}
				n = max(1, d.log.run(records))
			}
			if err := d.write(records[:n]); err != nil {
				return err
			}
			records = records[n:]
		}
		return nil
	})
}

// run is how many of the records belong into the current volume.
func (v *volumes) run(records []wal.Encoded) int {
	if v.current == nil {
		return 0
	}
	for i := range records {
		r := &records[i]
		if r.Number != v.next+uint64(i) || r.Base && r.Number != v.first() {
			return i
		}
	}
	return len(records)
}

// first is the number of the first record of the current volume.
func (v *volumes) first() uint64 {
	number, _ := strconv.ParseUint(filepath.Base(v.path), 10, 64) // it was made of one
	return number
}

// write appends records to the current volume, in one write.
func (d *Dir) write(records []wal.Encoded) error {
	var batch tidwall.Batch
	for i := range records {
		batch.Write(records[i].Number, records[i].Data)
	}
	d.log.next += uint64(len(records))
	return d.step("write", func() error { return d.log.current.WriteBatch(&batch) })
}

// begin makes a volume, whose first record is to have a number. What bears its name
// already is left from a start that came to nothing, and holds no record.
func (d *Dir) begin(number uint64) error {
	v := &d.log
	if err := d.step("close", v.close); err != nil {
		return err
	}
	v.path = filepath.Join(d.logPath(), volumeName(number))
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"remove", func() error { return os.RemoveAll(v.path) }},
		{"make", func() error { return os.Mkdir(v.path, dirMode) }},
		// The library begins a new log with 1; one that is empty it continues.
		{"create", func() error { return os.WriteFile(filepath.Join(v.path, volumeName(number)), nil, fileMode) }},
	} {
		if err := d.step(s.name, s.do); err != nil {
			return err
		}
	}
	log, err := tidwall.Open(v.path, &tidwall.Options{
		NoSync: true, AllowEmpty: true, SegmentSize: segmentSize, SegmentCacheSize: 1, NoCopy: true,
		DirPerms: dirMode, FilePerms: fileMode,
	})
	if err != nil {
		return err
	}
	v.current, v.next, v.named = log, number, -1
	return nil
}

// close ends the current volume; the library syncs it.
func (v *volumes) close() error {
	if v.current == nil {
		return nil
	}
	log := v.current
	v.current = nil
	return log.Close()
}

// Sync makes durable all that was appended.
func (d *Dir) Sync() error {
	return d.do("syncing the log", func() error {
		v := &d.log
		if v.current == nil {
			return nil
		}
		if err := d.step("sync", v.current.Sync); err != nil {
			return err
		}
		// The library begins files by itself, and does not make their names durable.
		files, err := list(v.path)
		if err != nil || len(files) == v.named {
			return err
		}
		if err := d.step("sync", func() error { return syncDir(v.path) }); err != nil {
			return err
		}
		if v.named < 0 {
			if err := d.step("sync", func() error { return syncDir(d.logPath()) }); err != nil {
				return err
			}
		}
		v.named = len(files)
		return nil
	})
}

// Trim removes the volumes that end before a record. It may be a Base that is
// durable: nothing before it is needed. A crash may undo a part of it.
func (d *Dir) Trim(number uint64) error {
	return d.do("trimming the log", func() error {
		names, err := list(d.logPath())
		if err != nil {
			return err
		}
		next, _ := slices.BinarySearch(names, volumeName(number))
		if next < len(names) && names[next] == volumeName(number) {
			next++
		}
		for i := range max(0, next-1) {
			if err := d.step("remove", func() error { return os.RemoveAll(filepath.Join(d.logPath(), names[i])) }); err != nil {
				return err
			}
		}
		return nil
	})
}
