package purity

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// caseImports are the packages that the cases below import.
var caseImports = []string{"fmt", "hash/maphash", "maps", "math", "math/rand", "os", "runtime", "slices", "strconv", "sync", "time"}

// cases are small packages, and the rules that they break, in the order of the source.
var cases = []struct {
	name string
	room string
	src  string
	want []string
}{
	{"nothing wrong", "raft", `
		import ("fmt"; "maps"; "slices")
		const second Time = 1e9
		type Time int64
		func f(m map[string]int) string { return fmt.Sprint(slices.Sorted(maps.Keys(m)), second) }
		func g(m map[string]int) map[string]int { return maps.Collect(maps.All(m)) }
		func h(xs []int) { for range xs {} }`, nil},
	{"clock", "raft", `
		import "time"
		func f() int64 { return time.Now().UnixNano() }`, []string{"import"}},
	{"only a duration", "replica", `
		import "time"
		const beat = 100 * time.Millisecond`, []string{"import"}},
	{"file", "replica", `
		import "os"
		func f() ([]byte, error) { return os.ReadFile("log") }`, []string{"import"}},
	{"renamed import", "raftsim", `
		import chance "math/rand"
		func f() int { return chance.Int() }`, []string{"import"}},
	{"blank import", "kv", `import _ "hash/maphash"`, []string{"import"}},
	{"dot import", "kv", `
		import . "fmt"
		func f() { Println("x") }`, []string{"print"}},
	{"lock", "linearize", `
		import "sync"
		var mu sync.Mutex`, []string{"import"}},
	{"network", "raft", `import _ "google.golang.org/grpc"`, []string{"import"}},
	{"unsafe", "kv", `import _ "unsafe"`, []string{"import"}},
	{"cgo", "kv", `import "C"`, []string{"import"}},
	{"room that is not pure", "raftsim", `import _ "github.com/castaway-kv/castaway/server"`, []string{"import"}},
	{"yield outside linearize", "raft", `
		import "runtime"
		func f() { runtime.Gosched() }`, []string{"import"}},
	{"yield", "linearize", `
		import "runtime"
		func f() { runtime.Gosched() }`, nil},
	{"more of runtime", "linearize", `
		import "runtime"
		func f() int { return runtime.NumGoroutine() }`, []string{"import"}},
	{"goroutine", "raft", `func f() { go f() }`, []string{"goroutine"}},
	{"channel", "raft", `
		type t struct {
			c chan int
		}
		func (t t) put() {
			t.c <- 1
		}
		func (t t) wait() {
			select {}
		}`, []string{"channel", "channel", "channel"}},
	{"print", "kv", `
		import "fmt"
		func f() {
			fmt.Println("x")
			print := fmt.Printf
			print("x")
			println("x")
		}`, []string{"print", "print", "print"}},
	{"map order", "kv", `
		func f(m map[string]int) (last string) {
			for k := range m {
				last = k
			}
			return last
		}`, []string{"map order"}},
	{"map order of a named type", "kv", `
		type set map[string]bool
		func f(s set) {
			for range s {
			}
		}`, []string{"map order"}},
	{"map order of a type parameter", "kv", `
		func f[M ~map[K]V, K comparable, V any](m M) {
			for range m {
			}
		}`, []string{"map order"}},
	{"map order by iterator", "raftsim", `
		import ("maps"; "slices")
		func f(m map[string]int) []string { return slices.Collect(maps.Keys(m)) }`, []string{"map order"}},
	{"map order by function value", "raftsim", `
		import ("maps"; "slices")
		func f(m map[string]int) []string {
			keys := maps.Keys[map[string]int]
			return slices.Sorted(keys(m))
		}`, []string{"map order"}},
	{"map order in an argument of an argument", "raftsim", `
		import ("maps"; "slices"; "iter")
		func first(s iter.Seq[string]) iter.Seq[string] { return s }
		func f(m map[string]int) []string {
			return slices.Sorted(first(maps.Keys(m)))
		}`, []string{"map order"}},
	{"map order that can't be seen", "kv", `
		func f(m map[string]int) (sum int) {
			//castaway:unordered a sum
			for _, n := range m {
				sum += n
			}
			for _, n := range m { //castaway:unordered a sum
				sum += n
			}
			return sum
		}`, nil},
	{"a mark without a reason", "kv", `
		func f(m map[string]int) {
			//castaway:unordered
			for range m {
			}
		}`, []string{"unordered"}},
	{"a mark for nothing", "kv", `
		func f(xs []int) {
			//castaway:unordered a list
			for range xs {
			}
		}`, []string{"unordered"}},
	{"float", "raftsim", `
		import ("math"; "strconv")
		const half = 0.5
		var x float64
		type t struct{ y []float32 }
		func f(n int) int { return int(math.Sqrt(4)) }
		func g(s string) bool {
			_, err := strconv.ParseFloat(s, 64)
			return err == nil
		}
		func h(n int) complex128 { panic(n) }`, []string{"float", "float", "float", "float", "float", "float"}},
	{"float in the checker", "linearize", `var x = 0.5`, nil},
	{"no body", "kv", `func f()`, []string{"platform"}},
}

