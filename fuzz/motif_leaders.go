package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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
// voted hears of the next term, forgets what was not on its disk, and is asked once more.
func racers(roll Dice) []plot {
	next := several(later(40*ms, timeOut(other)), later(80*ms, timeOut(other)))
	if roll("the same again", 4) > 0 {
		next = several(crash(me, 4*ms), after(30*ms, healHeld(me)), after(31*ms, later(30*ms, timeOut(me))))
	}
	moves := []move{
		{when: campaigns, do: []strike{timeOut(other)}},
		{when: campaigns, about: somebodyElse, sameTerm: true},
	}
	for range 2 + roll("held", 4)/3 {
		moves = append(moves, move{when: asksVote, about: theSame, do: []strike{hold, later(20*ms, cutOff(me))}})
	}
	return only(plot{again: 6, lapse: 150 * ms, moves: append(moves,
		move{when: isElected, about: theFirst, sameTerm: true, do: []strike{cutOff(me), next}},
		move{when: seesTerm, about: theAddressee, within: 300 * raftsim.Microsecond, do: []strike{tear(me)}},
		move{when: starts, about: theSame, do: []strike{letGoTo(me)}},
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

// turns lets two leaders take turns, each of which falls with something that nobody else
// has: the first comes back until it hears that somebody took over what it had, and then
// the second does.
func turns(roll Dice) []plot {
	return only(plot{again: 3, lapse: 700 * ms, moves: []move{
		{when: isElected, within: []raftsim.Time{0, ms}[roll("within", 2)], do: []strike{
			cutOff(me), maybe(writeAt(me)), later(40*ms, timeOut(other)), later(200*ms, timeOut(other)), later(400*ms, timeOut(other)),
		}},
		{when: isElected, about: somebodyElse, within: []raftsim.Time{0, ms}[roll("within", 2)], do: []strike{
			healAll, cutOff(me), crash(first, 5*ms), later(100*ms, timeOut(first)), later(200*ms, timeOut(first)), later(400*ms, timeOut(first)),
		}},
		{when: hearsAccept, about: theFirst, skip: roll("skip", 2), do: []strike{
			healAll, cutOff(me), later(100*ms, timeOut(before)), later(200*ms, timeOut(before)), later(400*ms, timeOut(before)),
		}},
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

// lostWrites lets a disk lose what a member takes over while another one does not hear of
// it; then those two elect somebody.
func lostWrites(roll Dice) []plot {
	blow := []strike{failSync(me, 20*ms), lie(me, 20*ms)}[roll("blow", 2)]
	return only(plot{again: 3, lapse: 300 * ms, moves: []move{
		{when: hearsOf, skip: roll("skip", 8), do: []strike{blow, part(peer, other)}},
		{when: accepts, about: theSame, within: 10 * ms, do: []strike{
			after(10*ms, cutOff(peer)), after(15*ms, crash(me, 4*ms)), after(30*ms, later(30*ms, timeOut(me))), after(60*ms, later(longest, timeOut(me))),
			after(100*ms, later(longest, healAll)),
		}},
	}})
}
