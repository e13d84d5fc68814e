package raftsim

import "testing"

// A planned action makes the same run as one that stood in the schedule from the
// beginning, and stands there afterwards.
func TestPlan(t *testing.T) {
	c := Default(3)
	c.Schedule = []Scheduled{{100 * Millisecond, TimeOut{Member: 1}}, {2 * Second, Settle{Within: 10 * Second}}}
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.RunUntil(300 * Millisecond)
	cut := Scheduled{500 * Millisecond, Cut{A: []Target{1}}}
	if err := w.Plan(cut); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []Scheduled{
		{300 * Millisecond, Crash{Member: 1}}, {400 * Millisecond, nil}, {400 * Millisecond, Crash{Member: 9}},
	} {
		if w.Plan(wrong) == nil {
			t.Errorf("%v was planned", wrong)
		}
	}
	w.RunUntil(5 * Second)

	again, err := New(w.Config())
	if err != nil {
		t.Fatal(err)
	}
	again.RunUntil(5 * Second)
	if again.Hash() != w.Hash() || len(w.Config().Schedule) != 3 || w.Config().Schedule[1].At != cut.At {
		t.Errorf("hash %x, and from its own configuration %x; schedule %v", w.Hash(), again.Hash(), w.Config().Schedule)
	}
}

// A message under way is found by its number, and not any more when it has come.
func TestNameOf(t *testing.T) {
	w, err := New(Default(3))
	if err != nil {
		t.Fatal(err)
	}
	for len(w.InFlight()) == 0 {
		w.Step()
	}
	f := w.InFlight()[0]
	if name, ok := w.NameOf(uint64(f.ID)); !ok || name != f.Name {
		t.Errorf("message %d is %v, %v, and not %v", f.ID, name, ok, f.Name)
	}
	w.RunUntil(f.Arrives)
	if name, ok := w.NameOf(uint64(f.ID)); ok {
		t.Errorf("%v has come and is still under way", name)
	}
}
