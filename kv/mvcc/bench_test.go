package mvcc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

const benchKeys = 100_000

// benchKey is 32 bytes; consecutive numbers are far apart in the order.
func benchKey(i int) string { return fmt.Sprintf("key/%08d/%019d", i*7919%benchKeys, i%benchKeys) }

func benchStore(b *testing.B) (*Store, []string) {
	s := New()
	keys := make([]string, benchKeys)
	value := strings.Repeat("v", 256)
	for i := range keys {
		keys[i] = benchKey(i)
		mustApply(b, s, kv.PutRequest{Key: keys[i], Value: value})
	}
	return s, keys
}

func BenchmarkPutNew(b *testing.B) {
	s := New()
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		mustApply(b, s, kv.PutRequest{Key: fmt.Sprintf("%032d", i*7919), Value: "value"})
		i++
	}
}

func BenchmarkPut(b *testing.B) {
	s, keys := benchStore(b)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		mustApply(b, s, kv.PutRequest{Key: keys[i%benchKeys], Value: "value"})
		i++
	}
}

func BenchmarkGet(b *testing.B) {
	s, keys := benchStore(b)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Range(kv.RangeRequest{Span: kv.Span{Key: keys[i%benchKeys]}}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkRange100(b *testing.B) {
	s, keys := benchStore(b)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		key := keys[i%benchKeys]
		if _, err := s.Range(kv.RangeRequest{Span: kv.Prefix(key[:10])}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// One comparison, one put, as a counter does it.
func BenchmarkTxn(b *testing.B) {
	s, keys := benchStore(b)
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

func BenchmarkClone(b *testing.B) {
	s, _ := benchStore(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Clone()
	}
}

// A checkpoint before every write, the worst case.
func BenchmarkCloneThenPut(b *testing.B) {
	s, keys := benchStore(b)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Clone()
		mustApply(b, s, kv.PutRequest{Key: keys[i%benchKeys], Value: "value"})
		i++
	}
}

func BenchmarkHash(b *testing.B) {
	s, _ := benchStore(b)
	for b.Loop() {
		_ = s.Hash()
	}
}
