package replica

import "github.com/castaway-kv/castaway/raft"

// Rules are the decisions of a member that keep promises to clients. A run may
// replace one to show what it is there for.
type Rules struct {
	// MayServe: a linearizable read is served once the state machine has applied
	// what was committed when the leader confirmed it (thesis §6.4, step 4).
	MayServe func(index, applied raft.Index) bool
	// IsRefused: what was proposed in an earlier term than that of an applied entry,
	// and is not in the log before it, never will be: only then may a client be told
	// that it did not happen.
	IsRefused func(proposed, applied raft.Term) bool
	// MayExpire: a lease ends by the clock of who leads in the present term and has
	// applied all that was committed before it; nobody else may propose it.
	MayExpire func(leads bool, primary, current raft.Term) bool
	// KeepAliveWaits: a keep-alive is answered only after a majority has confirmed,
	// in a round that began after the request, that this member still leads.
	KeepAliveWaits func() bool
	// ReadLife: the name of a read holds the life that it was asked in, so that no
	// late answer releases another one.
	ReadLife func(life raft.Life) raft.Life
	// MayStart: a member whose disk is empty though it was started before has forgotten
	// its votes and its log, and must not take part under its old name.
	MayStart func(empty, started bool) bool
	// HasState: a member has applied no more than what its state holds; a snapshot that
	// could not be read is no state.
	HasState func(err error) bool
	// TermFirst: an entry is on disk only after the term that it was appended in.
	TermFirst func() bool
}

// MayServe is the rule of the same name.
func MayServe(index, applied raft.Index) bool { return index <= applied }

// IsRefused is the rule of the same name.
func IsRefused(proposed, applied raft.Term) bool { return proposed < applied }

// MayExpire is the rule of the same name.
func MayExpire(leads bool, primary, current raft.Term) bool { return leads && primary == current }

// KeepAliveWaits is the rule of the same name.
func KeepAliveWaits() bool { return true }

// ReadLife is the rule of the same name.
func ReadLife(life raft.Life) raft.Life { return life }

// MayStart is the rule of the same name.
func MayStart(empty, started bool) bool { return !empty || !started }

// HasState is the rule of the same name.
func HasState(err error) bool { return err == nil }

// TermFirst is the rule of the same name.
func TermFirst() bool { return true }

// StandardRules keep all promises.
func StandardRules() Rules {
	return Rules{MayServe, IsRefused, MayExpire, KeepAliveWaits, ReadLife, MayStart, HasState, TermFirst}
}

func (r *Rules) complete() bool {
	return r.MayServe != nil && r.IsRefused != nil && r.MayExpire != nil && r.KeepAliveWaits != nil &&
		r.ReadLife != nil && r.MayStart != nil && r.HasState != nil && r.TermFirst != nil
}
