package linearize

import (
	"bytes"
	"slices"

	"github.com/castaway-kv/castaway/kv"
)

// Compaction is a moment at which a member had given up what is below a revision.
type Compaction struct {
	Served
	Revision kv.Revision
}

// MemberHash is what a member said of its contents.
type MemberHash struct {
	Served
	// Revision that the hash is of, and what was compacted by then.
	Revision, Compacted kv.Revision
	Hash                uint64
}

// checkCompaction: what a member gave up it never has again within a life, and
// members that hash the same revisions say the same.
func checkCompaction(r *Record) Property {
	p := Property{Name: "compaction", Checked: len(r.Compactions) + len(r.Hashes)}
	latest := map[Served]kv.Revision{}
	for _, c := range r.Compactions {
		if was := latest[c.Served]; c.Revision < was {
			p.breaks(nil, c.Revision, "member %d is compacted at %d after it was at %d", c.Member, c.Revision, was)
		}
		latest[c.Served] = c.Revision
	}
	type revisions struct{ at, compacted kv.Revision }
	said := map[revisions]MemberHash{}
	for _, h := range r.Hashes {
		key := revisions{h.Revision, h.Compacted}
		if first, ok := said[key]; ok && first.Hash != h.Hash {
			p.breaks(nil, h.Revision, "members %d and %d differ at revision %d: their hashes are %016x and %016x",
				first.Member, h.Member, h.Revision, first.Hash, h.Hash)
		} else if !ok {
			said[key] = h
		}
	}
	return p.done("")
}

// checkDurability: every change that was acknowledged is in the final log, at its
// revision and with its contents.
func checkDurability(r *Record, t *timeline) Property {
	p := Property{Name: "durability"}
	for i := range r.History {
		op := &r.History[i]
		if op.Outcome != Answered || !wrote(op.Response) {
			continue
		}
		p.Checked++
		if t.applied == nil {
			continue
		}
		at := op.Response.At()
		if at < 2 || at > t.head() {
			p.breaks([]int{i}, at, "%s was acknowledged, but the log ends at revision %d", r.History.describe(i), t.head())
			continue
		}
		a := &t.applied[t.at[at-2]]
		if a.Op != i && a.Op >= 0 || !sameRequest(a.Request, op.Request) {
			p.breaks(append([]int{i}, a.ops()...), at, "%s was acknowledged, but in the log that revision was made by %s",
				r.History.describe(i), shorten(a.Request.String()))
		}
	}
	if p.Checked == 0 {
		return p.done("")
	}
	return p.done(t.missing())
}

func sameRequest(a, b kv.Request) bool {
	return bytes.Equal(kv.AppendRequest(nil, a), kv.AppendRequest(nil, b))
}

// checkHonesty: what was refused with a definite error changed nothing.
func checkHonesty(r *Record) Property {
	p := Property{Name: "honesty of errors"}
	refused := 0
	for i := range r.History {
		if r.History[i].Outcome == Refused {
			refused++
		}
	}
	p.Checked = refused
	if refused == 0 {
		return p.done("")
	}
	if r.Applied == nil {
		return p.done("the applied log")
	}
	at := slices.IndexFunc(r.Applied, func(a Applied) bool {
		return a.Changed && a.Op >= 0 && a.Op < len(r.History) && r.History[a.Op].Outcome == Refused
	})
	if at >= 0 {
		a := &r.Applied[at]
		p.breaks([]int{a.Op}, a.Revision, "%s (%v), but the log has it at index %d", r.History.describe(a.Op), r.History[a.Op].Err, a.Index)
	}
	return p.done("")
}
