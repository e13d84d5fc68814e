package raftsim

import (
	"fmt"
	"strings"
	"testing"
)

// What a workload can't be is said before a run begins, by the field.
func TestWorkloadsValidate(t *testing.T) {
	bad := Spread{2, 1}
	for _, test := range []struct {
		w    Workload
		want string
	}{
		{&Register{Prefix: "r"}, ""},
		{&Register{Keys: -1}, "keys: -1 is less than 0"},
		{&Register{Writes: Always + 1}, "writes: 1000001 millionths are more than all"},
		{&Register{Serializable: Always + 1}, "serializable: "},
		{&Register{Requests: -1}, "requests: "},
		{&CASCounter{Key: "k"}, ""},
		{&CASCounter{}, "key: it is empty"},
		{&CASCounter{Key: "k", Increments: -1}, "increments: "},
		{&Bank{Prefix: "b", Accounts: 2, Balance: 1}, ""},
		{&Bank{Prefix: "b", Accounts: 1, Balance: 1}, "accounts: 1 is not between 2 and 100"},
		{&Bank{Prefix: "b", Accounts: 2}, "balance: 0 is not between"},
		{&Bank{Accounts: 2, Balance: 1}, "prefix: "},
		{&Bank{Prefix: "b", Accounts: 2, Balance: 1, Transfers: -1}, "transfers: "},
		{&Lock{Key: "k", Resource: "r", TTL: 1}, ""},
		{&Lock{Resource: "r", TTL: 1}, "key: "},
		{&Lock{Key: "k", TTL: 1}, "resource: "},
		{&Lock{Key: "k", Resource: "r"}, "ttl: 0 s is not between 1 and 3600"},
		{&Lock{Key: "k", Resource: "r", TTL: 1, Work: bad}, "work: 2 to 1 ns"},
		{&Lock{Key: "k", Resource: "r", TTL: 1, Writes: -1}, "writes: "},
		{&Lock{Key: "k", Resource: "r", TTL: 1, Rounds: -1}, "rounds: "},
		{&Election{Prefix: "e", TTL: 1}, ""},
		{&Election{TTL: 1}, "prefix: "},
		{&Election{Prefix: "e"}, "ttl: "},
		{&Election{Prefix: "e", TTL: 1, Term: bad}, "term: "},
		{&Election{Prefix: "e", TTL: 1, Pause: bad}, "pause: "},
		{&Election{Prefix: "e", TTL: 1, Terms: -1}, "terms: "},
		{&Lease{Prefix: "s", TTL: 1}, ""},
		{&Lease{TTL: 1}, "prefix: "},
		{&Lease{Prefix: "s"}, "ttl: "},
		{&Lease{Prefix: "s", TTL: 1, Life: bad}, "life: "},
		{&Lease{Prefix: "s", TTL: 1, Expire: Always + 1}, "expire: "},
		{&Lease{Prefix: "s", TTL: 1, Rounds: -1}, "rounds: "},
		{&Mixed{Prefix: "m", Keys: 1}, ""},
		{&Mixed{Prefix: "m"}, "keys: 0 is not between 1 and 100"},
		{&Mixed{Keys: 1}, "prefix: "},
		{&Mixed{Prefix: "m", Keys: 1, Leases: 1}, "ttl: "},
		{&Mixed{Prefix: "m", Keys: 1, Leases: Always + 1, TTL: 1}, "leases: "},
		{&Mixed{Prefix: "m", Keys: 1, Compact: Always + 1}, "compact: "},
		{&Mixed{Prefix: "m", Keys: 1, Serializable: Always + 1}, "serializable: "},
		{&Mixed{Prefix: "m", Keys: 1, Requests: -1}, "requests: "},
	} {
		c := Default(1)
		c.Clients = []Client{{Name: "a", Timeout: Second, Workload: test.w}}
		_, err := New(c)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "raftsim: client a: workload: "+test.want)) {
			t.Errorf("%+v: %v, want %q", test.w, err, test.want)
		}
		if text := fmt.Sprint(test.w); text == "" || strings.Contains(text, "{") {
			t.Errorf("a %T prints as %q", test.w, text)
		}
	}
}
