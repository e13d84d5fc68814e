package scenario

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
)

const full = `castaway 1
# Every word of the language.
members 5
seed 42
rules paper
timing election 100ms..0.2s heartbeat 20ms
network latency 1ms drop 0.5%
disk write 10us..50µs sync 500us..2ms

client A  B cas-counter counter increments 10 think 1ms..2ms timeout 500ms   # two of them
client W manual timeout 2m
at 1s cut S1 S2 | S3 leader S5
at 1s client A@S2 put "a b" 'c'
at 1500ms client you get counter
at 2s heal S1 S2 | S3
at 2.5s crash leader
at 2500000001ns crash S2
at 3s restart S2
at 3s restart
at 4s cut leader
at 5s heal
run 20s
expect verdict linearizable
expect value "a b" c
expect increments counter
expect leader
expect leader S2
`

func mustRead(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParse(t *testing.T) {
	s := mustRead(t, full)
	want := raftsim.Default(5)
	want.Seed = 42
	want.Options = raft.Paper()
	want.Timing = raftsim.Timing{
		Election:  raftsim.Spread{Min: 100 * raftsim.Millisecond, Max: 200 * raftsim.Millisecond},
		Heartbeat: 20 * raftsim.Millisecond,
	}
	want.Network = raftsim.Link{Latency: raftsim.Latency{Spread: raftsim.Spread{Min: raftsim.Millisecond, Max: raftsim.Millisecond}}, Drop: 5000, Reorder: raftsim.Always}
	got := s.Config()
	if got.Members != want.Members || got.Seed != want.Seed || got.Options != want.Options ||
		got.Timing != want.Timing || got.Network != want.Network || got.Disk != want.Disk {
		t.Errorf("Config = %+v; want %+v", got, want)
	}
	clients := []raftsim.Client{
		{Name: "A", Workload: &raftsim.CASCounter{Key: "counter", Increments: 10}, Think: raftsim.Spread{Min: 1e6, Max: 2e6}, Timeout: 5e8},
		{Name: "B", Workload: &raftsim.CASCounter{Key: "counter", Increments: 10}, Think: raftsim.Spread{Min: 1e6, Max: 2e6}, Timeout: 5e8},
		{Name: "W", Manual: true, Timeout: 120 * raftsim.Second},
		{Name: "you", Timeout: raftsim.Second, Manual: true},
	}
	if !reflect.DeepEqual(got.Clients, clients) {
		t.Errorf("clients = %+v; want %+v", got.Clients, clients)
	}
	leader := raftsim.TheLeader
	schedule := []raftsim.Scheduled{
		{At: 1e9, Action: raftsim.Cut{A: []raftsim.Target{1, 2}, B: []raftsim.Target{3, leader, 5}}},
		{At: 1e9, Action: raftsim.Invoke{Client: "A", Member: 2, Request: kv.PutRequest{Key: "a b", Value: "c"}}},
		{At: 15e8, Action: raftsim.Invoke{Client: "you", Member: leader, Request: get("counter", "")}},
		{At: 2e9, Action: raftsim.Heal{A: []raftsim.Target{1, 2}, B: []raftsim.Target{3}}},
		{At: 25e8, Action: raftsim.Crash{Member: leader}},
		{At: 25e8 + 1, Action: raftsim.Crash{Member: 2}},
		{At: 3e9, Action: raftsim.Restart{Member: 2}},
		{At: 3e9, Action: raftsim.Restart{}},
		{At: 4e9, Action: raftsim.Cut{A: []raftsim.Target{leader}}},
		{At: 5e9, Action: raftsim.Heal{}},
	}
	if !reflect.DeepEqual(got.Schedule, schedule) {
		t.Errorf("schedule = %+v; want %+v", got.Schedule, schedule)
	}
	if s.Length() != 20*raftsim.Second || s.Rules() != "paper" {
		t.Errorf("length %d, rules %s", s.Length(), s.Rules())
	}
}

func TestFormat(t *testing.T) {
	const want = `castaway 1
# Every word of the language.
members 5
seed 42
rules paper
timing election 100ms..200ms heartbeat 20ms
network latency 1ms drop 0.5%
disk write 10us..50us sync 500us..2ms

client A B cas-counter counter increments 10 think 1ms..2ms timeout 500ms # two of them
client W manual timeout 120s
at 1s cut S1 S2 | S3 leader S5
at 1s client A@S2 put "a b" c
at 1.5s client you@leader get counter
at 2s heal S1 S2 | S3
at 2.5s crash leader
at 2.500000001s crash S2
at 3s restart S2
at 3s restart
at 4s cut leader
at 5s heal
run 20s
expect verdict linearizable
expect value 'a b' c
expect increments counter
expect leader any
expect leader S2
`
	s := mustRead(t, full)
	if got := s.Format(); got != want {
		t.Errorf("Format =\n%s", got)
	}
	if got := s.String(); got != full {
		t.Errorf("String =\n%s", got)
	}
}

func TestDefaults(t *testing.T) {
	s := mustRead(t, "castaway 1\nrun 1s")
	want := raftsim.Default(3)
	want.Seed = 1
	want.Clients = []raftsim.Client{{Name: "you", Timeout: raftsim.Second, Manual: true}}
	got := s.Config()
	if got.Rules, want.Rules = (raftsim.Rules{}), (raftsim.Rules{}); !reflect.DeepEqual(got, want) {
		t.Errorf("Config = %+v; want %+v", got, want)
	}
	if s.Rules() != "etcd" {
		t.Errorf("rules %s", s.Rules())
	}
}

func TestParseErrors(t *testing.T) {
	const head = "castaway 1\n"
	hundred := head + "client"
	for i := range 100 {
		hundred += fmt.Sprintf(" c%d", i)
	}
	var hopes strings.Builder
	for i := range 101 {
		fmt.Fprintf(&hopes, "expect value k%d 1\n", i)
	}
	tests := []struct{ name, text, want string }{
		{"too many expectations", head + hopes.String() + "run 3s\n", `line 102, column 19: expect: more than 100 expectations`},
		{"empty", "", `line 1, column 1: the file is empty: expected "castaway 1"`},
		{"no version", "members 5\nrun 1s\n", `line 1, column 1: the first line must be "castaway 1", found "members 5"`},
		{"blank first line", "\n" + head, `line 1, column 1: the first line must be "castaway 1", found ""`},
		{"byte order mark", "\ufeff" + head, `line 1, column 1: the first line must be "castaway 1", found "\ufeffcastaway 1"`},
		{"other version", "castaway 2\n", `line 1, column 10: version "2" of the language is not known here: expected "castaway 1"`},
		{"unknown word", head + "\n#\nmembres 5\nrun 1s\n", `line 4, column 1: unknown word "membres": did you mean "members"?`},
		{"no word at all", head + "xyzzy\n", `line 2, column 1: unknown word "xyzzy": expected members, seed, rules, batch, timing, clocks, network, disk, snapshots, beyond-model, benign, pin, judge, run, bug, client, at, goal, hint or expect`},
		{"long word", head + strings.Repeat("x", 100), `line 2, column 1: unknown word "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"…: expected members, seed, rules, batch, timing, clocks, network, disk, snapshots, beyond-model, benign, pin, judge, run, bug, client, at, goal, hint or expect`},
		{"twice", head + "seed 1\nrun 1s\nseed 2\n", `line 4, column 1: seed stands in line 2 already`},
		{"left over", head + "seed 1 2\nrun 1s\n", `line 2, column 8: seed: unexpected "2": expected the end of the line`},
		{"no run", head + "members 3\n\n", `line 3, column 1: the scenario ends without its length: add a line such as "run 20s"`},
		{"ten thousand members", head + "members 10000\nrun 1s\n", `line 2, column 9: members: expected a number from 1 to 9, found "10000"`},
		{"no members", head + "members 0\nrun 1s\n", `line 2, column 9: members: expected a number from 1 to 9, found "0"`},
		{"half a member", head + "members 2.5\nrun 1s\n", `line 2, column 9: members: expected a number from 1 to 9, found "2.5"`},
		{"seed", head + "seed -1\nrun 1s\n", `line 2, column 6: seed: expected a number from 0 to 18446744073709551615, found "-1"`},
		{"rules", head + "rules raft\nrun 1s\n", `line 2, column 7: rules: unknown rules "raft": expected etcd or paper`},
		{"not UTF-8", head + "run 1s\nexpect value k \xff\n", `line 3, column 16: not UTF-8: save the file as UTF-8, and write other bytes as "\xff" in double quotes`},
		{"control character", head + "run 1s\x1b[2J\n", `line 2, column 7: control character '\x1b': write it as an escape in double quotes`},
		{"settings", head + "network\nrun 1s\n", `line 2, column 8: network: the line ends too early: expected latency, drop, duplicate, reorder or bandwidth`},
		{"setting", head + "network latncy 1ms\nrun 1s\n", `line 2, column 9: network: unknown setting "latncy": did you mean "latency"?`},
		{"setting twice", head + "disk sync 1ms sync 1ms\nrun 1s\n", `line 2, column 15: disk: sync is given twice`},
		{"setting without value", head + "disk sync\nrun 1s\n", `line 2, column 10: disk: sync: the line ends too early: expected a time such as 5ms, or 1ms..5ms`},
		{"backwards", head + "network latency 5ms..1ms\nrun 1s\n", `line 2, column 17: network: latency: "5ms..1ms" runs backwards: expected the shorter time first`},
		{"chance", head + "network drop 0.5\nrun 1s\n", `line 2, column 14: network: drop: "0.5" is not a chance: expected a percentage such as 0.5%`},
		{"more than all", head + "network drop 100.0001%\nrun 1s\n", `line 2, column 14: network: drop: chance "100.0001%" is more than 100%`},
		{"too fine", head + "network drop 0.00001%\nrun 1s\n", `line 2, column 14: network: drop: chance "0.00001%": the number is finer than can be told apart`},
		{"slow heartbeat", head + "timing heartbeat 1s\nrun 1s\n", `line 2, column 18: timing: the heartbeat must lie between 1ms and the shortest election time-out`},
		{"no unit", head + "run 20\n", `line 2, column 5: run: "20" is not a time: expected one such as 20ms or 1.5s, in ns, us, ms, s or m`},
		{"no number", head + "run .5s\n", `line 2, column 5: run: time ".5s": expected a number such as 2 or 1.5 before the unit`},
		{"finer than time", head + "run 1.5ns\n", `line 2, column 5: run: time "1.5ns": the number is finer than can be told apart`},
		{"huge", head + "run 99999999999999999999s\n", `line 2, column 5: run: time "99999999999999999999s": the number is too large`},
		{"overflow", head + "run 9223372036s\n", `line 2, column 5: run: time "9223372036s": the number is too large`},
		{"too long", head + "run 61m\n", `line 2, column 5: run: time "61m" is longer than an hour`},
		{"no length", head + "run 0s\n", `line 2, column 5: run: expected more than 0`},
		{"in the past", head + "run 9s\nat 5s heal\nat 3s heal\n", `line 4, column 4: at: 3s lies in the past: the line before is at 5s already; put them in order of time`},
		{"negative time", head + "run 9s\nat -3s heal\n", `line 3, column 4: at: time "-3s": expected a number such as 2 or 1.5 before the unit`},
		{"after the end", head + "at 5s heal\nrun 3s\n", `line 2, column 4: at: 5s is after the end: the run is 3s long`},
		{"no such member", head + "at 1s crash S7\nmembers 5\nrun 3s\n", `line 2, column 13: at: crash: member "S7" does not exist: expected S1, S2, S3, S4, S5 or leader`},
		{"no member at all", head + "at 1s crash s2\nrun 3s\n", `line 2, column 13: at: crash: unknown member "s2": did you mean "S2"?`},
		{"member with zeros", head + "at 1s crash S02\nrun 3s\n", `line 2, column 13: at: crash: unknown member "S02": did you mean "S2"?`},
		{"nobody", head + "at 1s crash\nrun 3s\n", `line 2, column 12: at: crash: the line ends too early: expected a member`},
		{"restart leader", head + "at 1s restart leader\nrun 3s\n", `line 2, column 15: at: restart: a leader is up: expected a member, or nothing for all that are down`},
		{"both sides", head + "at 1s cut S1 | S2 S1\nrun 3s\n", `line 2, column 19: at: cut: S1 is named twice`},
		{"one side", head + "at 1s cut S1 |\nrun 3s\n", `line 2, column 14: at: cut: expected members on both sides of one | or >, such as S1 S2 | S3 S4 S5`},
		{"three sides", head + "at 1s cut S1 | S2 | S3\nrun 3s\n", `line 2, column 21: at: cut: expected members on both sides of one | or >, such as S1 S2 | S3 S4 S5`},
		{"cut nobody", head + "at 1s cut\nrun 3s\n", `line 2, column 10: at: cut: the line ends too early: expected the members to cut off`},
		{"no action", head + "at 1s\nrun 3s\n", `line 2, column 6: at: the line ends too early: expected crash, kill, restart, pause, resume, clock, timeout, transfer, settle, cut, heal, bridge, ring, flap, link, drop, double, delay, deliver, disk, members, client, say, mark or ask`},
		{"action", head + "at 1s crush S1\nrun 3s\n", `line 2, column 7: at: unknown action "crush": did you mean "crash"?`},
		{"unknown client", head + "client Anna manual\nat 1s client Ana get x\nrun 3s\n", `line 3, column 14: at: client: unknown client "Ana": did you mean "Anna"?`},
		{"client's member", head + "at 1s client you@S9 get x\nrun 3s\n", `line 2, column 14: at: client: you: member "S9" does not exist: expected S1, S2, S3 or leader`},
		{"command", head + "at 1s client you put x\nrun 3s\n", `line 2, column 22: at: client: put: expected a key and a value, found 1 word`},
		{"workload", head + "client A cas-countr x\nrun 3s\n", `line 2, column 22: client: unknown workload "cas-countr": did you mean "cas-counter"?`},
		{"no workload", head + "client A\nrun 3s\n", `line 2, column 9: client: the line ends too early: expected a workload: register, cas-counter, bank, lock, fenced-lock, election, lease, mixed, watch or manual`},
		{"no name", head + "client manual\nrun 3s\n", `line 2, column 8: client: expected a name before manual`},
		{"name", head + "client A@S1 manual\nrun 3s\n", `line 2, column 8: client: "A@S1" is not a client's name: expected 1 to 32 letters, digits, - and _`},
		{"name twice", head + "client A A manual\nrun 3s\n", `line 2, column 10: client: client A is named twice`},
		{"client twice", head + "client A manual\nclient A manual\nrun 3s\n", `line 3, column 8: client: client A exists already`},
		{"setting of manual", head + "client A manual think 1ms\nrun 3s\n", `line 2, column 17: client: unknown setting of a client "think": expected timeout`},
		{"no key", head + "client A cas-counter\nrun 3s\n", `line 2, column 21: client: the line ends too early: expected the counter's key`},
		{"empty key", head + "client A cas-counter ''\nrun 3s\n", `line 2, column 22: client: expected the counter's key, found an empty word`},
		{"no increments", head + "client A cas-counter x increments 0\nrun 3s\n", `line 2, column 35: client: increments: expected a number from 1 to 2147483647, found "0"`},
		{"time-out", head + "client A manual timeout 0s\nrun 3s\n", `line 2, column 25: client: timeout: expected more than 0`},
		{"too many clients", hundred + " manual\nrun 3s\n", `line 2, column 398: client: more than 100 clients, "you" included`},
		{"too many lines", head + strings.Repeat("\n", 10_000), `line 10001, column 1: the text is longer than 10000 lines`},
		{"a hundred thousand clients", head + "client" + strings.Repeat(" c", 100_000) + " manual\nrun 3s\n", `line 2, column 10: client: client c is named twice`},
		{"option", head + "rules etcd lease-raed\nrun 1s\n", `line 2, column 12: rules: unknown option "lease-raed": did you mean "lease-read"?`},
		{"option twice", head + "rules etcd forward no-forward\nrun 1s\n", `line 2, column 20: rules: forward is given twice`},
		{"lease reads alone", head + "rules paper lease-read\nrun 1s\n", `line 2, column 13: rules: lease-read needs check-quorum and stickiness`},
		{"drift", head + "clocks drift 5%\nrun 1s\n", `line 2, column 14: clocks: drift: "5%" is not a number of millionths: expected one such as 100ppm`},
		{"too much drift", head + "clocks drift 900001ppm\nrun 1s\n", `line 2, column 14: clocks: drift: "900001ppm" is more than 900000ppm`},
		{"shape", head + "network latency 1ms..2ms heavy-tial\nrun 1s\n", `line 2, column 26: network: latency: unknown shape "heavy-tial": did you mean "heavy-tail"?`},
		{"no time at all", head + "network latency 1ns\nrun 1s\n", `line 2, column 17: network: latency: a message takes at least 1us`},
		{"bandwidth", head + "network bandwidth 1MB\nrun 1s\n", `line 2, column 19: network: bandwidth: "1MB" is not a size: expected one such as 512B or 64KiB, a whole number of B, KiB, MiB or GiB`},
		{"no bandwidth", head + "network bandwidth 0B\nrun 1s\n", `line 2, column 19: network: bandwidth: expected more than 0, or unlimited`},
		{"half a byte", head + "snapshots chunk 0.5KiB\nrun 1s\n", `line 2, column 17: snapshots: chunk: "0.5KiB" is not a size: expected one such as 512B or 64KiB, a whole number of B, KiB, MiB or GiB`},
		{"no chunk", head + "snapshots chunk 0B\nrun 1s\n", `line 2, column 17: snapshots: chunk: "0B" is not a size from 1B to 1GiB`},
		{"draw", head + "pin latncy S1>S2 AppendEntries 1.1 0\nrun 1s\n", `line 2, column 5: pin: unknown draw "latncy": did you mean "latency"?`},
		{"link of a pin", head + "pin latency S1 AppendEntries 1.1 0\nrun 1s\n", `line 2, column 13: pin: expected a link such as S1>S2, found "S1"`},
		{"message of a pin", head + "pin latency S1>S2 AppendEntry 1.1 0\nrun 1s\n", `line 2, column 19: pin: unknown message "AppendEntry": did you mean "AppendEntries"?`},
		{"number of a pin", head + "pin election S1 11 0\nrun 1s\n", `line 2, column 17: pin: expected its term and number in it, such as 3.7, found "11"`},
		{"pinned twice", head + "pin think 0 0.1 5\npin think 0 0.1 6\nrun 1s\n", `line 3, column 17: pin: think 0 0.1 is pinned already`},
		{"judge", head + "judge step 5\nrun 1s\n", `line 2, column 7: judge: unknown setting "step": did you mean "steps"?`},
		{"time to live", head + "client A lease s/ ttl 1.5s\nrun 1s\n", `line 2, column 23: client: ttl: "1.5s" is not a time to live: expected whole seconds such as 5s`},
		{"accounts", head + "client A bank b/ accounts 1\nrun 1s\n", `line 2, column 27: client: accounts: expected a number from 2 to 100, found "1"`},
		{"entry", head + "client A register r entry S4\nrun 1s\n", `line 2, column 27: client: entry: member "S4" does not exist: expected S1, S2, S3 or leader`},
		{"entry word", head + "client A register r entry leadr\nrun 1s\n", `line 2, column 27: client: entry: unknown member "leadr": did you mean "leader"?`},
		{"resource", head + "client A lock l\nrun 1s\n", `line 2, column 16: client: the line ends too early: expected the key that the lock protects`},
		{"nothing to watch", head + "client A watch b a\nrun 1s\n", `line 2, column 18: client: no key lies in the range from b up to, not including, a`},
		{"torn", head + "at 1s crash S1 tron\nrun 3s\n", `line 2, column 16: at: crash: unknown word "tron": did you mean "torn"?`},
		{"sign", head + "at 1s clock S1 rate 5ppm\nrun 3s\n", `line 2, column 21: at: clock: "5ppm" is not a rate: expected a sign first, as in +100ppm or -100ppm`},
		{"jump", head + "at 1s clock S1 jump +5\nrun 3s\n", `line 2, column 21: at: clock: "5" is not a time: expected one such as 20ms or 1.5s, in ns, us, ms, s or m`},
		{"what of the clock", head + "at 1s clock S1 rat +5ppm\nrun 3s\n", `line 2, column 16: at: clock: unknown word "rat": did you mean "rate"?`},
		{"pause", head + "at 1s pause clint you 5s\nrun 3s\n", `line 2, column 13: at: pause: unknown word "clint": did you mean "client"?`},
		{"pause of a client", head + "at 1s pause client yu 5s\nrun 3s\n", `line 2, column 20: at: pause: unknown client "yu": did you mean "you"?`},
		{"flap", head + "at 1s flap S1\nrun 3s\n", `line 2, column 12: at: flap: "S1" is not a time: expected one such as 20ms or 1.5s, in ns, us, ms, s or m`},
		{"fast flap", head + "at 1s flap 1us S1\nrun 3s\n", `line 2, column 12: at: flap: a period of 1us is shorter than 1ms`},
		{"link", head + "at 1s link S1 latncy 1ms\nrun 3s\n", `line 2, column 15: at: link: unknown word "latncy": did you mean "latency"?`},
		{"link without more", head + "at 1s link S1\nrun 3s\n", `line 2, column 14: at: link: the line ends too early: expected latency, drop, duplicate, reorder, bandwidth or normal`},
		{"message", head + "at 1s drop S1>S2 AppendEntris 1.1\nrun 3s\n", `line 2, column 18: at: drop: unknown message "AppendEntris": did you mean "AppendEntries"?`},
		{"link of a message", head + "at 1s drop S1>S9 AppendEntries 1.1\nrun 3s\n", `line 2, column 18: at: drop: member "S9" does not exist: expected S1, S2, S3 or leader`},
		{"delay", head + "at 1s delay S1>S2 AppendEntries 1.1\nrun 3s\n", `line 2, column 36: at: delay: the line ends too early: expected by`},
		{"fault", head + "at 1s disk S1 flop log\nrun 3s\n", `line 2, column 15: at: disk: unknown fault "flop": did you mean "flip"?`},
		{"part", head + "at 1s disk S1 flip logs\nrun 3s\n", `line 2, column 20: at: disk: unknown part "logs": did you mean "log"?`},
		{"room", head + "at 1s disk S1 full 4K\nrun 3s\n", `line 2, column 20: at: disk: "4K" is not a size: expected one such as 512B or 64KiB, a whole number of B, KiB, MiB or GiB`},
		{"change", head + "at 1s members ad S4\nrun 3s\n", `line 2, column 15: at: members: unknown change "ad": did you mean "add"?`},
		{"old member", head + "at 1s members add S3\nrun 3s\n", `line 2, column 19: at: members: add: S3 was there from the beginning: expected a new member from S4 to S32`},
		{"changed twice", head + "at 1s members add S4 S4\nrun 3s\n", `line 2, column 22: at: members: add: S4 is named twice`},
		{"watch of a busy client", head + "client A cas-counter n\nat 1s client A watch k\nrun 3s\n", `line 3, column 14: at: client: client A has something to do: only a manual one can be told to watch`},
		{"say", head + "at 1s say\nrun 3s\n", `line 2, column 10: at: say: the line ends too early: expected a sentence in quotes`},
		{"say two words", head + "at 1s say a b\nrun 3s\n", `line 2, column 13: at: unexpected "b": expected the end of the line`},
		{"marked twice", head + "at 1s mark m\nat 2s mark m\nrun 3s\n", `line 3, column 12: at: "m" is marked at 1s already`},
		{"one answer", head + "at 1s ask q right r\nrun 3s\n", `line 2, column 20: at: ask: the line ends too early: expected right or wrong`},
		{"no right answer", head + "at 1s ask q wrong r wrong w\nrun 3s\n", `line 2, column 27: at: ask: no answer is right`},
		{"event", head + "goal g becomes-leadr\nrun 3s\n", `line 2, column 8: goal: unknown event "becomes-leadr": did you mean "becomes-leader"?`},
		{"event at the leader", head + "goal g becomes-leader at leader\nrun 3s\n", `line 2, column 26: goal: expected a member's name such as S1, found "leader"`},
		{"hint without a goal", head + "hint h\nrun 3s\n", `line 2, column 6: hint: no goal stands before it`},
		{"amount", head + "expect elections many\nrun 3s\n", `line 2, column 18: expect: elections: expected a number from 0 to 2147483647, found "many"`},
		{"amount backwards", head + "expect elections 3..1\nrun 3s\n", `line 2, column 18: expect: elections: expected a number from 3 to 2147483647, found "1"`},
		{"property", head + "expect holds ElectionSaftey\nrun 3s\n", `line 2, column 14: expect: holds: unknown property "ElectionSaftey": did you mean "ElectionSafety"?`},
		{"no goals", head + "expect goals\nrun 3s\n", `line 2, column 8: expect: goals: there is no goal`},
		{"no bank", head + "expect bank b/\nrun 3s\n", `line 2, column 13: expect: bank: no client has a bank "b/"`},
		{"no lock", head + "expect stale-writes l 0\nrun 3s\n", `line 2, column 21: expect: stale-writes: no client takes the lock "l"`},
		{"expectation", head + "expect values x 1\nrun 3s\n", `line 2, column 8: expect: unknown expectation "values": did you mean "value"?`},
		{"verdict", head + "expect verdict fine\nrun 3s\n", `line 2, column 16: expect: verdict: unknown verdict "fine": expected linearizable, violation, excused or undecided`},
		{"leader", head + "expect leader nobody\nrun 3s\n", `line 2, column 15: expect: leader: unknown leader "nobody": expected S1, S2, S3, any or none`},
		{"nobody increments", head + "client A cas-counter x\nexpect increments y\nrun 3s\n", `line 3, column 19: expect: increments: no client increments "y"`},
		{"expected twice", head + "expect leader any\nexpect leader\nrun 3s\n", `line 3, column 8: expect: expect leader any stands in a line before already`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.text)
			var problem *Error
			if !errors.As(err, &problem) || err.Error() != test.want {
				t.Errorf("Parse:\n%v; want\n%s", err, test.want)
			}
		})
	}
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '\n'
	}
	return len(b), nil
}

