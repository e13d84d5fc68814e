package machine_test

import (
	"fmt"
	"testing"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
)

// benchKey is 32 bytes; consecutive numbers are far apart in the order.
func benchKey(i int) string { return fmt.Sprintf("key/%08d/%019d", i*7919%10_000, i%10_000) }

// benchMachine has 10,000 keys, each with as many watchers of its own as asked for,
// all on streams of 100.
func benchMachine(b *testing.B, watchers int, span func(key string) kv.Span) (*machine.Machine, []string) {
	m := machine.New(testConfig())
	keys := make([]string, 10_000)
	for i := range keys {
		keys[i] = benchKey(i)
		if _, err := m.Apply(0, kv.PutRequest{Key: keys[i], Value: "value"}); err != nil {
			b.Fatal(err)
		}
	}
	var s *watch.Stream
	for i := range watchers {
		if i%100 == 0 {
			s = m.Watches().Open()
		}
		s.Create(watch.CreateRequest{Span: span(keys[i])})
		s.Next()
	}
	return m, keys
}

// A put of a key among 10,000, with its events read by whoever watches it.
func benchPut(b *testing.B, watchers, want int, span func(key string) kv.Span) {
	m, keys := benchMachine(b, watchers, span)
	i, heard := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Apply(0, kv.PutRequest{Key: keys[i%len(keys)], Value: "value"}); err != nil {
			b.Fatal(err)
		}
		for s := range m.Watches().Ready() {
			for r, ok := s.Next(); ok; r, ok = s.Next() {
				heard += len(r.Events)
			}
		}
		i++
	}
	if heard != want*i {
		b.Fatalf("%d puts, %d events", i, heard)
	}
}

func single(key string) kv.Span { return kv.Span{Key: key} }

func BenchmarkPutUnwatched(b *testing.B)         { benchPut(b, 0, 0, single) }
func BenchmarkPut10kWatchersOfKeys(b *testing.B) { benchPut(b, 10_000, 1, single) }

func BenchmarkPut10kWatchersOfRanges(b *testing.B) {
	benchPut(b, 10_000, 1, kv.Prefix)
}

// Watchers that nobody reads: the put pays for noting it, and for no more.
func BenchmarkPut10kWatchersUnread(b *testing.B) {
	m, keys := benchMachine(b, 10_000, single)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Apply(0, kv.PutRequest{Key: keys[i%len(keys)], Value: "value"}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// A put with a lease, as a lock or a registration makes it.
func BenchmarkPutLeased(b *testing.B) {
	m, keys := benchMachine(b, 0, single)
	for id := range kv.LeaseID(1000) {
		if _, err := m.Apply(0, kv.LeaseGrantRequest{ID: id + 1, TTL: 60}); err != nil {
			b.Fatal(err)
		}
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		r := kv.PutRequest{Key: keys[i%len(keys)], Value: "value", Lease: kv.LeaseID(i%1000) + 1}
		if _, err := m.Apply(0, r); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkClone(b *testing.B) {
	m, _ := benchMachine(b, 0, single)
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Clone()
	}
}

func BenchmarkClone100Watchers(b *testing.B) {
	m, _ := benchMachine(b, 100, single)
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Clone()
	}
}
