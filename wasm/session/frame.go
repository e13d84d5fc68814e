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
	// Bug that is planted, "" for none.
	Bug string `json:"bug"`
	// Sentence says what is going on.
	Sentence string `json:"sentence"`
	// Caption is what the scenario says at the moment, "" for nothing.
	Caption string `json:"caption,omitempty"`
	// Notice is something to say once: how a link's run compares with this one.
	Notice  string   `json:"notice,omitempty"`
	Members []Member `json:"members"`
	// Membership is the newest configuration in the log of whoever leads.
	Membership Membership `json:"membership"`
	Cuts       []Cut      `json:"cuts"`
	// Links are those that are not as the rest of the network.
	Links []LinkState `json:"links,omitempty"`
	// Clients are the first maxClients clients, ClientCount how many there are.
	Clients     []ClientState `json:"clients"`
	ClientCount int           `json:"clientCount"`
	Messages    []Message     `json:"messages"`
	Store       Store         `json:"store"`
	// Story holds the newest events worth telling, oldest first: as many of what
	// clients were told as of all the rest, so that neither hides the other.
	Story []Line `json:"story"`
	// Console holds the commands the page gave as client "you", oldest first.
	Console []Op    `json:"console"`
	Verdict Verdict `json:"verdict"`
	// Branches of the run, Branch the present one.
	Branches []Branch `json:"branches"`
	Branch   int      `json:"branch"`
	// CanUndo and CanRedo say whether there is something to take back, or to do
	// again.
	CanUndo bool `json:"canUndo"`
	CanRedo bool `json:"canRedo"`
	// Inspection shows the member of Look.Inspect.
	Inspection *Inspection `json:"inspection,omitempty"`
	// SpaceTime is the last Look.Window of the run up to the playhead.
	SpaceTime *SpaceTime `json:"spaceTime,omitempty"`
	// Comparison is there while branches are compared.
	Comparison *Comparison `json:"comparison,omitempty"`
	// Completions, Link, History and Hunt answer the commands of these names.
	Completions []Completion `json:"completions,omitempty"`
	Link        string       `json:"link,omitempty"`
	History     string       `json:"history,omitempty"`
	Hunt        *HuntState   `json:"hunt,omitempty"`
	// Lanes is absent when it is as in the frame before, or only LanesPatch is new.
	Lanes      *Lanes      `json:"lanes,omitempty"`
	LanesPatch *LanesPatch `json:"lanesPatch,omitempty"`
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
	// Kind says how the member belongs to the cluster, by the newest configuration.
	Kind MemberKind `json:"kind"`
	// Paused says that its process stands still, Dead that it can never start
	// again, with the reason.
	Paused bool   `json:"paused"`
	Dead   string `json:"dead,omitempty"`
	// ClockOffset is how far its clock is ahead of the world's time, ClockRate how
	// many millionths it gains.
	ClockOffset int64 `json:"clockOffset"`
	ClockRate   int64 `json:"clockRate"`
	// DiskState says in a word or two what is wrong with its disk: "full",
	// "slow x20", "fails to sync"; "" if nothing is.
	DiskState string `json:"diskState,omitempty"`
	// SnapshotIndex is the last entry of its newest snapshot, 0 if it has none.
	SnapshotIndex uint64 `json:"snapshotIndex"`
	// Lost says in words how far its log is known to have gone, if it has lost a part
	// of it; "" if it has lost nothing.
	Lost string `json:"lost,omitempty"`
}

// MemberKind says how a member belongs to the cluster.
type MemberKind string

// The kinds of members.
const (
	Voter MemberKind = "voter"
	// Learner gets the log and has no vote.
	Learner MemberKind = "learner"
	// Joining and Leaving members vote in only one of the two majorities of a joint
	// configuration.
	Joining MemberKind = "joining"
	Leaving MemberKind = "leaving"
	// Outsider has been removed, or not yet been added.
	Outsider MemberKind = "outsider"
)

