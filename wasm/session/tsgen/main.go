// Command tsgen writes the TypeScript types of what page and engine say to
// each other, read from the Go source of package session, comments included.
// The page is then type-checked against the same words the engine speaks.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

//go:generate go run . -in .. -out ../../../web/src/engine/types.ts

func main() {
	in := flag.String("in", ".", "directory of the Go package")
	out := flag.String("out", "", "file to write; standard output when empty")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "tsgen:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	pkg, err := load(in)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := pkg.write(&text, "Command", "Frame"); err != nil {
		return err
	}
	if out == "" {
		_, err := os.Stdout.Write(text.Bytes())
		return err
	}
	return os.WriteFile(out, text.Bytes(), 0o644)
}
