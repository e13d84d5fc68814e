package compat

import (
	"errors"
	"testing"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

// wrong is our store with a mistake: in what it does, or in what it says.
type wrong struct {
	*Castaway
	do  func(Step) Step
	say func(*Outcome)
}

func (w wrong) Do(step Step) (Outcome, error) {
	o, err := w.Castaway.Do(w.do(step))
	w.say(&o)
	return o, err
}

// TestMistakesAreFound makes sure that the comparison compares.
func TestMistakesAreFound(t *testing.T) {
	program, err := Parse(`
		grant ID:1 TTL:60
		watch 0 create_request:{key:"a"}
		put key:"a" value:"1" lease:1
		put key:"b" value:"1"
		delete key:"b"
		put key:"a" value:"2"
		revoke ID:9`)
	if err != nil {
		t.Fatal(err)
	}
	const nowhere, anywhere = -1, -2
	closing := len(program)
	rightly := func(step Step) Step { return step }
	nothing := func(*Outcome) {}
	for name, test := range map[string]struct {
		do   func(Step) Step
		say  func(*Outcome)
		step int // where it shows
	}{
		"nothing": {rightly, nothing, nowhere},
		"another value, never read": {func(step Step) Step {
			if put, ok := step.Request.(*pb.PutRequest); ok && string(put.Key) == "b" {
				step.Request = &pb.PutRequest{Key: put.Key, Value: []byte("2")}
			}
			return step
		}, nothing, closing},
		"a lease that is not kept": {func(step Step) Step {
			if put, ok := step.Request.(*pb.PutRequest); ok && put.Lease != 0 {
				step.Request = &pb.PutRequest{Key: put.Key, Value: put.Value}
			}
			return step
		}, nothing, 2},
		"another error": {func(step Step) Step {
			if revoke, ok := step.Request.(*pb.LeaseRevokeRequest); ok && revoke.ID == 9 {
				step.Request = &pb.PutRequest{}
			}
			return step
		}, nothing, 6},
		"an event that is not told": {rightly, func(o *Outcome) { o.Deliveries = nil }, anywhere},
		"another text":              {rightly, func(o *Outcome) { o.Answer += " " }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := compare(program, func() player { return wrong{NewCastaway(), test.do, test.say} })
			var d *Difference
			switch {
			case test.step == nowhere:
				if err != nil {
					t.Fatal(err)
				}
			case !errors.As(err, &d):
				t.Fatalf("it was not found: %v", err)
			case test.step != anywhere && d.Step != test.step:
				t.Fatalf("found at step %d instead of %d: %v", d.Step, test.step, err)
			}
		})
	}
}

// TestText makes sure that a program that is kept as text is the same program.
func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Generate(t)
		again, err := Parse(p.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, p)
		}
		if len(again) != len(p) {
			t.Fatalf("%d steps became %d", len(p), len(again))
		}
		for i := range p {
			if p[i].Stream != again[i].Stream || !proto.Equal(p[i].Request, again[i].Request) {
				t.Fatalf("%s became %s", p[i], again[i])
			}
		}
	})
}

func TestParseErrors(t *testing.T) {
	for _, text := range []string{"fetch key:\"a\"", "put kay:\"a\"", "watch one create_request:{}", "put key:\"a"} {
		if p, err := Parse(text); err == nil {
			t.Errorf("%q is taken for %s", text, p)
		}
	}
}
