package picture

import (
	"fmt"
	"slices"
	"strings"
)

// Moment is a point on an axis of time. Moments are in their order, with the same time between any two.
type Moment struct {
	When string // as in "2 Mar"
	Gap  bool   // nothing is known of it
	Mark string // what changed here, so that what is before and after do not compare: "policy changed"
}

// at gives the position of a moment on an axis of n, in percent.
func at(i, n int) float64 {
	if n < 2 {
		return 50
	}
	return 100 * float64(i) / float64(n-1)
}

// run is moments in a row of which something is known: from first up to last, which is one of them.
type run struct{ first, last int }

func runs(moments []Moment) []run {
	var all []run
	for i, m := range moments {
		switch {
		case m.Gap:
		case i > 0 && !moments[i-1].Gap:
			all[len(all)-1].last = i
		default:
			all = append(all, run{i, i})
		}
	}
	return all
}

// known gives the last moment of which something is known, -1 for none.
func known(moments []Moment) int {
	for i, m := range slices.Backward(moments) {
		if !m.Gap {
			return i
		}
	}
	return -1
}

// isKnown reports whether anything is known of a moment.
func isKnown(m Moment) bool { return !m.Gap }

// some reports whether enough is known of a time to draw it: two moments.
func some(moments []Moment) bool {
	first := slices.IndexFunc(moments, isKnown)
	return first >= 0 && known(moments) > first
}

// axis writes the first, the middle and the last moment below a picture.
func (c *canvas) axis(moments []Moment) {
	n := len(moments)
	c.text(0, 100, "", "15", "", moments[0].When)
	if n >= 9 {
		c.text(at(n/2, n), 100, "", "15", "mid", moments[n/2].When)
	}
	if n > 1 {
		c.text(100, 100, "", "15", "end", moments[n-1].When)
	}
}

// How much room words need on a phone, in percent of the axis: those of a mark, and "not known".
const (
	wordsWide = 55
	gapWide   = 25
)

// markLines draws a dashed line before each moment with a mark.
func (c *canvas) markLines(moments []Moment) {
	for i, m := range moments {
		if m.Mark != "" {
			x := num(markAt(i, len(moments)))
			fmt.Fprintf(c, `<path class="mark" d="M%s 0 %s 100"/>`, x, x)
		}
	}
}

// markWords writes what changed above the lines of the marks, to their left or right as far as there is room.
func (c *canvas) markWords(moments []Moment) {
	taken := 0.0 // up to here
	for i, m := range moments {
		if m.Mark == "" {
			continue
		}
		switch x := markAt(i, len(moments)); {
		case x-wordsWide >= taken:
			c.text(x, 0, "", "-5", "mark end", m.Mark)
			taken = x + 1
		case x >= taken && x+wordsWide <= 100:
			c.text(x, 0, "", "-5", "mark", m.Mark)
			taken = x + wordsWide + 1
		}
	}
}

// markAt puts a mark between its moment and the one before.
func markAt(i, n int) float64 { return max(0, at(i, n)-at(1, max(n, 3))/2) }

// gapWords writes "not known" where moments in a row are gaps, as far as there is room.
func (c *canvas) gapWords(moments []Moment) {
	for i := 0; i < len(moments); i++ {
		if !moments[i].Gap {
			continue
		}
		j := i
		for j+1 < len(moments) && moments[j+1].Gap {
			j++
		}
		from, to := at(max(i-1, 0), len(moments)), at(min(j+1, len(moments)-1), len(moments))
		if to-from >= gapWide {
			c.text((from+to)/2, 50, "", "4", "mid", "not known")
		}
		i = j
	}
}

// tellTime says in words over which time a picture goes, what changed in it, and how much of it is not known.
func tellTime(moments []Moment) string {
	gaps := 0
	var marks []string
	for _, m := range moments {
		if m.Gap {
			gaps++
		}
		if m.Mark != "" {
			marks = append(marks, m.Mark+" by "+m.When)
		}
	}
	text := ""
	if len(marks) > 0 {
		text += ". " + strings.Join(marks, ", ")
	}
	if gaps > 0 {
		text += ". " + count(gaps, "week is", "weeks are") + " not known"
	}
	return text
}

// spread moves labels apart, so that any two are at least gap away from each other and all stay between 0 and 100, as far
// as there is room. It gives the new positions in the order of the old ones, which are from the top down.
func spread(positions []float64, gap float64) []float64 {
	moved := slices.Clone(positions)
	for i := 1; i < len(moved); i++ {
		moved[i] = max(moved[i], moved[i-1]+gap)
	}
	limit := 100.0
	for i := len(moved) - 1; i >= 0; i-- {
		moved[i] = min(moved[i], limit)
		limit = moved[i] - gap
	}
	return moved
}
