package picture

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Share is what is earned of what is possible, and what is not known of it, in percent.
type Share struct{ Earned, Unknown float64 }

// Line draws a score over time: the line is what is earned, and the hatched band above it what would be earned at most,
// were all that is not known fine. The scale shows the range in which the score moves, and is labelled. It gives ""
// when fewer than two moments are known.
func Line(title string, moments []Moment, shares []Share) template.HTML {
	last := known(moments)
	if !some(moments) || len(shares) != len(moments) {
		return ""
	}
	low, high := scale(moments, shares)
	y := func(percent float64) float64 { return 100 - 100*(percent-low)/(high-low) }
	var c canvas
	c.open("pic plot line", title+" "+span(moments)+": "+tellShares(moments, shares)+tellTime(moments))
	c.stretch()
	fmt.Fprintf(&c, `<path class="grid" d="M0 0 100 0M0 50 100 50"/><path class="base" d="M0 100 100 100"/>`)
	for _, r := range runs(moments) {
		c.band(shares, r, len(moments), y)
		c.path("score", scorePoints(shares, r, len(moments), y), false)
	}
	c.markLines(moments)
	c.close()
	c.lineEnds(shares[last], y)
	for _, tick := range []float64{low, (low + high) / 2, high} {
		c.text(0, y(tick), "-6", "4", "end", num(tick)+"%")
	}
	c.axis(moments)
	c.markWords(moments)
	c.gapWords(moments)
	c.close()
	return c.html()
}

// scale gives round limits around all that is drawn, at least twenty percent apart.
func scale(moments []Moment, shares []Share) (low, high float64) {
	low, high = 100, 0
	for i, s := range shares {
		if !moments[i].Gap {
			low, high = min(low, s.Earned), max(high, s.Earned+s.Unknown)
		}
	}
	low, high = math.Floor(low/10)*10, math.Ceil(high/10)*10
	for high-low < 20 {
		if high < 100 {
			high += 10
		} else {
			low -= 10
		}
	}
	return max(0, low), min(100, high)
}

func scorePoints(shares []Share, r run, n int, y func(float64) float64) []point {
	var points []point
	for i := r.first; i <= r.last; i++ {
		points = append(points, point{at(i, n), y(shares[i].Earned)})
	}
	if r.first == r.last {
		x := points[0].x
		return []point{{max(0, x-1), points[0].y}, {min(100, x+1), points[0].y}}
	}
	return points
}

// band hatches what is not known: upright strokes from what is earned to what is possible. Strokes need no pattern,
// and so no ID.
func (c *canvas) band(shares []Share, r run, n int, y func(float64) float64) {
	var d strings.Builder
	from, to := at(r.first, n), at(r.last, n)
	for x := from; x <= to+1e-9; x += 1 {
		s := between(shares, r, n, x)
		if s.Unknown > 0 {
			fmt.Fprintf(&d, "M%s %sV%s", num(x), num(y(s.Earned)), num(y(s.Earned+s.Unknown)))
		}
	}
	if d.Len() > 0 {
		fmt.Fprintf(c, `<path class="hatch" d="%s"/>`, d.String())
	}
}

// between gives the share at any position of a run.
func between(shares []Share, r run, n int, x float64) Share {
	if r.first == r.last {
		return shares[r.first]
	}
	step := at(1, n)
	i := min(max(int(x/step), r.first), r.last-1)
	t := (x - at(i, n)) / step
	a, b := shares[i], shares[i+1]
	return Share{a.Earned + t*(b.Earned-a.Earned), a.Unknown + t*(b.Unknown-a.Unknown)}
}

// lineEnds labels the line and the band where they end.
func (c *canvas) lineEnds(s Share, y func(float64) float64) {
	earned, unknown := math.Floor(s.Earned+1e-9), math.Ceil(s.Unknown-1e-9)
	if unknown <= 0 {
		c.text(100, y(s.Earned), "8", "4", "", num(earned)+"% earned")
		return
	}
	at := spread([]float64{y(s.Earned + s.Unknown/2), y(s.Earned)}, labelGap)
	c.text(100, at[0], "8", "4", "", num(unknown)+"% unknown")
	c.text(100, at[1], "8", "4", "", num(earned)+"% earned")
}

// tellShares says how the score began and ended, and what was not known of it.
func tellShares(moments []Moment, shares []Share) string {
	from, to := shares[slices.IndexFunc(moments, isKnown)], shares[known(moments)]
	text := fmt.Sprintf("%s %%, now %s %% earned", whole(from.Earned), whole(to.Earned))
	if to.Unknown > 0 {
		text += fmt.Sprintf(", and %.0f %% unknown", math.Ceil(to.Unknown-1e-9))
	}
	return text
}
