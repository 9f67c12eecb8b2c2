package picture

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// Layer is one part of a whole over time.
type Layer struct {
	Ink    Ink
	Word   string // as in "gold"
	Counts []int  // one for each moment
}

func (l Layer) count(i int) int {
	if i < len(l.Counts) {
		return max(0, l.Counts[i])
	}
	return 0
}

// Stack draws how a whole and its parts changed, as areas on top of each other, the first layer at the bottom: services by
// level. Each is labelled where it ends. It gives "" when fewer than two moments are known.
func Stack(title string, moments []Moment, layers []Layer) template.HTML {
	last, top := known(moments), highest(moments, layers)
	if !some(moments) || top == 0 {
		return ""
	}
	var c canvas
	c.open("pic plot", title+" "+span(moments)+": "+tellLayers(moments, layers)+tellTime(moments))
	c.stretch()
	for _, r := range runs(moments) {
		below := make([]int, len(moments))
		for _, l := range layers {
			c.area(l, r, below, len(moments), top)
		}
	}
	c.markLines(moments)
	c.WriteString(`<path class="base" d="M0 100 100 100"/>`)
	c.close()
	c.ends(layers, last, top)
	c.axis(moments)
	c.markWords(moments)
	c.gapWords(moments)
	c.close()
	return c.html()
}

// highest gives the largest whole of any moment.
func highest(moments []Moment, layers []Layer) int {
	top := 0
	for i, m := range moments {
		if m.Gap {
			continue
		}
		sum := 0
		for _, l := range layers {
			sum += l.count(i)
		}
		top = max(top, sum)
	}
	return top
}

// area draws a layer over one run, on top of what is below it, and adds it to that.
func (c *canvas) area(l Layer, r run, below []int, n, top int) {
	y := func(count int) float64 { return 100 - 100*float64(count)/float64(top) }
	var upper, lower []point
	empty := true
	for i := r.first; i <= r.last; i++ {
		empty = empty && l.count(i) == 0
		lower = append(lower, point{at(i, n), y(below[i])})
		below[i] += l.count(i)
		upper = append(upper, point{at(i, n), y(below[i])})
	}
	if empty {
		return
	}
	if r.first == r.last { // one moment alone is a column
		half := at(1, max(n, 3)) / 2
		x := min(max(upper[0].x, half), 100-half)
		upper = []point{{x - half, upper[0].y}, {x + half, upper[0].y}}
		lower = []point{{x - half, lower[0].y}, {x + half, lower[0].y}}
	}
	slices.Reverse(lower)
	c.path(string(l.Ink), append(trim(upper), trim(lower)...), true)
}

// trim leaves out points on the straight line between their neighbours.
func trim(points []point) []point {
	var kept []point
	for i, p := range points {
		if i > 0 && i < len(points)-1 && points[i-1].y == p.y && points[i+1].y == p.y {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// labelGap is how far apart the labels of a plot are, in percent of its height of about 140 pixels.
const labelGap = 11.5

// ends labels the layers where they end, from the top down.
func (c *canvas) ends(layers []Layer, last, top int) {
	var positions []float64
	var labels []string
	sum := 0
	for _, l := range layers {
		n := l.count(last)
		if n > 0 {
			positions = append(positions, 100-100*(float64(sum)+float64(n)/2)/float64(top))
			labels = append(labels, l.Word+" "+strconv.Itoa(n))
		}
		sum += n
	}
	slices.Reverse(positions)
	slices.Reverse(labels)
	for i, y := range spread(positions, labelGap) {
		c.text(100, y, "8", "4", "", labels[i])
	}
}

// span says from when to when.
func span(moments []Moment) string {
	return fmt.Sprintf("from %s to %s", moments[0].When, moments[len(moments)-1].When)
}

// tellLayers says how each layer began and ended.
func tellLayers(moments []Moment, layers []Layer) string {
	first, last := slices.IndexFunc(moments, isKnown), known(moments)
	var words []string
	for _, l := range layers {
		switch from, to := l.count(first), l.count(last); {
		case from == 0 && to == 0:
		case from == to:
			words = append(words, fmt.Sprintf("%s %d", l.Word, to))
		default:
			words = append(words, fmt.Sprintf("%s %d, now %d", l.Word, from, to))
		}
	}
	return strings.Join(words, "; ")
}