func TestReadIsBounded(t *testing.T) {
	_, err := Read(endless{})
	const want = "line 1048577, column 1: the text is longer than 1048576 bytes"
	if err == nil || err.Error() != want {
		t.Errorf("Read: %v; want %s", err, want)
	}
}

func TestTimes(t *testing.T) {
	tests := []struct {
		text string
		want raftsim.Time
		back string
	}{
		{"0s", 0, "0s"},
		{"0.0ns", 0, "0s"},
		{"1ns", 1, "1ns"},
		{"1us", 1000, "1us"},
		{"1µs", 1000, "1us"},
		{"1500ns", 1500, "1.5us"},
		{"1.50ms", 1_500_000, "1.5ms"},
		{"0.000000001s", 1, "1ns"},
		{"1.000000001s", 1_000_000_001, "1.000000001s"},
		{"1m", 60_000_000_000, "60s"},
		{"0.5m", 30_000_000_000, "30s"},
		{"0.0000000005m", 30, "30ns"},
		{"0.00000000005m", 3, "3ns"},
		{"60m", MaxRun, "3600s"},
	}
	for _, test := range tests {
		got, err := parseTime(test.text)
		if err != nil || got != test.want || FormatTime(got) != test.back {
			t.Errorf("%s is %d ns, %v, printed as %s; want %d, %s", test.text, got, err, FormatTime(got), test.want, test.back)
		}
	}
	for _, text := range []string{"", "s", "1", "1h", "1.s", "1,5s", "+1s", "1e3s", "0.00000000051m", "0.0000000000001m", "1msx"} {
		if got, err := parseTime(text); err == nil {
			t.Errorf("%q is %d ns; want an error", text, got)
		}
	}
}

func TestTimesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := raftsim.Time(rapid.Int64Range(0, int64(MaxRun)).Draw(t, "time"))
		if got, err := parseTime(FormatTime(want)); err != nil || got != want {
			t.Fatalf("%d ns is printed as %s and read as %d, %v", want, FormatTime(want), got, err)
		}
		chance := raftsim.Chance(rapid.Uint32Range(0, uint32(raftsim.Always)).Draw(t, "chance"))
		if got, err := parseChance(chance.String()); err != nil || got != chance {
			t.Fatalf("%d is printed as %s and read as %d, %v", chance, chance.String(), got, err)
		}
	})
}
