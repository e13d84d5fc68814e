package fuzz

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/raftsim/bugs"
)

// fuzzProfile is what Go's own fuzzer looks at.
var fuzzProfile = &Profiles[len(Profiles)-1]

// FuzzWorld lets Go's fuzzer decide everything: its bytes are the choices of the case
// and of its world, so that what new code they reach guides them. BUG=NAME plants a bug:
// then what that breaks is what fails.
func FuzzWorld(f *testing.F) {
	bug := os.Getenv("BUG")
	if _, ok := bugs.Find(bug); !ok && bug != "" {
		f.Fatalf("BUG=%s: there is no such bug: castaway bugs lists them", bug)
	}
	f.Add([]byte(nil))
	f.Add([]byte("all the same: a short one"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := FromBytes(fuzzProfile, bug, data)
		o, err := Run(&c, nil)
		if err != nil {
			t.Fatalf("bytes make a case that can't be: %v", err)
		}
		b, planted := bugs.Find(bug)
		if o.Property == "" || o.Excuse != "" || planted && (o.Property != b.Breaks || !IsInnocent(&c)) {
			return
		}
		t.Fatalf("%s is broken in\n%s", o.Property, shrunk(&c, o))
	})
}

// shrunk is the shortest scenario of a case. While Go's fuzzer is at work it is the case
// as it is, for the fuzzer shortens its bytes first, by hundreds of runs.
func shrunk(c *Case, o Outcome) string {
	if f := flag.Lookup("test.fuzzworker"); f != nil && f.Value.String() == "true" {
		return c.Text()
	}
	s := NewShrinking(c, o)
	s.Innocent = c.Bug != ""
	s.Run()
	return s.Best.Told()
}

// Inputs that Go's fuzzer has found with a bug planted find it again, and break nothing
// without it: the bytes decide the same run for ever.
func TestFuzzWorldFinds(t *testing.T) {
	files, err := filepath.Glob("testdata/planted/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data := readInput(t, name)
		b, ok := bugs.Find(filepath.Base(name))
		if !ok {
			t.Fatalf("%s: there is no such bug", name)
		}
		c := FromBytes(fuzzProfile, b.Name, data)
		if o, err := Run(&c, nil); err != nil || o.Property != b.Breaks || !IsInnocent(&c) {
			t.Errorf("%s: %+v, %v: if Draw makes another case of the bytes, find new ones:\nBUG=%s go test ./fuzz -run '^$' -fuzz FuzzWorld", name, o, err, b.Name)
		}
		right := FromBytes(fuzzProfile, "", data)
		if o, err := Run(&right, nil); err != nil || o.Property != "" {
			t.Errorf("%s without its bug: %+v, %v", name, o, err)
		}
		again, err := Parse(c.Text())
		if err != nil {
			t.Fatal(err)
		}
		before, _ := Run(&c, nil)
		if after, err := Run(&again, nil); err != nil || after != before {
			t.Errorf("%s: from bytes %+v, from the text %+v, %v", name, before, after, err)
		}
	}
}

// Bytes at random find a bug sooner or later, and what they have found is a case of its
// own: its text makes the same run.
func TestRandomBytesFind(t *testing.T) {
	b, _ := bugs.Find("truncate-without-conflict")
	for seed := range uint64(300) {
		roll := Seeded(seed)
		data := make([]byte, caseBytes+400)
		for i := range data {
			data[i] = byte(roll("byte", 256))
		}
		c := FromBytes(fuzzProfile, b.Name, data)
		o, err := Run(&c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if o.Property == b.Breaks {
			t.Logf("seed %d: %s", seed, shrunk(&c, o))
			return
		}
	}
	t.Error("no bytes found anything")
}

// readInput reads one input as Go's fuzzer writes it.
func readInput(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 2 || lines[0] != "go test fuzz v1" {
		t.Fatalf("%s is no input", name)
	}
	data, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(lines[1], "[]byte("), ")"))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return []byte(data)
}

// Every byte decides something: another one makes another run.
func TestBytesDecide(t *testing.T) {
	data := make([]byte, caseBytes+400)
	for i := range data {
		data[i] = byte(i * 37)
	}
	before := hashOf(t, data)
	differ := 0
	for i := caseBytes; i < len(data); i += 20 {
		data[i] ^= 0x80
		if hashOf(t, data) != before {
			differ++
		}
		data[i] ^= 0x80
	}
	if differ < 5 { // a byte may decide what has no consequence, or come after the end
		t.Errorf("%d of 20 bytes made another run", differ)
	}
	if hashOf(t, data) != before {
		t.Error("the same bytes made another run")
	}
}

func hashOf(t *testing.T, data []byte) uint64 {
	t.Helper()
	c := FromBytes(fuzzProfile, "", data)
	o, err := Run(&c, nil)
	if err != nil || o.Property != "" {
		t.Fatalf("%+v, %v in\n%s", o, err, c.Text())
	}
	return o.Hash
}
