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
}

// MayServe is the rule of the same name.
func MayServe(index, applied raft.Index) bool { return index <= applied }

// IsRefused is the rule of the same name.
func IsRefused(proposed, applied raft.Term) bool { return proposed < applied }

// MayExpire is the rule of the same name.
func MayExpire(leads bool, primary, current raft.Term) bool { return leads && primary == current }

// KeepAliveWaits is the rule of the same name.
func KeepAliveWaits() bool { return true }

// StandardRules keep all promises.
func StandardRules() Rules { return Rules{MayServe, IsRefused, MayExpire, KeepAliveWaits} }

func (r *Rules) complete() bool {
	return r.MayServe != nil && r.IsRefused != nil && r.MayExpire != nil && r.KeepAliveWaits != nil
}
