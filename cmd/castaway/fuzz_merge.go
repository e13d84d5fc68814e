package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/fuzz"
)

func newFuzzMerge() *cobra.Command {
	var asJSON bool
	var into string
	cmd := &cobra.Command{
		Use:     "merge DIR…",
		Short:   "Add up what shards of campaigns have done and found",
		Example: "  castaway fuzz merge shard-0 shard-1 --into all",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			total, err := merge(args, into)
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(total)
			} else {
				_, err = fmt.Fprint(cmd.OutOrStdout(), totalWords(total))
			}
			if err != nil {
				return failure{err}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the sum as JSON")
	cmd.Flags().StringVar(&into, "into", "", "copy all corpora and findings to this `directory`")
	return cmd
}

// merge adds up all shards in some directories.
func merge(dirs []string, into string) (*fuzz.Total, error) {
	var total fuzz.Total
	seen := map[string]string{}
	for _, dir := range dirs {
		shards, err := filepath.Glob(filepath.Join(dir, "shard-*.json"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		if len(shards) == 0 {
			return nil, fmt.Errorf("%s: no campaign was saved there: name what castaway fuzz had as --out", dir)
		}
		for _, name := range shards {
			if err := mergeShard(&total, name, seen); err != nil {
				return nil, err
			}
		}
		if err := copyAll(dir, into); err != nil {
			return nil, failure{err}
		}
	}
	return &total, nil
}

// mergeShard adds what one shard has done, which must not be added already.
func mergeShard(total *fuzz.Total, name string, seen map[string]string) error {
	saved, err := readSaved(name)
	if errors.Is(err, errDamaged) {
		return fmt.Errorf("%w: move it away to add up the others", err)
	}
	if err != nil {
		return failure{err}
	}
	part := fmt.Sprintf("%s %s %d %d/%d", saved.Profile, saved.Bug, saved.Seed, saved.Shard, saved.Shards)
	if other, ok := seen[part]; ok {
		return fmt.Errorf("%s: it is the same part of the same campaign as %s: name only one of them", name, other)
	}
	seen[part] = name
	return total.Add(saved)
}

// copyAll copies corpus and findings, unless into is empty.
func copyAll(dir, into string) error {
	if into == "" {
		return nil
	}
	if _, err := openDirectory(into, io.Discard); err != nil {
		return err
	}
	for _, files := range []string{corpusDir + "/*.scenario", foundDir + "/*.scenario", foundDir + "/*.html"} {
		sub := filepath.Dir(files)
		files, err := filepath.Glob(filepath.Join(dir, files))
		if err != nil {
			return err
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err == nil {
				err = writeWhole(filepath.Join(into, sub, filepath.Base(name)), data)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
