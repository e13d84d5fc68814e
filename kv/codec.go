package kv

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The encoding of requests, in logs and messages:
//
//	request = kind { field } 0
//	field   = number value
//	value   = integer | length bytes | request | { field } 0
//
// All integers are uvarints; signed ones go through uint64. Fields stand in
// rising order of their numbers and only when they are not zero; a list repeats
// its field. So a request has exactly one encoding, and a field that is added
// later leaves the encodings of all earlier requests as they are: no version is
// needed. A field unknown to the reader is an error, because a member must not
// apply half of a request.

// ErrMalformed: bytes that are not the encoding of a request.
var ErrMalformed = errors.New("kv: malformed request")

// The kinds of requests.
const (
	kindRange = iota + 1
	kindPut
	kindDeleteRange
	kindTxn
	kindCompact
	kindLeaseGrant
	kindLeaseRevoke
	kindLeaseKeepAlive
	kindLeaseTimeToLive
	kindLeaseList
	kindAlarm
	kindCommand
)

// The fields of each kind, and of a comparison.
const (
	spanKey = 1
	spanEnd = 2

	rangeRevision          = 3
	rangeLimit             = 4
	rangeSerializable      = 5
	rangeOrder             = 6
	rangeTarget            = 7
	rangeKeysOnly          = 8
	rangeCountOnly         = 9
	rangeMinModRevision    = 10
	rangeMaxModRevision    = 11
	rangeMinCreateRevision = 12
	rangeMaxCreateRevision = 13

	putKey         = 1
	putValue       = 2
	putLease       = 3
	putPrevKV      = 4
	putIgnoreValue = 5
	putIgnoreLease = 6

	deletePrevKV = 3

	txnCompare = 1
	txnSuccess = 2
	txnFailure = 3

	compareKey      = 1
	compareTarget   = 2
	compareOperator = 3
	compareNumber   = 4
	compareValue    = 5
	compareEnd      = 6

	compactRevision = 1

	leaseID   = 1
	leaseTTL  = 2 // of a grant
	leaseKeys = 2 // of a question for the time to live

	alarmAction = 1
	alarmMember = 2
	alarmAlarm  = 3

	commandText  = 1
	commandQuery = 2
)

// maxDepth bounds the nesting of transactions: what Validate lets through has
// one operation less at each level, down to an empty transaction.
const maxDepth = MaxTxnOps + 1

// AppendRequest appends the encoding of r to dst. Equal requests have equal
// encodings; nil and empty lists are equal.
func AppendRequest(dst []byte, r Request) []byte {
	switch r := r.(type) {
	case RangeRequest:
		dst = appendRange(append(dst, kindRange), r)
	case PutRequest:
		dst = appendPut(append(dst, kindPut), r)
	case DeleteRangeRequest:
		dst = appendSpan(append(dst, kindDeleteRange), r.Span)
		dst = appendFlag(dst, deletePrevKV, r.PrevKV)
	case TxnRequest:
		dst = appendTxn(append(dst, kindTxn), r)
	case CompactRequest:
		dst = appendNumber(append(dst, kindCompact), compactRevision, uint64(r.Revision))
	case LeaseGrantRequest:
		dst = appendNumber(append(dst, kindLeaseGrant), leaseID, uint64(r.ID))
		dst = appendNumber(dst, leaseTTL, uint64(r.TTL))
	case LeaseRevokeRequest:
		dst = appendNumber(append(dst, kindLeaseRevoke), leaseID, uint64(r.ID))
	case LeaseKeepAliveRequest:
		dst = appendNumber(append(dst, kindLeaseKeepAlive), leaseID, uint64(r.ID))
	case LeaseTimeToLiveRequest:
		dst = appendNumber(append(dst, kindLeaseTimeToLive), leaseID, uint64(r.ID))
		dst = appendFlag(dst, leaseKeys, r.Keys)
	case LeaseListRequest:
		dst = append(dst, kindLeaseList)
	case AlarmRequest:
		dst = appendNumber(append(dst, kindAlarm), alarmAction, uint64(r.Action))
		dst = appendNumber(dst, alarmMember, r.Member)
		dst = appendNumber(dst, alarmAlarm, uint64(r.Alarm))
	case CommandRequest:
		dst = appendText(append(dst, kindCommand), commandText, r.Command)
		dst = appendFlag(dst, commandQuery, r.Query)
	default:
		panic(fmt.Sprintf("kv: unknown request %T", r))
	}
	return append(dst, 0)
}

