package link

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// prefix begins a link; the version of the format is a part of it.
const (
	prefix  = "#s="
	version = "1."
)

// maxPayload bounds what a link holds when it is unpacked.
const maxPayload = scenario.MaxBytes + MaxEngine + 16*MaxMarks + 16

// The errors of Parse, for errors.Is. Those of a scenario are *scenario.Error.
var (
	ErrNoLink   = errors.New("this is no link: it has no #s=1.…")
	ErrVersion  = errors.New("the link is of a newer format than this engine knows: use a newer castaway")
	ErrDamaged  = errors.New("the link is damaged: is it all there?")
	ErrTooLarge = errors.New("the link is too large")
)

// polynomial of the checksum.
var polynomial = crc32.MakeTable(crc32.Castagnoli)

// String is the link as a part of an address, from the number sign on.
func (l *Link) String() string {
	payload := l.payload()
	var packed bytes.Buffer
	w, err := flate.NewWriterDict(&packed, flate.BestCompression, []byte(dictionary))
	if err == nil {
		_, err = w.Write(payload)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything, and the level is one
	}
	sum := binary.LittleEndian.AppendUint32(packed.Bytes(), crc32.Checksum(payload, polynomial))
	return prefix + version + base64.RawURLEncoding.EncodeToString(sum)
}

func (l *Link) payload() []byte {
	b := binary.AppendUvarint(nil, uint64(len(l.Engine)))
	b = append(b, l.Engine...)
	b = binary.AppendUvarint(b, uint64(len(l.Marks)))
	at := raftsim.Time(0)
	for _, m := range l.Marks {
		b = binary.AppendUvarint(b, uint64(m.At-at))
		b = binary.LittleEndian.AppendUint32(b, m.Hash)
		at = m.At
	}
	return append(b, l.Scenario.String()...)
}

// Parse reads a link: an address with one in it, or the link alone, from the number sign or
// from the version on. The error is one of those above, or a *scenario.Error.
func Parse(text string) (*Link, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(text), MaxText)
	}
	text = strings.TrimSpace(text)
	if i := strings.Index(text, prefix); i >= 0 {
		text = text[i+len(prefix):]
	}
	text, _, _ = strings.Cut(text, "&") // other parameters
	number, data, ok := strings.Cut(text, ".")
	switch {
	case !ok || number == "" || strings.Trim(number, "0123456789") != "":
		return nil, ErrNoLink
	case number+"." != version:
		return nil, ErrVersion
	}
	payload, err := unpack(data)
	if err != nil {
		return nil, err
	}
	return read(payload)
}

// unpack undoes the compression, but not of more than a payload can be.
func unpack(data string) ([]byte, error) {
	packed, err := base64.RawURLEncoding.Strict().DecodeString(data)
	if err != nil || len(packed) < crc32.Size {
		return nil, ErrDamaged
	}
	packed, sum := packed[:len(packed)-crc32.Size], packed[len(packed)-crc32.Size:]
	r := flate.NewReaderDict(bytes.NewReader(packed), []byte(dictionary))
	payload, err := io.ReadAll(io.LimitReader(r, maxPayload+1))
	switch {
	case len(payload) > maxPayload:
		return nil, fmt.Errorf("%w: it holds more than %d bytes", ErrTooLarge, maxPayload)
	case err != nil || crc32.Checksum(payload, polynomial) != binary.LittleEndian.Uint32(sum):
		return nil, ErrDamaged
	}
	return payload, nil
}

// read takes a payload apart.
func read(payload []byte) (*Link, error) {
	r := bytes.NewReader(payload)
	engine := make([]byte, number(r, MaxEngine))
	if _, err := io.ReadFull(r, engine); err != nil {
		return nil, ErrDamaged
	}
	l := &Link{Engine: string(engine)}
	at := raftsim.Time(0)
	for range number(r, MaxMarks) {
		at += raftsim.Time(number(r, uint64(scenario.MaxRun)))
		var hash [4]byte
		if _, err := io.ReadFull(r, hash[:]); err != nil || at > scenario.MaxRun {
			return nil, ErrDamaged
		}
		l.Marks = append(l.Marks, Mark{at, binary.LittleEndian.Uint32(hash[:])})
	}
	var err error
	l.Scenario, err = scenario.Parse(string(payload[len(payload)-r.Len():]))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// number reads one up to most. Instead of what is none or more it is most, and what
// follows it will be missing or make no sense: a payload has a checksum.
func number(r io.ByteReader, most uint64) uint64 {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return most
	}
	return min(n, most)
}
