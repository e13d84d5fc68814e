package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
)

// fuzzFlags are what castaway fuzz was asked for.
type fuzzFlags struct {
	profile, bug, out, shard string
	duration                 time.Duration
	runs, jobs, shrinks      int
	seed                     uint64
	json, quiet              bool
}

func newFuzz() *cobra.Command {
	var flags fuzzFlags
	cmd := &cobra.Command{
		Use:   "fuzz",
		Short: "Look for runs in which something breaks, and shrink them",
		Long: `Make one random run after the other, each with a random part of all faults and
clients, and judge it. What breaks something is shrunk to a short scenario. With
--bug a known bug is planted; the search ends when it is found. With --out all is
saved, and another call goes on where this one ended.

Exit status: 0 if nothing broke, or the planted bug was found; 1 if something
broke, or the bug was not found.`,
		Example: "  castaway fuzz --for 10m --out campaign\n  castaway fuzz --bug commit-old-term --for 1m",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runFuzz(cmd, &flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.profile, "profile", "everything", "`name` of what to look at: "+strings.Join(profileNames(), ", "))
	f.StringVar(&flags.bug, "bug", "", "plant the bug of this `name`")
	f.DurationVar(&flags.duration, "for", 0, "end after this `time`, such as 10m (default: when interrupted)")
	f.IntVar(&flags.runs, "seeds", 0, "end after this `number` of runs")
	f.IntVar(&flags.jobs, "jobs", runtime.GOMAXPROCS(0), "`number` of runs at a time")
	f.StringVar(&flags.out, "out", "", "save corpus, findings and state in this `directory`")
	f.StringVar(&flags.shard, "shard", "0/1", "make part `i/n` of the campaign, i from 0")
	f.Uint64Var(&flags.seed, "seed", 0, "`number` of the campaign: another one makes other runs")
	f.IntVar(&flags.shrinks, "shrink", 20_000, "most `runs` to spend on shrinking one finding")
	f.BoolVar(&flags.json, "json", false, "print the summary as JSON")
	f.BoolVar(&flags.quiet, "quiet", false, "no progress bar")
	cmd.AddCommand(newFuzzMerge(), newFuzzShrink(), newFuzzScore())
	return cmd
}

func profileNames() (names []string) {
	for _, p := range fuzz.Profiles {
		names = append(names, p.Name)
	}
	return names
}

// runFuzz starts the jobs, shows how far they are, and says in the end what they found.
func runFuzz(cmd *cobra.Command, flags *fuzzFlags) error {
	debug.SetGCPercent(fuzzGarbage)
	campaigns, dir, err := openCampaigns(cmd.ErrOrStderr(), flags)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	if flags.duration > 0 {
		ctx, cancel = context.WithTimeout(ctx, flags.duration)
		defer cancel()
	}
	h := &hunt{flags: flags, dir: dir, out: cmd.OutOrStdout(), progress: newProgress(cmd.ErrOrStderr(), flags.quiet), started: time.Now()}
	h.interrupted = func() bool { return cmd.Context().Err() != nil }
	err = h.run(ctx, cancel, campaigns)
	h.progress.close()
	if err != nil {
		return err
	}
	return h.summary(campaigns)
}

// openCampaigns makes or resumes one campaign for each job.
func openCampaigns(stderr interface{ Write([]byte) (int, error) }, flags *fuzzFlags) ([]*fuzz.Campaign, *directory, error) {
	profile, ok := fuzz.FindProfile(flags.profile)
	if !ok {
		return nil, nil, fmt.Errorf("--profile: there is no profile %q: use one of %s", flags.profile, strings.Join(profileNames(), ", "))
	}
	if flags.bug != "" {
		if _, err := findBug(flags.bug); err != nil {
			return nil, nil, fmt.Errorf("--bug: %w", err)
		}
	}
	var part, parts int
	if n, err := fmt.Sscanf(flags.shard, "%d/%d", &part, &parts); n != 2 || err != nil || part < 0 || part >= parts {
		return nil, nil, fmt.Errorf("--shard: expected i/n with i from 0 to n-1, found %q", flags.shard)
	}
	if flags.jobs < 1 || flags.runs < 0 {
		return nil, nil, fmt.Errorf("--jobs and --seeds: expected positive numbers")
	}
	var list []*fuzz.Campaign
	for i := range flags.jobs {
		list = append(list, &fuzz.Campaign{
			Profile: &profile, Bug: flags.bug, Seed: flags.seed, Shard: fuzz.Shard{I: part*flags.jobs + i, N: parts * flags.jobs},
		})
	}
	if flags.out == "" {
		return list, nil, nil
	}
	dir, err := openDirectory(flags.out)
	if err == nil {
		err = dir.resume(list, stderr)
	}
	return list, dir, err
}

// summary says what came of it.
func (h *hunt) summary(campaigns []*fuzz.Campaign) error {
	var total fuzz.Total
	for _, c := range campaigns {
		saved := c.Save()
		if err := total.Add(&saved); err != nil {
			return err
		}
	}
	if err := h.print(&total); err != nil {
		return failure{err}
	}
	if wanted := h.flags.bug != ""; wanted != (h.found > 0) {
		return errBroken
	}
	return nil
}

func (h *hunt) print(total *fuzz.Total) error {
	if h.flags.json {
		return json.NewEncoder(h.out).Encode(total)
	}
	seconds := time.Since(h.started).Seconds()
	_, err := fmt.Fprint(h.out, totalWords(total), fmt.Sprintf("this time: %d runs in %.1f s, %.0f a second\n", h.runs, seconds, float64(h.runs)/seconds))
	return err
}

func totalWords(t *fuzz.Total) string {
	text := fmt.Sprintf("runs: %d\nsimulated: %d s\nfeatures: %d\nundecided: %d\n", t.Runs, t.Simulated, t.Features, t.Undecided)
	if len(t.Broken) == 0 {
		return text + "broken: nothing\n"
	}
	for _, property := range t.Properties() {
		text += fmt.Sprintf("broken: %s in %d runs\n", property, t.Broken[property])
	}
	return text
}