func appendRange(dst []byte, r RangeRequest) []byte {
	dst = appendSpan(dst, r.Span)
	dst = appendNumber(dst, rangeRevision, uint64(r.Revision))
	dst = appendNumber(dst, rangeLimit, uint64(r.Limit))
	dst = appendFlag(dst, rangeSerializable, r.Serializable)
	dst = appendNumber(dst, rangeOrder, uint64(r.Order))
	dst = appendNumber(dst, rangeTarget, uint64(r.Target))
	dst = appendFlag(dst, rangeKeysOnly, r.KeysOnly)
	dst = appendFlag(dst, rangeCountOnly, r.CountOnly)
	dst = appendNumber(dst, rangeMinModRevision, uint64(r.MinModRevision))
	dst = appendNumber(dst, rangeMaxModRevision, uint64(r.MaxModRevision))
	dst = appendNumber(dst, rangeMinCreateRevision, uint64(r.MinCreateRevision))
	return appendNumber(dst, rangeMaxCreateRevision, uint64(r.MaxCreateRevision))
}

func appendPut(dst []byte, r PutRequest) []byte {
	dst = appendText(dst, putKey, r.Key)
	dst = appendText(dst, putValue, r.Value)
	dst = appendNumber(dst, putLease, uint64(r.Lease))
	dst = appendFlag(dst, putPrevKV, r.PrevKV)
	dst = appendFlag(dst, putIgnoreValue, r.IgnoreValue)
	return appendFlag(dst, putIgnoreLease, r.IgnoreLease)
}

func appendTxn(dst []byte, r TxnRequest) []byte {
	for _, c := range r.Compare {
		dst = appendCompare(append(dst, txnCompare), c)
	}
	for _, op := range r.Success {
		dst = AppendRequest(append(dst, txnSuccess), op)
	}
	for _, op := range r.Failure {
		dst = AppendRequest(append(dst, txnFailure), op)
	}
	return dst
}

func appendSpan(dst []byte, s Span) []byte {
	return appendText(appendText(dst, spanKey, s.Key), spanEnd, s.End)
}

func appendCompare(dst []byte, c Compare) []byte {
	dst = appendText(dst, compareKey, c.Key)
	dst = appendNumber(dst, compareTarget, uint64(c.Target))
	dst = appendNumber(dst, compareOperator, uint64(c.Operator))
	dst = appendNumber(dst, compareNumber, uint64(c.Number))
	dst = appendText(dst, compareValue, c.Value)
	dst = appendText(dst, compareEnd, c.End)
	return append(dst, 0)
}

func appendFlag(dst []byte, field byte, set bool) []byte {
	if set {
		return appendNumber(dst, field, 1)
	}
	return dst
}

func appendNumber(dst []byte, field byte, n uint64) []byte {
	if n == 0 {
		return dst
	}
	return binary.AppendUvarint(append(dst, field), n)
}

func appendText(dst []byte, field byte, s string) []byte {
	if s == "" {
		return dst
	}
	return append(binary.AppendUvarint(append(dst, field), uint64(len(s))), s...)
}

// DecodeRequest is the inverse of AppendRequest: it accepts what AppendRequest
// makes, byte for byte, and nothing else. The error wraps ErrMalformed and names
// the offset. Whether the request is one that the store takes is for Validate to
// say. The result shares no memory with b.
func DecodeRequest(b []byte) (Request, error) {
	d := decoder{data: b}
	r := d.request(maxDepth)
	if d.err == nil && d.offset < len(b) {
		d.fail("%d bytes after its end", len(b)-d.offset)
	}
	if d.err != nil {
		return nil, d.err
	}
	return r, nil
}

