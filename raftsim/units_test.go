package raftsim

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

func TestUnits(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Time(0).String(), "0s"},
		{Time(7).String(), "7ns"},
		{(1500 * Microsecond).String(), "1.5ms"},
		{(90 * Second).String(), "90s"},
		{(-20 * Millisecond).String(), "-20ms"},
		{Spread{Millisecond, Millisecond}.String(), "1ms"},
		{Spread{Millisecond, Second}.String(), "1ms..1s"},
		{Always.String(), "100%"},
		{Chance(1).String(), "0.0001%"},
		{FormatSize(0), "0B"},
		{FormatSize(1000), "1000B"},
		{FormatSize(64 << 10), "64KiB"},
		{FormatSize(3 << 30), "3GiB"},
		{FormatRate(5), "+5ppm"},
		{FormatRate(-5), "-5ppm"},
	} {
		if test.got != test.want {
			t.Errorf("%s, want %s", test.got, test.want)
		}
	}
}

// What breaks has a name that Properties lists, and nothing else is listed.
func TestProperties(t *testing.T) {
	call := regexp.MustCompile(`broken\((?:\d+, )?"(\w+)"`)
	var named []string
	for _, pattern := range []string{"*.go", "../raft/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range call.FindAllStringSubmatch(string(text), -1) {
				named = append(named, match[1])
			}
		}
	}
	listed := Properties()
	slices.Sort(named)
	slices.Sort(listed)
	if named = slices.Compact(named); !slices.Equal(named, listed) {
		t.Errorf("named in the source are\n%v\nlisted\n%v", named, listed)
	}
}

// Kinds of events, messages and draws have different names.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	note := func(kind, name string) {
		if name == "" || seen[kind+name] {
			t.Errorf("%s %q has no name of its own", kind, name)
		}
		seen[kind+name] = true
	}
	for _, k := range EventKinds() {
		note("event", k.String())
	}
	for _, k := range MessageKinds() {
		note("message", k.String())
	}
	for _, d := range Draws() {
		note("draw", d.String())
	}
}
