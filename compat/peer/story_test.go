package peer

import (
	"os"
	"testing"

	"github.com/castaway-kv/castaway/fuzz"
)

// Each story breaks a promise if etcd's core is used in one way, and none if it is used as
// we do it; nor does it with our core.
func TestStories(t *testing.T) {
	for _, x := range []struct {
		name     string
		options  Options
		property string
	}{
		{"eager", Options{Eager: true}, "LeaderCompleteness"},
		{"alone", Options{Alone: true}, fuzz.Linearizability},
		{"hasty", Options{Hasty: true, Resigns: true}, "Liveness"},
		{"resigns", Options{Resigns: true}, "Liveness"},
		{"lease", Options{Lease: true}, fuzz.Linearizability},
	} {
		t.Run(x.name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/" + x.name + ".scenario")
			if err != nil {
				t.Fatal(err)
			}
			c, err := fuzz.Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			play(t, c, nil, "")
			play(t, c, Options{}.Core(), "")
			play(t, c, x.options.Core(), x.property)
		})
	}
}

func play(t *testing.T, c fuzz.Case, core *fuzz.Core, want string) {
	t.Helper()
	core.Equip(&c)
	if got, err := fuzz.Run(&c, nil); err != nil || got.Property != want {
		t.Errorf("%+v, %v", got, err)
	}
}
