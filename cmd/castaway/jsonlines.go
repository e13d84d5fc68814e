package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/castaway-kv/castaway/kv"
	"github.com/castaway-kv/castaway/raft"
	"github.com/castaway-kv/castaway/raftsim"
	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// jsonLines tells a run as JSON, one object a line: the scenario, its events,
// the history, the expectations, the result. docs/CLI.md names the fields.
type jsonLines struct {
	encoder *json.Encoder
	// err is the first error of the encoder.
	err error
}

func newJSONLines(out io.Writer) *jsonLines {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &jsonLines{encoder: encoder}
}

func (j *jsonLines) put(line any) {
	if j.err == nil {
		j.err = j.encoder.Encode(line)
	}
}

type scenarioLine struct {
	Type    string   `json:"type"`
	Text    string   `json:"text"`
	Seed    string   `json:"seed"`
	Members int      `json:"members"`
	Clients []string `json:"clients"`
}

func (j *jsonLines) begin(s *scenario.Scenario) {
	c := s.Config()
	line := scenarioLine{Type: "scenario", Text: s.String(), Seed: strconv.FormatUint(c.Seed, 10), Members: c.Members}
	for _, client := range c.Clients {
		line.Clients = append(line.Clients, client.Name)
	}
	j.put(line)
}

type eventLine struct {
	Type     string `json:"type"`
	Time     int64  `json:"time"`
	Kind     string `json:"kind"`
	Member   string `json:"member,omitempty"`
	Peer     string `json:"peer,omitempty"`
	Term     uint64 `json:"term,omitempty"`
	Index    uint64 `json:"index,omitempty"`
	Role     string `json:"role,omitempty"`
	Number   uint64 `json:"number,omitempty"`
	Message  string `json:"message,omitempty"`
	Client   string `json:"client,omitempty"`
	Op       *int   `json:"op,omitempty"`
	Request  string `json:"request,omitempty"`
	Response any    `json:"response,omitempty"`
	Error    string `json:"error,omitempty"`
	Action   string `json:"action,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Text     string `json:"text,omitempty"`
}

func (j *jsonLines) event(e *raftsim.Event) {
	line := eventLine{
		Type: "event", Time: int64(e.Time), Kind: e.Kind.String(),
		Member: memberName(e.Member), Peer: memberName(e.Peer), Term: uint64(e.Term), Index: uint64(e.Index),
		Number: e.N, Client: e.Client, Request: command(e.Request), Response: response(e.Response),
		Error: errorText(e.Err), Cause: causes[e.Cause],
	}
	if e.Kind == raftsim.RoleChanged {
		line.Role = roles[e.Role]
	}
	if e.Message != nil {
		line.Message = messages[raftsim.KindOf(e.Message)]
	}
	if e.Kind >= raftsim.OpInvoked && e.Kind <= raftsim.OpUnknown {
		line.Op = &e.Op
	}
	if e.Action != nil {
		line.Action = fmt.Sprint(e.Action)
	}
	line.Text, _ = e.Sentence()
	j.put(line)
}

type operationLine struct {
	Type     string `json:"type"`
	Op       int    `json:"op"`
	Client   string `json:"client"`
	Member   string `json:"member"`
	Called   int64  `json:"called"`
	Returned *int64 `json:"returned,omitempty"`
	Call     int64  `json:"call"`
	Return   int64  `json:"return,omitempty"`
	Outcome  string `json:"outcome"`
	Request  string `json:"request"`
	Response any    `json:"response,omitempty"`
	Error    string `json:"error,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Index    uint64 `json:"index,omitempty"`
}

func (j *jsonLines) operation(i int, op raftsim.Op) {
	line := operationLine{
		Type: "operation", Op: i, Client: op.Name, Member: memberName(op.Member),
		Called: int64(op.Called), Call: op.Call, Return: op.Return,
		Outcome: op.Outcome.String(), Request: command(op.Request), Response: response(op.Response),
		Error: errorText(op.Err), Cause: causes[op.Cause], Index: uint64(op.Effect.Index),
	}
	if op.Ended {
		returned := int64(op.Returned)
		line.Returned = &returned
	}
	j.put(line)
}

type expectationLine struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Holds bool   `json:"holds"`
	Found string `json:"found"`
}

type resultLine struct {
	Type       string `json:"type"`
	OK         bool   `json:"ok"`
	Verdict    string `json:"verdict"`
	Operations int    `json:"operations"`
	Reason     string `json:"reason,omitempty"`
	Conflict   []int  `json:"conflict,omitempty"`
	Elections  int    `json:"elections"`
	Hash       string `json:"hash"`
}

func (j *jsonLines) end(r *scenario.Result) error {
	for i := range r.World.Ops() {
		j.operation(i, r.World.Op(i))
	}
	for _, e := range r.Expectations {
		j.put(expectationLine{"expectation", e.Text, e.Holds, e.Found})
	}
	j.put(resultLine{
		Type: "result", OK: r.OK(), Verdict: r.VerdictWord(), Operations: r.Verdict.Operations,
		Reason: r.Reason(), Conflict: r.Verdict.Conflict, Elections: r.Elections, Hash: r.Hash(),
	})
	return j.err
}

func memberName(id raft.ID) string {
	if id == 0 {
		return ""
	}
	return raftsim.Name(id)
}

func command(r kv.Request) string {
	if r == nil {
		return ""
	}
	return scenario.FormatCommand(r)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Names in the output; they never change.
var (
	causes = [...]string{
		raftsim.NoCause:          "",
		raftsim.CauseCut:         "cut",
		raftsim.CauseLoss:        "loss",
		raftsim.CauseDown:        "down",
		raftsim.CauseUp:          "up",
		raftsim.CauseNoLeader:    "no-leader",
		raftsim.CauseTimeout:     "timeout",
		raftsim.CauseConnection:  "connection",
		raftsim.CauseBusy:        "busy",
		raftsim.CauseDoubled:     "doubled",
		raftsim.CauseHand:        "hand",
		raftsim.CauseNotInFlight: "not-in-flight",
		raftsim.CauseAbsent:      "absent",
		raftsim.CauseExists:      "exists",
		raftsim.CauseTooMany:     "too-many",
		raftsim.CauseRefused:     "refused",
		raftsim.CausePaused:      "paused",
		raftsim.CauseDead:        "dead",
		raftsim.CauseEmpty:       "empty",
		raftsim.CauseNoClient:    "no-client",
		raftsim.CauseCompacted:   "compacted",
		raftsim.CauseCanceled:    "canceled",
		raftsim.CauseReplaced:    "replaced",
		raftsim.CauseModel:       "model",
	}
	messages = [...]string{
		raftsim.KindRequestVote:          "request-vote",
		raftsim.KindRequestVoteReply:     "request-vote-reply",
		raftsim.KindRequestPreVote:       "request-pre-vote",
		raftsim.KindRequestPreVoteReply:  "request-pre-vote-reply",
		raftsim.KindAppendEntries:        "append-entries",
		raftsim.KindAppendEntriesReply:   "append-entries-reply",
		raftsim.KindForwardProposal:      "forward-proposal",
		raftsim.KindReadIndex:            "read-index",
		raftsim.KindReadIndexReply:       "read-index-reply",
		raftsim.KindInstallSnapshot:      "install-snapshot",
		raftsim.KindInstallSnapshotReply: "install-snapshot-reply",
		raftsim.KindTimeoutNow:           "timeout-now",
	}
	roles = [...]string{
		raft.Follower:     "follower",
		raft.PreCandidate: "pre-candidate",
		raft.Candidate:    "candidate",
		raft.Leader:       "leader",
	}
)
