package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/castaway-kv/castaway/raftsim/scenario"
	"github.com/castaway-kv/castaway/web"
)

var page = fstest.MapFS{
	"index.html":            {Data: []byte("<!doctype html>")},
	"castaway.wasm":         {Data: []byte("\x00asm")},
	"castaway.wasm.br":      {Data: []byte("small")},
	"castaway.wasm.gz":      {Data: []byte("bigger")},
	"assets/index-1a2b.js":  {Data: []byte("void 0")},
	"notes.txt.gz":          {Data: []byte("no file without the suffix")},
	"icons/castaway-32.png": {Data: []byte("\x89PNG")},
}

func newTestSite(t *testing.T) http.Handler {
	t.Helper()
	run, err := scenario.Parse("castaway 1\nrun 1s\n")
	if err != nil {
		t.Fatal(err)
	}
	handler, err := newSite(page, run)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func request(handler http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func TestSite(t *testing.T) {
	handler := newTestSite(t)
	tests := []struct {
		path, accept                string
		contentType, encoding, body string
		cache                       string
	}{
		{"/", "br, gzip", "text/html; charset=utf-8", "", "<!doctype html>", "no-cache"},
		{"/index.html", "", "text/html; charset=utf-8", "", "<!doctype html>", "no-cache"},
		{"/castaway.wasm", "gzip, deflate, br", "application/wasm", "br", "small", "no-cache"},
		{"/castaway.wasm", "gzip;q=0.5, br;q=0", "application/wasm", "gzip", "bigger", "no-cache"},
		{"/castaway.wasm", "BR ; q=1", "application/wasm", "br", "small", "no-cache"},
		{"/castaway.wasm", "brotli, identity, gzip; q=0.000", "application/wasm", "", "\x00asm", "no-cache"},
		{"/castaway.wasm", "", "application/wasm", "", "\x00asm", "no-cache"},
		{"/assets/index-1a2b.js", "br", "text/javascript; charset=utf-8", "", "void 0", "public, max-age=31536000, immutable"},
		{"/icons/castaway-32.png", "", "image/png", "", "\x89PNG", "no-cache"},
		{"/run.scenario", "", "text/plain; charset=utf-8", "", "castaway 1\nrun 1s\n", "no-cache"},
	}
	for _, test := range tests {
		response := request(handler, "GET", test.path, "Accept-Encoding", test.accept)
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != 200 || string(body) != test.body {
			t.Errorf("%s (%s): %s %q, %v", test.path, test.accept, response.Status, body, err)
		}
		got := []string{response.Header.Get("Content-Type"), response.Header.Get("Content-Encoding"), response.Header.Get("Cache-Control")}
		if got[0] != test.contentType || got[1] != test.encoding || got[2] != test.cache {
			t.Errorf("%s (%s): %q", test.path, test.accept, got)
		}
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "'wasm-unsafe-eval'") || strings.Contains(policy, "unsafe-inline") {
			t.Errorf("%s: policy %q", test.path, policy)
		}
	}
}

func TestSiteRefuses(t *testing.T) {
	handler := newTestSite(t)
	tests := []struct {
		method, path string
		want         int
	}{
		{"GET", "/nothing", 404},
		{"GET", "/castaway.wasm.br", 404},
		{"GET", "/assets/", 404},
		{"GET", "/../site.go", 404},
		{"GET", "//index.html", 404},
		{"POST", "/", 405},
		{"HEAD", "/", 200},
	}
	for _, test := range tests {
		if response := request(handler, test.method, "http://localhost"+test.path); response.StatusCode != test.want {
			t.Errorf("%s %s: %s", test.method, test.path, response.Status)
		} else if response.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s may be sniffed", test.method, test.path)
		}
	}
}

// A browser that has the page asks whether it changed; each encoding is a page of
// its own.
func TestSiteRevalidates(t *testing.T) {
	handler := newTestSite(t)
	plain := request(handler, "GET", "/castaway.wasm").Header.Get("ETag")
	packed := request(handler, "GET", "/castaway.wasm", "Accept-Encoding", "br").Header.Get("ETag")
	if plain == "" || plain == packed {
		t.Fatalf("tags %s and %s", plain, packed)
	}
	if got := request(handler, "GET", "/castaway.wasm", "If-None-Match", plain).StatusCode; got != 304 {
		t.Errorf("unchanged: status %d", got)
	}
	if got := request(handler, "GET", "/castaway.wasm", "If-None-Match", packed).StatusCode; got != 200 {
		t.Errorf("changed: status %d", got)
	}
	if got := request(handler, "GET", "/castaway.wasm").Header.Get("Vary"); got != "Accept-Encoding" {
		t.Errorf("Vary: %q", got)
	}
}

func TestOnlyLocalNames(t *testing.T) {
	handler := onlyLocalNames(newTestSite(t))
	for host, want := range map[string]int{
		"localhost:8473": 200, "LOCALHOST": 200, "127.0.0.1:80": 200, "127.0.0.2": 200, "[::1]:8473": 200, "[::1]": 200,
		"evil.example:8473": 403, "localhost.evil.example": 403, "10.0.0.1:80": 403, "0.0.0.0": 403,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: status %d", host, w.Code)
		}
	}
}

// lines is a writer that hands on what is written.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

func TestPlay(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out := make(lines, 1)
	p := player{addr: "127.0.0.1", noOpen: true, page: page, out: out}
	ended := make(chan error, 1)
	go func() { ended <- p.play(ctx) }()
	line := <-out
	found := regexp.MustCompile(`^castaway: playground at (http://127\.0\.0\.1:[1-9]\d*/)\n$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("printed %q", line)
	}
	response, err := http.Get(found[1])
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "<!doctype html>" {
		t.Errorf("the page is %q, %v", body, err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := net.Dial("tcp", strings.Trim(found[1], "htp:/")); err == nil {
		t.Error("somebody listens after the end")
	}
}

func TestPlayPortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // the end of the test
	port := uint16(listener.Addr().(*net.TCPAddr).Port)
	p := player{addr: "127.0.0.1", port: port, noOpen: true, page: page, out: io.Discard}
	err = p.play(context.Background())
	want := regexp.MustCompile(`^castaway: port \d+ of 127\.0\.0\.1 is in use: end what uses it, or take a free port with --port 0$`)
	if err == nil || !want.MatchString(err.Error()) || !errors.As(err, new(failure)) {
		t.Errorf("play: %v", err)
	}
}

func TestPlayNoSuchAddress(t *testing.T) {
	p := player{addr: "203.0.113.1", noOpen: true, page: page, out: io.Discard}
	err := p.play(context.Background())
	if err == nil || !strings.HasSuffix(err.Error(), "; try another --addr or --port") || !errors.As(err, new(failure)) {
		t.Errorf("play: %v", err)
	}
}

// A binary without the page says so, and how to get one.
func TestPlayWithoutPage(t *testing.T) {
	if _, built := web.Page(); built {
		t.Skip("the page is built in")
	}
	var stderr bytes.Buffer
	status := run(context.Background(), []string{"play", "--no-open"}, strings.NewReader(""), io.Discard, &stderr)
	const want = "castaway: this binary was built without the playground's page; in a checkout, `make play` builds and serves it\n"
	if status != statusFailed || stderr.String() != want {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}

// A reader that goes away ends a run with a failure, not with bad input.
func TestRunToNobody(t *testing.T) {
	reader, writer := io.Pipe()
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	status := run(context.Background(), []string{"run", "-"}, strings.NewReader("castaway 1\nrun 1s\n"), writer, &stderr)
	if status != statusFailed || !strings.Contains(stderr.String(), "closed pipe") {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}
