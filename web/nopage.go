//go:build !page

// Package web holds the playground's page as it is built from this directory.
package web

import "io/fs"

// Page returns the built page, index.html at its root. It reports false in a
// binary that was built without the page (build tag "page").
func Page() (fs.FS, bool) { return nil, false }
