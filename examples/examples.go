// Package examples holds scenarios to look at; those of known bugs come with the
// program.
package examples

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed bugs/*.scenario
var bugs embed.FS

//go:embed *.scenario
var others embed.FS

const suffix = ".scenario"

// Bug is the scenario in which a bug of the catalogue breaks what it breaks; false if
// there is none.
func Bug(name string) (string, bool) {
	text, err := bugs.ReadFile(path.Join("bugs", name+suffix))
	return string(text), err == nil
}

// Bugs are the scenarios of all bugs, by name.
func Bugs() map[string]string { return texts(bugs, "bugs") }

// All are the scenarios that are not of bugs, by name.
func All() map[string]string { return texts(others, ".") }

func texts(files embed.FS, dir string) map[string]string {
	list, err := fs.ReadDir(files, dir)
	if err != nil {
		panic(err) // it is embedded
	}
	texts := map[string]string{}
	for _, file := range list {
		text, err := files.ReadFile(path.Join(dir, file.Name()))
		if err != nil {
			panic(err)
		}
		texts[strings.TrimSuffix(file.Name(), suffix)] = string(text)
	}
	return texts
}
