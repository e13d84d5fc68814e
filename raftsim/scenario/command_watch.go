package scenario

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// parseWatch reads what is watched, up to one of the words that end it.
func parseWatch(r *reader, stops []string) (raftsim.Watch, error) {
	var watch raftsim.Watch
	var span spanOptions
	args, err := (&syntax{stops: stops, options: span.options(
		option{name: "rev", value: numberValue(&watch.Start)},
		option{name: "prev-kv", flag: &watch.PrevKV},
	)}).parse(r)
	if err != nil {
		return watch, err
	}
	if watch.Span, err = span.span(args); err != nil {
		return watch, err
	}
	if watch.Key == "" || watch.End != "" && watch.End != "\x00" && watch.End <= watch.Key {
		return watch, fmt.Errorf("no key lies in the range from %v up to, not including, %v", kv.Span{Key: watch.Key}, kv.Span{Key: watch.End})
	}
	return watch, nil
}

// watchWords is a watch as parseWatch reads it.
func watchWords(watch raftsim.Watch, stops []string) string {
	if !slices.Contains(stops, watch.End) {
		return watch.String()
	}
	// An end that looks like a word which ends the watch stands in quotes.
	rest := watch
	rest.Span = kv.Span{Key: watch.Key}
	key := rest.Span.String()
	return key + " " + strconv.Quote(watch.End) + rest.String()[len(key):]
}
