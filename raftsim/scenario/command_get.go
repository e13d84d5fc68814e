package scenario

import (
	"slices"
	"strings"

	"github.com/castaway-kv/castaway/kv"
)

// orders and sorts are etcdctl's words for how an answer is sorted.
var (
	orders = []kv.SortOrder{kv.SortNone, kv.SortAscend, kv.SortDescend}
	sorts  = []kv.SortTarget{kv.SortByKey, kv.SortByVersion, kv.SortByCreate, kv.SortByMod, kv.SortByValue}
)

func parseGet(r *reader) (request kv.Request, ranged bool, err error) {
	var get kv.RangeRequest
	var span spanOptions
	args, err := (&syntax{options: span.options(
		option{name: "rev", value: numberValue(&get.Revision)},
		option{name: "limit", value: numberValue(&get.Limit)},
		option{name: "order", value: wordValue("order", orders, &get.Order)},
		option{name: "sort-by", value: wordValue("target", sorts, &get.Target)},
		option{name: "min-mod-rev", value: numberValue(&get.MinModRevision)},
		option{name: "max-mod-rev", value: numberValue(&get.MaxModRevision)},
		option{name: "min-create-rev", value: numberValue(&get.MinCreateRevision)},
		option{name: "max-create-rev", value: numberValue(&get.MaxCreateRevision)},
		option{name: "keys-only", flag: &get.KeysOnly},
		option{name: "count-only", flag: &get.CountOnly},
		option{name: "consistency", value: func(text string) error {
			if text != "l" && text != "s" {
				return unknown("consistency", text, []string{"l", "s"})
			}
			get.Serializable = text == "s"
			return nil
		}},
	)}).parse(r)
	if err == nil {
		get.Span, err = span.span(args)
	}
	return get, isRanged(get.Span, args), err
}

// wordValue reads one of some words, in upper or lower case.
func wordValue[T interface {
	comparable
	String() string
}](kind string, all []T, field *T) func(string) error {
	return func(text string) error {
		names := kindNames(all)
		i := slices.Index(names, strings.ToUpper(text))
		if i < 0 {
			return unknown(kind, text, names)
		}
		*field = all[i]
		return nil
	}
}
