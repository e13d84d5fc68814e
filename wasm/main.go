//go:build js && wasm

// Package main is the engine in the browser: it offers JavaScript one function,
// castaway(command) → frame, both as JSON.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/castaway-kv/castaway/wasm/session"
)

func main() {
	s := session.New()
	js.Global().Set("castaway", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return call(s, args)
	}))
	select {} // the page ends the worker
}

// call carries out one command.
func call(s *session.Session, args []js.Value) string {
	var frame session.Frame
	var command session.Command
	switch {
	case len(args) != 1 || args[0].Type() != js.TypeString:
		frame.Problem = &session.Problem{Text: "castaway takes one command as JSON text"}
	default:
		if err := json.Unmarshal([]byte(args[0].String()), &command); err != nil {
			frame.Problem = &session.Problem{Text: "the command is no JSON: " + err.Error()}
		} else {
			frame = s.Do(command)
		}
	}
	out, err := json.Marshal(frame)
	if err != nil {
		panic(err) // frames hold only what JSON can say
	}
	return string(out)
}
