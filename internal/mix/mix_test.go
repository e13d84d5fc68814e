package mix

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBitsIsSplitmix compares with the published sequence of splitmix64 seeded with 0.
func TestBitsIsSplitmix(t *testing.T) {
	want := []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f}
	for i, w := range want {
		if got := Bits(uint64(i+1) * golden); got != w {
			t.Errorf("word %d: got %#x, want %#x", i, got, w)
		}
	}
}

// TestHashTellsSequencesApart: order, length and every bit matter.
func TestHashTellsSequencesApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOf(rapid.String()).Draw(t, "a")
		b := rapid.SliceOf(rapid.String()).Draw(t, "b")
		equal := len(a) == len(b)
		for i := 0; equal && i < len(a); i++ {
			equal = a[i] == b[i]
		}
		if (sum(a) == sum(b)) != equal {
			t.Fatalf("%q and %q: equal is %v, equal hashes %v", a, b, equal, !equal)
		}
	})
}

func sum(list []string) uint64 {
	var h Hash
	for _, s := range list {
		h.String(s)
	}
	return h.Sum()
}

func BenchmarkWord(b *testing.B) {
	var h Hash
	for b.Loop() {
		h.Word(42)
	}
}
