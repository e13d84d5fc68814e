package linearize

import (
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// A watch whose next revision was given up may be ended, also if that revision had
// nothing for it: whoever ended it could not know any more.
func TestWatchEndedByCompaction(t *testing.T) {
	put := func(index uint64, key string) Applied {
		return Applied{Index: index, Revision: kv.Revision(index + 1), Op: -1, Request: kv.PutRequest{Key: key, Value: "v"}, Changed: true}
	}
	applied := []Applied{
		put(1, "other"), put(2, "other"), put(3, "mine"),
		{Index: 4, Revision: 4, Op: -1, Request: kv.CompactRequest{Revision: 4}},
	}
	for _, test := range []struct {
		told kv.Revision
		want PropertyResult
	}{{1, Holds}, {2, Holds}, {3, Broken}} {
		watch := Watch{Name: "w", Span: kv.Span{Key: "mine"}, From: 1, Batches: []Batch{{Revision: test.told, Progress: true}, {Compacted: 4}}}
		for _, p := range CheckRecord(&Record{Applied: applied, Watches: []Watch{watch}}) {
			if p.Name == "watches" && p.Result != test.want {
				t.Errorf("told of all up to %d: %v", test.told, p)
			}
		}
	}
}
