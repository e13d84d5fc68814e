package scenario

import (
	"fmt"
	"math"

	"github.com/castaway-kv/castaway/kv"
)

// leaseCommands are the words behind `lease`.
var leaseCommands = []string{"grant", "revoke", "keep-alive", "timetolive", "list"}

func parseLeaseCommand(r *reader) (kv.Request, error) {
	name, err := r.choice("lease command", leaseCommands...)
	if err != nil {
		return nil, err
	}
	request, err := parseLeaseArguments(r, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return request, nil
}

func parseLeaseArguments(r *reader, name string) (kv.Request, error) {
	switch name {
	case "grant":
		return parseGrant(r)
	case "list":
		return kv.LeaseListRequest{}, r.atEnd()
	}
	var keys, once bool
	x := syntax{dashes: true}
	switch name {
	case "timetolive":
		x.options = []option{{name: "keys", flag: &keys}}
	case "keep-alive":
		x.options = []option{{name: "once", flag: &once}}
	}
	args, err := x.parse(r)
	if err != nil {
		return nil, err
	}
	if len(args) != 1 {
		return nil, fmt.Errorf("expected the id of a lease, found %s", countWords(args))
	}
	id, err := parseLeaseID(args[0])
	if err != nil {
		return nil, err
	}
	switch name {
	case "revoke":
		return kv.LeaseRevokeRequest{ID: id}, nil
	case "keep-alive":
		return kv.LeaseKeepAliveRequest{ID: id}, nil
	default:
		return kv.LeaseTimeToLiveRequest{ID: id, Keys: keys}, nil
	}
}

// parseGrant reads a time to live in seconds, as etcdctl does, and the id that
// etcdctl leaves to the server.
func parseGrant(r *reader) (kv.Request, error) {
	var grant kv.LeaseGrantRequest
	args, err := (&syntax{dashes: true, options: []option{{name: "id", value: leaseValue(&grant.ID)}}}).parse(r)
	if err != nil {
		return nil, err
	}
	if len(args) != 1 {
		return nil, fmt.Errorf("expected a time to live in seconds, found %s", countWords(args))
	}
	ttl, err := parseNumber(args[0], math.MinInt64, math.MaxInt64)
	grant.TTL = kv.TTL(ttl)
	return grant, err
}
