package promql

import (
	"sort"

	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// Offsets maps positions in the text that was parsed to offsets in the text as written. The zero value maps every
// position to itself.
type Offsets struct {
	edits []edit // in the order of the text
	size  int    // bytes of the text as written, when there are edits
}

// edit is one replacement: the bytes from, to of the parsed text stand for the bytes oldFrom, oldTo as written.
type edit struct{ from, to, oldFrom, oldTo int }

// Original gives the offset, in bytes of the query's text, of a position in the tree. A position inside something that
// was replaced is where that begins; one beyond the text is the text's end.
func (o Offsets) Original(pos posrange.Pos) int {
	p := max(int(pos), 0)
	if len(o.edits) == 0 {
		return p
	}
	i := sort.Search(len(o.edits), func(i int) bool { return o.edits[i].from > p }) - 1
	switch {
	case i < 0:
		return p
	case p < o.edits[i].to:
		return o.edits[i].oldFrom
	}
	return min(p-o.edits[i].to+o.edits[i].oldTo, o.size)
}
