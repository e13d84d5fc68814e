//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package main

import (
	"errors"
	"os"
	"syscall"
)

// lock takes a lock on a directory that ends with the process, however that ends; false
// if another process has it.
func lock(path string) (bool, error) {
	dir, err := os.Open(path)
	if err != nil {
		return false, err
	}
	// It stays open as long as the process lives: with it would go the lock.
	err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, dir.Close()
	}
	locked = append(locked, dir)
	return true, nil // a file system without locks has nobody to wait for
}

// locked are the directories that are locked.
var locked []*os.File
