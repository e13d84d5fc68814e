package kv

import "strconv"

// LeaseID names a lease. 0 is no lease; a negative one is as good as any other.
type LeaseID int64

// String is the id as etcdctl takes it: hexadecimal digits.
func (id LeaseID) String() string { return strconv.FormatInt(int64(id), 16) }

// TTL is a time to live, in whole seconds.
type TTL int64

// MaxTTL is the longest time to live that a lease may ask for, as in etcd.
const MaxTTL TTL = 9_000_000_000

// LeaseGrantRequest makes a lease, which keys may then be attached to. When the
// lease runs out, all of them are deleted in one revision.
type LeaseGrantRequest struct {
	// ID to give the lease. In a member's log it is never 0: who accepts the
	// request from a client picks a positive one first.
	ID LeaseID
	// TTL that is asked for; one below the minimum is raised to it.
	TTL TTL
}

// LeaseRevokeRequest ends a lease and deletes its keys in one revision.
type LeaseRevokeRequest struct {
	ID LeaseID
}

// LeaseKeepAliveRequest gives a lease its full time to live again.
type LeaseKeepAliveRequest struct {
	ID LeaseID
}

// LeaseTimeToLiveRequest asks how long a lease has left.
type LeaseTimeToLiveRequest struct {
	ID LeaseID
	// Keys asks for the attached keys too.
	Keys bool
}

// LeaseListRequest asks for all leases.
type LeaseListRequest struct{}

// LeaseGrantResponse answers a LeaseGrantRequest.
type LeaseGrantResponse struct {
	Header
	ID LeaseID
	// TTL that was granted.
	TTL TTL
}

// LeaseRevokeResponse answers a LeaseRevokeRequest.
type LeaseRevokeResponse struct {
	Header
}

// LeaseKeepAliveResponse answers a LeaseKeepAliveRequest.
type LeaseKeepAliveResponse struct {
	Header
	ID LeaseID
	// TTL that the lease has again; 0 means that there is no such lease.
	TTL TTL
}

// LeaseTimeToLiveResponse answers a LeaseTimeToLiveRequest.
type LeaseTimeToLiveResponse struct {
	Header
	ID LeaseID
	// TTL is what remains, rounded down; -1 means that there is no such lease.
	TTL TTL
	// Granted is the time to live that the lease begins with.
	Granted TTL
	// Keys attached to the lease, in ascending order, if they were asked for.
	Keys []string
}

// LeaseListResponse answers a LeaseListRequest.
type LeaseListResponse struct {
	Header
	// Leases, the one that ends first in front.
	Leases []LeaseID
}

func (LeaseGrantRequest) request()      {}
func (LeaseRevokeRequest) request()     {}
func (LeaseKeepAliveRequest) request()  {}
func (LeaseTimeToLiveRequest) request() {}
func (LeaseListRequest) request()       {}

func (LeaseGrantResponse) response()      {}
func (LeaseRevokeResponse) response()     {}
func (LeaseKeepAliveResponse) response()  {}
func (LeaseTimeToLiveResponse) response() {}
func (LeaseListResponse) response()       {}
