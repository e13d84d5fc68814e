package compat

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"strings"
	"testing"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/pkg/v3/traceutil"
	"go.etcd.io/etcd/server/v3/etcdserver/txn"
	"go.etcd.io/etcd/server/v3/lease"
	"go.etcd.io/etcd/server/v3/storage/backend"
	etcdmvcc "go.etcd.io/etcd/server/v3/storage/mvcc"
	"go.uber.org/zap"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/mvcc"
	"github.com/castaway-kv/castaway/kv/watch"
)

// Each benchmark measures etcd's store and ours in turn, so that both meet the
// same machine: a request in, a response out, in this process. Etcd's are the
// functions that its server applies requests with, on its mvcc with the usual file;
// ours is kv/mvcc, which validates each request besides, while etcd leaves that to
// its server. medians turns the output into ratios.
var rounds = flag.Int("rounds", 1, "how often to measure etcd and castaway in turn")

func inTurn(b *testing.B, etcd, castaway func(b *testing.B)) {
	for range *rounds {
		b.Run("etcd", etcd)
		b.Run("castaway", castaway)
	}
}

// newEtcdStore is etcd's store, with leases but without a server.
func newEtcdStore(b *testing.B) (etcdmvcc.WatchableKV, lease.Lessor) {
	config := backend.DefaultBackendConfig(zap.NewNop())
	config.Path = b.TempDir() + "/db"
	be := backend.New(config)
	lessor := &lease.FakeLessor{}
	store := etcdmvcc.New(zap.NewNop(), be, lessor, etcdmvcc.StoreConfig{})
	b.Cleanup(func() {
		_ = store.Close()
		_ = be.Close()
	})
	return store, lessor
}

// keys are n different keys of 32 bytes, in no order.
func keys(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = benchKey(uint64(i))
	}
	return all
}

// benchKey spreads i over all numbers, by an odd multiplier: keys stay different.
func benchKey(i uint64) string {
	var mixed [8]byte
	binary.BigEndian.PutUint64(mixed[:], i*0x9e3779b97f4a7c15)
	return fmt.Sprintf("/registry/pods/%x/", mixed)[:32]
}

var benchValue = strings.Repeat("v", 256)

func bytesOf(keys []string) [][]byte {
	all := make([][]byte, len(keys))
	for i, key := range keys {
		all[i] = []byte(key)
	}
	return all
}

// The stores that reads are measured on.
func filledEtcd(b *testing.B, keys []string) etcdmvcc.WatchableKV {
	store, _ := newEtcdStore(b)
	const batch = 10_000
	for len(keys) > 0 {
		n := min(batch, len(keys))
		w := store.Write(traceutil.TODO())
		for _, key := range keys[:n] {
			w.Put([]byte(key), []byte(benchValue), lease.NoLease)
		}
		w.End()
		keys = keys[n:]
	}
	store.Commit()
	return store
}

func filledCastaway(b *testing.B, keys []string) *mvcc.Store {
	store := mvcc.New()
	for _, key := range keys {
		apply(b, store, kv.PutRequest{Key: key, Value: benchValue})
	}
	return store
}

// etcdRange reads as etcd's server does, which has the count of all keys in its
// answer.
func etcdRange(b *testing.B, store etcdmvcc.KV, r *pb.RangeRequest) *pb.RangeResponse {
	response, _, err := txn.Range(context.Background(), zap.NewNop(), store, r, true)
	if err != nil {
		b.Fatal(err)
	}
	return response
}

func apply(b *testing.B, store *mvcc.Store, r kv.Request) kv.Response {
	response, err := store.Apply(r)
	if err != nil {
		b.Fatal(err)
	}
	return response
}

