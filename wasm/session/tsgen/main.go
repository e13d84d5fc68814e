// Command tsgen writes the TypeScript types of what page and engine say to
// each other, read from the Go source of package session, comments included.
// The page is then type-checked against the same words the engine speaks. With
// -marshal it writes the Go code that writes frames as JSON.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

//go:generate go run . -in .. -out ../../../web/src/engine/types.ts
//go:generate go run . -in .. -marshal -out ../marshal.go

func main() {
	in := flag.String("in", ".", "directory of the Go package")
	out := flag.String("out", "", "file to write; standard output when empty")
	marshal := flag.Bool("marshal", false, "write Go code instead of TypeScript")
	flag.Parse()
	if err := run(*in, *out, *marshal); err != nil {
		fmt.Fprintln(os.Stderr, "tsgen:", err)
		os.Exit(1)
	}
}

func run(in, out string, marshal bool) error {
	pkg, err := load(in)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if marshal {
		err = pkg.marshal(&text, "Frame")
	} else {
		err = pkg.write(&text, "Command", "Frame")
	}
	if err != nil {
		return err
	}
	if out == "" {
		_, err := os.Stdout.Write(text.Bytes())
		return err
	}
	return os.WriteFile(out, text.Bytes(), 0o644)
}
