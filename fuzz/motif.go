package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

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
	{timeouts, hastyCluster, racers},
	{timeouts, hastyCluster, racers},
	{timeouts, hastyCluster, racers},
	{crashes, nil, amnesia},
	{cuts, nil, deposed},
	{crashes, slowTalk, churn},
	{crashes, slowTalk, churn},
	{heldMessages, nil, lateLetters},
	{heldMessages, nil, heldLetters},
	{heldMessages, forwarding, acrossRestart},
	{changes, evenCluster, twoSides},
	{changes, evenCluster, twoLines},
	{changes, evenCluster, twoLines},
	{changes, nil, lastChange},
	{cuts, nil, staleReaders},
	{leaseReads, trustingClocks, leaseholders},
	{transfers, trustingClocks, handovers},
	{snapshots, smallSnapshots, snapshotters},
	{snapshots, smallSnapshots, laggards},
	{changes, loneCluster, loneLeaders},
	{locks, lockers, sleepyHolders},
	{damage, nil, badDisks},
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

// The stages.

// unhurried gives a run time for all that is to happen, with few clients in the way.
func (c *Case) unhurried(roll Dice) {
	end := roll.millis("end", 800, 2500)
	c.Config.Schedule[len(c.Config.Schedule)-1].At = end
	if c.Config.Timing.Election.Min >= raftsim.Second {
		c.Config.Schedule = slices.Insert(c.Config.Schedule, 0, raftsim.Scheduled{At: ms, Action: raftsim.TimeOut{Member: 1}})
	}
	c.Length = end + patience
	working := 0
	c.Config.Clients = slices.DeleteFunc(c.Config.Clients, func(x raftsim.Client) bool {
		if x.Workload != nil {
			working++
		}
		return x.Workload != nil && working > 2
	})
}

// hastyCluster has candidates that ask nobody whether they would win.
func hastyCluster(roll Dice, c *Case) {
	c.Config.Members = []int{3, 3, 4, 5, 5}[roll("members", 5)]
	c.Config.Options.PreVote = false
	if roll("hear", 4) > 0 { // whoever asks
		c.Config.Options.Stickiness, c.Config.Options.LeaseRead = false, false
	}
	c.Config.Timing = timings[1+roll("timing", len(timings)-1)]
	c.unhurried(roll)
}

// slowTalk says one thing at a time, and has time for it.
func slowTalk(roll Dice, c *Case) {
	c.Config.Members = []int{3, 3, 4, 5}[roll("members", 4)]
	c.Config.Batch = []int{1, 1, 2, 64}[roll("batch", 4)]
	c.Config.Options.PreVote, c.Config.Options.Stickiness, c.Config.Options.LeaseRead = roll("pre-vote", 4) == 3, false, false
	c.Config.Timing = timings[len(timings)-1-roll("timing", 2)*roll("usual", 3)]
	c.unhurried(roll)
}

func forwarding(roll Dice, c *Case) {
	c.Config.Options.Forward = true
	c.unhurried(roll)
}

// evenCluster has two halves that are no majorities.
func evenCluster(roll Dice, c *Case) {
	c.Config.Members = []int{4, 4, 4, 4, 4, 6}[roll("members", 6)]
	c.Config.Options.PreVote, c.Config.Options.LeaseRead = roll.yes("pre-vote"), false
	c.Config.Timing = timings[1+roll("timing", 2)]
	if roll.yes("snapshots") {
		smallSnapshots(roll, c)
		c.Config.Snapshots.Every = 1 + roll("often", 2)*roll("every", 3)
	}
	c.unhurried(roll)
}

// trustingClocks lets leaders read without asking, with clocks that differ.
func trustingClocks(roll Dice, c *Case) {
	c.Config.Options.CheckQuorum, c.Config.Options.Stickiness, c.Config.Options.LeaseRead = true, true, true
	c.Config.Clocks.Drift = []int64{0, 200_000, 400_000, 400_000}[roll("drift", 4)]
	c.Config.Timing = timings[len(timings)-1-roll("timing", 2)*roll("usual", 3)]
	c.unhurried(roll)
}

