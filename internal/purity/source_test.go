package purity

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// finding is one thing in the source of a pure room that must not be there.
type finding struct {
	pos  token.Position
	rule string
	what string // and what to do about it
}

func (f finding) String() string { return fmt.Sprintf("%s: %s: %s", f.pos, f.rule, f.what) }

// source checks the files of one package.
type source struct {
	room     string
	fset     *token.FileSet
	info     *types.Info
	marks    map[line]*mark
	findings []finding
}

type line struct {
	file string
	n    int
}

// mark is a //castaway:unordered comment.
type mark struct {
	pos  token.Pos
	used bool
}

const unordered = "//castaway:unordered"

// checkSource type-checks the files of a package in a room and returns what is
// impure in them, in the order of the source, and the first error of their types.
func checkSource(room string, fset *token.FileSet, files []*ast.File, imports types.Importer) ([]finding, error) {
	s := &source{room: room, fset: fset, marks: map[line]*mark{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}}
	var bad error
	conf := types.Config{Importer: imports, Error: func(err error) { bad = cmp.Or(bad, err) }}
	_, _ = conf.Check(room, fset, files, s.info) // the first error is in bad
	for _, f := range files {
		s.comments(f)
		s.imports(f)
		ast.PreorderStack(f, nil, s.node)
	}
	for _, m := range s.marks {
		if !m.used {
			s.report(m.pos, "unordered", "nothing here depends on the order of a map: remove the comment")
		}
	}
	slices.SortFunc(s.findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Offset, b.pos.Offset), cmp.Compare(a.rule, b.rule))
	})
	// A float makes every expression around it a float: one finding a line is enough.
	return slices.CompactFunc(s.findings, func(a, b finding) bool {
		return a.rule == b.rule && a.pos.Line == b.pos.Line && a.pos.Filename == b.pos.Filename
	}), bad
}

func (s *source) report(pos token.Pos, rule, what string) {
	s.findings = append(s.findings, finding{s.fset.Position(pos), rule, what})
}

func (s *source) comments(f *ast.File) {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if why, ok := strings.CutPrefix(c.Text, unordered); ok {
				p := s.fset.Position(c.Pos())
				s.marks[line{p.Filename, p.Line}] = &mark{pos: c.Pos()}
				if strings.TrimSpace(why) == "" {
					s.report(c.Pos(), "unordered", "say why the order can't be seen")
				}
			}
			if constraint.IsGoBuild(c.Text) && c.Pos() < f.Package {
				s.report(c.Pos(), "platform", "a pure room is the same source everywhere: remove the build constraint")
			}
		}
	}
}

func (s *source) imports(f *ast.File) {
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it; it can't happen
		}
		if why := refusedAsImpure(s.room, path); why != "" {
			s.report(spec.Pos(), "import", fmt.Sprintf("%s: %s", path, why))
		}
	}
}

// node looks at one node of the syntax; stack holds the nodes around it.
func (s *source) node(n ast.Node, stack []ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		s.report(n.Pos(), "goroutine", "the order in which goroutines run can't be replayed: do it in line")
	case *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
		s.report(n.Pos(), "channel", "channels belong to the edges: return a value or append to a slice")
	case *ast.FuncDecl:
		if n.Body == nil {
			s.report(n.Pos(), "platform", "a function without a body is assembly or a link name: write it in Go")
		}
	case *ast.RangeStmt:
		if isMap(s.info.TypeOf(n.X)) {
			s.order(n.Pos(), "range over a map")
		}
	case *ast.Ident:
		s.ident(n, stack)
	}
	if e, ok := n.(ast.Expr); ok && s.room != "linearize" && hasFloat(s.typeOf(e)) {
		s.report(n.Pos(), "float", "architectures round differently: use integers, or a table of them")
	}
	return true
}

