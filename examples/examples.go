// Package examples holds scenarios to look at; those of known bugs come with the
// program.
package examples

import (
	"embed"
	"path"
)

//go:embed bugs/*.scenario
var files embed.FS

// Bug is the scenario in which a bug of the catalogue breaks what it breaks; false if
// there is none.
func Bug(name string) (string, bool) {
	text, err := files.ReadFile(path.Join("bugs", name+".scenario"))
	return string(text), err == nil
}