// loneCluster is such that a newcomer's vote is needed.
func loneCluster(roll Dice, c *Case) {
	c.Config.Members = []int{1, 1, 2}[roll("members", 3)]
	c.unhurried(roll)
}

// lockers are clients after one lock, with time for a lease to end.
func lockers(roll Dice, c *Case) {
	c.unhurried(roll)
	end := roll.millis("end", 2500, 5000)
	c.Config.Schedule[len(c.Config.Schedule)-1].At = end
	c.Length = end + patience
	for i := range c.Config.Clients {
		if c.Config.Clients[i].Workload != nil {
			c.Config.Clients[i].Workload = theLock()
		}
	}
}

func smallSnapshots(roll Dice, c *Case) {
	c.Config.Snapshots = raftsim.Snapshots{Every: 1 + roll("every", 1<<roll("seldom", 5)), Keep: roll("keep", 4), Chunk: 64 + roll("chunk", 400)}
}

// randomPlots draws few kinds of moments and strikes, so that they meet, and puts plots
// together from them.
func randomPlots(p *Profile, roll Dice) (list []plot) {
	var some []trigger
	for range 1 + roll("moments", 3) {
		some = append(some, moments[roll("moment", len(moments))])
	}
	var blows []strike
	for range 1 + roll("blows", 4) {
		blows = append(blows, randomStrike(p, roll))
	}
	for range 1 + roll("plots", 3) {
		p := plot{again: roll("again", 8)}
		for range 1 + roll("moves", 3) {
			p.moves = append(p.moves, move{
				when: some[roll("moment", len(some))], about: about(roll("about", int(theAddressee)+1)), skip: roll("skip", 2) * roll("skipped", 12),
				within: randomSpan(roll), do: []strike{blows[roll("blow", len(blows))]},
			})
			if roll.seldom("two blows") {
				m := &p.moves[len(p.moves)-1]
				m.do = append(m.do, blows[roll("blow", len(blows))])
			}
		}
		list = append(list, p)
	}
	return list
}

// randomSpan is a bound of a span of time: none, some milliseconds, or long.
func randomSpan(roll Dice) raftsim.Time {
	return []raftsim.Time{0, 2 * ms, 20 * ms, longest}[roll("span", 4)]
}

func randomWho(roll Dice) who { return who(roll("who", int(someone)+1)) }

// randomStrike draws one of all strikes that the campaign looks at.
func randomStrike(p *Profile, roll Dice) strike {
	x, y, most := randomWho(roll), randomWho(roll), randomSpan(roll)
	all := []struct {
		needs feature
		do    strike
	}{
		{crashes, crash(x, most)},
		{crashes, crash(x, most)},
		{crashes, crashForGood(x)},
		{crashes, restartAll},
		{kills, kill(x, most)},
		{pauses, pause(x, most)},
		{timeouts, timeOut(x)},
		{timeouts, timeOut(x)},
		{transfers, transferTo(x)},
		{cuts, cutOff(x)},
		{cuts, split(x)},
		{partial, cutBetween(x, y)},
		{partial, cutFromSome(x)},
		{cuts, healAll},
		{cuts, healAll},
		{slowDisks, slowDisk(x, longest)},
		{badSyncs, failSync(x, most)},
		{lies, lie(x, most)},
		{damage, damageDisk(x, most)},
		{wipes, wipe(x)},
		{clocks, skew(x)},
		{heldMessages, delay(most)},
		{heldMessages, double(most)},
		{heldMessages, drop},
		{heldMessages, hold},
		{heldMessages, letGo},
		{changes, add},
		{changes, addTwo},
		{changes, remove(x)},
		{changes, replace(x)},
		{registers, readAt(x)},
		{registers, writeAt(x)},
		{sleepers, sleep(longest)},
	}
	for {
		if s := &all[roll("strike", len(all))]; slices.Contains(p.features, s.needs) {
			return s.do
		}
	}
}

func only(p plot) []plot { return []plot{p} }

