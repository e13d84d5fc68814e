package fuzz

import "github.com/castaway-kv/castaway/raftsim"

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
