package compat

import (
	"bytes"
	"errors"
	"fmt"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/castaway-kv/castaway/kv/lease"
	"github.com/castaway-kv/castaway/kv/machine"
	"github.com/castaway-kv/castaway/kv/watch"
)

// Castaway plays a program's steps to our state machine, as its leader.
type Castaway struct {
	config  machine.Config
	machine *machine.Machine
	now     lease.Time
	// streams are by their number in the program, and in the hub by their id.
	streams map[int]watch.StreamID
}

// NewCastaway is a fresh state machine that grants the same times to live as the
// judge does.
func NewCastaway() *Castaway {
	config := machine.Config{
		Member: 1,
		Lease:  lease.Config{MinTTL: minLeaseTTL, Rules: lease.StandardRules()},
		Watch:  watch.Config{Buffer: watch.DefaultBuffer, Rules: watch.StandardRules()},
	}
	c := &Castaway{config: config, machine: machine.New(config), streams: map[int]watch.StreamID{}}
	c.machine.Promote(c.now, 0)
	return c
}

// Revision is the newest one.
func (c *Castaway) Revision() int64 { return int64(c.machine.Store().Revision()) }

// Do plays a step, a millisecond after the one before, and returns all that came
// of it. The error says what was wrong by itself, whatever etcd does: a state that
// changed though there was an error, or in a clone.
func (c *Castaway) Do(step Step) (Outcome, error) {
	c.now += lease.Time(lease.Second / 1000)
	before := c.machine.Clone()
	hash := before.Hash()
	var o Outcome
	switch request := step.Request.(type) {
	case *durationpb.Duration:
		if err := c.wait(lease.Time(request.AsDuration())); err != nil {
			return o, err
		}
	case *pb.WatchRequest:
		c.watch(c.stream(step.Stream), request)
	default:
		response, err := c.machine.Apply(c.now, fromWire(request))
		if err == nil {
			o.Answer = oneLine(toWire(response))
			break
		}
		o.Answer = errorLine(code(err), err.Error())
		if c.machine.Hash() != hash {
			return o, fmt.Errorf("%s: the error %w has changed the state", step, err)
		}
	}
	if before.Hash() != hash {
		return o, fmt.Errorf("%s: a clone has changed with its original", step)
	}
	c.read(&o)
	return o, nil
}

// wait lets time pass and leases end.
func (c *Castaway) wait(duration lease.Time) error {
	c.now += duration
	for request := range c.machine.Due(c.now) {
		if _, err := c.machine.Apply(c.now, request); err != nil {
			return fmt.Errorf("%s: %w", request, err)
		}
	}
	return nil
}

func (c *Castaway) stream(number int) *watch.Stream {
	id, ok := c.streams[number]
	if !ok {
		id = c.machine.Watches().Open().ID()
		c.streams[number] = id
	}
	return c.machine.Watches().Stream(id)
}

func (c *Castaway) watch(stream *watch.Stream, request *pb.WatchRequest) {
	switch r := request.RequestUnion.(type) {
	case *pb.WatchRequest_CreateRequest:
		stream.Create(watchFromWire(r.CreateRequest))
	case *pb.WatchRequest_CancelRequest:
		stream.Cancel(watch.ID(r.CancelRequest.WatchId))
	case *pb.WatchRequest_ProgressRequest:
		stream.RequestProgress()
	}
}

// read takes all that the streams have to say.
func (c *Castaway) read(o *Outcome) {
	for number := range c.streams {
		stream := c.stream(number)
		for response, ok := stream.Next(); ok; response, ok = stream.Next() {
			o.deliver(number, watchToWire(response))
		}
	}
	o.sort()
}

// Check says whether a snapshot of the state brings back the same.
func (c *Castaway) Check() error {
	var snapshot bytes.Buffer
	if err := c.machine.Save(&snapshot); err != nil {
		return err
	}
	restored := machine.New(c.config)
	if err := restored.Restore(&snapshot); err != nil {
		return fmt.Errorf("a snapshot can't be restored: %w", err)
	}
	for r := max(1, c.machine.Store().Compacted()); r <= c.machine.Store().Revision(); r++ {
		want, wantErr := c.machine.Store().HashAt(r)
		got, gotErr := restored.Store().HashAt(r)
		if err := errors.Join(wantErr, gotErr); got != want || err != nil {
			return fmt.Errorf("at revision %d what a snapshot restores differs: %w", r, err)
		}
	}
	if restored.Hash() != c.machine.Hash() {
		return fmt.Errorf("what a snapshot restores differs")
	}
	return nil
}