// splitVotes lets several members be candidates of one term, with votes that come late.
func splitVotes(roll Dice) []plot {
	list := []plot{{again: 1 + roll("again", 6), moves: []move{
		{when: campaigns, within: 6 * ms, do: []strike{timeOut(someone), maybe(timeOut(someone)), maybe(cutBetween(me, someone))}},
	}}}
	late := []trigger{grants, asksVote, grants, asksVote, tells}[roll("late", 5)]
	return append(list, plot{again: 10, moves: []move{
		{when: late, skip: roll("skip", 2), do: []strike{delay([]raftsim.Time{20 * ms, 60 * ms, longest}[roll("by", 3)])}},
	}})
}

// racers are candidates of one term that don't hear of one another, while somebody who has
// voted forgets it, and is asked once more.
func racers(roll Dice) []plot {
	again := several(later(40*ms, timeOut(other)), later(80*ms, timeOut(other)))
	if roll.yes("the same again") {
		again = several(crash(me, 4*ms), later(30*ms, timeOut(me)), later(100*ms, timeOut(me)), maybe(later(200*ms, timeOut(me))))
	}
	moves := []move{
		{when: campaigns, within: ms, do: []strike{timeOut(other)}},
		{when: campaigns, about: somebodyElse, sameTerm: true},
	}
	for range 1 + roll("held", 2) {
		moves = append(moves, move{when: asksVote, about: theSame, do: []strike{hold, later(20*ms, cutOff(me))}})
	}
	return only(plot{again: 6, lapse: 150 * ms, moves: append(moves,
		move{when: isElected, about: somebodyElse, sameTerm: true, within: 20 * ms, do: []strike{again}},
		move{when: seesTerm, about: theAddressee, within: 500 * raftsim.Microsecond, do: []strike{crash(me, 4*ms)}},
		move{when: starts, about: theSame, within: 2 * ms, do: []strike{letGo}},
	)})
}

// amnesia lets power fail at a member that has just promised something, and come back
// before anybody notices.
func amnesia(roll Dice) []plot {
	promises := []trigger{grants, hearsVote, seesTerm, accepts, hearsOf, tells, writes, isElected, campaigns, syncs, isTold}
	when := promises[roll("promise", len(promises))]
	list := only(plot{again: 1 + roll("again", 4), moves: []move{
		{when: when, skip: roll("skip", 4), within: 2 * ms, do: []strike{crash(me, 10*ms)}},
	}})
	if roll.yes("slow") {
		list = append(list, plot{again: 3, moves: []move{{when: when, do: []strike{slowDisk(me, 30*ms)}}}})
	}
	if roll.yes("race") {
		list = append(list, plot{again: 3, moves: []move{{when: campaigns, within: 5 * ms, do: []strike{timeOut(other)}}}})
	}
	return list
}

// deposed keeps a leader away from the others while they elect another, and lets it come
// back.
func deposed(roll Dice) []plot {
	return only(plot{again: 1 + roll("again", 3), moves: []move{
		{when: isElected, within: 60 * ms, do: []strike{
			[]strike{cutOff(me), split(me), cutFromSome(me)}[roll("cut", 3)],
			writeAt(me), maybe(writeAt(me)), maybe(writeAt(me)), later(160*ms, timeOut(other)), later(160*ms, timeOut(other)),
		}},
		{when: isElected, about: somebodyElse, within: 40 * ms, do: []strike{
			maybe(writeAt(me)), maybe(readAt(first)), maybe(crash(me, 50*ms)), later(longest, healAll), maybe(later(longest, timeOut(first))),
		}},
	}})
}

// churn makes leaders fall soon after they were elected, with what they have said to some
// only, and brings back those of before.
func churn(roll Dice) []plot {
	fall := []strike{
		several(healAll, cutOff(me)), several(restartAll, crashForGood(me)), split(me), several(healAll, cutFromSome(me)), several(healAll, restartAll, cutOff(me)),
		crash(me, 20*ms), several(maybe(healAll), maybe(cutOff(me)), maybe(crash(me, 20*ms)), maybe(cutFromSome(me))),
	}[roll("fall", 7)]
	soon := []raftsim.Time{3 * ms, 12 * ms, 40 * ms}[roll("soon", 3)]
	next := []who{before, before, someone, first}[roll("next", 4)]
	return only(plot{again: 10, moves: []move{
		{when: []trigger{isElected, isElected, isElected, accepts}[roll("when", 4)], within: soon, do: []strike{
			fall, maybe(writeAt(me)), later(20*ms, timeOut(next)), later(40*ms, timeOut(next)), later(120*ms, timeOut(next)), maybe(later(200*ms, timeOut(someone))),
		}},
	}})
}

