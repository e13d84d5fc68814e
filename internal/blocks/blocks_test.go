package blocks

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

const kind, version = "castaway test", 3

// encode writes each string and, after it, its length plus base.
func encode(t rapid.TB, texts []string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, kind, version)
	w.Number(uint64(len(texts)))
	for _, s := range texts {
		w.Text(s)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func decode(in io.Reader) ([]string, error) {
	r := NewReader(in, kind, version)
	var texts []string
	for n := r.Number(1 << 20); n > 0 && r.Err() == nil; n-- {
		texts = append(texts, r.Text(1<<20))
	}
	if err := r.Close(); err != nil {
		return nil, err
	}
	return texts, nil
}

var someTexts = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
	n := rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(BlockSize-20, 2*BlockSize+20)).Draw(t, "length")
	return strings.Repeat(string(rapid.Byte().Draw(t, "byte")), n)
}), 0, 5)

func TestReaderInvertsWriter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := someTexts.Draw(t, "texts")
		encoded := encode(t, want)
		// What stands behind the end mark is left in the stream.
		in := bytes.NewReader(append(bytes.Clone(encoded), "rest"...))
		got, err := decode(iotest.HalfReader(in))
		if err != nil || len(got) != len(want) || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%d texts (%v), want %d", len(got), err, len(want))
		}
		if rest, _ := io.ReadAll(in); string(rest) != "rest" {
			t.Fatalf("%q is left", rest)
		}
	})
}

func TestBlocksThatAreExactlyFull(t *testing.T) {
	for length := BlockSize - 6; length <= BlockSize+2; length++ {
		want := strings.Repeat("x", length)
		if got, err := decode(bytes.NewReader(encode(t, []string{want}))); err != nil || got[0] != want {
			t.Fatalf("%d: %v", length, err)
		}
	}
}

// No damage of one byte, no cut and no swap of blocks goes unseen.
func TestDamageIsFound(t *testing.T) {
	whole := encode(t, []string{"a", strings.Repeat("b", 2*BlockSize), "c"})
	refuse := func(why string, damaged []byte) {
		t.Helper()
		if got, err := decode(bytes.NewReader(damaged)); !errors.Is(err, ErrDamaged) || got != nil {
			t.Fatalf("%s: %v", why, err)
		}
	}
	for _, i := range []int{0, len(kind), len(kind) + 1, 15, 16, 19, 20, 30, 70_000, 100_000, len(whole) - 9, len(whole) - 8, len(whole) - 4, len(whole) - 1} {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x10
		refuse("a flipped bit", damaged)
		refuse("a cut", whole[:i])
	}
	start, size := len(kind)+2, headSize+BlockSize
	first, second := whole[start:start+size], whole[start+size:start+2*size]
	refuse("swapped", bytes.Join([][]byte{whole[:start], second, first, whole[start+2*size:]}, nil))
	refuse("doubled", bytes.Join([][]byte{whole[:start+size], whole[start:]}, nil))
	refuse("lost", bytes.Join([][]byte{whole[:start], whole[start+size:]}, nil))
}

func TestErrorsNameThePlace(t *testing.T) {
	whole := encode(t, []string{"abc"})
	for _, tc := range []struct {
		encoded string
		want    string
	}{
		{"", `castaway test is damaged: block 0, byte 0: the stream ends here`},
		{"castaway x\x01\x01\x01\x01\x01\x01", `castaway test is damaged: block 0, byte 15: begins with "castaway x\x01\x01\x01\x01": this is no castaway test`},
		{"castaway test\n\x02", `castaway test is damaged: block 0, byte 15: version 2 of the format, want 3: read it with the program that wrote it`},
		{"castaway test\n\x03\x00\x00\x01\x01----", `castaway test is damaged: block 1, byte 23: a block of 16842752 bytes, expected at most 65536`},
		{string(whole[:25]), `castaway test is damaged: block 1, byte 25: the stream ends here`},
		{string(whole[:len(whole)-1]) + "?", `castaway test is damaged: block 2, byte 36: the checksum is 3f`},
	} {
		if _, err := decode(strings.NewReader(tc.encoded)); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%.20q\ngot  %v\nwant %v", tc.encoded, err, tc.want)
		}
	}
}

func TestValuesOutOfBounds(t *testing.T) {
	for _, tc := range []struct {
		write func(*Writer)
		read  func(*Reader)
		want  string
	}{
		{func(w *Writer) { w.Number(8) }, func(r *Reader) { r.Number(7) }, "byte 24: the number 8, expected at most 7"},
		{func(w *Writer) { w.Text("abcd") }, func(r *Reader) { r.Text(3) }, "the number 4, expected at most 3"},
		{func(w *Writer) { w.Number(5) }, func(r *Reader) { r.Text(9) }, "block 2, byte 32: ends too early"},
		{func(w *Writer) { w.Number(5); w.Number(6) }, func(r *Reader) { r.Number(9) }, "1 bytes more than expected"},
		{func(w *Writer) { write(w, "\x80\x00") }, func(r *Reader) { r.Number(9) }, "longer than it needs to be"},
		{func(w *Writer) { write(w, strings.Repeat("\xff", 10)) }, func(r *Reader) { r.Number(9) }, "more than 64 bits"},
		{func(w *Writer) { write(w, strings.Repeat("\xff", 9)+"\x02") }, func(r *Reader) { r.Number(9) }, "more than 64 bits"},
		{func(w *Writer) { w.flush(); w.flush() }, func(*Reader) {}, ""},
		{func(w *Writer) { w.Number(1); w.flush(); w.Number(2) }, func(r *Reader) { r.Number(9); r.Number(9) }, "a block after one of 1 bytes"},
	} {
		var out bytes.Buffer
		w := NewWriter(&out, kind, version)
		tc.write(w)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := NewReader(&out, kind, version)
		tc.read(r)
		err := r.Close()
		if tc.want == "" && err == nil {
			continue
		}
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want %q", err, tc.want)
		}
	}
}

// What the stream itself says comes through, on both sides.
func TestErrorsOfTheStream(t *testing.T) {
	broken := errors.New("the disk is on fire")
	r := NewReader(iotest.ErrReader(broken), kind, version)
	r.Number(9)
	if err := r.Close(); !errors.Is(err, broken) || errors.Is(err, ErrDamaged) {
		t.Errorf("reading: %v", err)
	}
	w := NewWriter(failingWriter{broken}, kind, version)
	w.Text(strings.Repeat("x", 3*BlockSize))
	if err := w.Close(); !errors.Is(err, broken) {
		t.Errorf("writing: %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
