//go:build js && wasm

// Package main is the engine in the browser: it offers JavaScript one function,
// castaway(command) → frame, both as JSON.
package main

import (
	"fmt"
	"math"
	"runtime/debug"
	"syscall/js"

	"github.com/castaway-kv/castaway/wasm/session"
)

// gcPercent is how much the heap grows between collections, in percent of what is live: a
// browser gives a page's memory back only when the page goes.
const gcPercent = 40

func main() {
	debug.SetGCPercent(gcPercent)
	s := session.New()
	var buffer []byte
	js.Global().Set("castaway", js.FuncOf(func(_ js.Value, args []js.Value) any {
		frame := call(s, args)
		buffer = frame.AppendJSON(buffer[:0])
		return string(buffer)
	}))
	select {} // the page ends the worker
}

// call carries out one command.
func call(s *session.Session, args []js.Value) session.Frame {
	var problem string
	if len(args) != 1 || args[0].Type() != js.TypeString {
		problem = "castaway takes one command as JSON text"
	} else if command, err := parse(args[0]); err != nil {
		problem = "the command is no JSON: " + err.Error()
	} else {
		return s.Do(command)
	}
	return session.Frame{Problem: &session.Problem{Text: problem}}
}

// parse reads a command with JavaScript's own parser: there is no smaller one.
func parse(text js.Value) (c session.Command, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	o := js.Global().Get("JSON").Call("parse", text)
	if o.Type() != js.TypeObject {
		return c, fmt.Errorf("an object is expected")
	}
	c = session.Command{
		Kind: session.CommandKind(word(o, "kind")), Text: word(o, "text"), Time: number(o, "time"), Events: int(number(o, "events")),
		Mark: session.MarkKind(word(o, "mark")), Branch: int(number(o, "branch")),
	}
	if look := o.Get("look"); look.Type() == js.TypeObject {
		c.Look = &session.Look{
			Member: int(number(look, "member")), Revision: number(look, "revision"),
			Inspect: int(number(look, "inspect")), Window: number(look, "window"),
		}
	}
	return c, nil
}

// word is a field that holds a text, "" if there is none.
func word(o js.Value, name string) string {
	v := o.Get(name)
	switch {
	case v.IsUndefined() || v.IsNull():
		return ""
	case v.Type() == js.TypeString:
		return v.String()
	}
	panic(name + " is no text")
}

// number is a field that holds a number, 0 if there is none. What int64 can't hold is the
// nearest that it can.
func number(o js.Value, name string) int64 {
	v := o.Get(name)
	switch {
	case v.IsUndefined() || v.IsNull():
		return 0
	case v.Type() == js.TypeNumber:
		return int64(max(math.MinInt64, min(v.Float(), math.MaxInt64-1024)))
	}
	panic(name + " is no number")
}
