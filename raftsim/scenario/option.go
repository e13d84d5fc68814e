package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// option is an option of a command: --NAME alone sets flag; --NAME VALUE, or
// --NAME=VALUE, is given to value.
type option struct {
	name     string
	flag     *bool
	value    func(text string) error
	repeated bool
}

// syntax is what a command may consist of beside its options.
type syntax struct {
	options []option
	// stops are words that end the command, once it has an argument.
	stops []string
	// dashes says that arguments may begin with one dash, as negative numbers do.
	dashes bool
}

// parseOptions takes the options of a command, wherever they stand, and returns its
// arguments. A word `--` ends the options.
func (x *syntax) parse(r *reader) (args []string, err error) {
	seen := map[string]bool{}
	for !r.empty() {
		w := r.words[0]
		if len(args) > 0 && !w.literal && slices.Contains(x.stops, w.text) {
			break
		}
		r.words, r.at = r.words[1:], w.at
		switch {
		case x.isArgument(w):
			args = append(args, w.text)
		case w.text == "--":
			args = append(args, texts(r.words)...)
			r.words = nil
		default:
			if err := takeOption(w.text, x.options, seen, r); err != nil {
				return nil, err
			}
		}
	}
	return args, nil
}

func (x *syntax) isArgument(w word) bool {
	return w.literal || len(w.text) < 2 || w.text[0] != '-' || x.dashes && w.text[1] != '-'
}

func takeOption(text string, options []option, seen map[string]bool, r *reader) error {
	name, value, hasValue := strings.Cut(text, "=")
	o, err := findOption(name, options)
	if err != nil {
		return err
	}
	if seen[name] && !o.repeated {
		return fmt.Errorf("%s is given twice", name)
	}
	seen[name] = true
	if o.flag != nil {
		if hasValue {
			return fmt.Errorf("%s takes no value, found %s", name, quote(text))
		}
		*o.flag = true
		return nil
	}
	if !hasValue {
		if value, err = r.next("a value after " + name); err != nil {
			return err
		}
	}
	if err := o.value(value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func findOption(name string, options []option) (option, error) {
	var valid []string
	for _, o := range options {
		if name == "--"+o.name {
			return o, nil
		}
		valid = append(valid, "--"+o.name)
	}
	const hint = " (what is no option stands in quotes)"
	if len(valid) == 0 {
		return option{}, fmt.Errorf("unknown option %s: there are none%s", quote(name), hint)
	}
	return option{}, fmt.Errorf("%w%s", unknown("option", name, valid), hint)
}

func texts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}
