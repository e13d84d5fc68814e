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
)

// The fields of each kind, and of a comparison.
const (
	spanKey           = 1
	spanEnd           = 2
	rangeRevision     = 3
	rangeLimit        = 4
	rangeSerializable = 5

	putKey   = 1
	putValue = 2

	txnCompare = 1
	txnSuccess = 2
	txnFailure = 3

	compareKey      = 1
	compareTarget   = 2
	compareOperator = 3
	compareNumber   = 4
	compareValue    = 5
)

// maxDepth bounds the nesting of transactions: what Validate lets through has
// one operation less at each level, down to an empty transaction.
const maxDepth = MaxTxnOps + 1

// AppendRequest appends the encoding of r to dst. Equal requests have equal
// encodings; nil and empty lists are equal.
func AppendRequest(dst []byte, r Request) []byte {
	switch r := r.(type) {
	case RangeRequest:
		dst = appendSpan(append(dst, kindRange), r.Span)
		dst = appendNumber(dst, rangeRevision, uint64(r.Revision))
		dst = appendNumber(dst, rangeLimit, uint64(r.Limit))
		if r.Serializable {
			dst = appendNumber(dst, rangeSerializable, 1)
		}
	case PutRequest:
		dst = appendText(append(dst, kindPut), putKey, r.Key)
		dst = appendText(dst, putValue, r.Value)
	case DeleteRangeRequest:
		dst = appendSpan(append(dst, kindDeleteRange), r.Span)
	case TxnRequest:
		dst = append(dst, kindTxn)
		for _, c := range r.Compare {
			dst = appendCompare(append(dst, txnCompare), c)
		}
		for _, op := range r.Success {
			dst = AppendRequest(append(dst, txnSuccess), op)
		}
		for _, op := range r.Failure {
			dst = AppendRequest(append(dst, txnFailure), op)
		}
	default:
		panic(fmt.Sprintf("kv: unknown request %T", r))
	}
	return append(dst, 0)
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
	return append(dst, 0)
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
			r.Serializable = d.small(1) == 1
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
		default:
			d.fail("a comparison has no field %d", field)
		}
	}
	return c
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
