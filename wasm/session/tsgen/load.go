package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// declaration is one named type of the package.
type declaration struct {
	name string
	doc  string
	expr ast.Expr
	// values are the constants of a string type, in the order of the source.
	values []value
}

// value is one constant of a string type.
type value struct {
	doc  string
	text string
}

// pack holds the declared types of one Go package.
type pack struct {
	types map[string]*declaration
}

// load parses the Go files of dir, tests left out.
func load(dir string) (*pack, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	paths = slices.DeleteFunc(paths, func(p string) bool { return strings.HasSuffix(p, "_test.go") })
	if len(paths) == 0 {
		return nil, fmt.Errorf("no Go files in %s", dir)
	}
	var files []*ast.File
	set := token.NewFileSet()
	for _, path := range paths {
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return collect(files)
}

// collect finds the types first and their constants then: a constant may stand
// in a file before its type.
func collect(files []*ast.File) (*pack, error) {
	p := &pack{types: map[string]*declaration{}}
	for _, decl := range general(files, token.TYPE) {
		for _, spec := range decl.Specs {
			p.addType(decl, spec.(*ast.TypeSpec))
		}
	}
	for _, decl := range general(files, token.CONST) {
		for _, spec := range decl.Specs {
			if err := p.addValue(spec.(*ast.ValueSpec)); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func general(files []*ast.File, kind token.Token) []*ast.GenDecl {
	var found []*ast.GenDecl
	for _, file := range files {
		for _, decl := range file.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == kind {
				found = append(found, g)
			}
		}
	}
	return found
}

func (p *pack) addType(decl *ast.GenDecl, spec *ast.TypeSpec) {
	doc := spec.Doc
	if doc == nil && len(decl.Specs) == 1 {
		doc = decl.Doc
	}
	p.types[spec.Name.Name] = &declaration{name: spec.Name.Name, doc: doc.Text(), expr: spec.Type}
}

// addValue notes a constant that says its type and is a string literal; other
// constants say nothing about the types.
func (p *pack) addValue(spec *ast.ValueSpec) error {
	named, ok := spec.Type.(*ast.Ident)
	if !ok || p.types[named.Name] == nil {
		return nil
	}
	for _, expr := range spec.Values {
		literal, ok := expr.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			return fmt.Errorf("constant %s: %w", spec.Names[0].Name, err)
		}
		d := p.types[named.Name]
		d.values = append(d.values, value{doc: spec.Doc.Text(), text: text})
	}
	return nil
}
