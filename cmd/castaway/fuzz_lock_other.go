//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package main

// lock does nothing where there are no such locks.
func lock(string) (bool, error) { return true, nil }
