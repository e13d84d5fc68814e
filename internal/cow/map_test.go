package cow

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Clones of clones against Go's maps: order, starts in the middle, isolation.
func TestMapAgainstGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type both struct {
			cow   Map[int, int]
			plain map[int]int
		}
		worlds := []both{{NewMap[int, int](cmp.Less[int]), map[int]int{}}}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(t, "world")]
			key := rapid.IntRange(0, 99).Draw(t, "key")
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				worlds = append(worlds, both{w.cow.Clone(), maps.Clone(w.plain)})
			case 1, 2:
				w.cow.Delete(key)
				delete(w.plain, key)
			default:
				value := rapid.Int().Draw(t, "value")
				w.cow.Set(key, value)
				w.plain[key] = value
			}
		}
		for _, w := range worlds {
			keys := slices.Sorted(maps.Keys(w.plain))
			first := rapid.IntRange(0, 99).Draw(t, "first")
			if got := maps.Collect(w.cow.All()); !maps.Equal(got, w.plain) || w.cow.Len() != len(keys) {
				t.Fatalf("%v (%d), want %v", got, w.cow.Len(), w.plain)
			}
			i, found := slices.BinarySearch(keys, first)
			if value, ok := w.cow.Get(first); ok != found || value != w.plain[first] {
				t.Fatalf("Get(%d): %v, %v", first, value, ok)
			}
			if got := keysOf(w.cow.From(first)); !slices.Equal(got, keys[i:]) {
				t.Fatalf("From(%d): %v of %v", first, got, keys)
			}
			key, value, ok := w.cow.Min()
			if ok != (len(keys) > 0) || ok && (key != keys[0] || value != w.plain[key]) {
				t.Fatalf("Min: %d of %v", key, keys)
			}
		}
	})
}

func keysOf(all func(func(int, int) bool)) (keys []int) {
	for key := range all {
		keys = append(keys, key)
	}
	return keys
}
