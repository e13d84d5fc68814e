package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"strings"
	"testing"
)

// The committed types of the page, and the code that writes them, are those of the Go source.
func TestOutputIsCurrent(t *testing.T) {
	pkg, err := load("..")
	if err != nil {
		t.Fatal(err)
	}
	for path, write := range map[string]func(io.Writer) error{
		"../../../web/src/engine/types.ts": func(out io.Writer) error { return pkg.write(out, "Command", "Frame") },
		"../marshal.go":                    func(out io.Writer) error { return pkg.marshal(out, "Frame") },
	} {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is out of date: run go generate ./wasm/... and commit it", path)
		}
	}
}

func generate(t *testing.T, source string) (string, error) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "source.go", "package p\n"+source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := collect([]*ast.File{file})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = pkg.write(&out, "Root")
	return strings.TrimPrefix(out.String(), header+"\n"), err
}

func TestGenerate(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{
			"fields",
			"type Root struct {\n// A counts.\nA int `json:\"a\"`\nB []string `json:\"b,omitempty\"`\nC uint64 `json:\"c,string\"`\nD *bool `json:\"d\"`\n}",
			"export interface Root {\n  /** A counts. */\n  a: number;\n  b?: string[];\n  c: string;\n  d: boolean;\n}\n",
		},
		{
			"reached types, in order, once",
			"type Root struct {\nA []Leaf `json:\"a\"`\nB Leaf `json:\"b\"`\n}\n// Leaf falls.\ntype Leaf struct{}\ntype Unused struct{}",
			"export interface Root {\n  a: Leaf[];\n  b: Leaf;\n}\n\n/** Leaf falls. */\nexport interface Leaf {\n}\n",
		},
		{
			"constants before their type",
			"const (\n// One is first.\nOne Root = \"one\"\nTwo Root = \"two\"\nOther = 3\n)\ntype Root string",
			"export type Root =\n  /** One is first. */\n  | \"one\"\n  | \"two\";\n",
		},
		{"plain name", "type Root uint64", "export type Root = number;\n"},
		{"a comment can't end early", "// A */ b.\ntype Root string", "/** A * / b. */\nexport type Root = string;\n"},
		{"long comments", "// A\n//\n// b.\ntype Root string", "/**\n * A\n *\n * b.\n */\nexport type Root = string;\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := generate(t, test.source)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestGenerateRefuses(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"maps", "type Root struct {\nA map[string]int `json:\"a\"`\n}", "Root.A"},
		{"nameless fields", "type Root struct {\nA int\n}", "no json name"},
		{"two fields on a line", "type Root struct {\nA, B int `json:\"a\"`\n}", "of its own"},
		{"types of other packages", "type Root struct {\nA Elsewhere `json:\"a\"`\n}", "Elsewhere is not declared"},
		{"functions", "type Root func()", "only structs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := generate(t, test.source)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}
