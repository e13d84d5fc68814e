// Package files keeps what one member must not forget in a directory of a real
// disk:
//
//	lock                         held while the member runs
//	log/00000000000000000001/    a volume: records from number 1 on
//	log/00000000000000000042/    … and from 42 on
//	snapshot/…                   files of snapshots, each whole or not there
//	snapshot/….part              one that is being written
//
// A volume is a log of github.com/tidwall/wal, whose index is the record's number.
// That library is not safe in a crash by itself (a torn tail can't be opened, a
// flipped bit is served, its directory is not synced, and its memory and its file
// part after an error), so it only ever writes: each start of the member, each
// Base, and each gap in the numbers begins a volume of its own, and what is read is
// the bytes of its files, which replica/wal searches for records. No damage can make
// the library stumble, and to trim the log is to remove volumes.
//
// After an error of a write or a sync nobody knows what the disk holds. The error
// stays: everything else returns it too, until the directory is opened again.
// (The operating system may still show, after a failed sync, what is not on the
// medium. A machine whose disk fails must be started anew.)
package files
