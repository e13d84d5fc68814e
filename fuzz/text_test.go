package fuzz

import "testing"

// What is written as a scenario is the same run when it is read again.
func TestTextIsTheCase(t *testing.T) {
	for seed := range uint64(300) {
		c := Draw(&Profiles[seed%uint64(len(Profiles))], Seeded(seed))
		c.Bug = []string{"", "commit-old-term"}[seed%2]
		text := c.Text()
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", seed, err, text)
		}
		if got := again.Text(); got != text || again.Bug != c.Bug || again.Length != c.Length {
			t.Fatalf("seed %d: from\n%s came\n%s", seed, text, got)
		}
		before, err1 := Run(&c, nil)
		after, err2 := Run(&again, nil)
		if err1 != nil || err2 != nil || before.Hash != after.Hash || before.Property != after.Property {
			t.Fatalf("seed %d: %+v (%v), then %+v (%v) from\n%s", seed, before, err1, after, err2, text)
		}
	}
}
