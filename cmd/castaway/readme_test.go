package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shown are the documents whose commands are run.
var shown = []string{"README.md", "docs/CHECK.md"}

// TestReadme runs what the documents show: each line of a console block that
// begins with "$ " is a command, and what follows is all that it prints.
func TestReadme(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, file := range shown {
		t.Run(file, func(t *testing.T) { runShown(t, file, bin) })
	}
}

func runShown(t *testing.T, file, bin string) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, block := range strings.Split(string(text), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for _, step := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, want, _ := strings.Cut(step, "\n")
			shell := exec.CommandContext(t.Context(), "sh", "-c", command)
			shell.Dir = root
			shell.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			got, err := shell.CombinedOutput()
			if err != nil {
				t.Errorf("$ %s\n%v", command, err)
			}
			if strings.TrimRight(string(got), "\n") != strings.TrimRight(want, "\n") {
				t.Errorf("$ %s\nprints\n%s\nand the document says\n%s", command, got, want)
			}
			commands++
		}
	}
	if commands == 0 {
		t.Error("it shows no command")
	}
}
