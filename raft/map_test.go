package raft_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMapIsCurrent: everything that docs/RAFT.md sets in code font exists, and
// every story is told of there.
func TestMapIsCurrent(t *testing.T) {
	text, err := os.ReadFile("../docs/RAFT.md")
	if err != nil {
		t.Fatal(err)
	}
	known := declared(t)
	stories, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range stories {
		known[filepath.Base(story)] = true
		if !strings.Contains(string(text), "`"+filepath.Base(story)+"`") {
			t.Errorf("docs/RAFT.md does not mention %s", story)
		}
	}
	named := regexp.MustCompile("`[^`]+`").FindAllString(string(text), -1)
	if len(named) < 100 {
		t.Errorf("only %d names found", len(named))
	}
	for _, name := range named {
		if name = strings.Trim(name, "`"); !known[name] {
			t.Errorf("docs/RAFT.md names %s, which does not exist", name)
		}
	}
}

// declared are this package's files, and its declarations: functions and types
// by name, methods and fields as Type.Name.
func declared(t *testing.T) map[string]bool {
	known := map[string]bool{"raft": true, "raft/testdata": true}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		known[name] = true
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			declare(known, d)
		}
	}
	return known
}

func declare(known map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		known[receiver(d)+d.Name.Name] = true
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				known[s.Name.Name] = true
				fields(known, s)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					known[n.Name] = true
				}
			}
		}
	}
}

// receiver is "Type." for a method, empty for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	kind := d.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	return kind.(*ast.Ident).Name + "."
}

func fields(known map[string]bool, s *ast.TypeSpec) {
	if st, ok := s.Type.(*ast.StructType); ok {
		for _, f := range st.Fields.List {
			for _, n := range f.Names {
				known[s.Name.Name+"."+n.Name] = true
			}
		}
	}
}
