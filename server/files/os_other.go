//go:build !unix

package files

import "os"

// lockFile does nothing here: two processes on one directory are not noticed.
func lockFile(*os.File) error { return nil }

// syncDir does nothing here: directories can't be synced.
func syncDir(string) error { return nil }