func TestCasesAreFound(t *testing.T) {
	fset := token.NewFileSet()
	imports := exports(t, fset)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			expectFindings(t, fset, c.room, "package p\n"+c.src, c.want, func(files []*ast.File) ([]finding, error) {
				return checkSource(c.room, fset, files, imports)
			})
		})
	}
}

func TestBuildConstraintIsFound(t *testing.T) {
	fset := token.NewFileSet()
	expectFindings(t, fset, "raft", "//go:build amd64\n\npackage p\n", []string{"platform"}, func(files []*ast.File) ([]finding, error) {
		return checkSource("raft", fset, files, nil)
	})
}

func expectFindings(t *testing.T, fset *token.FileSet, room, src string, want []string, check func([]*ast.File) ([]finding, error)) {
	t.Helper()
	f, err := parser.ParseFile(fset, room+".go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := check([]*ast.File{f})
	if err != nil && !slices.Contains(want, "import") && !slices.Contains(want, "platform") {
		t.Fatal(err) // a case that doesn't compile proves nothing
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.rule)
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v\n%v", got, want, findings)
	}
}

func TestPlatformFileNamesAreFound(t *testing.T) {
	for name, want := range map[string]bool{
		"node.go": false, "node_log.go": false, "node_linux.go": true, "node_wasm.go": true, "node_js_wasm.go": true,
	} {
		if got := onePlatform(t, name); got != want {
			t.Errorf("onePlatform(%s) = %v, want %v", name, got, want)
		}
	}
}

func TestBrokenWallsAreFound(t *testing.T) {
	for _, c := range []struct {
		from, to string
		refused  bool
	}{
		{"cmd/castaway", "raftsim/scenario", false},
		{"raftsim", "replica", false},
		{"raftsim/scenario", "raftsim", false},
		{"replica", "replica/wal", false},
		{"kv/mvcc", "kv", false},
		{"kv", "internal/mix", false},
		{"linearize", "kv", false},
		{"linearize", "internal/mix", false},
		{"linearize", "kv/mvcc", true},
		{"linearize", "replica", true},
		{"kv", "raft", true},
		{"raft", "replica", true},
		{"replica", "raftsim", true},
		{"raftsim", "wasm/session", true},
		{"wasm", "cmd/castaway", true},
		{"internal/mix", "kv", true},
		{"attic", "kv", true},
		{"cmd/castaway", "attic", true},
	} {
		why := refusedByWall(module+"/"+c.from, module+"/"+c.to)
		if refused := why != ""; refused != c.refused {
			t.Errorf("%s imports %s: refused %v (%s), want %v", c.from, c.to, refused, why, c.refused)
		}
	}
}