// lateLetters delays or doubles messages of one kind, or loses them.
func lateLetters(roll Dice) []plot {
	by := []raftsim.Time{10 * ms, 50 * ms, longest}[roll("by", 3)]
	fate := []strike{delay(by), double(by), several(double(by), delay(by/2)), drop}[roll("fate", 4)]
	var list []plot
	for range 1 + roll("kinds", 2) {
		list = append(list, plot{again: 40, moves: []move{
			{when: letters[roll("kind", len(letters))], skip: roll("skip", 4), do: []strike{fate}},
		}})
	}
	return list
}

// heldLetters keeps messages under way until something else happens.
func heldLetters(roll Dice) []plot {
	until := []trigger{isElected, campaigns, starts, seesTerm, installs, isChanged, syncs, asksIndex, moments[roll("moment", len(moments))]}
	kind := letters[roll("kind", len(letters))]
	p := plot{again: 4, lapse: raftsim.Second}
	for range 1 + roll("letters", 3) {
		p.moves = append(p.moves, move{when: kind, skip: roll("skip", 4), do: []strike{hold}})
	}
	p.moves = append(p.moves, move{when: until[roll("until", len(until))], within: 10 * ms, do: []strike{letGo}})
	list := only(p)
	if roll.yes("elections") {
		list = append(list, plot{again: 5, moves: []move{{when: isElected, within: 100 * ms, do: []strike{timeOut(someone)}}}})
	}
	return list
}

// acrossRestart lets an answer come to the next life of who asked, when it asks again.
func acrossRestart(roll Dice) []plot {
	kind := roll("kind", 6)
	answer := []trigger{tellsIndex, tellsIndex, tellsIndex, accepts, tookPiece, grants}[kind]
	again := []trigger{asksIndex, asksIndex, asksIndex, tells, sendsPiece, asksVote}[kind]
	return only(plot{again: 5, lapse: 700 * ms, moves: []move{
		{when: answer, skip: roll("skip", 3), do: []strike{hold, later(10*ms, crash(peer, 5*ms))}},
		{when: starts, about: thePeer},
		{when: hearsLead, about: theSame, within: 10 * ms, do: []strike{
			deafen(leader, me), writeAt(leader), later(100*ms, readAt(me)), maybe(later(100*ms, readAt(me))),
		}},
		{when: again, about: theSame, within: 10 * ms, do: []strike{healAll, letGo}},
	}})
}

// changing draws a change of the members.
func changing(roll Dice) strike {
	return []strike{add, addTwo, addTwo, remove(me), remove(someone), remove(before), replace(someone), remove(first)}[roll("change", 8)]
}

// twoSides changes the members while two sides don't hear of one another.
func twoSides(roll Dice) []plot {
	when := []trigger{tellsOfNew, tellsOfNew, hearsOfNew, isChanged}[roll("when", 4)]
	cut := []strike{split(me), cutFromSome(me), cutOff(me), split(peer)}[roll("cut", 4)]
	return []plot{
		{again: 2, moves: []move{{when: isElected, within: 50 * ms, do: []strike{changing(roll)}}}},
		{again: 2, moves: []move{
			{when: when, skip: roll("skip", 4), within: 4 * ms, do: []strike{cut, later(30*ms, timeOut(other)), maybe(later(30*ms, timeOut(other)))}},
			{when: isElected, about: somebodyElse, within: 5 * ms, do: []strike{maybe(cutFromSome(me)), maybe(changing(roll)), maybe(crash(before, 20*ms))}},
			{when: []trigger{isChanged, applies, accepts, hearsOfNew}[roll("then", 4)], within: 100 * ms, do: []strike{
				[]strike{healAll, split(first), several(healAll, cutOff(me)), several(healAll, cutBetween(me, first))}[roll("heal", 4)],
				later(20*ms, timeOut(first)), maybe(later(50*ms, timeOut(first))), maybe(crash(first, 10*ms)),
			}},
		}},
	}
}

