package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/castaway-kv/castaway/fuzz"
)

// directory is where a campaign is kept:
//
//	shard-I-of-N.json   what each shard has done
//	corpus/             runs that showed something new
//	found/              runs that broke something, whole and shrunk
//
// Every file is written under another name first, so that an interrupt leaves no half of one.
type directory struct{ path string }

const (
	corpusDir = "corpus"
	foundDir  = "found"
)

func openDirectory(path string) (*directory, error) {
	for _, sub := range []string{corpusDir, foundDir} {
		if err := os.MkdirAll(filepath.Join(path, sub), 0o755); err != nil {
			return nil, failure{err}
		}
	}
	return &directory{path}, nil
}

func shardFile(s fuzz.Shard) string { return fmt.Sprintf("shard-%d-of-%d.json", s.I, s.N) }

// resume takes over what was saved: the corpus for all, and what each shard has done.
func (d *directory) resume(list []*fuzz.Campaign, stderr io.Writer) error {
	corpus, err := d.corpus(stderr)
	if err != nil {
		return err
	}
	for _, c := range list {
		for _, x := range corpus {
			if err := c.Load(x); err != nil {
				fmt.Fprintf(stderr, "%s: a run of the corpus is left out: %v\n", d.path, err) //nolint:errcheck // nobody to tell
			}
		}
		if err := d.resumeShard(c); err != nil {
			return err
		}
	}
	return nil
}

func (d *directory) resumeShard(c *fuzz.Campaign) error {
	name := filepath.Join(d.path, shardFile(c.Shard))
	saved, err := readSaved(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if saved.Profile != c.Profile.Name || saved.Bug != c.Bug || saved.Seed != c.Seed {
		return fmt.Errorf("%s: it is of another campaign (profile %s, bug %q, seed %d): use another --out", name, saved.Profile, saved.Bug, saved.Seed)
	}
	resumed, err := saved.Resume()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	c.Runs, c.Simulated, c.Undecided, c.Broken = resumed.Runs, resumed.Simulated, resumed.Undecided, resumed.Broken
	return c.Cover(saved)
}

func readSaved(name string) (*fuzz.Saved, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var saved fuzz.Saved
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("%s: %w: move it away to begin the shard anew; corpus and findings stay", name, err)
	}
	return &saved, nil
}

// corpus reads the runs that were kept; a broken file is left out, and said to be.
func (d *directory) corpus(stderr io.Writer) (list []fuzz.Case, err error) {
	files, err := filepath.Glob(filepath.Join(d.path, corpusDir, "*.scenario"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, failure{err}
		}
		c, err := fuzz.Parse(string(text))
		if err != nil {
			fmt.Fprintf(stderr, "%v: it is left out; delete it if it is of no use\n", inFile(name, err)) //nolint:errcheck // nobody to tell
			continue
		}
		list = append(list, c)
	}
	return list, nil
}

// save writes what a shard has done, and its corpus.
func (d *directory) save(c *fuzz.Campaign) error {
	for i := range c.Corpus {
		text := c.Corpus[i].Case.Text()
		name := filepath.Join(d.path, corpusDir, digest(text)+".scenario")
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if err := writeWhole(name, []byte(text)); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(c.Save(), "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(d.path, shardFile(c.Shard)), append(data, '\n'))
}

// keep writes a run that broke something.
func (d *directory) keep(c *fuzz.Case, label string) error {
	text := c.Told()
	return writeWhole(filepath.Join(d.path, foundDir, label+"-"+digest(text)[:8]+".scenario"), []byte(text))
}

func digest(text string) string {
	h := fnv.New64a()
	h.Write([]byte(text))
	return fmt.Sprintf("%016x", h.Sum64())
}

// writeWhole writes a file as a whole or not at all.
func writeWhole(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+strings.TrimPrefix(filepath.Base(name), ".")+"-*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		os.Remove(file.Name()) //nolint:errcheck // the error before says more
	}
	return err
}
