package session

// Frame is everything the page shows at one moment of a run. Times are virtual
// nanoseconds since the run began; members are numbered from 1.
type Frame struct {
	// Time of the playhead.
	Time int64 `json:"time"`
	// Head is the furthest moment simulated so far: the scrubber's right end.
	Head int64 `json:"head"`
	// Next is the moment of the next event, so that the page can hurry through
	// quiet time without running past it; 0 when there is none.
	Next int64 `json:"next"`
	// Events counts the events up to the playhead.
	Events int64 `json:"events"`
	// Hash of all events up to the playhead, 16 hex digits.
	Hash string `json:"hash"`
	// Rules in force: "paper" or "etcd".
	Rules string `json:"rules"`
	// Seed of the run; as a string, for JavaScript's numbers end at 2^53.
	Seed uint64 `json:"seed,string"`
	// Sentence says what is going on.
	Sentence string    `json:"sentence"`
	Members  []Member  `json:"members"`
	Cuts     []Cut     `json:"cuts"`
	Messages []Message `json:"messages"`
	Store    Store     `json:"store"`
	// Story holds the newest events worth telling, oldest first: as many of what
	// clients were told as of all the rest, so that neither hides the other.
	Story []Line `json:"story"`
	// Console holds the commands the page gave as client "you", oldest first.
	Console []Op    `json:"console"`
	Verdict Verdict `json:"verdict"`
	// Lanes is absent when it is as in the frame before.
	Lanes *Lanes `json:"lanes,omitempty"`
	// Scenario is the run as text, actions of the page included; absent when
	// it is as in the frame before.
	Scenario string `json:"scenario,omitempty"`
	// Problem says why the last command could not be done; nothing changed then.
	Problem *Problem `json:"problem,omitempty"`
}

// Role is what a member is at the moment.
type Role string

// The roles. Down is a crashed member.
const (
	Follower     Role = "follower"
	PreCandidate Role = "pre-candidate"
	Candidate    Role = "candidate"
	Leader       Role = "leader"
	Down         Role = "down"
)

// Member is one member of the cluster.
type Member struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Role Role   `json:"role"`
	Term uint64 `json:"term"`
	// Vote is whom it voted for in this term, 0 for nobody.
	Vote int `json:"vote"`
	// Leads is whom it takes for the leader, 0 for nobody.
	Leads int `json:"leads"`
	// CutOff says that no majority can be reached from here.
	CutOff bool `json:"cutOff"`
	// TimerFrom and TimerUntil bound the running election (or heartbeat) timer;
	// both 0 when none runs.
	TimerFrom  int64 `json:"timerFrom"`
	TimerUntil int64 `json:"timerUntil"`
	// Last, Durable, Commit and Applied are log indexes.
	Last    uint64 `json:"last"`
	Durable uint64 `json:"durable"`
	Commit  uint64 `json:"commit"`
	Applied uint64 `json:"applied"`
	// Revision of its store.
	Revision int64 `json:"revision"`
	// Log is the end of its log: the indexes shown are the same for all members.
	Log []Entry `json:"log"`
	// DiskBytes is the size of its log file, UnsyncedBytes how much of it a
	// crash may lose now.
	DiskBytes     int64 `json:"diskBytes"`
	UnsyncedBytes int64 `json:"unsyncedBytes"`
}

// Entry is one entry of a member's log.
type Entry struct {
	Index uint64 `json:"index"`
	Term  uint64 `json:"term"`
	// Label is short: "x=4", "∅" for a leader's empty entry.
	Label string `json:"label"`
	// Detail is the whole command in words.
	Detail string `json:"detail"`
}

// Cut is a link that carries nothing from one member to another.
type Cut struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// MessageKind tells the kinds of messages apart, for their glyphs.
type MessageKind string

// The kinds of messages.
const (
	VoteRequest    MessageKind = "vote-request"
	VoteReply      MessageKind = "vote-reply"
	Heartbeat      MessageKind = "heartbeat"
	Entries        MessageKind = "entries"
	AppendReply    MessageKind = "append-reply"
	Forward        MessageKind = "forward"
	ReadIndex      MessageKind = "read-index"
	ReadIndexReply MessageKind = "read-index-reply"
	ClientRequest  MessageKind = "client-request"
	ClientReply    MessageKind = "client-reply"
)

