package session

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raftsim"
)

// maxCompletions bounds the ways that one answer offers.
const maxCompletions = 20

// hinted is a word that may come next, and what it means.
type hinted struct{ word, hint string }

// The words of etcdctl that a client takes.
var (
	commandsOffered = []hinted{
		{"get", "read a key, or keys"},
		{"put", "give a key a value"},
		{"del", "delete a key, or keys"},
		{"txn", "compare, then do one thing or the other, in one step"},
		{"lease", "grant, revoke, keep alive or ask for a lease"},
		{"watch", "hear of changes from now on"},
		{"compaction", "give up the history before a revision"},
	}
	leasesOffered = []hinted{
		{"grant", "a lease for so many seconds"},
		{"revoke", "end a lease and delete its keys"},
		{"keep-alive", "give a lease its full time again"},
		{"timetolive", "ask what a lease has left"},
		{"list", "all leases"},
	}
	spanFlags = []hinted{{"--prefix", "all keys that begin so"}, {"--from-key", "all keys from this one on"}}
)

// flagsOffered are the options of each command; one that ends in = takes a value.
var flagsOffered = map[string][]hinted{
	"get": slices.Concat(spanFlags, []hinted{
		{"--consistency=s", "serializable: what the member has, perhaps of the past"},
		{"--rev=", "as of a revision"},
		{"--limit=", "at most so many keys"},
		{"--keys-only", "without values"},
		{"--count-only", "only how many"},
		{"--order=", "ASCEND or DESCEND"},
		{"--sort-by=", "KEY, VERSION, CREATE, MODIFY or VALUE"},
	}),
	"put": {
		{"--lease=", "attach the key to a lease"},
		{"--prev-kv", "answer with the pair before"},
		{"--ignore-value", "keep the value"},
		{"--ignore-lease", "keep the lease"},
	},
	"del":   slices.Concat(spanFlags, []hinted{{"--prev-kv", "answer with the pairs that were deleted"}}),
	"watch": slices.Concat(spanFlags, []hinted{{"--rev=", "from a revision on"}, {"--prev-kv", "with the pairs before"}}),
	"txn": {
		{"--compare ", `such as 'value("counter") = "5"'`},
		{"--then ", "what to do if all comparisons hold, such as 'put counter 6'"},
		{"--else ", "what to do if one does not"},
		{"--key=", "the key of short comparisons"},
		{"--action=", "the short form of --then"},
	},
	"lease timetolive": {{"--keys", "with the keys of the lease"}},
	"lease grant":      {{"--id=", "the id to give it"}},
}

// complete says how a command of a client may go on. Its last word is the one to complete.
func (s *Session) complete(text string) []Completion {
	if len(text) > maxText*4 {
		return nil
	}
	begin := strings.LastIndexByte(text, ' ') + 1
	before, last := text[:begin], text[begin:]
	words := strings.Fields(before)
	out := []Completion{}
	offer := func(h hinted) {
		if len(out) < maxCompletions && strings.HasPrefix(h.word, last) && h.word != last {
			out = append(out, Completion{Text: before + h.word, Word: strings.TrimSpace(h.word), Hint: h.hint})
		}
	}
	if len(words) == 0 {
		for _, h := range commandsOffered {
			offer(h)
		}
		return out
	}
	name, arguments := words[0], words[1:]
	if name == "lease" {
		if len(arguments) == 0 {
			for _, h := range leasesOffered {
				offer(h)
			}
			return out
		}
		name, arguments = "lease "+arguments[0], arguments[1:]
	}
	if strings.HasPrefix(last, "-") {
		s.offerFlags(name, last, arguments, offer)
		return out
	}
	for _, h := range s.arguments(name, arguments) {
		offer(h)
	}
	if last == "" {
		s.offerFlags(name, last, arguments, offer)
	}
	return out
}

func (s *Session) offerFlags(name, last string, arguments []string, offer func(hinted)) {
	if strings.HasPrefix(last, "--lease=") {
		for _, h := range s.leaseWords() {
			offer(hinted{"--lease=" + h.word, h.hint})
		}
		return
	}
	for _, h := range flagsOffered[name] {
		if name == "txn" || !slices.Contains(arguments, h.word) {
			offer(h)
		}
	}
}

// arguments are what the store holds that a command may be about.
func (s *Session) arguments(name string, arguments []string) []hinted {
	n := 0
	for _, a := range arguments {
		if !strings.HasPrefix(a, "-") {
			n++
		}
	}
	switch name {
	case "get", "put", "del", "watch":
		if n == 0 {
			return s.keyWords()
		}
	case "lease revoke", "lease keep-alive", "lease timetolive":
		if n == 0 {
			return s.leaseWords()
		}
	}
	return nil
}

// keyWords are the keys of the newest store, with their values.
func (s *Session) keyWords() []hinted {
	const most = 1000
	var list []hinted
	for p := range s.timeline.World().CommittedStore().All() {
		if len(list) == most {
			break
		}
		word := kv.Span{Key: p.Key}.String()
		if len(word) > maxText || strings.Contains(word, " ") {
			continue // it has to be quoted, and would not match what is typed
		}
		list = append(list, hinted{word, "is " + shorten(p.Value, 40)})
	}
	return list
}

func (s *Session) leaseWords() []hinted {
	var list []hinted
	w := s.timeline.World()
	lessor := leasesOf(w, leaderOrNewest(w))
	if lessor == nil {
		return nil
	}
	for id, ttl := range lessor.All() {
		list = append(list, hinted{id.String(), "granted for " + (raftsim.Time(ttl) * raftsim.Second).String()})
	}
	return list
}
