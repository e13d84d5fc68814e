package fuzz

import "slices"

// motif is a way to attack: plots that go together, which have been the end of many a
// protocol for consensus, whatever the protocol.
type motif struct {
	// needs is what a campaign must look at.
	needs feature
	// stage makes a cluster such that the motif is at home there, nil if it is anywhere.
	stage func(roll Dice, c *Case)
	plots func(roll Dice) []plot
}

const longest = 400 * ms

// motifs that runs may have, those that need most to go right more than once.
var motifs = []motif{
	{timeouts, hastyCluster, splitVotes},
	{timeouts, longRace, racers},
	{timeouts, longRace, racers},
	{timeouts, longRace, racers},
	{crashes, nil, amnesia},
	{cuts, nil, deposed},
	{crashes, slowTalk, churn},
	{crashes, slowTalk, turns},
	{heldMessages, nil, lateLetters},
	{heldMessages, nil, heldLetters},
	{heldMessages, forwarding, acrossRestart},
	{changes, evenCluster, twoSides},
	{changes, evenCluster, twoLines},
	{changes, oldLeaders, takenBack},
	{changes, nil, lastChange},
	{cuts, nil, staleReaders},
	{leaseReads, trustingClocks, leaseholders},
	{transfers, trustingClocks, handovers},
	{snapshots, smallSnapshots, snapshotters},
	{snapshots, smallSnapshots, laggards},
	{snapshots, fewEntries, overtaken},
	{changes, loneCluster, loneLeaders},
	{locks, lockers, sleepyHolders},
	{damage, nil, badDisks},
	{badSyncs, hastyCluster, lostWrites},
}

// drawPlots draws what an adversary is up to in a run. Where it has the stage to itself,
// that may be made to suit it.
func drawPlots(p *Profile, roll Dice, stage *Case) (list []plot) {
	for i := range 1 + roll("motifs", 2) {
		m := &motifs[roll("motif", len(motifs))]
		if !slices.Contains(p.features, m.needs) {
			continue
		}
		if i == 0 && stage != nil && m.stage != nil && roll("stage", 8) > 0 {
			m.stage(roll, stage)
		}
		list = append(list, m.plots(roll)...)
	}
	if list == nil || roll.seldom("random plots") {
		list = append(list, randomPlots(p, roll)...)
	}
	return list
}

func only(p plot) []plot { return []plot{p} }
