package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/linearize"
)

// line is one line of JSON; its type says which fields count.
type line struct {
	Type string `json:"type"`
	// Of an operation and of the events invoke, ok, fail, info.
	Client   json.RawMessage `json:"client"`
	Process  json.RawMessage `json:"process"` // Jepsen's word for a client
	Request  json.RawMessage `json:"request"`
	Response json.RawMessage `json:"response"`
	Error    string          `json:"error"`
	F        string          `json:"f"`
	Key      json.RawMessage `json:"key"`
	Value    json.RawMessage `json:"value"`
	Result   json.RawMessage `json:"result"`
	// Of an operation.
	Op      *int   `json:"op"`
	Call    *int64 `json:"call"`
	Return  *int64 `json:"return"`
	Outcome string `json:"outcome"`
	// Of the history, a band, an applied record.
	Model    string      `json:"model"`
	From     int64       `json:"from"`
	To       int64       `json:"to"`
	Label    string      `json:"label"`
	Index    uint64      `json:"index"`
	Revision kv.Revision `json:"revision"`
}

// jsonLines reads Castaway's own format. Lines of other types that `castaway run
// --json` prints are passed over.
type jsonLines struct {
	in      *bufio.Reader
	number  int
	options *Options
	// calls and events say which of the two forms the file has.
	calls, events bool
	pairs         *pairing
	model         string
	bands         []Band
	applied       []Applied
	clients       map[string]int
}

func newJSONLines(in *bufio.Reader, options *Options) *jsonLines {
	j := &jsonLines{in: in, options: options, clients: map[string]int{}}
	j.pairs = newPairing(j.event)
	return j
}

// entry is the next operation, of either form; io.EOF at the end.
func (j *jsonLines) entry() (*Entry, error) {
	if j.events {
		return j.pairs.entry()
	}
	for {
		l, err := j.line()
		if err != nil {
			return nil, err
		}
		if l.Type == "operation" {
			j.calls = true
			e, err := j.operation(l)
			return e, at(j.number, err)
		}
		if isEvent(l.Type) {
			if j.calls {
				return nil, j.mixed()
			}
			j.events = true
			e, err := j.toEvent(l)
			if err == nil {
				err = j.pairs.take(&e)
			}
			if err != nil {
				return nil, at(j.number, err)
			}
			return j.pairs.entry()
		}
		if err := j.other(l); err != nil {
			return nil, at(j.number, err)
		}
	}
}

func (j *jsonLines) mixed() error {
	return errorAt(j.number, `"operation" lines and "invoke", "ok", "fail", "info" lines can't be mixed: they count time differently`)
}

func isEvent(kind string) bool {
	return slices.Contains([]eventType{invoke, okay, fail, info}, eventType(kind))
}

// event is the next event; io.EOF at the end.
func (j *jsonLines) event() (event, error) {
	for {
		l, err := j.line()
		switch {
		case err != nil:
			return event{}, err
		case l.Type == "operation":
			return event{}, j.mixed()
		case isEvent(l.Type):
			e, err := j.toEvent(l)
			return e, at(j.number, err)
		}
		if err := j.other(l); err != nil {
			return event{}, at(j.number, err)
		}
	}
}

// line is the next line that is not empty.
func (j *jsonLines) line() (*line, error) {
	for {
		b, err := readLine(j.in, j.number+1)
		if err != nil {
			return nil, err
		}
		j.number++
		if len(bytes.TrimSpace(b)) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(b, &l); err != nil {
			return nil, errorAt(j.number, "not a JSON object with known fields, or cut off: %v", jsonProblem(err))
		}
		return &l, nil
	}
}

// other takes the lines that are no operations.
func (j *jsonLines) other(l *line) error {
	switch l.Type {
	case "history":
		j.model = l.Model
	case "band":
		if l.From < 0 || l.To < l.From {
			return fmt.Errorf("a band from %d to %d: stamps are not negative, and it ends after it begins", l.From, l.To)
		}
		j.bands = append(j.bands, Band{l.From, l.To, l.Label})
	case "applied":
		a := Applied{Line: j.number, Op: -1, Index: l.Index, Revision: l.Revision}
		if l.Op != nil {
			a.Op = *l.Op
		}
		request, err := j.request(l.Request)
		a.Request = request
		j.applied = append(j.applied, a)
		return err
	case "scenario", "event", "expectation", "result":
		// Of castaway run --json; not about what clients saw.
	default:
		return fmt.Errorf("unknown type %s: use operation, or invoke, ok, fail and info; or history, band, applied", short(l.Type))
	}
	return nil
}

