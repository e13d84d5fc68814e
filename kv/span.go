package kv

// endOfKeys is the End of a span without an upper bound.
const endOfKeys = "\x00"

// Contains says whether key is in the span. A span whose End is not after its
// Key contains nothing.
func (s Span) Contains(key string) bool {
	switch s.End {
	case "":
		return key == s.Key
	case endOfKeys:
		return key >= s.Key
	default:
		return s.Key <= key && key < s.End
	}
}

// Prefix is the span of all keys that begin with prefix; of all keys when
// prefix is empty. It is what clientv3's WithPrefix asks for.
func Prefix(prefix string) Span {
	if prefix == "" {
		return Span{Key: "\x00", End: endOfKeys}
	}
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			return Span{Key: prefix, End: prefix[:i] + string([]byte{prefix[i] + 1})}
		}
	}
	// Every key at or after a run of 0xff begins with it.
	return Span{Key: prefix, End: endOfKeys}
}
