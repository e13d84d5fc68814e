package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// part ends the name of a snapshot that is being written.
const part = ".part"

// ErrGap says that a piece of a snapshot does not continue what has come.
var ErrGap = errors.New("files: a piece of the snapshot is missing before this one")

// SaveSnapshot makes a file durable, all or nothing. Save writes it and returns its
// name, which may depend on what was written; one of the same name is replaced. It
// may run beside everything else but another SaveSnapshot.
func (d *Dir) SaveSnapshot(save func(w io.Writer) (name string, err error)) error {
	d.mu.Lock()
	failed := d.err
	d.mu.Unlock()
	if failed != nil {
		return failed
	}
	path := filepath.Join(d.snapshotPath(), "own"+part)
	name, err := d.writeFile(path, save)
	return d.do("saving a snapshot", func() error {
		if err != nil {
			return err
		}
		return d.publish(path, name)
	})
}

func (d *Dir) writeFile(path string, save func(w io.Writer) (string, error)) (name string, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	if name, err = save(w); err != nil {
		return "", err
	}
	return name, d.step("write", w.Flush)
}

// publish gives a file that is whole its name.
func (d *Dir) publish(path, name string) error {
	to, err := d.snapshot(name)
	if err != nil {
		return err
	}
	if err := d.step("sync", func() error { return syncFile(path) }); err != nil {
		return err
	}
	if err := d.step("rename", func() error { return os.Rename(path, to) }); err != nil {
		return err
	}
	return d.step("sync", func() error { return syncDir(d.snapshotPath()) })
}

// snapshot is the path of a snapshot.
func (d *Dir) snapshot(name string) (string, error) {
	if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") || strings.HasSuffix(name, part) {
		return "", fmt.Errorf("%q can't be the name of a snapshot: it must be letters and digits", name)
	}
	return filepath.Join(d.snapshotPath(), name), nil
}

// ReceiveSnapshot keeps a piece of a snapshot that comes from another member, at an
// offset in bytes; 0 begins it anew. It returns ErrGap, which is not final, if the
// pieces before it are not there.
func (d *Dir) ReceiveSnapshot(name string, offset int64, data []byte) error {
	gap := false
	err := d.do("receiving a snapshot", func() error {
		path, err := d.snapshot(name)
		if err != nil {
			return err
		}
		flags := os.O_CREATE | os.O_WRONLY
		if offset == 0 {
			flags |= os.O_TRUNC
		}
		f, err := os.OpenFile(path+part, flags, fileMode)
		if err != nil {
			return err
		}
		if info, statErr := f.Stat(); statErr != nil || info.Size() != offset {
			gap = statErr == nil
			return errors.Join(statErr, f.Close())
		}
		_, err = f.WriteAt(data, offset)
		return errors.Join(err, f.Close())
	})
	if err == nil && gap {
		return ErrGap
	}
	return err
}

// SnapshotReceived makes a snapshot durable whose last piece has come.
func (d *Dir) SnapshotReceived(name string) error {
	return d.do("keeping a snapshot", func() error {
		path, err := d.snapshot(name)
		if err != nil {
			return err
		}
		return d.publish(path+part, name)
	})
}

// OpenSnapshot opens a snapshot to read. The error matches fs.ErrNotExist if there
// is none of that name.
func (d *Dir) OpenSnapshot(name string) (*os.File, error) {
	path, err := d.snapshot(name)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return os.Open(path)
}

// RemoveSnapshots removes all snapshots but some. A crash may undo that.
func (d *Dir) RemoveSnapshots(but ...string) error {
	return d.do("removing snapshots", func() error {
		return d.removeSnapshots(func(name string) bool { return !strings.HasSuffix(name, part) && !slices.Contains(but, name) })
	})
}

// removeParts removes what is left of snapshots that were being written.
func (d *Dir) removeParts() error {
	return d.removeSnapshots(func(name string) bool { return strings.HasSuffix(name, part) })
}

func (d *Dir) removeSnapshots(which func(name string) bool) error {
	entries, err := os.ReadDir(d.snapshotPath())
	if err != nil {
		return err
	}
	for _, e := range entries {
		if which(e.Name()) {
			if err := d.step("remove", func() error { return os.Remove(filepath.Join(d.snapshotPath(), e.Name())) }); err != nil {
				return err
			}
		}
	}
	return nil
}
