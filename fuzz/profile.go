package fuzz

// Profile is what a campaign looks at: a set of features from which every run takes a
// random part.
type Profile struct {
	Name     string
	Sentence string
	features []feature
}

// feature is something that a run may have or not.
type feature uint8

const (
	crashes feature = iota
	kills
	pauses
	cuts
	partial // bridges, rings, cuts of single links in one direction
	flaps
	slowLinks
	drops
	duplicates
	heldMessages
	timeouts
	transfers
	slowDisks
	badSyncs
	lies
	damage
	fullDisks
	wipes
	clocks
	changes
	sleepers
	snapshots
	paperRules
	leaseReads
	counters
	registers
	banks
	locks
	elections
	leases
	mixed
	watches
	retries
	features
)

// network and members are in all profiles.
var common = []feature{crashes, kills, pauses, cuts, partial, drops, duplicates, heldMessages, timeouts, paperRules, counters, registers}

// Profiles of campaigns; the last one has everything.
var Profiles = []Profile{
	{"elections", "who leads: cuts of all kinds, crashes, time-outs, transfers", with(flaps, slowLinks, transfers, slowDisks)},
	{"disks", "what disks lose: syncs that fail or lie, flipped bits, wiped and full disks", with(slowDisks, badSyncs, lies, damage, fullDisks, wipes, snapshots)},
	{"membership", "who belongs to the cluster: members come and go", with(changes, transfers, snapshots, wipes)},
	{"reads", "what reads show: lease reads, clocks, transfers", with(transfers, clocks, leaseReads, slowDisks, retries)},
	{"leases", "what clients hold: leases, locks, elections, watches, clients that sleep", with(slowDisks, sleepers, locks, elections, leases, mixed, watches, retries)},
	{"everything", "all of it", everything()},
}

func with(list ...feature) []feature { return append(append([]feature(nil), common...), list...) }

func everything() (all []feature) {
	for f := range features {
		all = append(all, f)
	}
	return all
}

// FindProfile returns the profile of a name; false if there is none.
func FindProfile(name string) (Profile, bool) {
	for _, p := range Profiles {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// swarm is the features of one run.
type swarm [features]bool

// draw takes each feature of the profile with an even chance.
func (p *Profile) draw(roll Dice) (s swarm) {
	for _, f := range p.features {
		s[f] = roll.yes("feature")
	}
	return s
}
