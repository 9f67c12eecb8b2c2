package picture

import (
	"fmt"
	"html/template"
	"math"
)

// Spark draws a small line that fits into a row of text, with its first and its last value in words beside it. Values
// are percentages, NaN where nothing is known. It gives "" with fewer than two known values.
func Spark(title string, values []float64) template.HTML {
	first, last := math.NaN(), math.NaN()
	low, high, known := 100.0, 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			if known == 0 {
				first = v
			}
			last, known = v, known+1
			low, high = min(low, v), max(high, v)
		}
	}
	if known < 2 {
		return ""
	}
	if high-low < 10 { // a tenth of a percent is no mountain
		middle := (low + high) / 2
		low, high = middle-5, middle+5
	}
	var c canvas
	fmt.Fprintf(&c, `<span class="spark"><span>%s%%</span> <svg class="pic" viewBox="0 0 100 20" role="img" aria-label="%s"><path d="`,
		whole(first), escape(fmt.Sprintf("%s: from %s %% to %s %%", title, whole(first), whole(last))))
	drawing := false
	var end point
	for i, v := range values {
		if math.IsNaN(v) {
			drawing = false
			continue
		}
		end = point{2 + 0.96*at(i, len(values)), 18 - 16*(v-low)/(high-low)}
		if drawing {
			c.WriteByte(' ')
		} else {
			c.WriteByte('M')
		}
		c.WriteString(num(math.Round(end.x*10)/10) + " " + num(math.Round(end.y*10)/10))
		drawing = true
	}
	fmt.Fprintf(&c, `"/><circle cx="%s" cy="%s" r="2"/></svg> <span>%s%%</span></span>`, num(math.Round(end.x*10)/10), num(math.Round(end.y*10)/10), whole(last))
	return c.html()
}

// whole gives whole percent, rounded down so that only a full score reads 100.
func whole(percent float64) string { return num(math.Floor(percent + 1e-9)) }
