package history

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// faultEnds says whether a nemesis' function undoes a fault.
func faultEnds(f string) bool {
	return slices.ContainsFunc([]string{"stop", "heal", "end", "resume", "recover"}, func(word string) bool {
		return strings.Contains(f, word)
	})
}

// ednEvents reads Jepsen's operations: maps with :process, :type, :f, :value and
// perhaps :key and :error. porcupine's kv histories are such maps too.
func ednEvents(r *ednReader, independent bool) func() (event, error) {
	return func() (event, error) {
		v, line, err := r.next()
		if err != nil {
			return event{line: line}, err
		}
		m, ok := v.(map[string]any)
		if !ok {
			return event{}, errorAt(line, "expected a map such as {:process 0, :type :invoke, :f :read, :value nil}, found %s", short(Text(v)))
		}
		e, err := ednEvent(m, line)
		if err == nil && independent {
			err = e.split()
		}
		return e, err
	}
}

func ednEvent(m map[string]any, line int) (event, error) {
	e := event{line: line, f: Text(m["f"]), value: m["value"]}
	for _, field := range []string{"process", "type", "f"} {
		if m[field] == nil {
			return e, errorAt(line, "an operation without :%s", field)
		}
	}
	switch p := m["process"].(type) {
	case int64:
		e.client = strconv.FormatInt(p, 10)
	case string:
		e.client = p
	default:
		e.outside = true
		e.client = Text(p)
	}
	if key, ok := m["key"]; ok && key != nil {
		e.key = Text(key)
	}
	if failed, ok := m["error"]; ok && failed != nil {
		e.failed = Text(failed)
	}
	return e, e.setKind(Text(m["type"]))
}

// setKind reads the word for the kind, and moves the value of an answer.
func (e *event) setKind(word string) error {
	e.kind = eventType(word)
	switch e.kind {
	case invoke:
	case okay:
		e.result, e.value = e.value, nil
	case fail, info:
		if k, ok := e.value.(Keyword); ok && e.failed == "" {
			e.failed = string(k) // :fail :read :timed-out
		}
		e.value = nil
	default:
		return errorAt(e.line, "unknown type %s: use invoke, ok, fail or info", short(word))
	}
	return nil
}

// split takes the key out of a value [key value], as Jepsen's independent
// generators make them.
func (e *event) split() error {
	of := &e.value
	if e.kind == okay {
		of = &e.result
	}
	if e.kind == fail || e.kind == info || e.outside {
		return nil
	}
	pair, ok := (*of).([]any)
	if !ok || len(pair) != 2 {
		return errorAt(e.line, "independent values are pairs [key value], found %s", short(Text(*of)))
	}
	e.key, *of = Text(pair[0]), pair[1]
	return nil
}

// logEvents reads the lines of jepsen.util's log, of the form
//
//	INFO  jepsen.util - 0	:invoke	:write	3
//
// with anything, such as a time, before the name. Other lines are not looked at.
func logEvents(in *bufio.Reader, independent bool) func() (event, error) {
	line := 0
	return func() (event, error) {
		for {
			text, err := readLine(in, line+1)
			if err != nil {
				return event{line: line}, err
			}
			line++
			_, rest, ok := strings.Cut(string(text), "jepsen.util - ")
			if !ok {
				continue
			}
			e, ok, err := logEvent(rest, line)
			if err == nil && ok && independent {
				err = e.split()
			}
			if ok || err != nil {
				return e, err
			}
		}
	}
}

// logEvent reads the four fields of a line; false if it is no operation's.
func logEvent(text string, line int) (event, bool, error) {
	client, rest, ok1 := cutBlank(text)
	kind, rest, ok2 := cutBlank(rest)
	f, rest, ok3 := cutBlank(rest)
	if !ok1 || !ok2 || !ok3 || !strings.HasPrefix(kind, ":") || !strings.HasPrefix(f, ":") {
		return event{}, false, nil
	}
	r := newEDN(bufio.NewReader(strings.NewReader(rest)))
	r.started, r.line = true, line
	value, _, err := r.next()
	if errors.Is(err, io.EOF) {
		return event{}, false, errorAt(line, "the line ends before its value: it was cut off")
	}
	if err != nil {
		return event{}, false, at(line, err)
	}
	e := event{line: line, client: client, f: f[1:], value: value}
	if _, err := strconv.Atoi(client); err != nil {
		e.outside = true
	}
	return e, true, e.setKind(kind[1:])
}

// cutBlank cuts text after its first word.
func cutBlank(text string) (word, rest string, ok bool) {
	text = strings.TrimLeft(text, " \t")
	i := strings.IndexAny(text, " \t")
	if i < 0 {
		return text, "", text != ""
	}
	return text[:i], text[i:], true
}

// readLine is the next line without its end; io.EOF after the last.
func readLine(in *bufio.Reader, line int) ([]byte, error) {
	var long []byte
	for {
		part, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) || long != nil {
			long = append(long, part...)
			part = long
		}
		if len(part) > MaxLine {
			return nil, errorAt(line, "a line of more than %d bytes", MaxLine)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(part) > 0, err == nil:
			return bytes.TrimRight(part, "\r\n"), nil
		}
		return nil, err
	}
}

// short keeps a complaint readable whatever the file holds.
func short(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
