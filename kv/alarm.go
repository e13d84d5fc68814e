package kv

// Alarm is a trouble that the members note in their common state until somebody
// disarms it.
type Alarm uint8

// The alarms. In a listing, NoAlarm asks for all of them.
const (
	NoAlarm Alarm = iota
	// NoSpace: the store is larger than its quota; requests that could make it
	// grow (see Grows) are refused with ErrNoSpace.
	NoSpace
	// Corrupt: members disagree about the same revision.
	Corrupt
)

// AlarmAction is what to do about an alarm.
type AlarmAction uint8

// The actions on alarms.
const (
	ListAlarms AlarmAction = iota
	RaiseAlarm
	DisarmAlarm
)

// AlarmRequest lists, raises or disarms alarms.
type AlarmRequest struct {
	Action AlarmAction
	// Member that the alarm is about, by its id; a listing looks at all members.
	Member uint64
	Alarm  Alarm
}

// MemberAlarm is an alarm of one member.
type MemberAlarm struct {
	Member uint64
	Alarm  Alarm
}

// AlarmResponse answers an AlarmRequest.
type AlarmResponse struct {
	Header
	// Alarms that were listed, raised or disarmed.
	Alarms []MemberAlarm
}

func (AlarmRequest) request()   {}
func (AlarmResponse) response() {}
