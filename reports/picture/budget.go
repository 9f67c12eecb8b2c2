package picture

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Budget is how long an objective lets a service fail.
type Budget struct {
	Name    template.HTML // of the promise, as the page writes it
	Minutes float64       // of total failure in 30 days
	Words   string        // the same as people say it: "4.32 min a month"
}

// manyTimes is how many times the smallest budget the largest is before the scale has to be one of tens.
const manyTimes = 20

// Budgets draws error budgets as rows of a table, each with its name, a bar and its length in words. When they are too
// different for one scale, each is a dot on a scale of which every mark is a multiple of the last, and says so: the length
// of a bar would tell a lie there. Budgets of no minutes are left out. It gives "" when there is nothing to draw.
func Budgets(caption string, all []Budget) template.HTML {
	low, high := math.Inf(1), 0.0
	var rows []Budget
	for _, b := range all {
		if b.Minutes > 0 && !math.IsInf(b.Minutes, 0) {
			low, high = min(low, b.Minutes), max(high, b.Minutes)
			rows = append(rows, b)
		}
	}
	if len(rows) == 0 {
		return ""
	}
	scale := linear(high)
	if high > manyTimes*low {
		scale = logarithmic(low, high)
	}
	var c canvas
	fmt.Fprintf(&c, `<table class="budgets"><caption>%s <span class="sub">%s</span></caption><thead><tr><th scope="col">Promise</th><th scope="col">%s</th><th scope="col">May fail for</th></tr></thead><tbody>`,
		escape(caption), scale.says, scale.head())
	for _, b := range rows {
		fmt.Fprintf(&c, `<tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>`, b.Name, scale.draw(b.Minutes), escape(b.Words))
	}
	c.WriteString("</tbody></table>")
	return c.html()
}

// budgetScale turns minutes into a position in percent.
type budgetScale struct {
	position func(minutes float64) float64
	marks    []float64 // minutes
	dots     bool
	says     string
}

func linear(high float64) budgetScale {
	return budgetScale{
		position: func(m float64) float64 { return 100 * m / high },
		says:     "The longer the bar, the more may go wrong in a month.",
	}
}

// decades are marks of a logarithmic scale: in minutes.
var decades = []float64{0.1, 1, 10, 60, 600, 6000}

func logarithmic(low, high float64) budgetScale {
	from, to := decades[0], decades[len(decades)-1]
	var marks []float64
	for _, d := range decades {
		if d <= low {
			from = d
		}
	}
	for i := len(decades) - 1; i >= 0 && decades[i] >= high; i-- {
		to = decades[i]
	}
	for _, d := range decades {
		if d >= from && d <= to {
			marks = append(marks, d)
		}
	}
	width := math.Log(to) - math.Log(from)
	return budgetScale{
		position: func(m float64) float64 { return 2 + 96*(math.Log(m)-math.Log(from))/width },
		marks:    marks, dots: true,
		says: "Further to the right, more may go wrong: a mark is six to ten times the one before.",
	}
}

var decadeWords = map[float64]string{0.1: "6 s", 1: "1 min", 10: "10 min", 60: "1 h", 600: "10 h", 6000: "100 h"}

// head gives the marks of the scale in words, for the heading of the column.
func (s budgetScale) head() string {
	if !s.dots {
		return `<span class="vh">As a bar</span>`
	}
	var c canvas
	var words []string
	for _, m := range s.marks {
		words = append(words, decadeWords[m])
	}
	c.open("pic budget", "From "+words[0]+" to "+words[len(words)-1])
	for i, m := range s.marks {
		x, class := s.position(m), "mid"
		switch i {
		case 0:
			x, class = 0, ""
		case len(s.marks) - 1:
			x, class = 100, "end"
		}
		c.text(x, 50, "", "4", class, words[i])
	}
	c.close()
	return c.String()
}

func (s budgetScale) draw(minutes float64) string {
	var c strings.Builder
	c.WriteString(`<svg class="pic budget" aria-hidden="true">`)
	x := num(min(100, max(0, s.position(minutes))))
	if s.dots {
		for _, m := range s.marks {
			at := num(s.position(m))
			fmt.Fprintf(&c, `<line class="grid" x1="%s%%" x2="%s%%" y2="100%%"/>`, at, at)
		}
		fmt.Fprintf(&c, `<line class="way" x1="2%%" x2="%s%%" y1="50%%" y2="50%%"/><circle cx="%s%%" cy="50%%" r="5"/>`, x, x)
	} else {
		fmt.Fprintf(&c, `<rect width="%s%%" y="20%%" height="60%%"/>`, x)
	}
	c.WriteString("</svg>")
	return c.String()
}
