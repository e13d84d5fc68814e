package compat

import (
	"context"
	"errors"
	"fmt"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// Remote plays a program's steps to a server by its gRPC API.
type Remote struct {
	// Patience is how long it waits for a message of a watch that should come.
	Patience time.Duration

	ctx         context.Context
	cancel      context.CancelFunc
	kv          pb.KVClient
	lease       pb.LeaseClient
	watch       pb.WatchClient
	maintenance pb.MaintenanceClient
	keepAlive   pb.Lease_LeaseKeepAliveClient
	streams     map[int]*watchStream
	probe       *watchStream
}

// watchStream is a stream of watches with what has come on it.
type watchStream struct {
	pb.Watch_WatchClient
	received chan *pb.WatchResponse
}

// NewRemote is a Remote on a connection, which stays the caller's. Close it to
// end its streams.
func NewRemote(conn grpc.ClientConnInterface) *Remote {
	ctx, cancel := context.WithCancel(context.Background())
	return &Remote{
		Patience:    2 * time.Second,
		ctx:         ctx,
		cancel:      cancel,
		kv:          pb.NewKVClient(conn),
		lease:       pb.NewLeaseClient(conn),
		watch:       pb.NewWatchClient(conn),
		maintenance: pb.NewMaintenanceClient(conn),
		streams:     map[int]*watchStream{},
	}
}

// Close ends the streams.
func (r *Remote) Close() { r.cancel() }

// Do plays a step and returns what came of it. On stream n it waits for expect[n]
// messages, until it loses patience; if more come, they show here or at one of
// the next steps.
func (r *Remote) Do(step Step, expect map[int]int) (Outcome, error) {
	var o Outcome
	var err error
	switch request := step.Request.(type) {
	case *durationpb.Duration:
		time.Sleep(request.AsDuration())
	case *pb.WatchRequest:
		err = r.doWatch(step.Stream, request)
	default:
		var response proto.Message
		response, err = r.call(request)
		if s, ok := status.FromError(err); err != nil && ok {
			o.Answer, err = errorLine(s.Code(), s.Message()), nil
		} else if err == nil {
			o.Answer = oneLine(canonical(response))
		}
	}
	if err != nil {
		return o, fmt.Errorf("%s: %w", step, err)
	}
	for n := range r.streams {
		for _, response := range r.receive(n, expect[n]) {
			o.deliver(n, response)
		}
	}
	o.sort()
	return o, nil
}

func (r *Remote) call(request proto.Message) (proto.Message, error) {
	switch request := request.(type) {
	case *pb.RangeRequest:
		return r.kv.Range(r.ctx, request)
	case *pb.PutRequest:
		return r.kv.Put(r.ctx, request)
	case *pb.DeleteRangeRequest:
		return r.kv.DeleteRange(r.ctx, request)
	case *pb.TxnRequest:
		return r.kv.Txn(r.ctx, request)
	case *pb.CompactionRequest:
		return r.kv.Compact(r.ctx, request)
	case *pb.LeaseGrantRequest:
		return r.lease.LeaseGrant(r.ctx, request)
	case *pb.LeaseRevokeRequest:
		return r.lease.LeaseRevoke(r.ctx, request)
	case *pb.LeaseKeepAliveRequest:
		return r.renew(request)
	case *pb.LeaseTimeToLiveRequest:
		return r.lease.LeaseTimeToLive(r.ctx, request)
	case *pb.LeaseLeasesRequest:
		return r.lease.LeaseLeases(r.ctx, request)
	case *pb.AlarmRequest:
		return r.maintenance.Alarm(r.ctx, request)
	default:
		panic(fmt.Sprintf("compat: unknown request %T", request))
	}
}

func (r *Remote) renew(request *pb.LeaseKeepAliveRequest) (proto.Message, error) {
	if r.keepAlive == nil {
		stream, err := r.lease.LeaseKeepAlive(r.ctx)
		if err != nil {
			return nil, err
		}
		r.keepAlive = stream
	}
	if err := r.keepAlive.Send(request); err != nil {
		return nil, err
	}
	return r.keepAlive.Recv()
}

func (r *Remote) doWatch(number int, request *pb.WatchRequest) error {
	stream, err := r.stream(number)
	if err != nil {
		return err
	}
	if err := stream.Send(request); err != nil {
		return err
	}
	if request.GetCreateRequest().GetStartRevision() > 0 {
		return r.catchUp()
	}
	return nil
}

func (r *Remote) stream(number int) (*watchStream, error) {
	stream, ok := r.streams[number]
	if ok {
		return stream, nil
	}
	stream, err := r.openStream()
	if err == nil {
		r.streams[number] = stream
	}
	return stream, err
}

func (r *Remote) openStream() (*watchStream, error) {
	client, err := r.watch.Watch(r.ctx)
	if err != nil {
		return nil, err
	}
	stream := &watchStream{client, make(chan *pb.WatchResponse, 1024)}
	go func() {
		defer close(stream.received)
		for {
			response, err := client.Recv()
			if err != nil {
				return // Close has ended it, or a message will be missed
			}
			stream.received <- response
		}
	}()
	return stream, nil
}

// receive waits for count messages of a stream, and takes any more that are there.
func (r *Remote) receive(number, count int) (responses []*pb.WatchResponse) {
	received := r.streams[number].received
	deadline := time.NewTimer(r.Patience)
	defer deadline.Stop()
	for len(responses) < count || len(received) > 0 {
		select {
		case response, ok := <-received:
			if !ok {
				return responses
			}
			responses = append(responses, response)
		case <-deadline.C:
			return responses
		}
	}
	return responses
}

// catchUp returns when the server has looked after all its lagging watchers once:
// when a watcher made after them has what it waits for, which is the newest
// revision. Watchers that lag when the next step comes are another story, and
// whether they do is chance.
func (r *Remote) catchUp() error {
	all, end := []byte{0}, []byte{0}
	now, err := r.kv.Range(r.ctx, &pb.RangeRequest{Key: all, RangeEnd: end, CountOnly: true, Serializable: true})
	if err != nil {
		return err
	}
	if now.Header.Revision == 1 {
		time.Sleep(20 * watchResyncPeriod) // nothing that a probe could wait for
		return nil
	}
	if r.probe == nil {
		if r.probe, err = r.openStream(); err != nil {
			return err
		}
	}
	err = r.probe.Send(&pb.WatchRequest{RequestUnion: &pb.WatchRequest_CreateRequest{CreateRequest: &pb.WatchCreateRequest{
		Key: all, RangeEnd: end, StartRevision: now.Header.Revision,
	}}})
	if err != nil {
		return err
	}
	deadline := time.After(5 * r.Patience)
	for {
		select {
		case response, ok := <-r.probe.received:
			switch {
			case !ok:
				return errors.New("the stream of the probe ended")
			case len(response.Events) > 0:
				return r.probe.Send(&pb.WatchRequest{RequestUnion: &pb.WatchRequest_CancelRequest{CancelRequest: &pb.WatchCancelRequest{
					WatchId: response.WatchId,
				}}})
			}
		case <-deadline:
			return errors.New("the probe got no event")
		}
	}
}
