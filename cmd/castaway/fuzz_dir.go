package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/fuzz"
)

// directory is where a campaign is kept:
//
//	shard-I-of-N.json   what each shard has done
//	corpus/             runs that showed something new
//	found/              runs that broke something: whole, shrunk, and as a page
//
// Every file is written under another name first, so that an interrupt leaves no half of
// one; what can't be read is set aside, under a name that ends in .broken.
type directory struct {
	path   string
	stderr io.Writer
	// write writes a file as a whole or not at all.
	write func(name string, data []byte) error
}

const (
	corpusDir = "corpus"
	foundDir  = "found"
)

func openDirectory(path string, stderr io.Writer) (*directory, error) {
	for _, sub := range []string{corpusDir, foundDir} {
		if err := os.MkdirAll(filepath.Join(path, sub), 0o755); err != nil {
			return nil, failure{fmt.Errorf("%w: name another directory, or make this one writable", err)}
		}
	}
	return &directory{path, stderr, writeWhole}, nil
}

func shardFile(s fuzz.Shard) string { return fmt.Sprintf("shard-%d-of-%d.json", s.I, s.N) }

// lock keeps others out as long as this process lives.
func (d *directory) lock() error {
	ok, err := lock(d.path)
	if err != nil {
		return failure{err}
	}
	if !ok {
		return failure{fmt.Errorf("%s: another castaway fuzz is at work there: wait for its end, or use another --out", d.path)}
	}
	return nil
}

// resume lets each shard go on where it ended; one that begins takes over the corpus.
func (d *directory) resume(list []*fuzz.Campaign) error {
	for _, c := range list {
		saved, err := d.saved(c)
		if err != nil {
			return err
		}
		if saved == nil {
			err = d.takeOver(c)
		} else {
			err = d.restore(c, saved)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// saved is what a shard has saved, nil if it begins. A file that can't be read is set
// aside.
func (d *directory) saved(c *fuzz.Campaign) (*fuzz.Saved, error) {
	name := filepath.Join(d.path, shardFile(c.Shard))
	saved, err := readSaved(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, errDamaged):
		return nil, d.setAside(name, err, "the shard begins anew, with the corpus; findings stay")
	case err != nil:
		return nil, failure{err}
	case !saved.IsOf(c):
		return nil, fmt.Errorf("%s: it is of another campaign (profile %s, bug %q, seed %d): use another --out", name, saved.Profile, saved.Bug, saved.Seed)
	}
	return saved, nil
}

// restore lets a shard go on with the runs that it had kept.
func (d *directory) restore(c *fuzz.Campaign, saved *fuzz.Saved) error {
	err := c.Restore(saved, func(digest string) (*fuzz.Case, error) {
		return d.readCase(filepath.Join(d.path, corpusDir, digest+".scenario"))
	})
	if err != nil && !errors.As(err, new(failure)) {
		err = fmt.Errorf("%s: %w", filepath.Join(d.path, shardFile(c.Shard)), err)
	}
	return err
}

// takeOver gives a shard that begins all runs of the corpus.
func (d *directory) takeOver(c *fuzz.Campaign) error {
	files, err := filepath.Glob(filepath.Join(d.path, corpusDir, "*.scenario"))
	if err != nil {
		return err
	}
	for _, name := range files {
		x, err := d.readCase(name)
		if err != nil {
			return err
		}
		if x == nil {
			continue
		}
		if err := c.Load(*x); err != nil {
			if err := d.setAside(name, err, "the campaign goes on without it"); err != nil {
				return err
			}
		}
	}
	return nil
}

// readCase reads a run of the corpus, nil if there is none that can be read: then it is
// set aside.
func (d *directory) readCase(name string) (*fuzz.Case, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		d.say("%s is missing: the campaign goes on without it, and makes other runs than it would have", name)
		return nil, nil
	}
	if err != nil {
		return nil, failure{err}
	}
	x, err := fuzz.Parse(string(text))
	if err != nil {
		return nil, d.setAside(name, inFile(name, err), "the campaign goes on without it")
	}
	return &x, nil
}

// setAside gives a file another name, and says why and what follows.
func (d *directory) setAside(name string, why error, follows string) error {
	aside := name + ".broken"
	if err := os.Rename(name, aside); err != nil {
		return failure{fmt.Errorf("%w; it can't be set aside: %w: move it away", why, err)}
	}
	d.say("%v: %s; it is now %s: delete it if it is of no use", why, follows, aside)
	return nil
}

func (d *directory) say(format string, args ...any) {
	fmt.Fprintf(d.stderr, format+"\n", args...) //nolint:errcheck // nobody to tell
}

// errDamaged is the error of a file that is not what was written.
var errDamaged = errors.New("the file is damaged")

func readSaved(name string) (*fuzz.Saved, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var saved fuzz.Saved
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, errDamaged, err)
	}
	if err := saved.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, errDamaged, err)
	}
	return &saved, nil
}

// save writes what a shard has done, its corpus first: what the shard's file names is
// there.
func (d *directory) save(c *fuzz.Campaign) error {
	for i := range c.Corpus {
		x := &c.Corpus[i].Case
		name := filepath.Join(d.path, corpusDir, x.Digest()+".scenario")
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if err := d.write(name, []byte(x.Text())); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(c.Save(), "", "  ")
	if err != nil {
		return err
	}
	return d.write(filepath.Join(d.path, shardFile(c.Shard)), append(data, '\n'))
}

// others are what shards have saved that are not in the list: those of other numbers
// of jobs, or of other machines.
func (d *directory) others(list []*fuzz.Campaign) (others []*fuzz.Saved) {
	files, _ := filepath.Glob(filepath.Join(d.path, "shard-*.json")) // the pattern is a good one
	for _, name := range files {
		saved, err := readSaved(name)
		switch {
		case err != nil:
			d.say("%v: it is left out of the sum", err)
		case !slices.ContainsFunc(list, saved.IsOf):
			others = append(others, saved)
		}
	}
	return others
}

// keep writes a run that broke something, and returns the file's name without its end.
func (d *directory) keep(x *fuzz.Case, label string) (name string, err error) {
	name = filepath.Join(d.path, foundDir, label+"-"+x.Digest()[:8])
	return name, d.write(name+".scenario", []byte(x.Told()))
}

// writeWhole writes a file as a whole or not at all, whenever the power goes.
func writeWhole(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+strings.TrimPrefix(filepath.Base(name), ".")+"-*")
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		os.Remove(file.Name()) //nolint:errcheck // the error before says more
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	if dir, err := os.Open(filepath.Dir(name)); err == nil {
		dir.Sync()  //nolint:errcheck // not every file system can; the file is whole in any case
		dir.Close() //nolint:errcheck // it is only read
	}
	return nil
}
