// Package wal is the log of one member as bytes: how records are written, and
// how what a disk holds after a crash is read back.
//
// A log is a list of segments, oldest first. Every Base record begins a new
// one, and once it is durable the older ones may go:
//
//	segment   [ Base 1 | Start 2 | Append 3 | … ]   [ Base 9 | Append 10 | … ]
//
// A disk that crashes keeps what was synced, and of the rest any subset of its
// sectors. So every record can be checked by itself and against the one before:
//
//	 0  magic     "cast"                       ┐ the same in every
//	 4  length    of all behind byte 16, uint32│ version of the
//	 8  crc       CRC32C of all but magic, crc │ format
//	12  version   of the format, uint16        ┘
//	14  kind      uint16
//	16  number    of the record, counted from 1
//	24  through   the highest number known synced when this was written
//	32  life      ┐
//	40  term      │
//	48  vote      │ of the member, this record included: recovery checks
//	56  last      │ them, and they say what is lost if other records are
//	72  lost      ┘ (last and lost: term, index)
//	88  previous  crc of the record before
//	92  mask      uint32
//	96  payload, masked
//
// All integers are little-endian. The payload is XORed with the mask, over and
// over, which is chosen so that the magic stands nowhere in it: a value that
// looks like a record is never taken for one, and records can be looked for at
// every byte, whatever a driver puts between them.
//
// Recovery begins at the good Base with the highest number, since a Base stands
// for all before it, and follows the chain (number, previous) up to the first
// record k that is bad or missing. If any good record behind it says through ≥ k,
// then k was synced and is gone: that is loss, and proven. Otherwise all from k
// on is a torn tail, which nobody was promised anything about, and is cut.
// Damage to the last synced records that nothing later proves looks like a torn
// tail too: no single disk can tell.
package wal
