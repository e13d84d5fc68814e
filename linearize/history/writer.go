package history

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/castaway-kv/castaway/linearize"
)

// Writer writes a history as JSON lines, which Reader reads back.
type Writer struct {
	encoder *json.Encoder
	count   int
}

// NewWriter returns a writer; wrap out in a bufio.Writer if it is a file.
func NewWriter(out io.Writer) *Writer {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return &Writer{encoder: e}
}

type operationJSON struct {
	Type     string        `json:"type"`
	Op       int           `json:"op"`
	Client   string        `json:"client"`
	Call     int64         `json:"call"`
	Return   int64         `json:"return,omitempty"`
	Outcome  string        `json:"outcome"`
	Request  *requestJSON  `json:"request,omitempty"`
	Response *responseJSON `json:"response,omitempty"`
	F        string        `json:"f,omitempty"`
	Key      string        `json:"key,omitempty"`
	Value    any           `json:"value,omitempty"`
	Result   any           `json:"result,omitempty"`
	Error    string        `json:"error,omitempty"`
}

// WriteModel writes the line that names the history's model; it comes first.
func (w *Writer) WriteModel(name string) error {
	return w.encoder.Encode(struct {
		Type  string `json:"type"`
		Model string `json:"model"`
	}{"history", name})
}

// WriteBand writes a span in which a fault was going on.
func (w *Writer) WriteBand(b Band) error {
	return w.encoder.Encode(struct {
		Type  string `json:"type"`
		From  int64  `json:"from"`
		To    int64  `json:"to"`
		Label string `json:"label"`
	}{"band", b.From, b.To, b.Label})
}

// WriteOperation writes one operation of a store under its client's number.
func (w *Writer) WriteOperation(op linearize.Operation) error {
	return w.Write(&Entry{Operation: op, Name: fmt.Sprint(op.Client)})
}

// Write writes one operation. Operations should come in the order of their
// calls, so that the file can be judged while it is read.
func (w *Writer) Write(e *Entry) error {
	j := operationJSON{
		Type: "operation", Op: w.count, Client: e.Name, Call: e.Call, Return: e.Return, Outcome: e.Outcome.String(),
		F: e.F, Key: e.Key, Value: e.Value, Result: e.Result,
	}
	w.count++
	if e.Request != nil {
		r, err := encodeRequest(e.Request)
		if err != nil {
			return err
		}
		j.Request = &r
	}
	if e.Response != nil {
		r, err := encodeResponse(e.Response)
		if err != nil {
			return err
		}
		j.Response = &r
	}
	if e.Err != nil {
		j.Error = e.Err.Error()
	}
	return w.encoder.Encode(j)
}
