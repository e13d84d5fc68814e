package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/castaway-kv/castaway/kv"
)

// Format of a history.
type Format uint8

const (
	// Detect: by the first bytes.
	Detect Format = iota
	// JSONLines is Castaway's own.
	JSONLines
	// EDN is Jepsen's history.edn, and porcupine's kv test format.
	EDN
	// Log is the log of jepsen.util.
	Log
)

var formats = []Format{Detect, JSONLines, EDN, Log}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) { return named("format", name, formats) }

// String is the format's name.
func (f Format) String() string {
	switch f {
	case Detect:
		return "detect"
	case JSONLines:
		return "jsonl"
	case EDN:
		return "edn"
	case Log:
		return "jepsen-log"
	}
	return fmt.Sprintf("format %d", uint8(f))
}

// Options of a reader. The zero value has the defaults.
type Options struct {
	Format Format
	// Command reads a request that is written as a command of etcdctl, such as
	// `put x 1`. Without it such requests are refused.
	Command func(string) (kv.Request, error)
	// Independent says that each value is a pair [key value], as Jepsen's
	// independent generators make them.
	Independent bool
}

// Reader reads a history operation by operation.
type Reader struct {
	entry  func() (*Entry, error)
	json   *jsonLines
	pairs  *pairing
	format Format
	err    error
}

// NewReader returns a reader of a history. It reads as much as it needs to
// detect the format.
func NewReader(in io.Reader, options Options) (*Reader, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	if options.Format == Detect {
		format, err := detect(b)
		if err != nil {
			return nil, err
		}
		options.Format = format
	}
	r := &Reader{format: options.Format}
	switch options.Format {
	case EDN:
		edn := newEDN(b)
		r.pairs = newPairing(ednEvents(edn, options.Independent))
	case Log:
		r.pairs = newPairing(logEvents(b, options.Independent))
		// The etcd of these logs answers a compare-and-swap that finds another
		// value with fail; a read that fails has an error.
		r.pairs.failedAnswers = func(f string) bool { return f == "cas" }
	case JSONLines, Detect:
		r.json = newJSONLines(b, &options)
		r.pairs = r.json.pairs
		r.entry = r.json.entry
		return r, nil
	}
	r.entry = r.pairs.entry
	return r, nil
}

// detect looks at the first byte that is no blank.
func detect(b *bufio.Reader) (Format, error) {
	head, err := b.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return Detect, err
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 {
		return JSONLines, nil // an empty history
	}
	line := head
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	after := bytes.TrimLeft(line[min(1, len(line)):], " \t\r")
	switch {
	case bytes.Contains(head, []byte("jepsen.util - ")):
		return Log, nil
	case line[0] == '{' && (len(after) == 0 || after[0] == '"' || after[0] == '}'):
		return JSONLines, nil
	case line[0] == '{' || line[0] == '[' || line[0] == '(' || line[0] == '#' || line[0] == ';':
		return EDN, nil
	}
	return Detect, errorAt(1, "no known format begins with %s: give JSON lines, EDN or a Jepsen log, or name the format", short(string(line)))
}

// Next is the next operation, in the order of calls if the file has calls and
// returns apart, else in the order of the file; io.EOF after the last one. An
// *Error says what is wrong with the file.
func (r *Reader) Next() (*Entry, error) {
	if r.err != nil {
		return nil, r.err
	}
	e, err := r.entry()
	r.err = err
	return e, err
}

// All is an iterator over the operations that are left; it ends after an error.
func (r *Reader) All() iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		for {
			e, err := r.Next()
			if errors.Is(err, io.EOF) || !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Format is the format that is read.
func (r *Reader) Format() Format { return r.format }

// Model is the model that the file names, if it does so before what was read.
func (r *Reader) Model() string {
	if r.json == nil {
		return ""
	}
	return r.json.model
}

// Bands are the faults that the file tells of, as far as it was read.
func (r *Reader) Bands() []Band {
	if r.json != nil && len(r.json.bands) > 0 {
		return r.json.bands
	}
	return r.pairs.bands
}

// Applied are the records of the applied log that the file holds, as far as it
// was read.
func (r *Reader) Applied() []Applied {
	if r.json == nil {
		return nil
	}
	return r.json.applied
}
