package scenario

import (
	"regexp"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/raftsim"
)

// vocabulary is every word of the language but names: those of members, clients,
// keys, marks and properties.
func vocabulary() []string {
	words := slices.Concat(
		formWords(), atWords, commands, leaseCommands, workloadNames(), expectationNames(), happeningNames(), diskFaults,
		settingNames(timingSettings), settingNames(clocksSettings), settingNames(diskSettings), settingNames(snapshotsSettings),
		settingNames(linkSettings), shapeNames()[1:], settingNames(clientSettings), settingNames(workingSettings),
		kindNames(raftsim.MessageKinds()), kindNames(raftsim.Draws()), verdicts,
	)
	for i := range workloads {
		words = append(words, settingNames(workloads[i].settings)...)
	}
	for _, o := range ruleOptions {
		words = append(words, o.name)
	}
	for _, t := range targets {
		words = append(words, t.name)
	}
	for _, c := range changes {
		words = append(words, c.word)
	}
	words = append(words, strings.Fields(`
		etcd paper leader any none you torn rate jump by log snapshot normal unlimited client then times at of right wrong
		--prefix --from-key --rev --limit --order --sort-by --min-mod-rev --max-mod-rev --min-create-rev --max-create-rev
		--keys-only --count-only --consistency --lease --prev-kv --ignore-value --ignore-lease --id --once --keys
		--compare --then --else --key --action put delete create compaction
		| > .. = != <`)...)
	slices.Sort(words)
	return slices.Compact(words)
}

var anyWord = regexp.MustCompile(`!=|\.\.|--[a-z-]+|[A-Za-z][A-Za-z0-9-]*|[=<>|]`)

// wordsOf are the words of a text that could be some of the language, those in
// comments left out.
func wordsOf(text string) []string {
	var words []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words = append(words, anyWord.FindAllString(line, -1)...)
	}
	return words
}
