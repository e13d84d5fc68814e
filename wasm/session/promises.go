package session

import "github.com/castaway-kv/castaway/raftsim"

// unfenced is the bug that takes the fences from all locks. Without it, a lock that has none
// never promised any.
const unfenced = "lock-without-fencing"

// promises are those of a run with a bug planted, "" for none.
func promises(bug string) []raftsim.Promise { return raftsim.Promises(bug == unfenced) }
