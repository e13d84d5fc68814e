package compat

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/types/known/durationpb"
	"pgregory.net/rapid"
)

// TestCases runs the programs in testdata: the rules of etcd that are easy to get
// wrong, and what random programs have found.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Parse(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if err := Compare(p); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestPrograms runs random programs. When one fails, keep its shortest form in
// testdata, by a name that says what was wrong.
func TestPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if err := Compare(Generate(t)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestExpiry runs random programs in which a lease runs out half-way: a few, all
// at the same time, as that takes seconds.
func TestExpiry(t *testing.T) {
	t.Parallel()
	const id = 50
	programs := rapid.Custom(Generate)
	var all sync.WaitGroup
	for i := range 12 {
		p := Program{{Request: &pb.LeaseGrantRequest{ID: id, TTL: minLeaseTTL}}}
		p = append(p, outlasting(programs.Example(2*i))...)
		for _, key := range []string{"b", "d", "a"} {
			p = append(p, Step{Request: &pb.PutRequest{Key: []byte(key), Lease: id}})
		}
		p = append(p, Step{Request: &durationpb.Duration{Seconds: 3}})
		p = append(p, outlasting(programs.Example(2*i+1))...)
		all.Go(func() {
			if err := Compare(p); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// outlasting makes all leases outlast the wait: when several run out together,
// the order in which etcd revokes them is chance. The alarms are taken out, or
// there would be no lease.
func outlasting(p Program) (out Program) {
	for _, step := range p {
		switch r := step.Request.(type) {
		case *pb.LeaseGrantRequest:
			r.TTL = max(r.TTL, 5)
		case *pb.AlarmRequest:
			continue
		}
		out = append(out, step)
	}
	return out
}