// twoLines lets a leader begin a change that few hear of, another one change the members
// otherwise, and the first come back with those whom the other has not told.
func twoLines(roll Dice) []plot {
	back := several(maybe(crash(first, 5*ms)), later(100*ms, timeOut(first)), later(300*ms, timeOut(first)), later(600*ms, timeOut(first)), later(900*ms, timeOut(first)))
	begins := move{when: tellsOfNew, skip: roll("skip", 15), within: 2 * ms}
	if roll.yes("newcomer") {
		begins = move{when: tellsNewcomer, skip: roll("skip", 4), within: ms}
	}
	begins.do = []strike{
		[]strike{cutOff(me), cutFromOld(me), cutFromOld(me), split(me)}[roll("cut", 4)],
		later(20*ms, timeOut(founder)), later(100*ms, timeOut(founder)), later(300*ms, timeOut(founder)),
	}
	moves := []move{begins}
	if roll.yes("followed") { // the first hears of the second before they part again
		moves = append(moves,
			move{when: isElected, about: somebodyElse, within: 10 * ms, do: []strike{healAll, part(me, friend), maybe(later(60*ms, changing(roll)))}},
			move{when: tellsOfNew, about: theSame, skip: roll("skip", 3), within: 2 * ms, do: []strike{halve(me), crash(first, 5*ms), back}},
		)
	} else {
		moves = append(moves, move{when: isElected, about: somebodyElse, within: ms, do: []strike{halve(me), maybe(changing(roll)), back}})
	}
	return []plot{
		{again: roll("again", 2), moves: []move{{when: isElected, within: 50 * ms, do: []strike{[]strike{add, addTwo, addTwo, addTwo, remove(founder)}[roll("change", 5)]}}}},
		{again: roll("again", 2), lapse: 700 * ms, moves: moves},
	}
}

// staleReaders read at who leads no more, or never heard of the newest.
func staleReaders(roll Dice) []plot {
	return only(plot{again: 3, moves: []move{
		{when: []trigger{isElected, isElected, isTold}[roll("when", 3)], within: 100 * ms, do: []strike{
			[]strike{cutOff(leader), pause(leader, longest), split(leader)}[roll("cut", 3)], later(100*ms, timeOut(other)), later(200*ms, timeOut(other)),
		}},
		{when: isElected, about: somebodyElse, within: 3 * ms, do: []strike{
			maybe(writeAt(me)), readAt(me), later(10*ms, readAt(first)), later(20*ms, readAt(first)), later(40*ms, readAt(first)), maybe(readAt(other)),
			later(longest, healAll),
		}},
	}})
}

// leaseholders rely on clocks while the others elect somebody else.
func leaseholders(roll Dice) []plot {
	return only(plot{again: 3, lapse: 2 * raftsim.Second, moves: []move{
		{when: isElected, within: 100 * ms, do: []strike{
			writeAt(me), slow(me), maybe(fast(other)), maybe(fast(other)),
			later(50*ms, []strike{cutOff(me), cutOff(me), transferTo(someone), split(me)}[roll("cut", 4)]),
			afterTimeout(timeOut(other)), afterTimeout(timeOut(other)), afterTimeout(timeOut(other)), afterTimeout(timeOut(other)),
		}},
		{when: isElected, about: somebodyElse, do: []strike{
			writeAt(me), later(30*ms, readAt(first)), later(60*ms, readAt(first)), later(100*ms, readAt(first)), later(longest, healAll),
		}},
	}})
}

// handovers take place while something else is under way.
func handovers(roll Dice) []plot {
	return []plot{
		{again: 5, moves: []move{{when: []trigger{isElected, applies, tells}[roll("when", 3)], skip: roll("skip", 20), within: 50 * ms, do: []strike{transferTo(someone)}}}},
		{again: 5, moves: []move{
			{when: handsOver, within: 6 * ms, do: []strike{
				[]strike{cutOff(me), split(me), crash(me, 20*ms), crash(peer, 20*ms), pause(me, 100*ms), hold}[roll("blow", 6)],
				maybe(writeAt(peer)), maybe(later(30*ms, writeAt(peer))), later(30*ms, readAt(me)), later(60*ms, readAt(me)), later(longest, healAll),
				later(longest, letGo),
			}},
		}},
	}
}