// decoder reads data from offset on. After the first error every read gives the
// zero value and next gives 0, so that all loops end.
type decoder struct {
	data   []byte
	offset int
	err    error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: byte %d of %d: %s", ErrMalformed, d.offset, len(d.data), fmt.Sprintf(format, args...))
	}
}

// request reads a request with at most depth transactions nested in each other.
func (d *decoder) request(depth int) Request {
	switch kind := d.uvarint(); kind {
	case kindRange:
		return d.rangeRequest()
	case kindPut:
		return d.putRequest()
	case kindDeleteRange:
		return d.deleteRangeRequest()
	case kindTxn:
		if depth == 0 {
			d.fail("more than %d nested transactions", maxDepth)
		}
		return d.txnRequest(depth - 1)
	case kindCompact:
		return d.compactRequest()
	case kindLeaseGrant, kindLeaseRevoke, kindLeaseKeepAlive, kindLeaseTimeToLive, kindLeaseList:
		return d.leaseRequest(kind)
	case kindAlarm:
		return d.alarmRequest()
	case kindCommand:
		return d.commandRequest()
	default:
		d.fail("unknown kind of request %d", kind)
		return nil
	}
}

func (d *decoder) rangeRequest() (r RangeRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case spanKey:
			r.Key = d.text()
		case spanEnd:
			r.End = d.text()
		case rangeRevision:
			r.Revision = Revision(d.number())
		case rangeLimit:
			r.Limit = int64(d.number())
		case rangeSerializable:
			r.Serializable = d.flag()
		case rangeOrder:
			r.Order = SortOrder(d.small(0xff))
		case rangeTarget:
			r.Target = SortTarget(d.small(0xff))
		case rangeKeysOnly:
			r.KeysOnly = d.flag()
		case rangeCountOnly:
			r.CountOnly = d.flag()
		case rangeMinModRevision:
			r.MinModRevision = Revision(d.number())
		case rangeMaxModRevision:
			r.MaxModRevision = Revision(d.number())
		case rangeMinCreateRevision:
			r.MinCreateRevision = Revision(d.number())
		case rangeMaxCreateRevision:
			r.MaxCreateRevision = Revision(d.number())
		default:
			d.fail("a range has no field %d", field)
		}
	}
	return r
}

func (d *decoder) putRequest() (r PutRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case putKey:
			r.Key = d.text()
		case putValue:
			r.Value = d.text()
		case putLease:
			r.Lease = LeaseID(d.number())
		case putPrevKV:
			r.PrevKV = d.flag()
		case putIgnoreValue:
			r.IgnoreValue = d.flag()
		case putIgnoreLease:
			r.IgnoreLease = d.flag()
		default:
			d.fail("a put has no field %d", field)
		}
	}
	return r
}

func (d *decoder) deleteRangeRequest() (r DeleteRangeRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case spanKey:
			r.Key = d.text()
		case spanEnd:
			r.End = d.text()
		case deletePrevKV:
			r.PrevKV = d.flag()
		default:
			d.fail("a delete has no field %d", field)
		}
	}
	return r
}

func (d *decoder) txnRequest(depth int) (r TxnRequest) {
	for field := d.next(1); field != 0; field = d.next(field) {
		switch field {
		case txnCompare:
			r.Compare = append(r.Compare, d.compare())
		case txnSuccess:
			r.Success = append(r.Success, d.request(depth))
		case txnFailure:
			r.Failure = append(r.Failure, d.request(depth))
		default:
			d.fail("a transaction has no field %d", field)
		}
	}
	return r
}

