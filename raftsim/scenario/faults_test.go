package scenario

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/raftsim"
)

// genFaults draws runs in which anything may happen up to a moment; then the cluster
// has to come to rest.
func genFaults() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		members := rapid.IntRange(1, 5).Draw(t, "members")
		pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
		var text strings.Builder
		fmt.Fprintf(&text, "castaway 1\nmembers %d\nseed %d\nrules %s\nnetwork latency 1ms..%s drop %s\ndisk sync 100us..%s\n",
			members, rapid.Uint64Range(0, 99).Draw(t, "seed"), pick("rules", rulesEtcd, rulesPaper),
			pick("latency", "2ms", "30ms"), pick("drop", "0%", "1%", "10%"), pick("sync", "1ms", "20ms"))
		fmt.Fprintf(&text, "client A B C cas-counter n think 1ms..50ms timeout %s\n", pick("timeout", "50ms", "500ms"))
		at := 100 * raftsim.Millisecond
		for range rapid.IntRange(0, 10).Draw(t, "actions") {
			at += raftsim.Time(rapid.Int64Range(0, 500).Draw(t, "later")) * raftsim.Millisecond
			member := raftsim.Target(rapid.IntRange(1, members).Draw(t, "member")).String()
			action := pick("action", "crash leader", "crash "+member, "restart", "cut leader", "cut "+member, "heal",
				"client you@"+member+" get n", "client you@"+member+" get n --consistency=s")
			fmt.Fprintf(&text, "at %s %s\n", FormatTime(at), action)
		}
		end := FormatTime(at)
		fmt.Fprintf(&text, "at %s settle 60s\nrun %s\nexpect increments n\nexpect settled\n", end, FormatTime(at+60*raftsim.Second))
		return text.String()
	})
}

// Whatever happens: linearizable, no property of the cluster broken, every
// increment counted as it should be, and rest in the end.
func TestFaults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genFaults().Draw(t, "text")
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK() {
			t.Fatalf("%s\n%v", text, r)
		}
	})
}
