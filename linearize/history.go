package linearize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Outcome is what a client knows about its operation.
type Outcome uint8

const (
	// Unknown: there was no answer. The operation may have happened at any time
	// after its call, may still happen, or may never.
	Unknown Outcome = iota
	// Answered: the operation happened, and the response says how.
	Answered
	// Refused: the store said that the operation did not and will not happen.
	Refused
)

// String returns the outcome in lower case.
func (o Outcome) String() string {
	switch o {
	case Unknown:
		return "unknown"
	case Answered:
		return "answered"
	case Refused:
		return "refused"
	}
	return fmt.Sprintf("outcome %d", uint8(o))
}

// Operation is one request of one client, as the client saw it.
type Operation struct {
	// Client that asked. A client has one operation at a time, except that it
	// may go on after one whose outcome is Unknown.
	Client int
	// Call and Return are stamps of one counter of events that all clients
	// share. Operations whose closed intervals [Call, Return] meet are
	// concurrent. The Return of an Unknown operation is when the client gave
	// up, or zero; it bounds nothing.
	Call, Return int64
	Request      kv.Request
	Outcome      Outcome
	// Response is set if and only if the outcome is Answered.
	Response kv.Response
	// Err is the definite error of a Refused operation; for an Unknown one it
	// may say why there was no answer.
	Err error
}

// History is all that clients asked of a store since it was fresh (at revision
// 1, without a key), in any order. An operation is named by its index.
type History []Operation

// Validate returns an error that names the first operation that no client can
// have recorded: one that returns before its call, whose outcome and response
// do not fit together, whose response is not of its request's kind, or that
// overlaps another one of the same client. It also names the first request that
// the specification does not cover, so that nothing is judged by half of what it
// asks for. A nil error says nothing about linearizability.
func (h History) Validate() error { return h.validate(false) }

func (h History) validate(valuesOnly bool) error {
	for i := range h {
		op := &h[i]
		if err := op.validate(valuesOnly); err != nil {
			return fmt.Errorf("linearize: operation %d of client %d: %w", i, op.Client, err)
		}
	}
	return h.validateClients()
}

// validateClients: a client waits for one answer before it asks again.
func (h History) validateClients() error {
	byCall := func(a, b int) int { return cmp.Compare(h[a].Call, h[b].Call) }
	var order []int
	if !slices.IsSortedFunc(h, func(a, b Operation) int { return cmp.Compare(a.Call, b.Call) }) {
		order = make([]int, len(h))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, byCall)
	}
	var latest clients
	for k := range h {
		i := k
		if order != nil {
			i = order[k]
		}
		op := &h[i]
		if p, ok := latest.get(op.Client); ok && h[p].Outcome != Unknown && h[p].Return > op.Call {
			return fmt.Errorf("linearize: operation %d of client %d is called at %d, while operation %d of the same client lasts until %d: "+
				"give concurrent operations different clients", i, op.Client, op.Call, p, h[p].Return)
		}
		latest.set(op.Client, i)
	}
	return nil
}

// clients maps clients to operations; most clients have small numbers.
type clients struct {
	small  [256]int32 // the operation plus one
	others map[int]int
}

func (c *clients) get(client int) (int, bool) {
	if client >= 0 && client < len(c.small) {
		return int(c.small[client]) - 1, c.small[client] > 0
	}
	i, ok := c.others[client]
	return i, ok
}

func (c *clients) set(client, i int) {
	if client >= 0 && client < len(c.small) {
		c.small[client] = int32(i + 1)
		return
	}
	if c.others == nil {
		c.others = map[int]int{}
	}
	c.others[client] = i
}

func (op *Operation) validate(valuesOnly bool) error {
	if err := covered(op.Request, valuesOnly); err != nil {
		return err
	}
	if op.Return < op.Call && (op.Outcome != Unknown || op.Return != 0) {
		return fmt.Errorf("it returns at %d, before its call at %d: stamps must come from one counter", op.Return, op.Call)
	}
	switch op.Outcome {
	case Unknown, Refused:
		if op.Response != nil {
			return fmt.Errorf("it is %v but has a response: operations with one are answered", op.Outcome)
		}
		if op.Outcome == Refused && op.Err == nil {
			return fmt.Errorf("it is refused without an error: name the error, or make the outcome unknown")
		}
		return nil
	case Answered:
		if op.Err != nil {
			return fmt.Errorf("it is answered but has an error, %w: make the outcome refused if the error is definite, else unknown", op.Err)
		}
		return validateResponse(op.Request, op.Response)
	}
	return fmt.Errorf("%v is not one of unknown, answered and refused", op.Outcome)
}

// validateResponse: the response has the form that its request asks for.
func validateResponse(r kv.Request, resp kv.Response) error {
	if resp == nil {
		return fmt.Errorf("it is answered without a response: make the outcome unknown")
	}
	fits := false
	switch r := r.(type) {
	case kv.RangeRequest:
		_, fits = resp.(kv.RangeResponse)
	case kv.PutRequest:
		_, fits = resp.(kv.PutResponse)
	case kv.DeleteRangeRequest:
		_, fits = resp.(kv.DeleteRangeResponse)
	case kv.TxnRequest:
		if txn, ok := resp.(kv.TxnResponse); ok {
			return validateTxn(r, txn)
		}
	case kv.CompactRequest:
		_, fits = resp.(kv.CompactResponse)
	case kv.LeaseGrantRequest:
		_, fits = resp.(kv.LeaseGrantResponse)
	case kv.LeaseRevokeRequest:
		_, fits = resp.(kv.LeaseRevokeResponse)
	case kv.LeaseKeepAliveRequest:
		_, fits = resp.(kv.LeaseKeepAliveResponse)
	case kv.LeaseTimeToLiveRequest:
		_, fits = resp.(kv.LeaseTimeToLiveResponse)
	case kv.LeaseListRequest:
		_, fits = resp.(kv.LeaseListResponse)
	}
	if !fits {
		return fmt.Errorf("a %T can't be answered by a %T", r, resp)
	}
	return nil
}

func validateTxn(r kv.TxnRequest, resp kv.TxnResponse) error {
	branch := r.Failure
	if resp.Succeeded {
		branch = r.Success
	}
	if len(resp.Responses) != len(branch) {
		return fmt.Errorf("a transaction's branch of %d operations is answered by %d responses", len(branch), len(resp.Responses))
	}
	for i, op := range branch {
		if err := validateResponse(op, resp.Responses[i]); err != nil {
			return fmt.Errorf("in operation %d of a transaction: %w", i, err)
		}
	}
	return nil
}
