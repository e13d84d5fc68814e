package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed catalogue of the page is that of the Go source.
func TestCatalogueIsCurrent(t *testing.T) {
	const path = "../../web/src/engine/bugs.ts"
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, catalogue()) {
		t.Errorf("%s is out of date: run go generate ./wasm/... and commit it", path)
	}
}
