package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// ErrLocked says that another process has the directory open.
var ErrLocked = errors.New("files: the directory is in use by another process: stop that one first")

// ErrClosed says that the directory is closed.
var ErrClosed = errors.New("files: closed")

const (
	dirMode  = 0o750
	fileMode = 0o640
)

// Dir is the directory of one member. Its methods may be called from several
// goroutines; they take turns.
type Dir struct {
	mu   sync.Mutex
	path string
	lock *os.File
	log  volumes
	// err is the first error of a write or a sync: it is final.
	err error
	// kill, in tests, ends everything before a step is done.
	kill func(step string) error
}

// Open takes possession of a directory and makes it if there is none. It removes
// what is left of snapshots that were being written. It returns ErrLocked if
// another process has it.
func Open(path string) (*Dir, error) { return open(path, nil) }

func open(path string, kill func(step string) error) (*Dir, error) {
	d := &Dir{path: path, kill: kill}
	if err := d.prepare(); err != nil {
		if d.lock != nil {
			_ = d.lock.Close() // the first error counts
		}
		return nil, fmt.Errorf("files: %w", err)
	}
	return d, nil
}

func (d *Dir) prepare() error {
	for _, path := range []string{d.path, d.logPath(), d.snapshotPath()} {
		if err := os.MkdirAll(path, dirMode); err != nil {
			return err
		}
	}
	var err error
	if d.lock, err = os.OpenFile(filepath.Join(d.path, "lock"), os.O_CREATE|os.O_RDWR, fileMode); err != nil {
		return err
	}
	if err := lockFile(d.lock); err != nil {
		return err
	}
	if err := d.removeParts(); err != nil {
		return err
	}
	for _, path := range []string{filepath.Dir(d.path), d.path, d.snapshotPath()} {
		if err := syncDir(path); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) logPath() string      { return filepath.Join(d.path, "log") }
func (d *Dir) snapshotPath() string { return filepath.Join(d.path, "snapshot") }

// do runs a function that writes, unless an earlier one has failed. Its error is final.
func (d *Dir) do(what string, f func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return d.err
	}
	if err := f(); err != nil {
		d.err = fmt.Errorf("files: %s: %w; the member must start again from what the disk holds", what, err)
	}
	return d.err
}

// step does one thing that a crash may come before or after.
func (d *Dir) step(name string, f func() error) error {
	if d.kill != nil {
		if err := d.kill(name); err != nil {
			return err
		}
	}
	return f()
}

// Close syncs the log and gives the directory back.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if errors.Is(d.err, ErrClosed) {
		return ErrClosed
	}
	err := errors.Join(d.log.close(), d.lock.Close())
	d.err = ErrClosed
	return err
}
