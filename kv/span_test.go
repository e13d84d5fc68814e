package kv

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSpanContains(t *testing.T) {
	for _, tc := range []struct {
		span Span
		in   []string
		out  []string
	}{
		{Span{Key: "b"}, []string{"b"}, []string{"", "a", "b\x00", "bb", "c"}},
		{Span{Key: "b", End: "d"}, []string{"b", "b\x00", "c", "cz"}, []string{"a", "d", "da"}},
		{Span{Key: "b", End: "\x00"}, []string{"b", "c", "\xff\xff"}, []string{"", "a", "\x00"}},
		{Span{Key: "d", End: "b"}, nil, []string{"a", "b", "c", "d", "e"}},
		{Span{Key: "b", End: "b"}, nil, []string{"a", "b", "c"}},
		{Span{Key: "\x00", End: "\x00"}, []string{"\x00", "a", "\xff"}, []string{""}},
	} {
		for _, key := range tc.in {
			if !tc.span.Contains(key) {
				t.Errorf("%#v must contain %q", tc.span, key)
			}
		}
		for _, key := range tc.out {
			if tc.span.Contains(key) {
				t.Errorf("%#v must not contain %q", tc.span, key)
			}
		}
	}
}

func TestPrefix(t *testing.T) {
	for _, tc := range []struct {
		prefix string
		want   Span
	}{
		{"", Span{"\x00", "\x00"}},
		{"a", Span{"a", "b"}},
		{"config/", Span{"config/", "config0"}},
		{"a\xff", Span{"a\xff", "b"}},
		{"a\xff\xff", Span{"a\xff\xff", "b"}},
		{"caf\xc3\xa9", Span{"caf\xc3\xa9", "caf\xc3\xaa"}},
		{"\x7f", Span{"\x7f", "\x80"}},
		{"\xff", Span{"\xff", "\x00"}},
		{"\xff\xff", Span{"\xff\xff", "\x00"}},
		{"\x00", Span{"\x00", "\x01"}},
	} {
		if got := Prefix(tc.prefix); got != tc.want {
			t.Errorf("Prefix(%q) = %q, want %q", tc.prefix, got, tc.want)
		}
	}
}

func TestPrefixContainsWhatBeginsWithIt(t *testing.T) {
	texts := rapid.StringOf(rapid.RuneFrom([]rune{0, 'a', 'b', 0x7f}))
	rapid.Check(t, func(t *rapid.T) {
		// Bytes above 0x7f aren't runes of one byte; 0x7f stands for 0xff.
		prefix := strings.ReplaceAll(texts.Draw(t, "prefix"), "\x7f", "\xff")
		key := "\x00" + strings.ReplaceAll(texts.Draw(t, "key"), "\x7f", "\xff")
		key = key[rapid.IntRange(0, 1).Draw(t, "cut"):]
		if key == "" {
			return
		}
		if got, want := Prefix(prefix).Contains(key), strings.HasPrefix(key, prefix); got != want {
			t.Fatalf("Prefix(%q).Contains(%q) = %v", prefix, key, got)
		}
	})
}
