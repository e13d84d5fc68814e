package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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

// overtaken keeps under way what a leader tells one member of several requests at once, up
// to the first answer of another. What it tells that one later is lost, so that it takes
// it for far behind and sends a snapshot: which comes after what was kept.
func overtaken(roll Dice) []plot {
	keeps := move{when: tells, about: theFirstTwo, do: []strike{hold}}
	loses := move{when: tells, about: theFirstTwo, do: []strike{drop}}
	return only(plot{again: 5, lapse: 700 * ms, moves: []move{
		{when: []trigger{applies, isTold, saves}[roll("when", 3)], skip: roll("skip", 8), within: 50 * ms, do: []strike{
			writeAt(leader), writeAt(leader), later(2*ms, writeAt(leader)), later(2*ms, writeAt(leader)),
		}},
		{when: tells, do: []strike{hold, begin}},
		{when: hearsAccept, about: theFirst, skip: roll("answers", 6), meanwhile: &keeps, do: []strike{part(me, peer)}},
		{when: sendsPiece, about: theFirstTwo, meanwhile: &loses, do: []strike{
			letGo, maybe(later(10*ms, slowDisk(me, longest))), after(50*ms, later(50*ms, cutOff(me))), after(110*ms, timeOut(peer)), later(longest, healAll),
		}},
	}})
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
