package purity

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// pkg is a package of the module by its directory, with the files that are not tests.
type pkg struct {
	dir   string // from the root, with slashes
	files []*ast.File
}

func (p pkg) path() string { return module + "/" + p.dir }

// readModule parses every package of the module, nested modules excepted.
func readModule(t *testing.T, fset *token.FileSet) []pkg {
	t.Helper()
	var all []pkg
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if path != root && notOurs(path, d.Name()) {
			return fs.SkipDir
		}
		p, err := readPackage(path, fset)
		if len(p.files) > 0 {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func notOurs(path, name string) bool {
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil || name == "testdata" || name == "node_modules" || name[0] == '.' || name[0] == '_'
}

func readPackage(path string, fset *token.FileSet) (pkg, error) {
	dir, err := filepath.Rel(root, path)
	if err != nil {
		return pkg{}, err
	}
	p := pkg{dir: filepath.ToSlash(dir)}
	entries, err := os.ReadDir(path)
	if err != nil {
		return p, err
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(path, e.Name()))
		if err != nil {
			return p, err
		}
		f, err := parser.ParseFile(fset, p.dir+"/"+e.Name(), src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return p, err
		}
		p.files = append(p.files, f)
	}
	return p, nil
}

// exports returns an importer that reads what the go command has compiled: the
// packages the pure rooms depend on, and those the cases of this test import.
func exports(t *testing.T, fset *token.FileSet) types.Importer {
	t.Helper()
	args := []string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	args = append(args, caseImports...)
	for _, room := range pureRooms {
		args = append(args, "./"+room+"/...")
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &errors)
	}
	files := map[string]string{}
	for row := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		files[path] = file
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("package %s is not compiled: run go build ./... to see why", path)
		}
		return os.Open(files[path])
	})
}

func TestPureRooms(t *testing.T) {
	fset := token.NewFileSet()
	imports := exports(t, fset)
	var seen []string
	for _, p := range readModule(t, fset) {
		if !slices.Contains(pureRooms, roomOf(p.dir)) {
			continue
		}
		seen = append(seen, roomOf(p.dir))
		for _, f := range p.files {
			if name := fset.Position(f.Pos()).Filename; onePlatform(t, name) {
				t.Errorf("%s: platform: a pure room is the same source everywhere: rename the file", name)
			}
		}
		findings, err := checkSource(roomOf(p.dir), fset, p.files, imports)
		if err != nil {
			t.Errorf("%s: %v", p.dir, err)
		}
		for _, f := range findings {
			t.Error(f)
		}
	}
	for _, room := range pureRooms {
		if !slices.Contains(seen, room) {
			t.Errorf("%s is listed as pure, but has no Go file: remove it from pureRooms", room)
		}
	}
}

// onePlatform tells whether a file's name binds it to an operating system or an
// architecture.
func onePlatform(t *testing.T, name string) bool {
	t.Helper()
	nowhere := build.Context{GOOS: "nowhere", GOARCH: "none", Compiler: "gc"}
	nowhere.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p\n")), nil
	}
	ok, err := nowhere.MatchFile(filepath.Split(name))
	if err != nil {
		t.Fatal(err)
	}
	return !ok
}

func TestWalls(t *testing.T) {
	fset := token.NewFileSet()
	for _, p := range readModule(t, fset) {
		for _, f := range p.files {
			for _, spec := range f.Imports {
				to, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if !within(to, module+"/") {
					continue
				}
				if why := refusedByWall(p.path(), to); why != "" {
					t.Errorf("%s: %s imports %s: %s", fset.Position(spec.Pos()), p.dir, to, why)
				}
			}
		}
	}
}
