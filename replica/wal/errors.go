package wal

import (
	"errors"
	"fmt"
)

// NoBaseError says that records are left but none of the Bases that they build
// on: the member's term and vote may be known, its log is not. Its identity is
// dead.
type NoBaseError struct {
	// Records that are left, the first of them numbered First, at Place.
	Records int
	First   uint64
	Place
}

func (e *NoBaseError) Error() string {
	return fmt.Sprintf("wal: %d records are left, the first is record %d at byte %d of segment %d, but no Base that they build on: "+
		"the disk has lost what this member promised; remove the member from the cluster and add it under a new id with an empty disk",
		e.Records, e.First, e.Offset, e.Segment)
}

// VersionError says that a record is written in another version of the format.
type VersionError struct {
	Place
	Version uint16
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("wal: the record at byte %d of segment %d is in version %d of the format, this program reads version %d: "+
		"start the member with the program that wrote it", e.Offset, e.Segment, e.Version, Version)
}

// ContradictionError says that a record is whole, but can't follow the ones
// before it: no crash and no damage to the disk leaves such, only a bug.
type ContradictionError struct {
	Number uint64
	Place
	// Reason is what contradicts.
	Reason error
}

func (e *ContradictionError) Error() string {
	return fmt.Sprintf("wal: record %d at byte %d of segment %d is whole, but %v: keep a copy of the directory for a bug report, "+
		"and replace the member under a new id", e.Number, e.Offset, e.Segment, e.Reason)
}

func (e *ContradictionError) Unwrap() error { return e.Reason }

// TornTailError says that rule MayCutTail refuses to start on a torn tail.
type TornTailError struct {
	// Number of the first record that is bad or missing.
	Number uint64
	Place
}

func (e *TornTailError) Error() string {
	return fmt.Sprintf("wal: record %d at byte %d of segment %d is torn", e.Number, e.Offset, e.Segment)
}

// What a record may contradict.
var (
	errHeader  = errors.New("it is too short for its header")
	errPayload = errors.New("its payload does not decode")
	errLife    = errors.New("its life is not later than the one before")
	errTerm    = errors.New("its term is earlier than the one before")
	errThrough = errors.New("it says that it was synced before it was written")
	errState   = errors.New("its life, term, vote, last or lost position contradicts the records before it")
)
