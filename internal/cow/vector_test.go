package cow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestVectorBehavesLikeASlice runs random operations on a family of vectors
// and clones, each beside a plain slice that is copied in full.
func TestVectorBehavesLikeASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vectors := []*Vector[int]{{}}
		models := [][]int{nil}
		next := 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			i := rapid.IntRange(0, len(vectors)-1).Draw(t, "which")
			v := vectors[i]
			switch rapid.IntRange(0, 5).Draw(t, "op") {
			case 0:
				for range rapid.IntRange(1, 150).Draw(t, "appends") {
					v.Append(next)
					models[i] = append(models[i], next)
					next++
				}
			case 1:
				if v.Len() > 0 {
					k := rapid.IntRange(0, v.Len()-1).Draw(t, "set")
					v.Set(k, -next)
					models[i][k] = -next
					next++
				}
			case 2:
				k := rapid.IntRange(0, v.Len()).Draw(t, "truncate")
				v.Truncate(k)
				models[i] = models[i][:k]
			case 3:
				k := rapid.IntRange(0, v.Len()).Draw(t, "discard")
				v.Discard(k)
				models[i] = models[i][k:]
			case 4:
				c := v.Clone()
				vectors = append(vectors, &c)
				models = append(models, slices.Clone(models[i]))
			case 5:
				list := make([]int, rapid.IntRange(0, 300).Draw(t, "extends"))
				for k := range list {
					list[k] = next
					next++
				}
				v.Extend(list)
				models[i] = append(models[i], list...)
			}
		}
		for i, v := range vectors {
			if got := all(v); !slices.Equal(got, models[i]) {
				t.Fatalf("vector %d: got %v, want %v", i, got, models[i])
			}
		}
	})
}

// TestSlicesStayValid: what Slice handed out does not change through later
// appends and truncations.
func TestSlicesStayValid(t *testing.T) {
	var v Vector[int]
	for i := range 300 {
		v.Append(i)
	}
	early := v.Slice(260, 290)
	want := slices.Clone(early)
	v.Truncate(270)
	for i := range 50 {
		v.Append(-i)
	}
	if !slices.Equal(early, want) {
		t.Fatalf("slice changed to %v", early)
	}
}

func all(v *Vector[int]) []int {
	var out []int
	for i := 0; i < v.Len(); {
		s := v.Slice(i, v.Len())
		out = append(out, s...)
		i += len(s)
	}
	return out
}

func BenchmarkClone10000(b *testing.B) {
	var v Vector[int64]
	for i := range int64(10000) {
		v.Append(i)
	}
	for b.Loop() {
		c := v.Clone()
		_ = c
	}
}
