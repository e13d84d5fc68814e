package wal

// Rules are the safety decisions of recovery, each a sentence. A run may replace
// one to show what it is there for.
type Rules struct {
	// ProvesLoss: a record written when record bad was known synced proves, if bad
	// can't be read now, that the disk has lost what was promised.
	ProvesLoss func(through, bad uint64) bool
	// MayCutTail: what nothing proves synced was never promised; a crash leaves
	// such tails, and the member starts without them.
	MayCutTail func() bool
}

// ProvesLoss is the rule of the same name.
func ProvesLoss(through, bad uint64) bool { return through >= bad }

// MayCutTail is the rule of the same name.
func MayCutTail() bool { return true }

// StandardRules are those that keep every promise.
func StandardRules() Rules { return Rules{ProvesLoss: ProvesLoss, MayCutTail: MayCutTail} }
