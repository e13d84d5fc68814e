// Package mix turns numbers into numbers that look random: the one hash of
// traces, states and draws. It is the finalizer of splitmix64 (Steele, Lea,
// Flood, "Fast Splittable Pseudorandom Number Generators", 2014): the same on
// every architecture, and fast in wasm, where 128-bit products are not.
package mix

// golden is 2^64 divided by the golden ratio, splitmix64's increment.
const golden = 0x9e3779b97f4a7c15

// Bits scatters the bits of x; it is a bijection.
func Bits(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// Hash is a running hash of a sequence of words. The zero Hash is ready for use.
type Hash uint64

// Word adds one word.
func (h *Hash) Word(x uint64) { *h = Hash(Bits(uint64(*h) + golden ^ Bits(x+golden))) }

// String adds a string and its length.
func (h *Hash) String(s string) {
	h.Word(uint64(len(s)))
	for len(s) >= 8 {
		h.Word(word(s))
		s = s[8:]
	}
	if len(s) > 0 {
		var tail uint64
		for i := range len(s) {
			tail |= uint64(s[i]) << (8 * i)
		}
		h.Word(tail)
	}
}

// Sum is the hash so far.
func (h *Hash) Sum() uint64 { return uint64(*h) }

// word reads eight bytes, lowest first.
func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
