package mvcc

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
)

// world is a store beside its model.
type world struct {
	store *Store
	model *model
}

func newWorld() world { return world{New(), newModel()} }

func (w world) clone() world { return world{w.store.Clone(), w.model.clone()} }

// step applies one request to both and compares the answers.
func (w world) step(t rapid.TB, r kv.Request) {
	got, gotErr := w.store.Execute(r, someLeases)
	want, wantErr := w.model.apply(r)
	if !errors.Is(gotErr, wantErr) || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\ngot  %#v (%v)\nwant %#v (%v)", r, got, gotErr, want, wantErr)
	}
}

// remove deletes keys as the end of a lease does.
func (w world) remove(t *rapid.T, keys []string) {
	txn := &modelTxn{model: w.model, now: maps.Clone(w.model.now())}
	want := int64(0)
	for _, key := range keys {
		if _, found := txn.now[key]; found {
			txn.remove(key)
			want++
		}
	}
	txn.commit()
	if got := w.store.Delete(keys); got != want {
		t.Fatalf("%d of %q deleted, want %d", got, keys, want)
	}
}

// check compares everything that can be read.
func (w world) check(t *rapid.T) {
	if w.store.Revision() != w.model.revision() || w.store.Compacted() != w.model.compacted {
		t.Fatalf("revision %d compacted at %d, want %d at %d", w.store.Revision(), w.store.Compacted(), w.model.revision(), w.model.compacted)
	}
	checkStore(t, w.store)
	for i, state := range w.model.states {
		w.checkState(t, kv.Revision(i+1), state)
	}
	w.checkEvents(t)
}

func (w world) checkState(t *rapid.T, revision kv.Revision, state map[string]kv.KeyValue) {
	got, err := w.store.Range(at(all(), revision))
	hash, hashErr := w.store.HashAt(revision)
	if revision < w.model.compacted {
		if !errors.Is(err, kv.ErrCompacted) || !errors.Is(hashErr, kv.ErrCompacted) {
			t.Fatalf("at the compacted revision %d: %v and %v", revision, err, hashErr)
		}
		return
	}
	var want []kv.KeyValue
	for _, key := range slices.Sorted(maps.Keys(state)) {
		want = append(want, state[key])
	}
	if err != nil || hashErr != nil || !slices.Equal(got.KVs, want) {
		t.Fatalf("at revision %d: %v (%v, %v), want %v", revision, got.KVs, err, hashErr, want)
	}
	if revision == w.store.Revision() && (hash != w.store.Hash() || !slices.Equal(slices.Collect(w.store.All()), want)) {
		t.Fatalf("All: %v, want %v", slices.Collect(w.store.All()), want)
	}
}

func (w world) checkEvents(t *rapid.T) {
	if _, err := w.store.Events(w.model.compacted - 1); !errors.Is(err, kv.ErrCompacted) {
		t.Fatalf("events before the compacted revision: %v", err)
	}
	for since := w.model.compacted; since <= w.model.revision()+1; since++ {
		events, err := w.store.Events(since)
		if err != nil {
			t.Fatal(err)
		}
		next := max(since, 2)
		for revision, got := range events {
			for next < revision && len(w.model.told(next)) == 0 {
				next++ // a compaction may leave nothing of a revision
			}
			if want := w.model.told(next); revision != next || !reflect.DeepEqual(got, want) {
				t.Fatalf("events since %d: revision %d %v, want %d %v", since, revision, got, next, want)
			}
			next++
		}
		if next <= w.model.revision() && len(w.model.told(next)) > 0 {
			t.Fatalf("events since %d end before revision %d of %d", since, next, w.model.revision())
		}
	}
}

// checkStore checks what must always hold of a store, and that it comes back from
// its snapshot with the same history, size and hash, and the same snapshot.
func checkStore(t rapid.TB, s *Store) {
	t.Helper()
	checkIndex(t, &s.index)
	if size := sizeOf(s); size != s.Size() {
		t.Fatalf("size %d, the versions make %d", s.Size(), size)
	}
	saved := save(t, s)
	restored, err := Restore(bytes.NewReader(saved))
	if err != nil {
		t.Fatalf("%v\n%x", err, saved)
	}
	checkIndex(t, &restored.index)
	if again := save(t, restored); !bytes.Equal(again, saved) {
		t.Fatalf("restored and saved again\ngot  %q\nwant %q", again, saved)
	}
	if restored.Hash() != s.Hash() || restored.Size() != s.Size() || restored.log.len() != s.log.len() {
		t.Fatalf("restored: hash %x, size %d, %d changes, want %x, %d, %d",
			restored.Hash(), restored.Size(), restored.log.len(), s.Hash(), s.Size(), s.log.len())
	}
	for newest := range s.index.scan(kv.Prefix("")) {
		if got, want := slices.Collect(restored.History(newest.key)), slices.Collect(s.History(newest.key)); !slices.Equal(got, want) {
			t.Fatalf("restored: %v, want %v", got, want)
		}
	}
}

