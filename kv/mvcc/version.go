package mvcc

import "github.com/castaway-kv/castaway/kv"

// version is one state of a key, from the change at mod until the next newer
// version. It is never written to after it was made: clones share it.
type version struct {
	key    string
	value  string
	create kv.Revision
	mod    kv.Revision
	// number counts the puts since the key was created; 0 marks a deletion,
	// which has no value, no create and no lease either.
	number int64
	lease  kv.LeaseID
	// older is the state before this one, nil for the first that is kept. Its mod
	// is not greater; it is equal when one transaction changed the key twice.
	older *version
}

// live says whether the key is there in this version; nil is not.
func (v *version) live() bool { return v != nil && v.number > 0 }

// last is the newest version at a revision, reading from v back, a deletion too;
// nil when there is none.
func (v *version) last(at kv.Revision) *version {
	for v != nil && v.mod > at {
		v = v.older
	}
	return v
}

// at is the state at a revision, reading from v back; nil when the key was not
// there then.
func (v *version) at(revision kv.Revision) *version {
	if v = v.last(revision); v.live() {
		return v
	}
	return nil
}

// before is the state before the revision that made v, nil when the key was not
// there then or when that state is no longer kept.
func (v *version) before() *version { return v.older.at(v.mod - 1) }

// keyValue is the version as the world sees it; of a deletion all but the key and
// ModRevision are zero.
func (v *version) keyValue() kv.KeyValue {
	return kv.KeyValue{
		Key:            v.key,
		Value:          v.value,
		CreateRevision: v.create,
		ModRevision:    v.mod,
		Version:        v.number,
		Lease:          v.lease,
	}
}

// versionOverhead is about what a version takes in memory beside the bytes of its
// key and its value: itself, its places in the index and in the log.
const versionOverhead = 128

// size is what the version adds to the size of the store.
func (v *version) size() int64 { return int64(len(v.key) + len(v.value) + versionOverhead) }
