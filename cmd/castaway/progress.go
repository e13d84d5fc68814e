package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progressAfter is how long a command works before it shows that it does.
const progressAfter = time.Second

// progress shows on a terminal how far a long check is. Its methods may be called
// on one without a terminal, and do nothing then.
type progress struct {
	out     io.Writer
	started time.Time
	bar     *progressbar.ProgressBar
	// counting says what the bar counts: bytes, or steps of a search.
	counting string
}

// newProgress shows nothing unless out is a terminal.
func newProgress(out io.Writer, quiet bool) *progress {
	file, ok := out.(*os.File)
	if quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{out: out, started: time.Now()}
}

// reading counts what is read of in; a negative size is not known.
func (p *progress) reading(in io.Reader, size int64) io.Reader {
	if p.out == nil {
		return in
	}
	return &countingReader{in: in, progress: p, size: size}
}

type countingReader struct {
	in         io.Reader
	progress   *progress
	size, read int64
}

func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.in.Read(b)
	r.read += int64(n)
	r.progress.set("reading", r.read, r.size)
	return n, err
}

// searching shows the steps of a search, whose end nobody knows.
func (p *progress) searching(steps int64) { p.set("searching", steps, -1) }

func (p *progress) set(counting string, n, of int64) {
	if p.out == nil || time.Since(p.started) < progressAfter {
		return
	}
	if p.counting != counting {
		p.close()
		p.counting = counting
		p.bar = progressbar.NewOptions64(of,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(counting), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowBytes(counting == "reading"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionFullWidth())
	}
	p.bar.Set64(n) //nolint:errcheck // a terminal that is gone needs no bar
}

// status shows a line of text that changes.
func (p *progress) status(text string) {
	if p.out == nil || time.Since(p.started) < progressAfter {
		return
	}
	if p.counting != "status" {
		p.close()
		p.counting = "status"
		p.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(p.out), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetElapsedTime(true))
	}
	p.bar.Describe(text)
}

// close takes the bar away.
func (p *progress) close() {
	if p.bar == nil {
		return
	}
	p.bar.Clear()           //nolint:errcheck // a terminal that is gone needs no bar
	fmt.Fprint(p.out, "\r") //nolint:errcheck // as above
	p.bar, p.counting = nil, ""
}
