package mvcc

import "github.com/castaway-kv/castaway/kv"

// version is one state of a key, from the change at mod until the next newer
// version. It is never written to after it was made: clones share it.
type version struct {
	value  string
	create kv.Revision
	mod    kv.Revision
	// number counts the puts since the key was created; 0 marks a deletion,
	// which has no value and no create either.
	number int64
	// older is the state before this one, nil for the first. Its mod is not
	// greater; it is equal when one transaction changed the key twice.
	older *version
}

// put is the version that follows v, which may be nil, when value is put at mod.
func (v *version) put(value string, mod kv.Revision) *version {
	if !v.live() {
		return &version{value: value, create: mod, mod: mod, number: 1, older: v}
	}
	return &version{value: value, create: v.create, mod: mod, number: v.number + 1, older: v}
}

// remove is the version that follows v when the key is deleted at mod.
func (v *version) remove(mod kv.Revision) *version {
	return &version{mod: mod, older: v}
}

// live says whether the key is there in this version; nil is not.
func (v *version) live() bool { return v != nil && v.number > 0 }

// at is the state at a revision, reading from v back; nil when the key was not
// there then.
func (v *version) at(revision kv.Revision) *version {
	for v != nil && v.mod > revision {
		v = v.older
	}
	if !v.live() {
		return nil
	}
	return v
}

// keyValue is the version as the world sees it; nil, and of a deletion all but
// ModRevision, are zero.
func (v *version) keyValue(key string) kv.KeyValue {
	if v == nil {
		return kv.KeyValue{Key: key}
	}
	return kv.KeyValue{
		Key:            key,
		Value:          v.value,
		CreateRevision: v.create,
		ModRevision:    v.mod,
		Version:        v.number,
	}
}
