package mvcc

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

const benchKeys = 100_000

// benchKey is 32 bytes; consecutive numbers are far apart in the order, and all n
// keys differ.
func benchKey(i, n int) string { return fmt.Sprintf("key/%08d/%019d", i*7919%n, i%n) }

// benchStore has n keys of 32 bytes, put in scattered order.
func benchStore(tb testing.TB, n, valueSize int) (*Store, []string) {
	tb.Helper()
	s := New()
	keys := make([]string, n)
	for i := range keys {
		keys[i] = benchKey(i, n)
		mustApply(tb, s, kv.PutRequest{Key: keys[i], Value: strings.Repeat("v", valueSize)})
	}
	return s, keys
}

func BenchmarkPutNew(b *testing.B) {
	s := New()
	value := strings.Repeat("v", 256)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		mustApply(b, s, kv.PutRequest{Key: benchKey(i, 1<<40), Value: value})
		i++
	}
}

func BenchmarkPut(b *testing.B) {
	s, keys := benchStore(b, benchKeys, 256)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		mustApply(b, s, kv.PutRequest{Key: keys[i%benchKeys], Value: "value"})
		i++
	}
}

func BenchmarkGet(b *testing.B) {
	s, keys := benchStore(b, benchKeys, 256)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Range(kv.RangeRequest{Span: kv.Span{Key: keys[i%benchKeys]}}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// One comparison, one put, as a counter does it.
func BenchmarkTxn(b *testing.B) {
	s, keys := benchStore(b, benchKeys, 256)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		key := keys[i%benchKeys]
		mustApply(b, s, kv.TxnRequest{
			Compare: []kv.Compare{{Key: key, Target: kv.TargetMod, Operator: kv.Greater}},
			Success: []kv.Request{kv.PutRequest{Key: key, Value: "value"}},
		})
		i++
	}
}

// Ranges in the middle of many keys: counts don't walk the range, limits don't
// walk what they leave out, reads of 100 keys walk these.
func BenchmarkRange(b *testing.B) {
	for _, n := range []int{benchKeys, 1_000_000} {
		s, _ := benchStore(b, n, 64)
		middle := fmt.Sprintf("key/%08d", n/2)
		for _, tc := range []struct {
			name string
			r    kv.RangeRequest
		}{
			{"count all", kv.RangeRequest{Span: kv.Prefix("key/"), CountOnly: true}},
			{"count half", kv.RangeRequest{Span: kv.Span{Key: middle, End: "\x00"}, CountOnly: true}},
			{"limit 100", kv.RangeRequest{Span: kv.Span{Key: middle, End: "\x00"}, Limit: 100}},
			{"read 100", kv.RangeRequest{Span: kv.Span{Key: middle, End: fmt.Sprintf("key/%08d", n/2+100)}}},
		} {
			b.Run(fmt.Sprintf("%s of %d", tc.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.Range(tc.r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// checkpoint keeps a clone alive, as a checkpoint is kept.
var checkpoint *Store

func BenchmarkClone(b *testing.B) {
	s, _ := benchStore(b, benchKeys, 256)
	b.ReportAllocs()
	for b.Loop() {
		checkpoint = s.Clone()
	}
}

// A checkpoint before each put, the worst case, and one in 64 puts.
func BenchmarkPutAndClone(b *testing.B) {
	for _, every := range []int{1, 64} {
		b.Run(fmt.Sprintf("every %d", every), func(b *testing.B) {
			s, keys := benchStore(b, benchKeys, 256)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if i%every == 0 {
					checkpoint = s.Clone()
				}
				mustApply(b, s, kv.PutRequest{Key: keys[i*31%benchKeys], Value: "value"})
				i++
			}
		})
	}
}

// What the store takes beside the bytes of keys and values.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		const n, payload = 1_000_000, 32 + 64
		before := heapInUse()
		s := New()
		for i := range n {
			mustApply(b, s, kv.PutRequest{Key: benchKey(i, n), Value: strings.Repeat("v", 64)})
		}
		b.ReportMetric(float64(heapInUse()-before)/n-payload, "overhead-B/key")
		b.ReportMetric(float64(s.Size())/n-payload, "size-B/key")
		runtime.KeepAlive(s)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkEvents(b *testing.B) {
	s, _ := benchStore(b, benchKeys, 256)
	b.ReportAllocs()
	for b.Loop() {
		events, err := s.Events(benchKeys / 2)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for range events {
			if n++; n == 1000 {
				break
			}
		}
	}
}

// Half of 100,000 changes are given up.
func BenchmarkCompact(b *testing.B) {
	full, keys := benchStore(b, benchKeys/2, 256)
	for _, key := range keys {
		mustApply(b, full, kv.PutRequest{Key: key, Value: "value"})
	}
	for b.Loop() {
		mustApply(b, full.Clone(), kv.CompactRequest{Revision: benchKeys})
	}
}

func BenchmarkHash(b *testing.B) {
	s, _ := benchStore(b, benchKeys, 256)
	for b.Loop() {
		_ = s.Hash()
	}
}

func BenchmarkSave(b *testing.B) {
	s, _ := benchStore(b, benchKeys, 256)
	for b.Loop() {
		if err := s.Save(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRestore(b *testing.B) {
	s, _ := benchStore(b, benchKeys, 256)
	var saved bytes.Buffer
	if err := s.Save(&saved); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(saved.Len()))
	for b.Loop() {
		if _, err := Restore(bytes.NewReader(saved.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