// typeOf is the type of an expression or of a name that is being defined; nil
// for the name of a package.
func (s *source) typeOf(e ast.Expr) types.Type {
	if tv, ok := s.info.Types[e]; ok {
		return tv.Type
	}
	if id, ok := e.(*ast.Ident); ok && s.info.Defs[id] != nil {
		return s.info.Defs[id].Type()
	}
	return nil
}

// ident checks the use of a name from another package, or of a builtin.
func (s *source) ident(id *ast.Ident, stack []ast.Node) {
	obj := s.info.Uses[id]
	if obj == nil {
		return
	}
	if b, ok := obj.(*types.Builtin); ok && (b.Name() == "print" || b.Name() == "println") {
		s.report(id.Pos(), "print", "cores emit, edges log: return it")
		return
	}
	if obj.Pkg() == nil || obj.Parent() != obj.Pkg().Scope() {
		return
	}
	name := obj.Name()
	switch path := obj.Pkg().Path(); {
	case path == "fmt" && (strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Scan")):
		s.report(id.Pos(), "print", "cores emit, edges log: return it, or write to a Writer you were handed")
	case path == "runtime" && name != "Gosched":
		s.report(id.Pos(), "import", "runtime."+name+": of package runtime only Gosched is harmless here")
	case path == "maps" && (name == "All" || name == "Keys" || name == "Values"):
		if !s.consumed(stack) {
			s.order(id.Pos(), "maps."+name)
		}
	}
}

// orderFree are the functions whose result doesn't show the order of the
// sequence they consume. (Sorting by a comparison that ties would; those that
// sort the keys of a map by a comparison are trusted not to.)
var orderFree = []string{"slices.Sorted", "slices.SortedFunc", "slices.SortedStableFunc", "maps.Collect", "maps.Insert"}

// consumed tells whether the name on top of the stack is called, and the result
// is an argument to a function that hides its order.
func (s *source) consumed(stack []ast.Node) bool {
	up := slices.Clone(stack)
	slices.Reverse(up)
	if len(up) > 0 {
		if _, ok := up[0].(*ast.SelectorExpr); ok {
			up = up[1:]
		}
	}
	if len(up) < 2 {
		return false
	}
	call, isCall := up[0].(*ast.CallExpr)
	outer, isArgument := up[1].(*ast.CallExpr)
	if !isCall || !isArgument || !slices.Contains(outer.Args, ast.Expr(call)) {
		return false
	}
	return slices.Contains(orderFree, s.callee(outer))
}

// callee is the package-qualified name of a called function, or empty.
func (s *source) callee(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if obj := s.info.Uses[sel.Sel]; obj != nil && obj.Pkg() != nil {
		return obj.Pkg().Path() + "." + obj.Name()
	}
	return ""
}

// order reports a visible map order, unless a comment says that it isn't.
func (s *source) order(pos token.Pos, what string) {
	p := s.fset.Position(pos)
	for _, n := range []int{p.Line, p.Line - 1} {
		if m := s.marks[line{p.Filename, n}]; m != nil {
			m.used = true
			return
		}
	}
	s.report(pos, "map order", what+": sort it with slices.Sorted(maps.Keys(m)), or mark it "+unordered+" with the reason")
}

// isMap tells whether ranging over t ranges over a map, for a type parameter if
// it may.
func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return anyTerm(p.Constraint(), isMap)
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// anyTerm tells whether the constraint allows a type that holds for f.
func anyTerm(constraint types.Type, f func(types.Type) bool) bool {
	iface, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for e := range iface.EmbeddedTypes() {
		switch e := e.(type) {
		case *types.Union:
			for t := range e.Terms() {
				if f(t.Type()) {
					return true
				}
			}
		default:
			if f(e) || anyTerm(e, f) {
				return true
			}
		}
	}
	return false
}

// hasFloat tells whether t is a floating-point or complex number, or a list of
// results with one.
func hasFloat(t types.Type) bool {
	switch t := t.(type) {
	case nil:
		return false
	case *types.Tuple:
		return slices.ContainsFunc(slices.Collect(t.Variables()), func(v *types.Var) bool { return hasFloat(v.Type()) })
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}