// Membership is a configuration of the cluster.
type Membership struct {
	// Index of its entry in the log, 0 for the first configuration.
	Index     uint64 `json:"index"`
	Committed bool   `json:"committed"`
	// Joint says that decisions need a majority of both Voters and Outgoing.
	Joint    bool  `json:"joint"`
	Voters   []int `json:"voters"`
	Outgoing []int `json:"outgoing"`
	Learners []int `json:"learners"`
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

// LinkState is how messages fare from one member to another, if that is special.
type LinkState struct {
	From int `json:"from"`
	To   int `json:"to"`
	// Text in a few words: "100ms..200ms", "loses 10%", "flaps every 500ms".
	Text string `json:"text"`
}

// ClientState is a client at the playhead.
type ClientState struct {
	Name string `json:"name"`
	// Member that it asks, or asked last, 0 for nobody yet.
	Member int `json:"member"`
	// Request that has no answer yet, "" if there is none, and since when.
	Request string `json:"request"`
	Since   int64  `json:"since"`
	// Serializable says that Request may be answered from the past.
	Serializable bool `json:"serializable"`
	// Outcome and Answer are those of the last operation that ended; before, Outcome is
	// pending and Answer "".
	Outcome OpOutcome `json:"outcome"`
	Answer  string    `json:"answer"`
	Paused  bool      `json:"paused"`
	// About says what it does, "" for one that does only what it is told.
	About string `json:"about,omitempty"`
}

// ReadKind says of a message that it belongs to an operation that only reads.
type ReadKind string

// The kinds of reads; everything else is "".
const (
	ReadLinearizable ReadKind = "linearizable"
	// ReadSerializable may be answered from the past.
	ReadSerializable ReadKind = "serializable"
)

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
	// PreVoteRequest and PreVoteReply ask whether a vote could be won.
	PreVoteRequest MessageKind = "pre-vote-request"
	PreVoteReply   MessageKind = "pre-vote-reply"
	// SnapshotChunk is a part of a snapshot, SnapshotReply says how much has come.
	SnapshotChunk MessageKind = "snapshot"
	SnapshotReply MessageKind = "snapshot-reply"
	// TimeoutNow tells a member to hold an election at once.
	TimeoutNow MessageKind = "timeout-now"
	// WatchRequest and WatchResponse are of a client's watch.
	WatchRequest  MessageKind = "watch-request"
	WatchResponse MessageKind = "watch-response"
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
	// Read says that a client's message is about a read.
	Read ReadKind `json:"read,omitempty"`
	// Label says in a few words what it is.
	Label string `json:"label"`
	// Name is how actions call it: "S1>S2 AppendEntries 3.7"; "" if they can't.
	Name string `json:"name,omitempty"`
	// Fields are what is in it, in the order in which to read them.
	Fields []Field `json:"fields"`
}

// Field is a name with a value, in words.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Changed says that the last event changed it.
	Changed bool `json:"changed,omitempty"`
}

// Store is the store of one member at the playhead.
type Store struct {
	Member   int   `json:"member"`
	Revision int64 `json:"revision"`
	// Keys are in order; at most the first 200.
	Keys []Key `json:"keys"`
	// Count is the number of keys in all.
	Count int64 `json:"count"`
	// At is the revision that is shown, Compacted the last one that can't be any
	// more.
	At        int64 `json:"at"`
	Compacted int64 `json:"compacted"`
	// Leases and Watchers are the newest, whatever revision is shown.
	Leases   []Lease   `json:"leases"`
	Watchers []Watcher `json:"watchers"`
}

// Lease is a lease of a store.
type Lease struct {
	// ID as etcdctl writes it, in hexadecimal.
	ID string `json:"id"`
	// TTL and Remaining are in virtual nanoseconds; Remaining is by the leader's
	// clock, -1 if nobody counts.
	TTL       int64    `json:"ttl"`
	Remaining int64    `json:"remaining"`
	Keys      []string `json:"keys"`
}

// Watcher is a watch of a client.
type Watcher struct {
	Client string `json:"client"`
	// Member that serves it.
	Member int `json:"member"`
	// Span is what it watches, in words.
	Span string `json:"span"`
	// Next is the revision that it waits for; Lags says that the store has gone on.
	Next int64 `json:"next"`
	Lags bool  `json:"lags"`
	// Heard counts the events that the client has got.
	Heard int64 `json:"heard"`
}

