package compat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// Difference is a step at which the stores did not do the same.
type Difference struct {
	Program      Program
	Step         int // index into Program, or beyond it: one of the closing steps
	Request      Step
	Ours, Theirs Outcome
}

// Error implements error: the program, to be kept in testdata, and what differed.
func (d *Difference) Error() string {
	return fmt.Sprintf("step %d, %s\n  etcd:\n%s\n  castaway:\n%s\nof the program\n%s",
		d.Step+1, d.Request, indent(d.Theirs.String()), indent(d.Ours.String()), indent(strings.TrimSuffix(d.Program.String(), "\n")))
}

func indent(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }

// errTooSlow: a program took so long that the clock of etcd, which is a real one,
// may be a second ahead of ours.
var errTooSlow = errors.New("too slow to compare what remains of leases")

// attempts to see a difference: etcd is full of threads, so only one that it
// shows each time counts.
const attempts = 3

// player is a store that plays a program's steps.
type player interface {
	Do(Step) (Outcome, error)
	// Revision is the newest one.
	Revision() int64
	// Check says what is wrong with the state by itself, if anything is.
	Check() error
}

// Compare runs a program on both stores, and at its end compares the contents at
// each revision and what is left of the leases. The error is a *Difference, or
// says what is wrong with our store by itself, or why etcd couldn't be asked.
func Compare(p Program) error {
	return compare(p, func() player { return NewCastaway() })
}

func compare(p Program, fresh func() player) error {
	var err error
	for range attempts {
		if err = compareOnce(p, fresh()); err == nil {
			return nil
		}
	}
	return err
}

func compareOnce(p Program, ours player) error {
	etcd, err := StartEtcd(p)
	if err != nil {
		return err
	}
	defer etcd.Close()
	theirs := NewRemote(etcd.Conn)
	defer theirs.Close()
	pair := &pair{program: p, ours: ours, theirs: theirs, begin: time.Now()}
	for i, step := range p {
		if err := pair.do(i, step); err != nil {
			return err
		}
	}
	for _, step := range closing(p, ours.Revision()) {
		if err := pair.do(len(p), step); err != nil {
			return err
		}
	}
	return ours.Check()
}

// pair is the two stores while they run a program.
type pair struct {
	program Program
	ours    player
	theirs  *Remote
	begin   time.Time
	waited  time.Duration
}

func (s *pair) do(i int, step Step) error {
	if grants(s.program) && time.Since(s.begin)-s.waited > 900*time.Millisecond {
		return errTooSlow
	}
	ours, err := s.ours.Do(step)
	if err != nil {
		return err
	}
	theirs, err := s.theirs.Do(step, ours.perStream())
	if err != nil {
		return err
	}
	if wait, ok := step.wait(); ok {
		s.waited += wait
	}
	if ours.String() != theirs.String() {
		return &Difference{Program: s.program, Step: i, Request: step, Ours: ours, Theirs: theirs}
	}
	return nil
}

// closing is what comes after a program: a last event for each stream, so that a
// message too many before it shows, all leases with their keys, and all keys at
// each revision.
func closing(p Program, revision int64) Program {
	const last = "the end"
	var steps Program
	for n := range streams(p) {
		steps = append(steps, Step{Stream: n, Request: &pb.WatchRequest{
			RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: &pb.WatchCreateRequest{Key: []byte(last), WatchId: 100}},
		}})
	}
	steps = append(steps, Step{Request: &pb.PutRequest{Key: []byte(last)}}, Step{Request: &pb.LeaseLeasesRequest{}})
	for _, id := range someLeases {
		steps = append(steps, Step{Request: &pb.LeaseTimeToLiveRequest{ID: id, Keys: true}})
	}
	for r := int64(1); r <= revision+1; r++ {
		steps = append(steps, Step{Request: &pb.RangeRequest{Key: []byte{0}, RangeEnd: []byte{0}, Revision: r, Serializable: true}})
	}
	return steps
}

// grants says whether the program has leases, and so a time.
func grants(p Program) bool {
	return slices.ContainsFunc(p, func(step Step) bool {
		_, ok := step.Request.(*pb.LeaseGrantRequest)
		return ok
	})
}

// streams is one more than the highest number of a watch stream.
func streams(p Program) (n int) {
	for _, step := range p {
		if _, ok := step.Request.(*pb.WatchRequest); ok {
			n = max(n, step.Stream+1)
		}
	}
	return n
}
