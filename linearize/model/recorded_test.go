package model_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/castaway-kv/castaway/linearize"
	"github.com/castaway-kv/castaway/linearize/history"
	"github.com/castaway-kv/castaway/linearize/model"
)

// porcupineDir is where porcupine's source and its recorded histories are: in
// the module cache.
func porcupineDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("porcupine is not in the module cache: run go mod download: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// readAll reads a file under a model.
func readAll(t testing.TB, path, name string) model.Prepared {
	t.Helper()
	_, p := readBoth(t, path, name)
	return p
}

// readBoth reads a file as it is and under a model.
func readBoth(t testing.TB, path, name string) ([]history.Entry, model.Prepared) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	r, err := history.NewReader(f, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var entries []history.Entry
	for e, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, *e)
	}
	m, _ := model.Find(name)
	p, err := m.Prepare(entries)
	if err != nil {
		t.Fatal(err)
	}
	return entries, p
}

// published are the verdicts that porcupine's own tests state: checkJepsen(t, 7, true).
func published(t testing.TB) map[int]bool {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(porcupineDir(t), "porcupine_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[int]bool{}
	for _, m := range regexp.MustCompile(`checkJepsen\(t, (\d+), (true|false)\)`).FindAllStringSubmatch(string(source), -1) {
		n, _ := strconv.Atoi(m[1])
		verdicts[n] = m[2] == "true"
	}
	return verdicts
}

// The etcd logs that Jepsen recorded in 2014 get the verdicts that are published
// for them. One of the 103, number 95, is empty, and porcupine tests it not.
func TestRecordedEtcdLogs(t *testing.T) {
	dir, verdicts := porcupineDir(t), published(t)
	if len(verdicts) != 102 {
		t.Fatalf("%d published verdicts, want 102", len(verdicts))
	}
	for n := range 103 {
		p := readAll(t, filepath.Join(dir, "test_data/jepsen", fmt.Sprintf("etcd_%03d.log", n)), "cas-register")
		v := p.Check(linearize.Options{})
		want, ok := verdicts[n]
		if !ok {
			want = true
			if v.Operations != 0 {
				t.Errorf("log %d has %d operations and no published verdict", n, v.Operations)
			}
		}
		if (v.Result == linearize.Linearizable) != want || v.Result == linearize.Undecided {
			t.Errorf("log %d: %v, published %v", n, v, want)
		}
	}
}

func TestRecordedStoreHistories(t *testing.T) {
	for name, want := range map[string]linearize.Result{
		"c01-ok": linearize.Linearizable, "c10-ok": linearize.Linearizable, "c50-ok": linearize.Linearizable,
		"c01-bad": linearize.Violation, "c10-bad": linearize.Violation, "c50-bad": linearize.Violation,
	} {
		t.Run(name, func(t *testing.T) {
			p := readAll(t, filepath.Join(porcupineDir(t), "test_data/kv", name+".txt"), "append-kv")
			if v := p.Check(linearize.Options{}); v.Result != want {
				t.Errorf("%v", v)
			}
		})
	}
}