// Key is one key of a store.
type Key struct {
	Key            string `json:"key"`
	Value          string `json:"value"`
	CreateRevision int64  `json:"createRevision"`
	ModRevision    int64  `json:"modRevision"`
	Version        int64  `json:"version"`
	// Lease it is attached to, "" for none.
	Lease string `json:"lease,omitempty"`
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
	// ID is its number in the history, from 0.
	ID     int    `json:"id"`
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
	// Serializable says that the answer may be of the past: the member did not ask
	// the others.
	Serializable bool `json:"serializable"`
	// Effect is when it took effect at the first member, 0 if it did not, or not
	// yet; Revision is that of the store then.
	Effect   int64 `json:"effect"`
	Revision int64 `json:"revision"`

	// raw is the operation as JSON, if it is known: most are sent many times.
	raw []byte
}

// Lanes is the whole run so far, up to Frame.Head, for the timeline.
type Lanes struct {
	Roles []RoleSpan `json:"roles"`
	// Faults are bands over the time axis: crashes and cuts.
	Faults []FaultSpan `json:"faults"`
	// Ops are the newest operations, at most 500.
	Ops     []Op     `json:"ops"`
	Clients []string `json:"clients"`
	// Marks are the moments that the scenario gives a name or a caption.
	Marks []Mark `json:"marks"`
	// Violation is when the run first broke a promise, -1 if it did not.
	Violation int64 `json:"violation"`
}

// LanesPatch makes the lanes of the frame before those of this one. Of each list the
// first …Gone go; then element i of what is new stands at place …At[i], in the place of what
// stood there or, one by one, behind the last.
type LanesPatch struct {
	RolesGone  int         `json:"rolesGone"`
	RolesAt    []int       `json:"rolesAt"`
	Roles      []RoleSpan  `json:"roles"`
	FaultsGone int         `json:"faultsGone"`
	FaultsAt   []int       `json:"faultsAt"`
	Faults     []FaultSpan `json:"faults"`
	OpsGone    int         `json:"opsGone"`
	OpsAt      []int       `json:"opsAt"`
	Ops        []Op        `json:"ops"`
	Violation  int64       `json:"violation"`
}

// Mark is a moment of the scenario with a name or a caption.
type Mark struct {
	Time int64  `json:"time"`
	Text string `json:"text"`
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
	// Checks are all that was checked, by name; those of the cluster's properties
	// are there when they broke.
	Checks []Check `json:"checks"`
	// Excuse is the fault that no replication survives; what breaks after it proves
	// nothing. "" if there was none.
	Excuse string `json:"excuse,omitempty"`
	// Cause is there on a violation.
	Cause *Cause `json:"cause,omitempty"`
}

// Check is one promise and whether it was kept.
type Check struct {
	Name   string        `json:"name"`
	Result VerdictResult `json:"result"`
	Reason string        `json:"reason,omitempty"`
}

// Cause is what is known of why a promise was broken.
type Cause struct {
	// Time of the moment to look at.
	Time int64 `json:"time"`
	// Property that broke, and how, in sentences.
	Property string   `json:"property"`
	Text     []string `json:"text"`
	// Ops are the operations that contradict each other, by ID; Members those that
	// are concerned.
	Ops     []int `json:"ops"`
	Members []int `json:"members"`
}

// Problem is why a command could not be done.
type Problem struct {
	// Line of the scenario, and Column in it, from 1; 0 when none is to blame.
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
}

// Branch is one way that the run has gone.
type Branch struct {
	ID int `json:"id"`
	// Parent it came from, -1 for the first.
	Parent int `json:"parent"`
	// At is where it left its parent, Head how far it was seen.
	At   int64 `json:"at"`
	Head int64 `json:"head"`
	// Label says in a few words what is done there: "cut S1".
	Label string `json:"label"`
}

