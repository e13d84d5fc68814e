package model_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/model"
)

// etcdInput and etcdOutput are what porcupine's own test has for these logs.
type (
	etcdInput struct {
		op         uint8 // 0 read, 1 write, 2 compare-and-swap
		arg1, arg2 int64
	}
	etcdOutput struct{ ok, exists, unknown bool }
	readOutput struct {
		etcdOutput
		value int64
	}
)

// theirs is porcupine's own model of these logs.
var theirs = porcupine.Model{
	Init: func() any { return int64(-1000000) },
	Step: func(state, input, output any) (bool, any) {
		st, in, out := state.(int64), input.(etcdInput), output.(readOutput)
		switch in.op {
		case 0:
			return !out.exists && st == -1000000 || out.exists && st == out.value || out.unknown, state
		case 1:
			return true, in.arg1
		}
		next := st
		if in.arg1 == st {
			next = in.arg2
		}
		return in.arg1 == st && out.ok || in.arg1 != st && !out.ok || out.unknown, next
	},
}

// theirEvents are a log's operations as porcupine's own test has them.
func theirEvents(entries []history.Entry) []porcupine.Event {
	type stamped struct {
		at int64
		e  porcupine.Event
	}
	var all []stamped
	last := int64(1 << 40)
	for id, e := range entries {
		var in etcdInput
		out := readOutput{etcdOutput: etcdOutput{unknown: e.Outcome != linearize.Answered}}
		number := func(v any) int64 { n, _ := v.(int64); return n }
		switch e.F {
		case "read":
			out.exists, out.value = e.Result != nil, number(e.Result)
		case "write":
			in = etcdInput{op: 1, arg1: number(e.Value)}
		case "cas":
			pair := e.Value.([]any)
			in = etcdInput{op: 2, arg1: number(pair[0]), arg2: number(pair[1])}
			out.ok = e.Result != false
		}
		ret := e.Return
		if e.Outcome == linearize.Unknown {
			last++
			ret = last
		}
		all = append(all,
			stamped{e.Call, porcupine.Event{ClientId: e.Client, Kind: porcupine.CallEvent, Value: in, Id: id}},
			stamped{ret, porcupine.Event{ClientId: e.Client, Kind: porcupine.ReturnEvent, Value: out, Id: id}})
	}
	slices.SortStableFunc(all, func(a, b stamped) int { return cmp.Compare(a.at, b.at) })
	events := make([]porcupine.Event, len(all))
	for i := range all {
		events[i] = all[i].e
	}
	return events
}

// BenchmarkRecordedLogs compares, log by log and in turn, the median time of our
// judge with that of porcupine alone: the worst ratio, how many logs are slower
// by more than a tenth, and all logs together.
func BenchmarkRecordedLogs(b *testing.B) {
	const rounds = 31
	type log struct {
		ours   model.Prepared
		theirs []porcupine.Event
	}
	var logs []log
	for n := range 103 {
		entries, p := readBoth(b, filepath.Join(porcupineDir(b), "test_data/jepsen", fmt.Sprintf("etcd_%03d.log", n)), "cas-register")
		logs = append(logs, log{p, theirEvents(entries)})
	}
	median := func(times []time.Duration) time.Duration { slices.Sort(times); return times[len(times)/2] }
	worst, slower, sumOurs, sumTheirs := 0.0, 0, time.Duration(0), time.Duration(0)
	for b.Loop() {
		worst, slower, sumOurs, sumTheirs = 0, 0, 0, 0
		for n, l := range logs {
			var ours, alone []time.Duration
			for range rounds {
				start := time.Now()
				v := l.ours.Check(linearize.Options{})
				ours = append(ours, time.Since(start))
				start = time.Now()
				ok := porcupine.CheckEvents(theirs, l.theirs)
				alone = append(alone, time.Since(start))
				if ok != (v.Result == linearize.Linearizable) {
					b.Fatalf("log %d: %v, porcupine %v", n, v, ok)
				}
			}
			a, t := median(ours), median(alone)
			sumOurs, sumTheirs = sumOurs+a, sumTheirs+t
			ratio := float64(a) / float64(t)
			if len(l.theirs) == 0 {
				continue
			}
			worst = max(worst, ratio)
			if ratio > 1.1 {
				slower++
				b.Logf("log %d: %v, porcupine alone %v", n, a, t)
			}
		}
	}
	b.ReportMetric(worst, "worst-ratio")
	b.ReportMetric(float64(slower), "slower")
	b.ReportMetric(float64(sumOurs.Microseconds()), "µs-all")
	b.ReportMetric(float64(sumTheirs.Microseconds()), "µs-porcupine")
}
