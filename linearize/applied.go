package linearize

import "github.com/castaway-kv/castaway/kv"

// Applied is one record of the log that the members applied: what really
// happened, whatever the clients know. A simulated run always has it.
type Applied struct {
	// Index in the log, rising from record to record.
	Index uint64
	// Revision of the store after it, or 0 if that is not known.
	Revision kv.Revision
	// Op is the operation of the history that it carries out, −1 for none, as the
	// end of a lease.
	Op int
	// Request as it was applied; a lease that ends by itself is a
	// kv.LeaseRevokeRequest.
	Request kv.Request
	// Changed says that it made Revision. A compare that failed, a deletion of
	// nothing and a compaction use an index, not a revision.
	Changed bool
}