// Comparison puts another branch beside the present one.
type Comparison struct {
	Branch int `json:"branch"`
	// At is where the two first differ, -1 if they don't; Left is what happens then
	// in the present branch, Right in the other.
	At    int64  `json:"at"`
	Left  string `json:"left"`
	Right string `json:"right"`
	// Sentence says what is going on in the other at the time of the playhead.
	Sentence string `json:"sentence"`
	// Members, Store and Lanes are the other's, at that time. Lanes and LanesPatch are
	// absent as those of the frame are.
	Members    []Member    `json:"members"`
	Store      Store       `json:"store"`
	Lanes      *Lanes      `json:"lanes,omitempty"`
	LanesPatch *LanesPatch `json:"lanesPatch,omitempty"`
	Verdict    Verdict     `json:"verdict"`
}

// Inspection is a look inside a member.
type Inspection struct {
	Member int `json:"member"`
	// Persistent and Volatile are the variables of Figure 2 of the paper, in its order;
	// those of leaders are in Peers. Beyond are those that the figure does not have.
	Persistent []Field `json:"persistent"`
	Volatile   []Field `json:"volatile"`
	Beyond     []Field `json:"beyond"`
	// Peers are what a leader, or a candidate, knows of the others.
	Peers []Peer `json:"peers"`
	Files []File `json:"files"`
}

// Peer is what a member knows of another.
type Peer struct {
	ID int `json:"id"`
	// Next and Match are nextIndex and matchIndex of the paper, for a leader.
	Next  uint64 `json:"next"`
	Match uint64 `json:"match"`
	// Vote says what it answered to a candidate: "granted", "refused", "" for nothing.
	Vote string `json:"vote,omitempty"`
	// Changed says that the last event changed one of them.
	Changed bool `json:"changed,omitempty"`
}

// File is a file on a member's disk.
type File struct {
	Name string `json:"name"`
	// Cached and Durable are its sizes for the process and on the medium, in bytes.
	Cached  int64 `json:"cached"`
	Durable int64 `json:"durable"`
	// Sectors says of each sector what a crash would do to it: "d" durable, "c" only
	// in the page cache, "x" damaged; at most the last 512.
	Sectors string `json:"sectors"`
	// Records are the newest records of a log, in words, newest last.
	Records []string `json:"records"`
}

// SpaceTime is a part of the run, drawn with time downwards and a lane for each
// member.
type SpaceTime struct {
	From   int64   `json:"from"`
	Until  int64   `json:"until"`
	Arrows []Arrow `json:"arrows"`
	// Points are what happened at members: crashes, elections, commits, faults.
	Points []Point `json:"points"`
}

// Arrow is the way of a message.
type Arrow struct {
	ID     int64       `json:"id"`
	Kind   MessageKind `json:"kind"`
	From   int         `json:"from"`
	To     int         `json:"to"`
	Client string      `json:"client,omitempty"`
	Term   uint64      `json:"term"`
	Sent   int64       `json:"sent"`
	// Arrived is when it came, or is due if Flying; of one that was dropped, when it
	// was.
	Arrived int64  `json:"arrived"`
	Flying  bool   `json:"flying"`
	Dropped string `json:"dropped,omitempty"`
	Label   string `json:"label"`
	// Count, Positive and Read as in Message.
	Count    int      `json:"count"`
	Positive bool     `json:"positive"`
	Read     ReadKind `json:"read,omitempty"`
}

// Point is something that happened at a member.
type Point struct {
	Time   int64    `json:"time"`
	Member int      `json:"member"`
	Kind   LineKind `json:"kind"`
	Text   string   `json:"text"`
}

// Completion is one way in which a command may go on.
type Completion struct {
	// Text is the whole command then, Word the last word of it.
	Text string `json:"text"`
	Word string `json:"word"`
	// Hint says what it means.
	Hint string `json:"hint"`
}

// HuntState is how far a search has come.
type HuntState struct {
	Bug string `json:"bug"`
	// Runs made, Simulated time in them, Features that were seen.
	Runs      int   `json:"runs"`
	Simulated int64 `json:"simulated"`
	Features  int   `json:"features"`
	// Property that broke in the run that was found, "" as long as there is none; Tries
	// counts the runs made to shrink it, Lines are those of the smallest so far.
	Property string `json:"property,omitempty"`
	Tries    int    `json:"tries"`
	Lines    int    `json:"lines"`
	// Scenario is the smallest, when Done.
	Scenario string `json:"scenario,omitempty"`
	Done     bool   `json:"done"`
}
