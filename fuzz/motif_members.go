package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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
	asks := []strike{addFar, addFar, addFar, addTwo, add, remove(founder)}[roll("change", 6)]
	return []plot{
		{moves: []move{{when: isElected, within: 50 * ms, do: []strike{asks}}}},
		{again: roll("again", 2), lapse: 700 * ms, moves: []move{
			beginsLine(roll),
			{when: isElected, about: somebodyElse, do: []strike{halve(me), comesBack}},
		}},
	}
}

// takenBack lets a leader begin a change that few hear of, and make a snapshot meanwhile. It
// hears of the next leader, and follows that one, before they part and change the members
// otherwise.
func takenBack(roll Dice) []plot {
	begins := beginsLine(roll)
	others := begins.do[1:]
	begins.do = []strike{deafenOld(me)}
	return []plot{
		{moves: []move{{when: isElected, within: 50 * ms, do: []strike{
			addFar, slowDisk(me, longest), later(longest, writeAt(me)), later(longest, writeAt(me)), later(longest, writeAt(me)), later(longest, writeAt(me)),
		}}}},
		{lapse: 700 * ms, moves: []move{
			begins,
			{when: saves, about: theSame, do: others},
			{when: isElected, about: somebodyElse, do: []strike{healAll, part(me, friend)}},
			{when: tellsOfNew, about: theSame, do: []strike{halve(me), crash(first, 5*ms), comesBack}},
		}},
	}
}

// comesBack lets who began be a candidate again and again.
func comesBack(a *adversary, c *cast, at raftsim.Time) {
	do := several(maybe(crash(first, 5*ms)), later(100*ms, timeOut(first)), later(300*ms, timeOut(first)), later(600*ms, timeOut(first)), later(900*ms, timeOut(first)))
	do(a, c, at)
}

// beginsLine is the moment when a leader tells of a change, and is heard by newcomers alone.
func beginsLine(roll Dice) move {
	m := move{when: tellsChosen, do: []strike{
		cutFromOld(me), later(20*ms, timeOut(founder)), later(100*ms, timeOut(founder)), later(300*ms, timeOut(founder)),
	}}
	if roll("otherwise", 4) == 3 {
		m.when, m.skip, m.within = tellsOfNew, roll("skip", 15), 2*ms
		m.do[0] = []strike{cutOff(me), cutFromOld(me), split(me)}[roll("cut", 3)]
	}
	return m
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
