package kv

import "errors"

// The errors of requests on keys, with etcd's texts: clients match them exactly.
var (
	// ErrEmptyKey: a request names no key.
	ErrEmptyKey = errors.New("etcdserver: key is not provided")
	// ErrKeyNotFound: a put keeps the value or the lease of a key that does not
	// exist, or a transaction has an operation that is nothing at all (a nil
	// Request; on the wire, a RequestOp with an empty union).
	ErrKeyNotFound = errors.New("etcdserver: key not found")
	// ErrValueProvided: a put both keeps the value and gives one.
	ErrValueProvided = errors.New("etcdserver: value is provided")
	// ErrLeaseProvided: a put both keeps the lease and gives one.
	ErrLeaseProvided = errors.New("etcdserver: lease is provided")
	// ErrTooManyOps: a transaction has more than MaxTxnOps comparisons or operations.
	ErrTooManyOps = errors.New("etcdserver: too many operations in txn request")
	// ErrDuplicateKey: a transaction changes a key twice.
	ErrDuplicateKey = errors.New("etcdserver: duplicate key given in txn request")
	// ErrInvalidSort: a range asks for an order or a sort target that is none.
	ErrInvalidSort = errors.New("etcdserver: invalid sort option")
	// ErrTooLarge: a request encodes to more than MaxRequestBytes.
	ErrTooLarge = errors.New("etcdserver: request is too large")
	// ErrCompacted: a read at a revision whose state is no longer kept, or a
	// compaction that was done already.
	ErrCompacted = errors.New("etcdserver: mvcc: required revision has been compacted")
	// ErrFutureRevision: a read or a compaction at a revision that does not exist
	// yet.
	ErrFutureRevision = errors.New("etcdserver: mvcc: required revision is a future revision")
	// ErrNoSpace: a request that could make the store grow, when it is larger than
	// its quota or the alarm NoSpace is raised.
	ErrNoSpace = errors.New("etcdserver: mvcc: database space exceeded")
	// ErrNoStateMachine: a command, where there is no state machine of the user's own.
	ErrNoStateMachine = errors.New("castaway: there is no state machine for commands")
	// ErrCorrupt: a request while the alarm Corrupt is raised.
	ErrCorrupt = errors.New("etcdserver: corrupt cluster")
)

// The errors of requests on leases, with etcd's texts.
var (
	// ErrLeaseNotFound: a put or a revoke names a lease that does not exist.
	ErrLeaseNotFound = errors.New("etcdserver: requested lease not found")
	// ErrLeaseExists: a grant names a lease that exists.
	ErrLeaseExists = errors.New("etcdserver: lease already exists")
	// ErrTTLTooLarge: a grant asks for more than MaxTTL.
	ErrTTLTooLarge = errors.New("etcdserver: too large lease TTL")
)

// The errors of requests to a cluster, with etcd's texts.
var (
	// ErrNoLeader: the member knows no leader, and the client asked for one.
	ErrNoLeader = errors.New("etcdserver: no leader")
	// ErrNotLeader: only the leader can do this, and the member is another.
	ErrNotLeader = errors.New("etcdserver: not leader")
	// ErrLeaderChanged: the leader was lost while a read was in flight.
	ErrLeaderChanged = errors.New("etcdserver: leader changed")
	// ErrTimeout: no answer in time; whether a change happened is unknown.
	ErrTimeout = errors.New("etcdserver: request timed out")
	// ErrMemberNotFound: the cluster has no such member.
	ErrMemberNotFound = errors.New("etcdserver: member not found")
	// ErrMemberNotLearner: a member that is to be promoted votes already.
	ErrMemberNotLearner = errors.New("etcdserver: can only promote a learner member")
)

// The errors of requests by users, with etcd's texts.
var (
	// ErrUserEmpty: a request without a token, when authentication is on.
	ErrUserEmpty = errors.New("etcdserver: user name is empty")
	// ErrInvalidAuthToken: a token that is unknown or has run out.
	ErrInvalidAuthToken = errors.New("etcdserver: invalid auth token")
	// ErrPermissionDenied: the user may not do this.
	ErrPermissionDenied = errors.New("etcdserver: permission denied")
	// ErrAuthFailed: no such user, or another password.
	ErrAuthFailed = errors.New("etcdserver: authentication failed, invalid user ID or password")
	// ErrAuthNotEnabled: a request that makes sense with authentication only.
	ErrAuthNotEnabled = errors.New("etcdserver: authentication is not enabled")
	// ErrRootUserNotExist: authentication can't be turned on without root.
	ErrRootUserNotExist = errors.New("etcdserver: root user does not exist")
)

// The errors of requests that etcd's wire format has no way to write, or that
// no etcd client sends.
var (
	// ErrNotAnOperation: a transaction holds something other than a range, a put, a
	// delete or a transaction.
	ErrNotAnOperation = errors.New("kv: a transaction may hold only ranges, puts, deletes and transactions")
	// ErrUnknownAlarm: an alarm request names an action or an alarm that is none.
	ErrUnknownAlarm = errors.New("kv: unknown alarm or alarm action")
)

// Limits on requests, as etcd sets them by default.
const (
	// MaxTxnOps bounds the comparisons and the operations of each branch of a
	// transaction. What the largest of these three uses up is taken off the
	// bound of its nested transactions; siblings are not added up.
	MaxTxnOps = 128
	// MaxRequestBytes bounds an encoded request: 1.5 MiB. Reads are exempt.
	MaxRequestBytes = 1536 * 1024
)
