package fuzz

import (
	"slices"

	"github.com/castaway-kv/castaway/raftsim"
)

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
				when: some[roll("moment", len(some))], about: about(roll("about", int(theFirstTwo)+1)), skip: roll("skip", 2) * roll("skipped", 12),
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
