//go:build !js

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"github.com/castaway-kv/castaway/wasm/session"
)

// engine carries out commands, one after the other.
type engine interface {
	do(t *testing.T, c session.Command) session.Frame
}

// native is the engine in this process.
type native struct{ *session.Session }

func (n native) do(_ *testing.T, c session.Command) session.Frame { return n.Do(c) }

// node is the engine in wasm, under Node, as the page's worker runs it.
type node struct {
	in  io.Writer
	out *bufio.Scanner
}

func (n node) do(t *testing.T, c session.Command) session.Frame {
	t.Helper()
	line, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(n.in, "%s\n", line); err != nil {
		t.Fatalf("the engine under Node is gone: %v", err)
	}
	if !n.out.Scan() {
		t.Fatalf("the engine under Node gave no frame: %v", n.out.Err())
	}
	var f session.Frame
	if err := json.Unmarshal(n.out.Bytes(), &f); err != nil {
		t.Fatalf("%v in %s", err, n.out.Text())
	}
	return f
}

// startNode builds the engine and starts it.
func startNode(t *testing.T) node {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Fatalf("the wasm build is tested under Node: install it (apt-get install nodejs): %v", err)
	}
	wasm := filepath.Join(t.TempDir(), "castaway.wasm")
	build := exec.Command("go", "build", "-o", wasm, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if out, err := exec.Command("go", "run", "./slim", wasm, wasm).CombinedOutput(); err != nil {
		t.Fatalf("slim: %v\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	glue := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	process := exec.Command(path, "testdata/driver.js", glue, wasm)
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := process.Wait(); err != nil {
			t.Errorf("the engine under Node ends with %v", err)
		}
	})
	frames := bufio.NewScanner(out)
	frames.Buffer(nil, 64<<20)
	return node{in, frames}
}

// thorough are the examples that are played in every way, and twice; the others once.
var thorough = []string{"calm", "cas-counter", "split-minority"}

// The same scenario has the same hash: run natively, played natively and played
// in wasm, and whichever way the playhead went.
func TestSameHashEverywhere(t *testing.T) {
	engines := map[string]engine{runtime.GOARCH: native{session.New()}, "wasm": startNode(t)}
	for name, text := range examples.All() {
		t.Run(name, func(t *testing.T) {
			parsed, err := scenario.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			result, err := scenario.Run(parsed, scenario.Options{})
			if err != nil {
				t.Fatal(err)
			}
			end := int64(result.World.Now()) // of a run that breaks, the moment when it does
			for arch, e := range engines {
				for way, play := range ways {
					times := 2
					if !slices.Contains(thorough, name) {
						times = 1
						if way != atOnce {
							continue
						}
					}
					for range times {
						open := e.do(t, session.Command{Kind: session.Open, Text: text})
						if open.Problem != nil {
							t.Fatalf("%s: %+v", arch, open.Problem)
						}
						f := play(t, e, end)
						if f.Time != end || f.Hash != result.Hash() {
							t.Errorf("%s, %s: hash %s at %d; run natively it is %s at %d",
								arch, way, f.Hash, f.Time, result.Hash(), end)
						}
					}
				}
			}
		})
	}
}

const atOnce = "at once"

// ways to the end of a run.
var ways = map[string]func(t *testing.T, e engine, end int64) session.Frame{
	atOnce: seekTo,
	"in small steps": func(t *testing.T, e engine, end int64) session.Frame {
		f := e.do(t, session.Command{Kind: session.LookAt, Look: &session.Look{}})
		for f.Time < end {
			f = e.do(t, session.Command{Kind: session.Advance, Time: min(130e6, end-f.Time)})
		}
		return f
	},
	"back and forth": func(t *testing.T, e engine, end int64) session.Frame {
		for _, to := range []int64{end / 2, end / 10, end, 0} {
			seekTo(t, e, to)
			e.do(t, session.Command{Kind: session.Step, Events: -100})
			e.do(t, session.Command{Kind: session.Step, Events: 37})
		}
		return seekTo(t, e, end)
	},
}

// seekTo repeats a seek until it is there: one command does a bounded amount of work.
func seekTo(t *testing.T, e engine, to int64) session.Frame {
	for {
		f := e.do(t, session.Command{Kind: session.Seek, Time: to})
		if f.Time == to || f.Problem != nil {
			return f
		}
	}
}

// What is no command is answered too, and does no harm.
func TestNonsense(t *testing.T) {
	n := startNode(t)
	for _, line := range []string{"", "{", "[]", `"open"`, `{"kind":7}`, `{"kind":"open","text":"\ud800"}`} {
		if _, err := fmt.Fprintln(n.in, line); err != nil {
			t.Fatal(err)
		}
		var f session.Frame
		if !n.out.Scan() || json.Unmarshal(n.out.Bytes(), &f) != nil || f.Problem == nil {
			t.Errorf("%q is answered %s", line, n.out.Text())
		}
	}
	if f := n.do(t, session.Command{Kind: session.Open, Text: "castaway 1\nrun 1s\n"}); f.Problem != nil {
		t.Errorf("a scenario after all that: %+v", f.Problem)
	}
}
