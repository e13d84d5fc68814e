//go:build page

// Package web holds the playground's page as it is built from this directory.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Page returns the built page, index.html at its root. It reports false in a
// binary that was built without the page (build tag "page").
func Page() (fs.FS, bool) {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant and valid
	}
	return page, true
}
