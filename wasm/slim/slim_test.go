package main

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// A module that is not as Go writes it is refused, whatever it holds.
func TestStrangeModules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		if rapid.Bool().Draw(t, "table") {
			body = append(append(body, tableMagic...), rapid.SliceOf(rapid.Byte()).Draw(t, "rest")...)
		}
		m := &memory{8, body}
		section := m.write()
		module := append([]byte(preamble), dataSection, byte(len(section)&0x7f|0x80), byte(len(section)>>7))
		if _, err := shrink(append(module, section...)); err == nil {
			t.Fatal("it was taken for one of Go's")
		}
		if _, err := shrink(body); err == nil {
			t.Fatal("it was taken for a module")
		}
	})
}

// Data that are written are read back as they were.
func TestData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &memory{first: rapid.IntRange(0, 1<<20).Draw(t, "first")}
		for range rapid.IntRange(1, 5).Draw(t, "pieces") {
			m.bytes = append(m.bytes, rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "piece")...)
			m.bytes = append(m.bytes, make([]byte, rapid.IntRange(0, 3*zeros).Draw(t, "zeros"))...)
		}
		m.bytes = append(m.bytes, 1)
		again, err := readData(m.write())
		if err != nil {
			t.Fatal(err)
		}
		if skipped := again.first - m.first; skipped < 0 || len(bytes.Trim(m.bytes[:skipped], "\x00")) > 0 || !bytes.Equal(again.bytes, m.bytes[skipped:]) {
			t.Fatalf("%d bytes at %d came back as %d at %d", len(m.bytes), m.first, len(again.bytes), again.first)
		}
	})
}
