package fuzz

import "slices"

// minimise leaves out of a list what is not needed for ok: ever smaller pieces of it, as
// in Zeller's ddmin, from the end to the beginning. The list itself must be ok.
func minimise[T any](list []T, ok func([]T) bool) []T {
	for size := len(list); size > 0; size /= 2 {
		for end := len(list); end > 0; end -= size {
			from := max(0, end-size)
			rest := slices.Concat(list[:from], list[end:])
			if ok(rest) {
				list = rest
			}
			end = min(end, len(list)+size)
		}
	}
	return list
}
