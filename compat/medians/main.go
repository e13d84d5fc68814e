// Medians reads what `go test -bench` prints for benchmarks that have the parts
// etcd and castaway, and prints the median of each and how many times as fast
// castaway is, beside the bar that was set. It fails when a bar is not reached.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// bars are how many times as fast as etcd we want to be. A benchmark that has
// none is only reported.
var bars = map[string]float64{
	"Put":   12,
	"Get":   2.5,
	"Txn":   8,
	"Count": 1000,
	"Page":  1000,

	"Replicate":      6,
	"ReplicateBatch": 4,
	"ReplicateFive":  6,
	"Idle":           6,
}

// results are nanoseconds per operation, by benchmark and part.
type results struct {
	names []string // in the order they came
	times map[string]map[string][]float64
}

func main() {
	r, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "medians:", err)
		os.Exit(2)
	}
	if !r.print(os.Stdout) {
		os.Exit(1)
	}
}

func read(in io.Reader) (*results, error) {
	r := &results{times: map[string]map[string][]float64{}}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) > 0 && fields[0] == "FAIL" {
			return nil, fmt.Errorf("a benchmark failed: %s", lines.Text())
		}
		if len(fields) < 4 || fields[3] != "ns/op" {
			continue
		}
		name, part, ok := strings.Cut(strings.TrimPrefix(fields[0], "Benchmark"), "/")
		ns, err := strconv.ParseFloat(fields[2], 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("not a benchmark with parts: %q", lines.Text())
		}
		part, _, _ = strings.Cut(part, "-") // the number of processors
		part, _, _ = strings.Cut(part, "#") // the round
		r.add(name, part, ns)
	}
	return r, lines.Err()
}

func (r *results) add(name, part string, ns float64) {
	if r.times[name] == nil {
		r.times[name] = map[string][]float64{}
		r.names = append(r.names, name)
	}
	r.times[name][part] = append(r.times[name][part], ns)
}

// print says whether all bars are reached.
func (r *results) print(out io.Writer) bool {
	good := true
	_, _ = fmt.Fprintf(out, "%-14s %8s %14s %14s %10s %8s\n", "", "rounds", "etcd ns", "castaway ns", "ratio", "bar")
	for _, name := range r.names {
		etcd, castaway := median(r.times[name]["etcd"]), median(r.times[name]["castaway"])
		ratio, bar, verdict := etcd/castaway, "", ""
		if least, ok := bars[name]; ok {
			bar = strconv.FormatFloat(least, 'f', -1, 64)
			if ratio < least {
				good, verdict = false, "  below the bar"
			}
		}
		_, _ = fmt.Fprintf(out, "%-14s %8d %14.1f %14.1f %10.1f %8s%s\n", name, len(r.times[name]["castaway"]), etcd, castaway, ratio, bar, verdict)
	}
	return r.printWatchers(out) && good
}

// mostForWatchers is how many times as long a put may take with 10,000 watchers.
const mostForWatchers = 2

func (r *results) printWatchers(out io.Writer) bool {
	with, without := r.times["Watched"], r.times["Unwatched"]
	if with == nil || without == nil {
		return true
	}
	times := func(part string) float64 { return median(with[part]) / median(without[part]) }
	_, _ = fmt.Fprintf(out, "with watchers a put takes %.1f times as long in etcd, %.1f times in castaway (at most %d)\n",
		times("etcd"), times("castaway"), mostForWatchers)
	return times("castaway") <= mostForWatchers
}

func median(times []float64) float64 {
	if len(times) == 0 {
		return 0
	}
	times = slices.Sorted(slices.Values(times))
	middle := len(times) / 2
	if len(times)%2 == 1 {
		return times[middle]
	}
	return (times[middle-1] + times[middle]) / 2
}
