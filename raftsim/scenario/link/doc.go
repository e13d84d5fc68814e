// Package link holds a run as a short text that fits into an address: the scenario,
// compressed, with the version of the engine that made it and the hash of the run at a
// few marks. Another engine runs it again, and can say at which mark it goes another way.
//
//	#s=1.<base64url( deflate( payload ) checksum )>
//
// The number before the dot is the version of the format. A payload is
//
//	engine   length, bytes
//	marks    number, then of each: time since the one before, 4 bytes of the hash
//	text     the rest: the scenario
//
// with all numbers as unsigned varints. It is compressed with a dictionary of the
// language's words; the checksum is the payload's CRC-32 (Castagnoli), 4 bytes, the lowest first.
//
// A link comes from anybody: whatever it holds, to read it takes bounded time and
// memory, and an error says in a sentence what is wrong.
package link
