package kv

import "testing"

// Clients match the texts exactly.
func TestErrorTexts(t *testing.T) {
	for text, err := range map[string]error{
		"key is not provided":                                ErrEmptyKey,
		"key not found":                                      ErrKeyNotFound,
		"value is provided":                                  ErrValueProvided,
		"lease is provided":                                  ErrLeaseProvided,
		"too many operations in txn request":                 ErrTooManyOps,
		"duplicate key given in txn request":                 ErrDuplicateKey,
		"invalid sort option":                                ErrInvalidSort,
		"request is too large":                               ErrTooLarge,
		"mvcc: required revision has been compacted":         ErrCompacted,
		"mvcc: required revision is a future revision":       ErrFutureRevision,
		"mvcc: database space exceeded":                      ErrNoSpace,
		"corrupt cluster":                                    ErrCorrupt,
		"requested lease not found":                          ErrLeaseNotFound,
		"lease already exists":                               ErrLeaseExists,
		"too large lease TTL":                                ErrTTLTooLarge,
		"no leader":                                          ErrNoLeader,
		"not leader":                                         ErrNotLeader,
		"leader changed":                                     ErrLeaderChanged,
		"request timed out":                                  ErrTimeout,
		"member not found":                                   ErrMemberNotFound,
		"can only promote a learner member":                  ErrMemberNotLearner,
		"user name is empty":                                 ErrUserEmpty,
		"invalid auth token":                                 ErrInvalidAuthToken,
		"permission denied":                                  ErrPermissionDenied,
		"authentication failed, invalid user ID or password": ErrAuthFailed,
		"authentication is not enabled":                      ErrAuthNotEnabled,
		"root user does not exist":                           ErrRootUserNotExist,
	} {
		if err.Error() != "etcdserver: "+text {
			t.Errorf("got %q, want %q", err, text)
		}
	}
}