// snapshotters strike around snapshots.
func snapshotters(roll Dice) []plot {
	when := []trigger{saves, sendsPiece, sendsPiece, hearsPiece, tookPiece, installs}[roll("when", 6)]
	blow := []strike{
		crash(me, 20*ms), crash(peer, 20*ms), delay(longest), double(longest), cutOff(me), timeOut(someone), slowDisk(me, longest), pause(peer, 100*ms), hold,
		damageDisk(me, 20*ms), several(delay(50*ms), double(longest)),
	}
	return append(laggards(roll), plot{again: 8, moves: []move{
		{when: when, skip: roll("skip", 4), within: []raftsim.Time{0, 5 * ms}[roll("within", 2)], do: []strike{blow[roll("blow", len(blow))]}},
		{when: []trigger{hearsOf, accepts, isElected, tells}[roll("then", 4)], within: 10 * ms, do: []strike{letGo, maybe(blow[roll("blow", len(blow))])}},
	}})
}

// laggards keep a member away until much has happened without it, with something in its
// own log that nobody else has.
func laggards(roll Dice) []plot {
	return only(plot{again: 3, moves: []move{
		{when: isElected, within: 50 * ms, do: []strike{
			[]strike{cutOff(me), cutOff(someone), pause(someone, longest), split(me)}[roll("cut", 4)],
			writeAt(me), writeAt(me), maybe(writeAt(me)), later(longest, timeOut(other)),
		}},
		{when: []trigger{saves, applies, isElected}[roll("then", 3)], skip: roll("skip", 30), within: 100 * ms, do: []strike{
			healAll, maybe(timeOut(first)), maybe(crash(first, 20*ms)),
		}},
	}})
}

// lastChange changes the members again and again, up to the end of all faults.
func lastChange(roll Dice) []plot {
	list := []strike{remove(leader), remove(leader), remove(someone), replace(leader), replace(someone), add, addTwo}
	return only(plot{again: 3, moves: []move{
		{when: []trigger{isElected, isChanged, applies}[roll("when", 3)], skip: roll("skip", 10), within: longest, do: []strike{
			list[roll("change", len(list))], maybe(later(20*ms, cutFromSome(leader))), later(longest, healAll),
		}},
	}})
}

// loneLeaders fall with a change of the members that nobody else has heard of.
func loneLeaders(roll Dice) []plot {
	return []plot{
		{again: 3, moves: []move{{when: []trigger{isElected, isChanged}[roll("when", 2)], within: 100 * ms, do: []strike{
			[]strike{add, add, addTwo, remove(someone), replace(someone)}[roll("change", 5)],
		}}}},
		{again: 2, moves: []move{{when: tellsOfNew, skip: roll("skip", 8), within: ms, do: []strike{
			cutOff(me), later(30*ms, crash(me, 20*ms)), later(100*ms, healAll), maybe(later(100*ms, timeOut(me))),
		}}}},
	}
}

// sleepyHolders fall asleep with a lock in their hands.
func sleepyHolders(roll Dice) []plot {
	return only(plot{again: 3, moves: []move{
		{when: claims, skip: roll("skip", 6), within: 200 * ms, do: []strike{sleep(3 * raftsim.Second)}},
	}})
}

// badDisks damage what a member has promised, and let it start again.
func badDisks(roll Dice) []plot {
	blow := []strike{failSync(me, 20*ms), lie(me, 20*ms), damageDisk(me, 20*ms), wipe(me), crash(me, 5*ms), several(failSync(me, 20*ms), later(20*ms, crash(me, 5*ms)))}
	return only(plot{again: 1 + roll("again", 5), moves: []move{
		{when: []trigger{syncs, writes, accepts, grants, isElected, saves}[roll("when", 6)], skip: roll("skip", 20), within: 5 * ms, do: []strike{
			blow[roll("blow", len(blow))], maybe(later(50*ms, timeOut(me))), maybe(later(20*ms, cutOff(leader))), maybe(later(longest, healAll)),
		}},
	}})
}
