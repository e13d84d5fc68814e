package lease

import "errors"

// ErrExpired: a lease has run out, but its revocation has not been applied yet.
// Whoever asked to renew it should get no answer until it is, and then the one
// for a lease that doesn't exist; or, if the leader is replaced before, ask the
// new one. It is not for clients to see.
var ErrExpired = errors.New("lease: expired and about to be revoked")
