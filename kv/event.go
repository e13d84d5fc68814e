package kv

// Event is one change of one key, as watchers see it.
type Event struct {
	Kind EventKind
	// KV is the key after the change; after a deletion only its Key and
	// ModRevision are set.
	KV KeyValue
	// Prev is the key before the revision (what one transaction did to it earlier
	// doesn't count), nil if there was none, if it was not asked for, or if it is
	// compacted.
	Prev *KeyValue
}

// EventKind tells the kinds of events apart.
type EventKind uint8

// The kinds of events.
const (
	EventPut EventKind = iota
	EventDelete
)
