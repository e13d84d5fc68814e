package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/castaway-kv/castaway/raftsim/scenario"
)

// contentTypes of the page's files; the system's own table differs from machine
// to machine.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".gif":         "image/gif",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".png":         "image/png",
	".scenario":    "text/plain; charset=utf-8",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// encodings that the build makes beside a file, the best first.
var encodings = []struct{ name, suffix string }{
	{"br", ".br"},
	{"gzip", ".gz"},
}

// headers of every answer: the page runs its own scripts and the engine, and
// talks to nobody else.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
		"img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; " +
		"require-trusted-types-for 'script'; trusted-types castaway",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
}

// runFile is where the scenario of `castaway play FILE` is served.
const runFile = "run.scenario"

// variant is a file as it goes over the wire.
type variant struct {
	encoding string // "" for the file itself
	etag     string
	body     []byte
}

// site serves files from memory.
type site struct {
	// variants of each file by its path, the best encoding first and the file
	// itself last.
	variants map[string][]variant
}

// newSite is a handler for the page and, if there is one, a scenario.
func newSite(page fs.FS, run *scenario.Scenario) (http.Handler, error) {
	s := &site{map[string][]variant{}}
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return s.add(page, name)
	})
	if run != nil {
		s.variants[runFile] = []variant{newVariant("", []byte(run.String()))}
	}
	return s, err
}

// add takes in a file with its encodings; those are not served as files.
func (s *site) add(page fs.FS, name string) error {
	for _, e := range encodings {
		if plain, ok := strings.CutSuffix(name, e.suffix); ok {
			if _, err := fs.Stat(page, plain); err == nil {
				return nil
			}
		}
	}
	for _, e := range encodings {
		if body, err := fs.ReadFile(page, name+e.suffix); err == nil {
			s.variants[name] = append(s.variants[name], newVariant(e.name, body))
		}
	}
	body, err := fs.ReadFile(page, name)
	s.variants[name] = append(s.variants[name], newVariant("", body))
	return err
}

func newVariant(encoding string, body []byte) variant {
	sum := sha256.Sum256(body)
	return variant{encoding, `"` + hex.EncodeToString(sum[:16]) + `"`, body}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range headers {
		h.Set(name, value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	variants := s.variants[name]
	if variants == nil {
		http.Error(w, "there is no such page; the playground is at /", http.StatusNotFound)
		return
	}
	v := choose(variants, r.Header.Get("Accept-Encoding"))
	if v.encoding != "" {
		h.Set("Content-Encoding", v.encoding)
	}
	if len(variants) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if contentType := contentTypes[path.Ext(name)]; contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Cache-Control", cacheControl(name))
	h.Set("ETag", v.etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(v.body))
}

// cacheControl: the build names what is in assets by its contents; the rest is
// asked for again.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// choose takes the first variant that the client accepts; the last one is always
// accepted.
func choose(variants []variant, accept string) variant {
	last := len(variants) - 1
	for _, v := range variants[:last] {
		if accepts(accept, v.encoding) {
			return v
		}
	}
	return variants[last]
}

// accepts says whether an Accept-Encoding names the encoding, not with q=0 (RFC
// 9110, 12.5.3).
func accepts(accept, encoding string) bool {
	for item := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, weighted := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		return !weighted || strings.Trim(q, "0.") != ""
	}
	return false
}

// onlyLocalNames refuses requests under a name that is not this machine's: a
// stranger's page whose name was rebound to the loopback address would read the
// answers otherwise.
func onlyLocalNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			http.Error(w, "the playground is served to this machine only, as localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLocal(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}
