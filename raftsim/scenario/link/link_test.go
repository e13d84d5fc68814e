package link

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/examples"
	"github.com/castaway-kv/castaway/raftsim/scenario"
	"pgregory.net/rapid"
)

func parsed(t interface{ Fatalf(string, ...any) }, text string) *scenario.Scenario {
	s, err := scenario.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return s
}

func made(t interface{ Fatalf(string, ...any) }, text string) *Link {
	l, err := Make(parsed(t, text), "v1.2.3")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return l
}

// A link gives back what was put in, as an address, alone, or without its beginning.
func TestRoundTrip(t *testing.T) {
	for name, text := range examples.All() {
		l := made(t, text)
		for _, form := range []string{l.String(), "https://example.org/play/" + l.String() + "&at=3s", strings.TrimPrefix(l.String(), "#s="), " " + l.String() + "\n"} {
			again, err := Parse(form)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if again.Scenario.String() != text || again.Engine != "v1.2.3" || !slices.Equal(again.Marks, l.Marks) || len(l.Marks) < marks {
				t.Errorf("%s: %+v came back as %+v", name, l, again)
			}
		}
	}
}

// A link of a scenario of thirty lines has at most 1,200 characters.
func TestLength(t *testing.T) {
	for name, text := range examples.All() {
		lines := strings.Count(text, "\n")
		link := made(t, text).String()
		t.Logf("%s: %d lines, %d bytes: a link of %d characters", name, lines, len(text), len(link))
		if len(link) > 1200*max(lines, 30)/30 {
			t.Errorf("%s: a link of %d characters for %d lines", name, len(link), lines)
		}
	}
}

// A run of the same engine passes all marks; one that goes another way is caught at the
// first mark after that.
func TestReplay(t *testing.T) {
	const text = "castaway 1\nmembers 3\nclient A cas-counter n think 10ms..20ms\nrun 4s\n"
	l := made(t, text)
	other := parsed(t, strings.Replace(text, "run 4s", "at 1.7s crash leader\nrun 4s", 1))
	for _, test := range []struct {
		s      *scenario.Scenario
		passed int
		want   string
	}{
		{l.Scenario, marks, "8 of 8 marks agree"},
		{other, 3, "they part after 1.500000000 s, for mark 4 of 8, at 2.000000000 s, is "},
		{l.Scenario.WithSeed(9), 0, "they part from the beginning"},
	} {
		r := NewReplay(l)
		if _, err := scenario.Run(test.s, scenario.Options{Look: r.Look}); err != nil {
			t.Fatal(err)
		}
		if r.Passed != test.passed || r.Differs != (test.passed < marks) || !strings.Contains(r.Words("castaway v9"), test.want) {
			t.Errorf("%+v: %s", r, r.Words("castaway v9"))
		}
	}
}

// packed is a link with any payload.
func packed(payload []byte) string {
	var out bytes.Buffer
	w, _ := flate.NewWriterDict(&out, flate.BestCompression, []byte(dictionary))
	_, _ = w.Write(payload)
	_ = w.Close()
	return "#s=1." + base64.RawURLEncoding.EncodeToString(binary.LittleEndian.AppendUint32(out.Bytes(), crc32.Checksum(payload, polynomial)))
}

func TestBadLinks(t *testing.T) {
	good := made(t, "castaway 1\nrun 1s\n").String()
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"empty":           {"", ErrNoLink},
		"an address":      {"https://example.org/", ErrNoLink},
		"a scenario":      {"castaway 1\nrun 1.5s\n", ErrNoLink},
		"newer":           {"#s=2.AAAA", ErrVersion},
		"cut short":       {good[:len(good)-5], ErrDamaged},
		"another letter":  {good[:20] + "A" + good[21:], ErrDamaged},
		"no base64":       {"#s=1.!!!!", ErrDamaged},
		"nothing":         {"#s=1.", ErrDamaged},
		"empty payload":   {packed(nil), ErrDamaged},
		"a bomb":          {packed(make([]byte, 30<<20)), ErrTooLarge},
		"too long":        {strings.Repeat("A", MaxText+1), ErrTooLarge},
		"too many marks":  {packed(append([]byte{0, 255, 255, 3}, make([]byte, 100)...)), ErrDamaged},
		"a mark too late": {packed([]byte{0, 2, 255, 255, 255, 255, 255, 255, 255, 255, 127, 1, 1, 1, 1, 1, 1, 1, 1, 1}), ErrDamaged},
	} {
		if _, err := Parse(test.text); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	var problem *scenario.Error
	if _, err := Parse(packed([]byte("\x00\x00castaway 1\nmembers 77\nrun 1s\n"))); !errors.As(err, &problem) || problem.Line != 2 {
		t.Errorf("a bad scenario: %v", err)
	}
	if _, err := Make(parsed(t, "castaway 1\nrun 1s\n"), strings.Repeat("v", MaxEngine+1)); err == nil {
		t.Error("a version of any length")
	}
}

// Text of any kind survives.
func TestAnyComment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comment := rapid.StringMatching(`[ -~äöü→]{0,300}`).Draw(t, "comment")
		l := &Link{Scenario: parsed(t, "castaway 1\n# "+comment+"\nrun 1s\n"), Engine: rapid.StringN(0, 20, MaxEngine).Draw(t, "engine")}
		again, err := Parse(l.String())
		if err != nil || again.Scenario.String() != l.Scenario.String() || again.Engine != l.Engine {
			t.Fatalf("%v: %+v", err, again)
		}
	})
}

// Whatever bytes a link holds, reading it ends, and what is read is written the same.
func FuzzParse(f *testing.F) {
	for _, text := range examples.All() {
		f.Add(made(f, text).String())
	}
	f.Add(packed(make([]byte, 1<<20)))
	f.Add(packed([]byte("\x03v1 \x01\x05abcdcastaway 1\nrun 1s\n")))
	f.Add("#s=1.")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(l.String())
		if err != nil || again.Scenario.String() != l.Scenario.String() || !slices.Equal(again.Marks, l.Marks) {
			t.Errorf("%+v came back as %+v, %v", l, again, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := made(b, examples.All()["cas-counter"]).String()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBomb: the worst that a link of the greatest length can do.
func BenchmarkBomb(b *testing.B) {
	bomb := packed(make([]byte, 100<<20))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(bomb); err == nil {
			b.Fatal("no error")
		}
	}
}
