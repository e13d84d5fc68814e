package main

import (
	"encoding/json"
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
	for _, dir := range dirs {
		shards, err := filepath.Glob(filepath.Join(dir, "shard-*.json"))
		if err != nil {
			return nil, err
		}
		if len(shards) == 0 {
			return nil, fmt.Errorf("%s: no campaign was saved there", dir)
		}
		for _, name := range shards {
			saved, err := readSaved(name)
			if err == nil {
				err = total.Add(saved)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := copyAll(dir, into); err != nil {
			return nil, failure{err}
		}
	}
	return &total, nil
}

// copyAll copies corpus and findings, unless into is empty.
func copyAll(dir, into string) error {
	if into == "" {
		return nil
	}
	if _, err := openDirectory(into, io.Discard); err != nil {
		return err
	}
	for _, sub := range []string{corpusDir, foundDir} {
		files, err := filepath.Glob(filepath.Join(dir, sub, "*.scenario"))
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
