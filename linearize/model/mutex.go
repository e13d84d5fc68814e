package model

import (
	"fmt"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
)

type mutexInput struct {
	acquire bool
	key     string
}

// mutex is a lock that is free in the beginning: it can be acquired only when
// free, and released only when held. With keys there is one for each.
var mutex = linearize.Model[bool, mutexInput, struct{}]{
	Step: func(held bool, in mutexInput, _ *struct{}) (bool, bool) {
		return in.acquire, held != in.acquire
	},
	Partition: func(in mutexInput) string { return in.key },
	Hash: func(held bool) uint64 {
		if held {
			return scatter(1)
		}
		return 0
	},
	Describe: func(in mutexInput, out *struct{}) string {
		words := "release"
		if in.acquire {
			words = "acquire"
		}
		if in.key != "" {
			words += " " + in.key
		}
		if out == nil {
			return words + ": no answer"
		}
		return words + ": ok"
	},
}

func parseMutex(e *history.Entry) (in mutexInput, out struct{}, err error) {
	in = mutexInput{acquire: e.F == "acquire" || e.F == "lock", key: e.Key}
	if !in.acquire && e.F != "release" && e.F != "unlock" {
		err = unknownFunction(e, "acquire and release")
	}
	if e.Result == false {
		err = fmt.Errorf("%s answered false: an operation that did not happen is refused", e.F)
	}
	return in, out, err
}
