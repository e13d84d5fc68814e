package fuzz

import "github.com/castaway-kv/castaway/raftsim"

// motif draws plots that go together: what has been the end of many a protocol for
// consensus, whatever the protocol.
type motif func(roll Dice) []plot

const longest = 400 * ms

// motifs of the campaigns that know of such faults; random plots stand beside them.
var motifs = []motif{
	splitVotes, amnesia, deposed, churn, churn, lateLetters, heldLetters, acrossRestart, twoSides, twoSides, staleReaders, leaseholders, transfers_, snapshotters,
	laggards, lastChange, badDisks, racers,
}

// drawPlots draws what an adversary is up to in a run.
func drawPlots(roll Dice) (list []plot) {
	for range 1 + roll("motifs", 2) {
		list = append(list, motifs[roll("motif", len(motifs))](roll)...)
	}
	if roll.yes("random plots") {
		list = append(list, randomPlots(roll)...)
	}
	return list
}

// randomPlots draws few kinds of moments and strikes, so that they meet, and puts plots
// together from them.
func randomPlots(roll Dice) (list []plot) {
	var some []trigger
	for range 1 + roll("moments", 3) {
		some = append(some, moments[roll("moment", len(moments))])
	}
	var blows []strike
	for range 1 + roll("blows", 4) {
		blows = append(blows, randomStrike(roll))
	}
	for range 1 + roll("plots", 3) {
		p := plot{again: roll("again", 8)}
		for range 1 + roll("moves", 3) {
			p.moves = append(p.moves, move{
				when: some[roll("moment", len(some))], about: about(roll("about", 5)), skip: roll("skip", 2) * roll("skipped", 12),
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

// randomStrike draws one of all strikes.
func randomStrike(roll Dice) strike {
	x, most := randomWho(roll), randomSpan(roll)
	all := []strike{
		crash(x, most), crash(x, most), crashForGood(x), kill(x, most), restartAll, pause(x, most), timeOut(x), timeOut(x), transferTo(x),
		cutOff(x), cutBetween(x, randomWho(roll)), cutFromSome(x), split(x), healAll, healAll, slowDisk(x, longest), failSync(x, most),
		lie(x, most), damageDisk(x, most), wipe(x), skew(x), delay(most), double(most), drop, hold, letGo, add, addTwo, remove(x), replace(x),
		readAt(x), writeAt(x), sleep(longest),
	}
	return all[roll("strike", len(all))]
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

// racers are candidates that don't hear of one another, while a voter of theirs forgets.
func racers(roll Dice) []plot {
	p := plot{again: 4, moves: []move{
		{when: campaigns, within: ms, do: []strike{timeOut(other)}},
		{when: campaigns, about: somebodyElse, do: []strike{cutBetween(me, before)}},
		{when: []trigger{asksVote, hearsVote}[roll("asked", 2)], do: []strike{hold}},
		{when: isElected, within: 20 * ms, do: []strike{timeOut(other), maybe(timeOut(other))}},
		{when: seesTerm, within: 500 * raftsim.Microsecond, do: []strike{crash(me, 4*ms)}},
		{when: starts, within: 2 * ms, do: []strike{letGo}},
	}}
	return only(p)
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
	fall := []strike{crashForGood(me), crash(me, 20*ms), cutOff(me), split(me), cutFromSome(me)}
	soon := []raftsim.Time{3 * ms, 10 * ms, 30 * ms}[roll("soon", 3)]
	when := []trigger{isElected, isElected, tells, accepts}[roll("when", 4)]
	list := only(plot{again: 8, moves: []move{
		{when: when, skip: roll("skip", 2), within: soon, do: []strike{
			fall[roll("fall", len(fall))], maybe(cutFromSome(me)), maybe(restartAll), maybe(healAll),
			later(20*ms, timeOut(someone)), later(60*ms, timeOut([]who{first, before, someone, other}[roll("next", 4)])),
		}},
	}})
	if roll.yes("restart") {
		list = append(list, plot{again: 8, moves: []move{
			{when: stops, about: anybody, within: 100 * ms, do: []strike{restartAll, maybe(healAll), later(20*ms, timeOut(me))}},
		}})
	}
	return list
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
	p := plot{again: 4}
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
	kind := []trigger{tellsIndex, accepts, tookPiece, grants, tellsIndex}[roll("kind", 5)]
	again := []trigger{asksIndex, tells, sendsPiece, asksVote, asksIndex}
	return only(plot{again: 5, moves: []move{
		{when: starts, skip: roll("skip", 5), do: []strike{readAt(me)}},
		{when: kind, do: []strike{hold, later(20*ms, crash(peer, 5*ms))}},
		{when: starts, about: thePeer, do: []strike{maybe(cutBetween(leader, me)), writeAt(leader), later(30*ms, readAt(me)), maybe(later(30*ms, readAt(me)))}},
		{when: again[roll("again", len(again))], about: theSame, within: 5 * ms, do: []strike{healAll, letGo}},
	}})
}

// twoSides changes the members while two sides don't hear of one another, each with a
// leader of its own.
func twoSides(roll Dice) []plot {
	changing := []strike{add, addTwo, addTwo, remove(me), remove(someone), replace(someone)}
	change := changing[roll("change", len(changing))]
	when := []trigger{tellsOfNew, tellsOfNew, hearsOfNew, isChanged}[roll("when", 4)]
	cut := []strike{split(me), cutFromSome(me), cutOff(me), split(peer)}[roll("cut", 4)]
	return []plot{
		{again: 2, moves: []move{{when: isElected, within: 50 * ms, do: []strike{change}}}},
		{again: 2, moves: []move{
			{when: when, skip: roll("skip", 4), within: 4 * ms, do: []strike{cut, later(30*ms, timeOut(other)), maybe(later(30*ms, timeOut(other)))}},
			{when: isElected, about: somebodyElse, within: 5 * ms, do: []strike{maybe(cutFromSome(me)), maybe(change), maybe(crash(before, 20*ms))}},
			{when: []trigger{isChanged, applies, accepts, hearsOfNew}[roll("then", 4)], within: 100 * ms, do: []strike{
				[]strike{healAll, split(first), several(healAll, cutOff(me)), several(healAll, cutBetween(me, first))}[roll("heal", 4)],
				later(20*ms, timeOut(first)), maybe(later(50*ms, timeOut(first))), maybe(crash(first, 10*ms)),
			}},
		}},
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
	return only(plot{again: 3, moves: []move{
		{when: isElected, within: longest, do: []strike{
			writeAt(me), later(10*ms, skew(me)), later(10*ms, skew(someone)), later(20*ms, []strike{cutOff(me), transferTo(someone), split(me)}[roll("cut", 3)]),
			later(200*ms, timeOut(other)), later(250*ms, timeOut(other)), later(300*ms, timeOut(other)),
		}},
		{when: isElected, about: somebodyElse, do: []strike{
			writeAt(me), later(20*ms, readAt(first)), later(20*ms, readAt(first)), later(50*ms, readAt(first)), later(longest, healAll),
		}},
	}})
}

// transfers_ hand over while something else is under way.
func transfers_(roll Dice) []plot {
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

// badDisks damage what a member has promised, and let it start again.
func badDisks(roll Dice) []plot {
	blow := []strike{failSync(me, 20*ms), lie(me, 20*ms), damageDisk(me, 20*ms), wipe(me), crash(me, 5*ms), several(failSync(me, 20*ms), later(20*ms, crash(me, 5*ms)))}
	return only(plot{again: 1 + roll("again", 5), moves: []move{
		{when: []trigger{syncs, writes, accepts, grants, isElected, saves}[roll("when", 6)], skip: roll("skip", 20), within: 5 * ms, do: []strike{
			blow[roll("blow", len(blow))], maybe(later(50*ms, timeOut(me))), maybe(later(20*ms, cutOff(leader))), maybe(later(longest, healAll)),
		}},
	}})
}
