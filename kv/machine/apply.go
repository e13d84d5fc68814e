package machine

import (
	"errors"
	"fmt"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/kv/lease"
)

// Apply carries out one request as one atomic step, at time now of this member's
// clock, and answers it with the response of the request's kind. After an error
// keys, leases and alarms are as before. The errors are
//
//   - those of mvcc.Store.Execute, for requests on keys;
//   - those of lease.Lessor's methods, for requests on leases; but a keep-alive of
//     a lease that does not exist is answered with the TTL 0 and the question for
//     what remains of it with -1, as in etcd;
//   - kv.ErrNoSpace and kv.ErrCorrupt, when an alarm forbids the request or the
//     store has no room for it.
func (m *Machine) Apply(now lease.Time, r kv.Request) (kv.Response, error) {
	if err := m.admit(now, r); err != nil {
		return nil, err
	}
	switch r := r.(type) {
	case kv.LeaseGrantRequest:
		return m.grant(now, r)
	case kv.LeaseRevokeRequest:
		return m.revoke(r)
	case kv.LeaseKeepAliveRequest:
		return m.keepAlive(now, r)
	case kv.LeaseTimeToLiveRequest:
		return m.timeToLive(now, r)
	case kv.LeaseListRequest:
		return kv.LeaseListResponse{Header: m.header(), Leases: m.leases.List()}, nil
	case kv.AlarmRequest:
		return m.alarm(r)
	case kv.CommandRequest:
		return m.command(r)
	default:
		before := m.store.Revision()
		response, err := m.store.Execute(r, m.leases)
		m.publish(before)
		return response, err
	}
}

// header is that of an answer, once the request is carried out.
func (m *Machine) header() kv.Header { return kv.Header{Revision: m.store.Revision()} }

// publish tells leases and watchers of the revision after before, if there is one.
func (m *Machine) publish(before kv.Revision) {
	if m.store.Revision() == before {
		return
	}
	revisions, err := m.store.Events(before + 1)
	if err != nil {
		panic(fmt.Sprintf("machine: the events of revision %d: %v", before+1, err))
	}
	for _, events := range revisions {
		for i := range events {
			m.leases.Observe(&events[i])
		}
		m.watches.Notify(events)
	}
}

func (m *Machine) grant(now lease.Time, r kv.LeaseGrantRequest) (kv.Response, error) {
	ttl, err := m.leases.Grant(now, r.ID, r.TTL)
	if err != nil {
		return nil, err
	}
	return kv.LeaseGrantResponse{Header: m.header(), ID: r.ID, TTL: ttl}, nil
}

// revoke ends a lease and deletes its keys in one revision.
func (m *Machine) revoke(r kv.LeaseRevokeRequest) (kv.Response, error) {
	keys, err := m.leases.Revoke(r.ID)
	if err != nil {
		return nil, err
	}
	before := m.store.Revision()
	m.store.Delete(keys)
	m.publish(before)
	return kv.LeaseRevokeResponse{Header: m.header()}, nil
}

func (m *Machine) keepAlive(now lease.Time, r kv.LeaseKeepAliveRequest) (kv.Response, error) {
	ttl, err := m.leases.Renew(now, r.ID)
	if err != nil && !errors.Is(err, kv.ErrLeaseNotFound) {
		return nil, err
	}
	return kv.LeaseKeepAliveResponse{Header: m.header(), ID: r.ID, TTL: ttl}, nil
}

func (m *Machine) timeToLive(now lease.Time, r kv.LeaseTimeToLiveRequest) (kv.Response, error) {
	response := kv.LeaseTimeToLiveResponse{Header: m.header(), ID: r.ID}
	remaining, err := m.leases.Remaining(now, r.ID)
	switch {
	case errors.Is(err, kv.ErrLeaseNotFound):
		response.TTL = -1
		return response, nil
	case err != nil:
		return nil, err
	}
	response.TTL, response.Granted = remaining, m.leases.TTL(r.ID)
	if r.Keys {
		for key := range m.leases.Keys(r.ID) {
			response.Keys = append(response.Keys, key)
		}
	}
	return response, nil
}