// Message is one message in flight.
type Message struct {
	// ID is unique within the run.
	ID   int64       `json:"id"`
	Kind MessageKind `json:"kind"`
	// From and To are members; 0 stands for the client named Client.
	From   int    `json:"from"`
	To     int    `json:"to"`
	Client string `json:"client,omitempty"`
	Term   uint64 `json:"term"`
	// Sent and Arrives bound its travel.
	Sent    int64 `json:"sent"`
	Arrives int64 `json:"arrives"`
	// Count is the number of entries it carries.
	Count int `json:"count"`
	// Positive says that a reply grants or accepts.
	Positive bool `json:"positive"`
	// Lost says that a cut stands in its way now.
	Lost bool `json:"lost"`
	// Label says in a few words what it is.
	Label string `json:"label"`
}

// Store is the store of one member at the playhead.
type Store struct {
	Member   int   `json:"member"`
	Revision int64 `json:"revision"`
	// Keys are in order; at most the first 200.
	Keys []Key `json:"keys"`
	// Count is the number of keys in all.
	Count int64 `json:"count"`
}

// Key is one key of a store.
type Key struct {
	Key            string `json:"key"`
	Value          string `json:"value"`
	CreateRevision int64  `json:"createRevision"`
	ModRevision    int64  `json:"modRevision"`
	Version        int64  `json:"version"`
}

// Line is one sentence of the story.
type Line struct {
	Time int64    `json:"time"`
	Kind LineKind `json:"kind"`
	Text string   `json:"text"`
}

// LineKind groups the sentences of the story.
type LineKind string

// The kinds of lines.
const (
	LineElection LineKind = "election"
	LineFault    LineKind = "fault"
	LineAnswer   LineKind = "answer"
	LineRefused  LineKind = "refused"
	LineUnknown  LineKind = "unknown"
	LineOther    LineKind = "other"
)

// OpOutcome is how an operation of a client ended.
type OpOutcome string

// The outcomes. Failed is an answer that says no: a transaction whose
// comparison did not hold. Refused is a definite error: it did not happen.
const (
	Pending  OpOutcome = "pending"
	Answered OpOutcome = "answered"
	Failed   OpOutcome = "failed"
	Refused  OpOutcome = "refused"
	Unknown  OpOutcome = "unknown"
)

// Op is one operation of a client.
type Op struct {
	Client string `json:"client"`
	// Member it was sent to.
	Member int   `json:"member"`
	Call   int64 `json:"call"`
	// Return is 0 while it is pending.
	Return  int64     `json:"return"`
	Outcome OpOutcome `json:"outcome"`
	Request string    `json:"request"`
	// Answer in words, with its revision; the reason when there was none.
	Answer string `json:"answer"`
}

// Lanes is the whole run so far, up to Frame.Head, for the timeline.
type Lanes struct {
	Roles []RoleSpan `json:"roles"`
	// Faults are bands over the time axis: crashes and cuts.
	Faults []FaultSpan `json:"faults"`
	// Ops are the newest operations, at most 500.
	Ops     []Op     `json:"ops"`
	Clients []string `json:"clients"`
}

// RoleSpan is a time in which a member kept role and term. Until is 0 while it lasts.
type RoleSpan struct {
	Member int    `json:"member"`
	From   int64  `json:"from"`
	Until  int64  `json:"until"`
	Role   Role   `json:"role"`
	Term   uint64 `json:"term"`
}

// FaultSpan is a time in which a fault stood. Members are those cut off or
// crashed. Until is 0 while it lasts.
type FaultSpan struct {
	From    int64  `json:"from"`
	Until   int64  `json:"until"`
	Members []int  `json:"members"`
	Label   string `json:"label"`
}

// VerdictResult is what the judge said.
type VerdictResult string

// The verdicts; an empty result does not occur.
const (
	Linearizable VerdictResult = "linearizable"
	Violation    VerdictResult = "violation"
	Undecided    VerdictResult = "undecided"
)

// Verdict is the judge's word on the history up to the playhead.
type Verdict struct {
	Result     VerdictResult `json:"result"`
	Operations int           `json:"operations"`
	// Reason in a sentence, for a violation or an undecided history.
	Reason string `json:"reason,omitempty"`
}

// Problem is why a command could not be done.
type Problem struct {
	// Line of the scenario, from 1; 0 when none is to blame.
	Line int    `json:"line"`
	Text string `json:"text"`
}
