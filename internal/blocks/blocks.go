// Package blocks is the frame of everything large that is written to a stream
// and must not be believed when it comes back: a header that names the format
// and its version, then the contents in blocks that carry checksums, then an end
// mark.
//
//	magic: kind, "\n", version (1 byte)
//	block: length (4 bytes, little-endian, 1 … BlockSize), checksum (4 bytes), contents
//	 …
//	end:   length 0, checksum
//
// A checksum is CRC-32C over everything before it but the checksums: so a block
// that was lost, doubled, moved or taken from elsewhere is found as surely as a
// flipped bit. Values may lie across the border of two blocks. A reader holds one
// block at a time, looks at no value before its block's checksum was right, and
// takes no byte from the stream behind the end mark.
package blocks

import (
	"errors"
	"hash/crc32"
)

// BlockSize is the size of a full block's contents in bytes.
const BlockSize = 64 * 1024

// ErrDamaged: bytes that no Writer wrote, or not in this order, or that stand
// for nothing. What wraps it names the block and the byte.
var ErrDamaged = errors.New("damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// headSize is the size of what stands before a block's contents.
const headSize = 8
