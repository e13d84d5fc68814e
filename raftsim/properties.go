package raftsim

// Properties are the names of all that is checked while a run goes on: of the whole
// cluster first, then the invariants of each member's core.
func Properties() []string {
	return []string{
		"ElectionSafety", "LogMatching", "LeaderCompleteness", "StateMachineSafety", "LeaderAppendOnly",
		"CommittedLogAppendOnly", "CommittedIsDurable", "MonotonicTerm", "Liveness",
		"CommitInLog", "OneVote", "DurableInLog", "ProgressInLog", "RoleFitsVote", "CommittedIsKept", "PromisesWait",
		"ConfigurationsInOrder", "CompactedIsApplied", "PieceInSnapshot", "BytesCounted", "LostNeverLeads",
	}
}
