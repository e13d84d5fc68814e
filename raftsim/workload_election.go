package raftsim

import (
	"fmt"

	"github.com/castaway-kv/castaway/kv"
)

// Election is a client that wants to lead. Each candidate puts a key of its own,
// with its lease, under one prefix; the oldest of these keys leads:
//
//	grant ─► campaign ─► observe ─┬─ another one is older: observe again
//	                              └─ lead ─► proclaim … ─► resign
//
// What a leader proclaims is the value of its key, and is put only while that key
// is the one that it campaigned with.
type Election struct {
	// Prefix of the candidates' keys, behind which the id of their lease stands.
	Prefix string
	// TTL of the lease.
	TTL kv.TTL
	// Term is how long a leader leads before it resigns, Pause how long it waits before
	// each of its proclamations.
	Term, Pause Spread
	// Terms after which the client is done; 0 means that it never is.
	Terms int

	session session
	step    electionStep
	// token is the create revision of the candidate's key, 0 if it has none.
	token kv.Revision
	// leads says that the client believes to lead, until it resigns at the end.
	leads bool
	end   Time
	// terms counts the terms that it led, values its proclamations.
	terms, values int
}

// electionStep is what the client asked last.
type electionStep uint8

const (
	electionLease electionStep = iota
	electionCampaign
	electionObserve
	electionProclaim
	electionResign
)

// Next implements Workload.
func (e *Election) Next(t *Turn) (kv.Request, bool) {
	e.hear(t)
	if !e.leads && e.Terms > 0 && e.terms >= e.Terms {
		return e.leave()
	}
	request := e.session.request(t, e.TTL)
	e.step = electionLease
	switch {
	case request != nil:
		return request, true
	case e.token == 0:
		e.step = electionCampaign
		return createOrLook(e.key(), t.Name, e.session.id), true
	case !e.leads:
		e.step = electionObserve
		return e.observe(), true
	case t.Now < e.end:
		return e.proclaim(t), true
	default:
		return e.resign(t), true
	}
}

// key of the candidate.
func (e *Election) key() string { return e.Prefix + e.session.id.String() }

// hear takes note of how the last request ended.
func (e *Election) hear(t *Turn) {
	e.session.hear(t.Last)
	if t.Last != nil {
		switch response := t.Last.Response.(type) {
		case kv.TxnResponse:
			e.hearTxn(t, response)
		case kv.RangeResponse:
			e.hearOldest(t, response)
		}
	}
	if e.session.expire(t.Now); !e.session.granted {
		e.lose(t)
	}
}

func (e *Election) hearTxn(t *Turn, response kv.TxnResponse) {
	switch {
	case e.step == electionCampaign && response.Succeeded:
		e.token = response.Revision
	case e.step == electionCampaign:
		if own, ok := onlyPair(response); ok && own.Lease == e.session.id {
			e.token = own.CreateRevision
		}
	case e.step == electionProclaim && !response.Succeeded:
		e.lose(t)
	}
}

// hearOldest: without the candidate's own key there, or an older one, that key is
// gone.
func (e *Election) hearOldest(t *Turn, response kv.RangeResponse) {
	switch {
	case e.step != electionObserve || e.token == 0:
	case len(response.KVs) == 0 || response.KVs[0].CreateRevision > e.token:
		e.lose(t)
	case response.KVs[0].CreateRevision == e.token:
		e.leads, e.end = true, t.Now+t.Spread(e.Term)
		e.terms++
		t.Claim = Claim{e.Prefix, e.token}
	}
}

func (e *Election) lose(t *Turn) {
	e.token, e.leads = 0, false
	t.Claim = Claim{}
}

// observe asks for the oldest key.
func (e *Election) observe() kv.Request {
	return kv.RangeRequest{Span: kv.Prefix(e.Prefix), Target: kv.SortByCreate, Order: kv.SortAscend, Limit: 1}
}

// proclaim says something new after a pause; a long one is interrupted to keep the
// lease alive.
func (e *Election) proclaim(t *Turn) kv.Request {
	t.Pause = min(t.Spread(e.Pause), seconds(e.TTL)/3)
	e.step = electionProclaim
	e.values++
	return kv.TxnRequest{
		Compare: []kv.Compare{{Key: e.key(), Target: kv.TargetCreate, Number: int64(e.token)}},
		Success: []kv.Request{kv.PutRequest{Key: e.key(), Value: numbered(t.Name+".", e.values), Lease: e.session.id}},
	}
}

// resign gives up the lead: by the lease, or the key alone.
func (e *Election) resign(t *Turn) kv.Request {
	e.step = electionResign
	key, token := e.key(), e.token
	e.lose(t)
	if t.Choose(2) == 0 {
		return e.session.revoke()
	}
	return deleteOwn(key, token)
}

// leave gives up the lease, and is done.
func (e *Election) leave() (kv.Request, bool) {
	e.step = electionResign
	e.token = 0
	if e.session.id != 0 {
		return e.session.revoke(), true
	}
	return nil, false
}

// Clone implements Workload.
func (e *Election) Clone() Workload {
	clone := *e
	return &clone
}

// Validate names the field that can't be.
func (e *Election) Validate() error {
	return firstError(
		notEmpty("prefix", e.Prefix), validateTTL(e.TTL),
		e.Term.validateField("term"), e.Pause.validateField("pause"), notNegative("terms", e.Terms),
	)
}

// String says what the client believes.
func (e *Election) String() string {
	role := "no candidate"
	switch {
	case e.leads:
		role = fmt.Sprintf("leads with token %d", e.token)
	case e.token != 0:
		role = fmt.Sprintf("candidate since revision %d", e.token)
	}
	return fmt.Sprintf("election %s: %v, %s", e.Prefix, &e.session, role)
}