// operation makes an entry of a line that has call and return together.
func (j *jsonLines) operation(l *line) (*Entry, error) {
	e := &Entry{Line: j.number, Name: scalarText(l.Client), F: l.F}
	if e.Name == "" {
		e.Name = scalarText(l.Process)
	}
	if e.Name == "" {
		return nil, errors.New(`an operation without "client"`)
	}
	n, ok := j.clients[e.Name]
	if !ok {
		n = len(j.clients)
		j.clients[e.Name] = n
	}
	e.Client = n
	if err := l.stamps(e); err != nil {
		return nil, err
	}
	if err := j.asked(l, e); err != nil {
		return nil, err
	}
	return e, j.outcome(l, e)
}

func (l *line) stamps(e *Entry) error {
	if l.Call == nil {
		return errors.New(`an operation without "call", the stamp of an event counter or clock that all clients share`)
	}
	e.Call = *l.Call
	if l.Return != nil {
		e.Return = *l.Return
	}
	if e.Call < 0 || e.Return < 0 {
		return fmt.Errorf("a negative stamp (call %d, return %d): stamps count from 0", e.Call, e.Return)
	}
	return nil
}

// asked reads the request, or the function with its key and value.
func (j *jsonLines) asked(l *line, e *Entry) (err error) {
	if e.Request, err = j.request(l.Request); err != nil || e.Request != nil {
		return err
	}
	if l.F == "" {
		return errors.New(`an operation needs a "request" (of a store with revisions) or an "f" (of a simple model)`)
	}
	e.Key = scalarText(l.Key)
	e.Value, err = fromJSON(l.Value)
	return err
}

func (j *jsonLines) outcome(l *line, e *Entry) (err error) {
	outcomes := []linearize.Outcome{linearize.Unknown, linearize.Answered, linearize.Refused}
	if l.Outcome == "" {
		return errors.New(`an operation without "outcome": answered, refused or unknown`)
	}
	if e.Outcome, err = named("outcome", l.Outcome, outcomes); err != nil {
		return err
	}
	if l.Error != "" {
		e.Err = errors.New(l.Error)
	}
	switch {
	case e.Outcome == linearize.Refused && e.Err == nil:
		e.Err = errors.New("refused")
	case e.Outcome == linearize.Answered && l.Return == nil:
		return errors.New(`an answered operation without "return"`)
	case e.Outcome == linearize.Answered && e.Request == nil:
		e.Result, err = fromJSON(l.Result)
	case e.Outcome == linearize.Answered && l.Response == nil:
		return errors.New(`an answered request without "response"`)
	case e.Outcome == linearize.Answered:
		e.Response, err = decodeResponse(l.Response, e.Request)
	}
	return err
}

// request reads a request: an object, or a command where Options.Command can
// read one. It is nil if there is none.
func (j *jsonLines) request(b json.RawMessage) (kv.Request, error) {
	switch {
	case len(b) == 0 || bytes.Equal(b, []byte("null")):
		return nil, nil
	case b[0] != '"':
		return decodeRequest(b)
	case j.options.Command == nil:
		return nil, errors.New("a request as a command can't be read here: give it as an object")
	}
	var command string
	if err := json.Unmarshal(b, &command); err != nil {
		return nil, err
	}
	r, err := j.options.Command(command)
	if err != nil {
		return nil, fmt.Errorf("request %s: %w", short(command), err)
	}
	return r, nil
}

// toEvent makes an event of a line.
func (j *jsonLines) toEvent(l *line) (e event, err error) {
	e = event{line: j.number, kind: eventType(l.Type), client: scalarText(l.Client), f: l.F, key: scalarText(l.Key), failed: l.Error}
	if e.client == "" {
		e.client = scalarText(l.Process)
	}
	if e.client == "" {
		return e, errors.New(`an event without "client"`)
	}
	if e.kind == invoke {
		if e.request, err = j.request(l.Request); err != nil {
			return e, err
		}
		if e.request == nil && e.f == "" {
			return e, errors.New(`an invoke needs a "request" (of a store with revisions) or an "f" (of a simple model)`)
		}
		e.value, err = fromJSON(l.Value)
		return e, err
	}
	if l.Response != nil {
		response := l.Response
		e.response = func(r kv.Request) (kv.Response, error) { return decodeResponse(response, r) }
	}
	answer := l.Result
	if answer == nil {
		answer = l.Value // as Jepsen's maps have it
	}
	e.result, err = fromJSON(answer)
	return e, err
}

// scalarText is a string or a number as text; empty for anything else.
func scalarText(b json.RawMessage) string {
	v, err := fromJSON(b)
	if err != nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// fromJSON reads a value; one that is not there is nil. Numbers that are no
// int64 become their text.
func fromJSON(b json.RawMessage) (any, error) {
	if len(b) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return plain(v), nil
}

func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String()
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		//castaway:unordered each value is replaced by itself in another form
		for k := range v {
			v[k] = plain(v[k])
		}
	}
	return v
}
