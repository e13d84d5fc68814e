package compat

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// Program is what both stores do, from a fresh start. As text it has a line for
// each step; empty lines and those that begin with "#" are ignored.
type Program []Step

// Step is one request, as it goes over the wire, or a wait. As text it is a word
// and the request in the text format of protocol buffers:
//
//	put key:"a" value:"1"
//	watch 0 create_request:{key:"a" start_revision:1}
//	wait seconds:3
type Step struct {
	// Request is of one of the types in verbs.
	Request proto.Message
	// Stream numbers the watch stream that a *pb.WatchRequest goes to.
	Stream int
}

// verbs are the words for the kinds of requests.
var verbs = []struct {
	word    string
	request proto.Message
}{
	{"range", &pb.RangeRequest{}},
	{"put", &pb.PutRequest{}},
	{"delete", &pb.DeleteRangeRequest{}},
	{"txn", &pb.TxnRequest{}},
	{"compact", &pb.CompactionRequest{}},
	{"grant", &pb.LeaseGrantRequest{}},
	{"revoke", &pb.LeaseRevokeRequest{}},
	{"keepalive", &pb.LeaseKeepAliveRequest{}},
	{"timetolive", &pb.LeaseTimeToLiveRequest{}},
	{"leases", &pb.LeaseLeasesRequest{}},
	{"alarm", &pb.AlarmRequest{}},
	{"watch", &pb.WatchRequest{}},
	{"wait", &durationpb.Duration{}},
}

// String is the step as text.
func (s Step) String() string {
	text := s.verb()
	if text == "watch" {
		text += " " + strconv.Itoa(s.Stream)
	}
	if fields := oneLine(s.Request); fields != "" {
		text += " " + fields
	}
	return text
}

// wait is how long to wait, if the step is a wait.
func (s Step) wait() (time.Duration, bool) {
	d, ok := s.Request.(*durationpb.Duration)
	return d.AsDuration(), ok
}

func (s Step) verb() string {
	for _, v := range verbs {
		if s.Request.ProtoReflect().Descriptor() == v.request.ProtoReflect().Descriptor() {
			return v.word
		}
	}
	panic(fmt.Sprintf("compat: a step of type %T", s.Request))
}

// oneLine is a message's text with single spaces: the library puts two at places
// that differ from build to build.
func oneLine(m proto.Message) string {
	var b strings.Builder
	quoted, escaped := false, false
	for _, c := range []byte(prototext.MarshalOptions{}.Format(m)) {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted && strings.HasSuffix(b.String(), " "):
			continue
		}
		b.WriteByte(c)
	}
	return strings.TrimSpace(b.String())
}

// String is the program as text.
func (p Program) String() string {
	var b strings.Builder
	for _, step := range p {
		fmt.Fprintln(&b, step)
	}
	return b.String()
}

// Parse reads a program's text. An error names the line.
func Parse(text string) (Program, error) {
	var p Program
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		step, err := parseStep(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		p = append(p, step)
	}
	return p, nil
}

func parseStep(line string) (Step, error) {
	word, fields, _ := strings.Cut(line, " ")
	for _, v := range verbs {
		if v.word != word {
			continue
		}
		var step Step
		if word == "watch" {
			number, rest, _ := strings.Cut(fields, " ")
			stream, err := strconv.Atoi(number)
			if err != nil {
				return Step{}, fmt.Errorf("watch: %q is not a stream's number", number)
			}
			step.Stream, fields = stream, rest
		}
		step.Request = v.request.ProtoReflect().New().Interface()
		if err := prototext.Unmarshal([]byte(fields), step.Request); err != nil {
			return Step{}, fmt.Errorf("%s: %w", word, err)
		}
		return step, nil
	}
	return Step{}, fmt.Errorf("%q is not the name of a request", word)
}