// BenchmarkPut puts new keys of 32 bytes and values of 256, up to 100,000 in a
// store.
func BenchmarkPut(b *testing.B) {
	all := keys(100_000)
	raw, value := bytesOf(all), []byte(benchValue)
	inTurn(b, func(b *testing.B) {
		store, lessor := newEtcdStore(b)
		i := 0
		for b.Loop() {
			if i == len(raw) {
				b.StopTimer()
				store, lessor = newEtcdStore(b)
				i = 0
				b.StartTimer()
			}
			_, _, err := txn.Put(context.Background(), zap.NewNop(), lessor, store, &pb.PutRequest{Key: raw[i], Value: value})
			if err != nil {
				b.Fatal(err)
			}
			i++
		}
	}, func(b *testing.B) {
		store := mvcc.New()
		i := 0
		for b.Loop() {
			if i == len(all) {
				store, i = mvcc.New(), 0
			}
			apply(b, store, kv.PutRequest{Key: all[i], Value: benchValue})
			i++
		}
	})
}

// BenchmarkGet reads one key of 100,000, each time another one.
func BenchmarkGet(b *testing.B) {
	all := keys(100_000)
	raw := bytesOf(all)
	etcd, castaway := filledEtcd(b, all), filledCastaway(b, all)
	inTurn(b, func(b *testing.B) {
		i := 0
		for b.Loop() {
			if r := etcdRange(b, etcd, &pb.RangeRequest{Key: raw[i%len(raw)]}); len(r.Kvs) != 1 {
				b.Fatal(r)
			}
			i += 7919
		}
	}, func(b *testing.B) {
		i := 0
		for b.Loop() {
			r, err := castaway.Range(kv.RangeRequest{Span: kv.Span{Key: all[i%len(all)]}})
			if err != nil || len(r.KVs) != 1 {
				b.Fatal(r, err)
			}
			i += 7919
		}
	})
}

// BenchmarkTxn compares the version of one key and puts it.
func BenchmarkTxn(b *testing.B) {
	all := keys(1000)
	raw, value := bytesOf(all), []byte(benchValue)
	inTurn(b, func(b *testing.B) {
		store, lessor := newEtcdStore(b)
		i := 0
		for b.Loop() {
			key := raw[i%len(raw)]
			r, _, err := txn.Txn(context.Background(), zap.NewNop(), &pb.TxnRequest{
				Compare: []*pb.Compare{{
					Key: key, Target: pb.Compare_VERSION, Result: pb.Compare_GREATER,
					TargetUnion: &pb.Compare_Version{Version: -1},
				}},
				Success: []*pb.RequestOp{{Request: &pb.RequestOp_RequestPut{RequestPut: &pb.PutRequest{Key: key, Value: value}}}},
			}, true, store, lessor, false)
			if err != nil || !r.Succeeded {
				b.Fatal(r, err)
			}
			i++
		}
	}, func(b *testing.B) {
		store := mvcc.New()
		i := 0
		for b.Loop() {
			if i%100_000 == 0 {
				store = mvcc.New() // as nothing compacts its history
			}
			key := all[i%len(all)]
			r := apply(b, store, kv.TxnRequest{
				Compare: []kv.Compare{{Key: key, Target: kv.TargetVersion, Operator: kv.Greater, Number: -1}},
				Success: []kv.Request{kv.PutRequest{Key: key, Value: benchValue}},
			})
			if !r.(kv.TxnResponse).Succeeded {
				b.Fatal(r)
			}
			i++
		}
	})
}

// BenchmarkCount counts the keys of a store of 100,000.
func BenchmarkCount(b *testing.B) {
	all := keys(100_000)
	etcd, castaway := filledEtcd(b, all), filledCastaway(b, all)
	inTurn(b, func(b *testing.B) {
		for b.Loop() {
			r := etcdRange(b, etcd, &pb.RangeRequest{Key: []byte{0}, RangeEnd: []byte{0}, CountOnly: true})
			if int(r.Count) != len(all) {
				b.Fatal(r)
			}
		}
	}, func(b *testing.B) {
		for b.Loop() {
			r, err := castaway.Range(kv.RangeRequest{Span: kv.Prefix(""), CountOnly: true})
			if err != nil || int(r.Count) != len(all) {
				b.Fatal(r, err)
			}
		}
	})
}

