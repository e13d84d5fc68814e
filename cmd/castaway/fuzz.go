package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
	"github.com/castaway-kv/castaway/raftsim"
)

// fuzzFlags are what castaway fuzz was asked for.
type fuzzFlags struct {
	profile, bug, out, shard string
	duration, saveEvery      time.Duration
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
saved, whatever ends the search, and another call goes on where this one ended:
in the same number of jobs it makes the very runs that this one would have made.

Exit status: 0 if nothing broke, or the planted bug was found; 1 if something
broke, or the bug was not found, or nobody can write what was found; 2 for bad
input.`,
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
	f.DurationVar(&flags.saveEvery, "save-every", 10*time.Second, "save the state after each such `time`, with --out")
	f.StringVar(&flags.shard, "shard", "0/1", "make part `i/n` of the campaign, i from 0")
	f.Uint64Var(&flags.seed, "seed", 0, "`number` of the campaign: another one makes other runs")
	f.IntVar(&flags.shrinks, "shrink", 20_000, "most `runs` to spend on shrinking one finding")
	f.BoolVar(&flags.json, "json", false, "print nothing but the summary, as JSON with all findings")
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
	h := &hunt{
		flags: flags, dir: dir, out: cmd.OutOrStdout(), stderr: cmd.ErrOrStderr(),
		progress: newProgress(cmd.ErrOrStderr(), flags.quiet), started: time.Now(),
	}
	h.interrupted = func() bool { return cmd.Context().Err() != nil }
	err = h.run(ctx, cancel, campaigns)
	h.progress.close()
	if err != nil {
		return err
	}
	return h.summary(campaigns)
}

// check says which flag can't be.
func (f *fuzzFlags) check() error {
	if _, ok := fuzz.FindProfile(f.profile); !ok {
		return fmt.Errorf("--profile: there is no profile %q: use one of %s", f.profile, strings.Join(profileNames(), ", "))
	}
	if f.bug != "" {
		if _, err := findBug(f.bug); err != nil {
			return fmt.Errorf("--bug: %w", err)
		}
	}
	switch {
	case f.jobs < 1:
		return fmt.Errorf("--jobs: expected a positive number, found %d", f.jobs)
	case f.runs < 0:
		return fmt.Errorf("--seeds: expected a positive number of runs, or 0 for no end, found %d", f.runs)
	case f.shrinks < 1:
		return fmt.Errorf("--shrink: expected a positive number of runs, found %d", f.shrinks)
	case f.duration < 0:
		return fmt.Errorf("--for: expected a time such as 10m, found %v", f.duration)
	case f.saveEvery <= 0:
		return fmt.Errorf("--save-every: expected a time such as 10s, found %v", f.saveEvery)
	}
	return nil
}

// parseShard reads i/n.
func parseShard(text string) (part, parts int, err error) {
	i, n, _ := strings.Cut(text, "/")
	part, err1 := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if err1 != nil || err2 != nil || part < 0 || part >= parts {
		return 0, 0, fmt.Errorf("--shard: expected i/n with i from 0 to n-1, such as 0/4, found %q", text)
	}
	return part, parts, nil
}

// openCampaigns makes or resumes one campaign for each job.
func openCampaigns(stderr io.Writer, flags *fuzzFlags) ([]*fuzz.Campaign, *directory, error) {
	if err := flags.check(); err != nil {
		return nil, nil, err
	}
	profile, _ := fuzz.FindProfile(flags.profile)
	part, parts, err := parseShard(flags.shard)
	if err != nil {
		return nil, nil, err
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
	dir, err := openDirectory(flags.out, stderr)
	if err == nil {
		err = dir.lock()
	}
	if err == nil {
		err = dir.resume(list)
	}
	return list, dir, err
}

// summary says what came of it: in this call, and in all calls for the directory.
func (h *hunt) summary(campaigns []*fuzz.Campaign) error {
	var total fuzz.Total
	for _, c := range campaigns {
		saved := c.Save()
		if err := total.Add(&saved); err != nil {
			return err
		}
	}
	if h.dir != nil {
		for _, saved := range h.dir.others(campaigns) {
			if err := total.Add(saved); err != nil {
				return err
			}
		}
	}
	if err := h.printSummary(&total); err != nil {
		return failure{fmt.Errorf("the summary can't be written: %w", err)}
	}
	if wanted := h.flags.bug != ""; wanted != (h.found > 0) {
		return errBroken
	}
	return nil
}

// summary in JSON.
type summary struct {
	*fuzz.Total
	// This is about this call.
	This thisCall `json:"this_call"`
}

type thisCall struct {
	Runs      int     `json:"runs"`
	Simulated int64   `json:"simulated_seconds"`
	Seconds   float64 `json:"seconds"`
	Broken    int     `json:"broken"`
	Bug       string  `json:"bug,omitempty"`
	Found     []told  `json:"found"`
}

func (h *hunt) printSummary(total *fuzz.Total) error {
	seconds := time.Since(h.started).Seconds()
	this := thisCall{h.runs, int64(h.simulated / raftsim.Second), seconds, h.found, h.flags.bug, append([]told{}, h.told...)}
	if h.flags.json {
		return json.NewEncoder(h.out).Encode(summary{total, this})
	}
	text := totalWords(total) + fmt.Sprintf("this time: %d runs of %d simulated seconds in %.1f s, %.0f a second; %d broken\n",
		this.Runs, this.Simulated, seconds, float64(h.runs)/seconds, h.found)
	if h.flags.bug != "" && h.found == 0 {
		text += fmt.Sprintf("%s was not found: give it more time, or another --seed or --profile\n", h.flags.bug)
	}
	_, err := io.WriteString(h.out, text)
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
