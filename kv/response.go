package kv

// Response is the answer to a request, of the kind that its request has: a
// RangeResponse to a RangeRequest and so on. Its String is the answer in one
// line, in etcdctl's words.
type Response interface {
	response()
	String() string
	// At is the revision in the response's header: the store's revision after
	// the request.
	At() Revision
}

// Header stands at the head of every response.
type Header struct {
	// Revision of the store after the request; for a read of the past too it
	// is the newest one. A transaction nested in another has 0.
	Revision Revision
}

// At implements Response.
func (h Header) At() Revision { return h.Revision }

// RangeResponse answers a RangeRequest.
type RangeResponse struct {
	Header
	KVs []KeyValue
	// More says that the limit cut the answer short.
	More bool
	// Count is the number of keys in the span, whatever the limit and the bounds
	// on revisions.
	Count int64
}

// PutResponse answers a PutRequest.
type PutResponse struct {
	Header
	// PrevKV is the pair before, nil if there was none or it was not asked for.
	PrevKV *KeyValue
}

// DeleteRangeResponse answers a DeleteRangeRequest.
type DeleteRangeResponse struct {
	Header
	// Deleted is the number of keys deleted.
	Deleted int64
	// PrevKVs are the pairs before, in ascending order, if they were asked for.
	PrevKVs []KeyValue
}

// CompactResponse answers a CompactRequest.
type CompactResponse struct {
	Header
}

// TxnResponse answers a TxnRequest.
type TxnResponse struct {
	Header
	// Succeeded says which branch ran: Success if true.
	Succeeded bool
	// Responses answer the operations of that branch, in order. Those before
	// the transaction's first change carry the revision before it.
	Responses []Response
}

func (RangeResponse) response()       {}
func (PutResponse) response()         {}
func (DeleteRangeResponse) response() {}
func (TxnResponse) response()         {}
func (CompactResponse) response()     {}
