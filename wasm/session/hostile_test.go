package session

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// maxFrame bounds a frame whatever is asked, without an exported history.
const maxFrame = 3 << 20

var kinds = []CommandKind{
	Open, OpenLink, Edit, Plant, Advance, Seek, Step, Find, Act, Undo, Redo, Switch, Drop, Compare, ShowViolation, LookAt,
	Complete, CheckText, Share, Export, Hunt, "", "egg",
}

var hostileTexts = []string{
	"", busy, "castaway 1\nmembers 9\nclient A B C mixed k/ keys 5 think 0ms..1ms\nclient W watch --prefix k/\nrun 60m\n",
	"castaway 1\nmembers 1\nnetwork latency 1us\nclient A register k think 0ms\nrun 60m\n", "crash S1", "crash leader", "cut S1 | S2", "heal", "ring", "flap 1ms S1",
	"members add S4 remove S1", "client you put " + strings.Repeat("k", 2000) + " " + strings.Repeat("v", 60000), "client you watch --prefix ''",
	"client you txn --then 'put a 1' --else 'put b 2'", "client you lease grant 60", "disk S2 full 10B", "pause S1", "clock S1 jump 10s",
	"partial-partition", "quorum-miscounted", "#s=1.AAAA", "#s=1." + strings.Repeat("A", 5000), "txn --", "get ", "\xff\x00", strings.Repeat("(", 10_000),
	"client you put x " + strings.Repeat("'", 999), "settle 60s", "restart", "transfer S2", "link S1 latency 1s", "timeout S2",
}

// command is one that bytes stand for.
func command(b []byte) (c Command, rest []byte) {
	var x [12]byte
	n := copy(x[:], b)
	c = Command{
		Kind: kinds[int(x[0])%len(kinds)], Text: hostileTexts[int(x[1])%len(hostileTexts)],
		Time: int64(binary.LittleEndian.Uint64(x[2:10])) >> (x[10] % 64), Events: int(int8(x[11])), Mark: []MarkKind{MarkElection, MarkCommit, MarkAnswer, MarkFault, MarkCaption, "x"}[x[2]%6],
		Branch: int(int8(x[3])) % 5,
	}
	if x[4]&1 == 1 {
		c.Look = &Look{Member: int(int8(x[5])) % 12, Revision: int64(int8(x[6])), Inspect: int(x[7]) % 11, Window: int64(x[8]) << 25}
	}
	if c.Kind == Hunt {
		c.Events = 1
	}
	return c, b[n:]
}

// FuzzDo: whatever is asked is answered, with a valid frame of bounded size.
func FuzzDo(f *testing.F) {
	for seed := range 40 {
		b := make([]byte, 0, 600)
		for i := range 50 {
			b = fmt.Appendf(b, "%c%c%d.%d.%d", seed*7+i, seed*3+i*5, seed*i, i*1711, seed)
		}
		f.Add(b[:min(len(b), 360)])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := New()
		s.Do(Command{Kind: Open, Text: busy})
		for range 30 {
			if len(b) == 0 {
				return
			}
			var c Command
			c, b = command(b)
			begin := time.Now()
			frame := s.Do(c)
			out := frame.AppendJSON(nil)
			if !json.Valid(out) || len(out)-len(frame.History) > maxFrame {
				t.Fatalf("%+v is answered by %d bytes", c, len(out))
			}
			if frame.Problem != nil && (frame.Problem.Text == "" || strings.Contains(frame.Problem.Text, "\n")) {
				t.Fatalf("%+v: problem %q", c, frame.Problem.Text)
			}
			if d := time.Since(begin); d > 20*time.Second {
				t.Fatalf("%+v took %v", c, d)
			}
		}
	})
}
