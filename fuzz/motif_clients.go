package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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

// handovers take place while something else is under way, or cut the old leader off from
// the new one as soon as that has heard.
func handovers(roll Dice) []plot {
	list := only(plot{again: 5, moves: []move{
		{when: []trigger{isElected, applies, tells}[roll("when", 3)], skip: roll("skip", 20), within: 50 * ms, do: []strike{transferTo(someone)}},
	}})
	if roll.yes("heard") {
		return append(list, plot{again: 5, lapse: 700 * ms, moves: []move{
			{when: hearsHandover, do: []strike{cutOff(peer), later(longest, healAll)}},
			{when: isElected, about: theSame, do: []strike{
				writeAt(me), later(30*ms, writeAt(me)), later(40*ms, readAt(friend)), later(80*ms, readAt(friend)), later(160*ms, readAt(friend)),
			}},
		}})
	}
	return append(list, plot{again: 5, moves: []move{
		{when: handsOver, within: 6 * ms, do: []strike{
			[]strike{cutOff(me), split(me), crash(me, 20*ms), crash(peer, 20*ms), pause(me, 100*ms), hold}[roll("blow", 6)],
			maybe(writeAt(peer)), maybe(later(30*ms, writeAt(peer))), later(30*ms, readAt(me)), later(60*ms, readAt(me)), later(longest, healAll),
			later(longest, letGo),
		}},
	}})
}

// sleepyHolders fall asleep with a lock in their hands.
func sleepyHolders(roll Dice) []plot {
	return only(plot{again: 3, moves: []move{
		{when: claims, skip: roll("skip", 6), within: 200 * ms, do: []strike{sleep(3 * raftsim.Second)}},
	}})
}