func (d *decoder) compare() (c Compare) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case compareKey:
			c.Key = d.text()
		case compareTarget:
			c.Target = Target(d.small(0xff))
		case compareOperator:
			c.Operator = Operator(d.small(0xff))
		case compareNumber:
			c.Number = int64(d.number())
		case compareValue:
			c.Value = d.text()
		case compareEnd:
			c.End = d.text()
		default:
			d.fail("a comparison has no field %d", field)
		}
	}
	return c
}

func (d *decoder) compactRequest() (r CompactRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case compactRevision:
			r.Revision = Revision(d.number())
		default:
			d.fail("a compaction has no field %d", field)
		}
	}
	return r
}

// leaseRequest reads the fields of all requests on leases: an id, and a number
// that two of them have.
func (d *decoder) leaseRequest(kind uint64) Request {
	var id LeaseID
	var second uint64
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch {
		case field == leaseID && kind != kindLeaseList:
			id = LeaseID(d.number())
		case field == leaseTTL && kind == kindLeaseGrant:
			second = d.number()
		case field == leaseKeys && kind == kindLeaseTimeToLive:
			second = d.small(1)
		default:
			d.fail("a lease request of kind %d has no field %d", kind, field)
		}
	}
	switch kind {
	case kindLeaseGrant:
		return LeaseGrantRequest{ID: id, TTL: TTL(second)}
	case kindLeaseRevoke:
		return LeaseRevokeRequest{ID: id}
	case kindLeaseKeepAlive:
		return LeaseKeepAliveRequest{ID: id}
	case kindLeaseTimeToLive:
		return LeaseTimeToLiveRequest{ID: id, Keys: second == 1}
	default:
		return LeaseListRequest{}
	}
}

func (d *decoder) alarmRequest() (r AlarmRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case alarmAction:
			r.Action = AlarmAction(d.small(0xff))
		case alarmMember:
			r.Member = d.number()
		case alarmAlarm:
			r.Alarm = Alarm(d.small(0xff))
		default:
			d.fail("an alarm request has no field %d", field)
		}
	}
	return r
}

func (d *decoder) commandRequest() (r CommandRequest) {
	for field := d.next(1); field != 0; field = d.next(field + 1) {
		switch field {
		case commandText:
			r.Command = d.text()
		case commandQuery:
			r.Query = d.flag()
		default:
			d.fail("a command has no field %d", field)
		}
	}
	return r
}

// next reads the number of the next field, which must be at least least; 0 at
// the end of the fields.
func (d *decoder) next(least uint64) uint64 {
	field := d.uvarint()
	if field != 0 && field < least {
		d.fail("field %d out of order", field)
	}
	if d.err != nil {
		return 0
	}
	return field
}

// text reads a string; an empty one would have been left out.
func (d *decoder) text() string {
	length := d.number()
	if d.err != nil {
		return ""
	}
	if length > uint64(len(d.data)-d.offset) {
		d.fail("a string of %d bytes, only %d left", length, len(d.data)-d.offset)
		return ""
	}
	start := d.offset
	d.offset += int(length)
	return string(d.data[start:d.offset])
}

// flag reads a set flag; one that is not set would have been left out.
func (d *decoder) flag() bool { return d.small(1) == 1 }

// small reads a number up to limit.
func (d *decoder) small(limit uint64) uint64 {
	n := d.number()
	if n > limit {
		d.fail("number %d above %d", n, limit)
		return 0
	}
	return n
}

// number reads an integer; a zero would have been left out.
func (d *decoder) number() uint64 {
	n := d.uvarint()
	if n == 0 {
		d.fail("a zero that should be left out")
	}
	return n
}

// uvarint reads an integer in its shortest form.
func (d *decoder) uvarint() uint64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Uvarint(d.data[d.offset:])
	switch {
	case size == 0:
		d.fail("ends too early")
		return 0
	case size < 0:
		d.fail("an integer of more than 64 bits")
		return 0
	case size > 1 && d.data[d.offset+size-1] == 0:
		d.fail("an integer that is longer than it needs to be")
		return 0
	}
	d.offset += size
	return n
}
