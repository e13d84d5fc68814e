package purity

import (
	"fmt"
	"slices"
	"strings"
)

const module = "github.com/castaway-kv/castaway"

// rooms are the top directories that hold Go packages, the highest first.
var rooms = []string{
	"cmd", "web", "wasm", "fuzz", "server", "raftsim", "linearize", "replica", "raft", "kv", "examples", "internal",
}

// pureRooms are the rooms whose source must be pure, with all below them.
var pureRooms = []string{"fuzz", "raftsim", "linearize", "replica", "raft", "kv", "internal"}

// sees are the only packages that a room may import, where that is fewer than
// all below it. A specification that shared code with the store would share its
// bugs. A path that ends in a slash stands for all below it.
var sees = map[string][]string{
	"linearize": {module + "/kv", module + "/internal/"},
}

// pureImports is what a pure room may import from outside this module. A
// package belongs here when its results depend on its arguments alone and it
// does no I/O but on a Reader or Writer that it is handed.
var pureImports = []string{
	"bufio", "bytes", "cmp", "compress/flate", "container/heap", "encoding/base64", "encoding/binary", "encoding/hex", "encoding/json",
	"errors", "fmt", "hash", "hash/crc32", "hash/crc64", "io", "iter", "maps", "math", "math/bits", "slices",
	"sort", "strconv", "strings", "unicode", "unicode/utf8",
	"github.com/google/btree",
}

// roomImports is what single rooms may import besides.
var roomImports = map[string][]string{
	// Clones that share memory may go on in goroutines of their own. What a counter says
	// there decides what is copied, and nothing else.
	"internal": {"sync/atomic"},
	// Porcupine searches in a goroutine of its own, and in wasm that search must
	// yield; see refusedNames for the rest of package runtime.
	"linearize": {"github.com/anishathalye/porcupine", "runtime"},
}

// roomOf is the room of a package path or directory inside the module.
func roomOf(path string) string {
	room, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, module), "/"), "/")
	return room
}

// refusedByWall says why a package must not import another of this module; it
// is empty when it may.
func refusedByWall(from, to string) string {
	a, b := roomOf(from), roomOf(to)
	above, below := slices.Index(rooms, a), slices.Index(rooms, b)
	switch {
	case above < 0:
		return fmt.Sprintf("%s is no known room: give it its place in rooms", a)
	case below < 0:
		return fmt.Sprintf("%s is no known room: give it its place in rooms", b)
	case a == b:
		return ""
	case above > below:
		return fmt.Sprintf("%s is above %s: move what both need into a room below both", b, a)
	}
	if only, ok := sees[a]; ok && !slices.ContainsFunc(only, func(p string) bool { return within(to, p) }) {
		return fmt.Sprintf("%s may import only %s", a, strings.Join(only, ", "))
	}
	return ""
}

// within tells whether path is the package p or, if p ends in a slash, below it.
func within(path, p string) bool {
	return path == p || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p)
}

// refusedAsImpure says why a pure room must not import a package; it is empty
// when it may.
func refusedAsImpure(room, path string) string {
	switch {
	case within(path, module+"/"):
		if !slices.Contains(pureRooms, roomOf(path)) {
			return "it is not pure: a pure room imports only pure rooms"
		}
	case !slices.Contains(pureImports, path) && !slices.Contains(roomImports[room], path):
		return "it is not on the list of pure imports: pass in what you need as a value, or, if the package is pure, add it to pureImports"
	}
	return ""
}