func save(t rapid.TB, s *Store) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.Save(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// reachable are all versions that a store holds on to.
func reachable(s *Store) map[*version]bool {
	all := map[*version]bool{}
	hold := func(v *version) {
		for ; v != nil && !all[v]; v = v.older {
			all[v] = true
		}
	}
	for newest := range s.index.scan(kv.Prefix("")) {
		hold(newest)
	}
	for v := range s.changes(0) {
		hold(v)
	}
	return all
}

func sizeOf(s *Store) (size int64) {
	for v := range reachable(s) {
		size += v.size()
	}
	return size
}

func TestStoreAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			if rarely.Draw(t, "lease ends") {
				w.remove(t, rapid.SliceOfN(someKey, 0, 3).Draw(t, "keys"))
				continue
			}
			w.step(t, someRequest(3).Draw(t, "request"))
		}
		w.check(t)
	})
}

// History tells, for each revision, the state of the key then.
func TestHistoryAgainstReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New()
		for _, r := range rapid.SliceOfN(someRequest(2), 1, 20).Draw(t, "requests") {
			_, _ = s.Apply(r)
		}
		key := someKey.Draw(t, "key")
		history := slices.Collect(s.History(key))
		for revision := max(1, s.Compacted()); revision <= s.Revision(); revision++ {
			var want []kv.KeyValue
			for _, pair := range history {
				if pair.ModRevision <= revision {
					want = []kv.KeyValue{pair}
				}
			}
			if len(want) == 1 && want[0].Version == 0 {
				want = nil
			}
			if got, err := s.Range(at(get(key), revision)); err != nil || !slices.Equal(got.KVs, want) {
				t.Fatalf("at revision %d: %v (%v), want %v of %v", revision, got, err, want, history)
			}
		}
	})
}

// Clones, and clones of clones, never see each other's writes, compactions
// included.
func TestClonesAreIsolated(t *testing.T) {
	requests := someRequest(2)
	// Enough keys for several chunks, and changes for several segments.
	start := newWorld()
	for i := range 600 {
		start.step(t, kv.PutRequest{Key: string([]byte{'a' + byte(i%4), byte(i >> 8), byte(i)})})
	}
	rapid.Check(t, func(t *rapid.T) {
		worlds := []world{start.clone()}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			w := worlds[rapid.IntRange(0, len(worlds)-1).Draw(t, "world")]
			if len(worlds) < 5 && rapid.IntRange(0, 3).Draw(t, "clone") == 0 {
				worlds = append(worlds, w.clone())
			}
			if rarely.Draw(t, "compact") {
				w.step(t, kv.CompactRequest{Revision: w.store.Revision() - kv.Revision(rapid.IntRange(0, 300).Draw(t, "back"))})
			}
			w.step(t, requests.Draw(t, "request"))
		}
		for _, w := range worlds {
			w.checkState(t, w.store.Revision(), w.model.now())
			w.checkState(t, max(1, w.store.Compacted()), w.model.states[max(1, w.store.Compacted())-1])
			checkStore(t, w.store)
		}
	})
}

// Equal requests make equal hashes, whatever clones were made on the way; a
// compaction changes no hash that can still be asked for.
func TestHashDependsOnContentsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := New(), New()
		for _, r := range rapid.SliceOfN(someRequest(2), 1, 20).Draw(t, "requests") {
			_, _ = a.Apply(r)
			_, _ = b.Clone().Apply(kv.PutRequest{Key: "elsewhere"})
			_, _ = b.Apply(r)
			if a.Hash() != b.Hash() || a.Hash() != a.Clone().Hash() {
				t.Fatalf("after %v: %x and %x", r, a.Hash(), b.Hash())
			}
		}
		_, _ = b.Apply(kv.CompactRequest{Revision: kv.Revision(rapid.Int64Range(1, int64(b.Revision())).Draw(t, "compact"))})
		for revision := max(1, b.Compacted()); revision <= b.Revision(); revision++ {
			got, err := b.HashAt(revision)
			if want, wantErr := a.HashAt(revision); err != nil || wantErr != nil || got != want {
				t.Fatalf("at revision %d: %x (%v) and %x (%v)", revision, got, err, want, wantErr)
			}
		}
	})
}
