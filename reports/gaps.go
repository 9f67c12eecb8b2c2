package reports

import (
	"cmp"
	"slices"

	"obsready/catalog"
)

// gapCount is how many gaps have one cause.
type gapCount struct {
	cause catalog.Cause
	n     int
	first catalog.Gap // in the order of places
}

// gapCounts counts gaps by their cause, the most frequent one first.
func gapCounts(gaps []catalog.Gap) []gapCount {
	index := map[catalog.Cause]int{}
	var counts []gapCount
	for _, g := range gaps {
		i, seen := index[g.Cause]
		if !seen {
			i = len(counts)
			index[g.Cause] = i
			counts = append(counts, gapCount{cause: g.Cause, first: g})
		}
		counts[i].n++
	}
	slices.SortFunc(counts, func(a, b gapCount) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.cause, b.cause))
	})
	return counts
}
