package wal

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

var magicBytes = []byte(magic)

// xor masks the payload, byte i with byte i mod 4 of the mask; to do it twice undoes it.
func xor(payload []byte, mask uint32) {
	if mask == 0 {
		return
	}
	for ; len(payload) >= 4; payload = payload[4:] {
		binary.LittleEndian.PutUint32(payload, binary.LittleEndian.Uint32(payload)^mask)
	}
	for i := range payload {
		payload[i] ^= byte(mask >> (8 * i))
	}
}

// chooseMask returns the lowest mask under which the magic stands nowhere in
// the payload. (Nor does it across its borders: no proper end of the magic is
// one of its beginnings, and the mask before it is far too low.)
//
// Each four bytes of the payload rule out one mask. So of the masks up to their
// number one is free.
func chooseMask(payload []byte) uint32 {
	if !bytes.Contains(payload, magicBytes) {
		return 0
	}
	windows := len(payload) - len(magic) + 1
	taken := make([]uint64, windows/64+1)
	want := binary.LittleEndian.Uint32(magicBytes)
	for i := range windows {
		// The four bytes from i on meet the mask rotated by i bytes.
		m := bits.RotateLeft32(binary.LittleEndian.Uint32(payload[i:])^want, 8*(i%4))
		if uint64(m) <= uint64(windows) {
			taken[m/64] |= 1 << (m % 64)
		}
	}
	for i, w := range taken {
		if w != ^uint64(0) {
			return uint32(64*i + bits.TrailingZeros64(^w))
		}
	}
	panic("wal: all masks are taken")
}