// BenchmarkCountHalf counts the upper half of them, which is not the whole tree.
func BenchmarkCountHalf(b *testing.B) {
	all := keys(100_000)
	etcd, castaway := filledEtcd(b, all), filledCastaway(b, all)
	from := "/registry/pods/8"
	inTurn(b, func(b *testing.B) {
		for b.Loop() {
			r := etcdRange(b, etcd, &pb.RangeRequest{Key: []byte(from), RangeEnd: []byte{0}, CountOnly: true})
			if int(r.Count) < len(all)/3 {
				b.Fatal(r)
			}
		}
	}, func(b *testing.B) {
		for b.Loop() {
			r, err := castaway.Range(kv.RangeRequest{Span: kv.Span{Key: from, End: "\x00"}, CountOnly: true})
			if err != nil || int(r.Count) < len(all)/3 {
				b.Fatal(r, err)
			}
		}
	})
}

// BenchmarkPage reads 100 keys in the middle of 1,000,000.
func BenchmarkPage(b *testing.B) {
	all := keys(1_000_000)
	etcd, castaway := filledEtcd(b, all), filledCastaway(b, all)
	middle := "/registry/pods/8"
	inTurn(b, func(b *testing.B) {
		for b.Loop() {
			r := etcdRange(b, etcd, &pb.RangeRequest{Key: []byte(middle), RangeEnd: []byte{0}, Limit: 100})
			if len(r.Kvs) != 100 || int(r.Count) < len(all)/3 {
				b.Fatal(r)
			}
		}
	}, func(b *testing.B) {
		for b.Loop() {
			r, err := castaway.Range(kv.RangeRequest{Span: kv.Span{Key: middle, End: "\x00"}, Limit: 100})
			if err != nil || len(r.KVs) != 100 || int(r.Count) < len(all)/3 {
				b.Fatal(r, err)
			}
		}
	})
}

// BenchmarkUnwatched and BenchmarkWatched put 10,000 keys over and over, without
// watchers and with one for each key, whose events are read: what do watchers cost?
func BenchmarkUnwatched(b *testing.B) { benchmarkWatched(b, 0) }
func BenchmarkWatched(b *testing.B)   { benchmarkWatched(b, 10_000) }

func benchmarkWatched(b *testing.B, watchers int) {
	all := keys(10_000)
	raw, value := bytesOf(all), []byte(benchValue)
	inTurn(b, func(b *testing.B) {
		store, lessor := newEtcdStore(b)
		stream := store.NewWatchStream()
		b.Cleanup(stream.Close)
		go func() {
			for range stream.Chan() { // until Close
			}
		}()
		for _, key := range raw[:watchers] {
			if _, err := stream.Watch(context.Background(), 0, key, nil, 0); err != nil {
				b.Fatal(err)
			}
		}
		i := 0
		for b.Loop() {
			_, _, err := txn.Put(context.Background(), zap.NewNop(), lessor, store, &pb.PutRequest{Key: raw[i%len(raw)], Value: value})
			if err != nil {
				b.Fatal(err)
			}
			i++
		}
	}, func(b *testing.B) {
		m := NewCastaway().machine
		stream := m.Watches().Open()
		for _, key := range all[:watchers] {
			stream.Create(watch.CreateRequest{Span: kv.Span{Key: key}})
		}
		i := 0
		for b.Loop() {
			if _, err := m.Apply(0, kv.PutRequest{Key: all[i%len(all)], Value: benchValue}); err != nil {
				b.Fatal(err)
			}
			for _, ok := stream.Next(); ok; _, ok = stream.Next() {
			}
			if i++; i%100_000 == 0 { // as nothing else compacts its history
				if _, err := m.Apply(0, kv.CompactRequest{Revision: m.Store().Revision()}); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
