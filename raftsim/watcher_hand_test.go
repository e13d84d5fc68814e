package raftsim

import (
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/kv"
)

// A manual client watches what it is told to, at that member, until it is told
// something else; it stays with a member that has nothing to say.
func TestWatchByHand(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "you", Manual: true, Timeout: 500 * Millisecond}}
	watch := func(member Target, key string, start kv.Revision) Action {
		return StartWatch{Client: "you", Member: member, Watch: Watch{Span: kv.Span{Key: key}, Start: start}}
	}
	put := func(key string) Action {
		return Invoke{Client: "you", Member: TheLeader, Request: kv.PutRequest{Key: key, Value: "v"}}
	}
	for i, a := range []Action{put("a"), watch(2, "a", 1), put("a"), watch(3, "b", 0), put("a"), put("b")} {
		c.Schedule = append(c.Schedule, Scheduled{At: Second * Time(i+1), Action: a})
	}
	w := newWorld(t, c)
	w.RunUntil(10 * Second)
	var heard []string
	for _, d := range w.Deliveries() {
		for _, e := range d.Response.Events {
			heard = append(heard, Name(d.Member)+" "+e.KV.Key)
		}
	}
	if got := strings.Join(heard, ", "); got != "S2 a, S2 a, S3 b" || len(w.Streams()) != 2 {
		t.Errorf("heard %s on %d streams", got, len(w.Streams()))
	}
	if s := w.Streams()[0]; s.Cause != CauseReplaced {
		t.Errorf("the first one ends because of %v", s.Cause)
	}
}

func TestStartWatchValidates(t *testing.T) {
	c := Default(3)
	c.Clients = []Client{{Name: "you", Manual: true, Timeout: Second}, {Name: "a", Workload: &CASCounter{Key: "n"}, Timeout: Second}}
	for _, test := range []struct {
		a    StartWatch
		want string
	}{
		{StartWatch{Client: "me", Member: 1, Watch: Watch{Span: kv.Span{Key: "k"}}}, "does not exist"},
		{StartWatch{Client: "a", Member: 1, Watch: Watch{Span: kv.Span{Key: "k"}}}, "has something to do"},
		{StartWatch{Client: "you", Member: 4, Watch: Watch{Span: kv.Span{Key: "k"}}}, "S4 does not exist"},
		{StartWatch{Client: "you", Member: 1}, "contains no key"},
	} {
		c.Schedule = []Scheduled{{At: 1, Action: test.a}}
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v; want %s", test.a, err, test.want)
		}
	}
}
