package raft

import (
	"bytes"
	"encoding/gob"

	castaway "github.com/castaway-kv/castaway/raft"
)

// machine is a member's state machine: the list of all that was applied to it.
type machine struct {
	id    castaway.ID
	hooks Hooks
	// applied is the state, which a crash takes; saved is that in the snapshot on
	// disk. Entry i stands at i-1 in both.
	applied, saved []Entry
}

// start takes the state from the snapshot.
func (m *machine) start() {
	m.applied = m.saved[:len(m.saved):len(m.saved)]
	if len(m.saved) > 0 {
		m.hooks.Restored(m.id, m.saved)
	}
}

func (m *machine) apply(e Entry) {
	m.applied = append(m.applied, e)
	m.hooks.Applied(m.id, e)
}

// save makes a snapshot of the state, and returns it as a file.
func (m *machine) save() []byte {
	m.saved = m.applied[:len(m.applied):len(m.applied)]
	var file bytes.Buffer
	must(gob.NewEncoder(&file).Encode(m.saved))
	return file.Bytes()
}

// install replaces the state by a snapshot.
func (m *machine) install(file []byte) {
	m.saved = nil
	must(gob.NewDecoder(bytes.NewReader(file)).Decode(&m.saved))
	m.start()
}
