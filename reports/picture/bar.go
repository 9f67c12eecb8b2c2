package picture

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Part is one part of a whole.
type Part struct {
	Ink   Ink
	Word  string // as in "gold"
	Count int
}

// Bar draws the parts of a whole side by side, as in how many services are at each level. What a part is stands in words
// beside it on the page: the bar has no room for words.
func Bar(title string, parts []Part) template.HTML {
	total, words := 0, []string{}
	for _, p := range parts {
		if p.Count > 0 {
			total += p.Count
			words = append(words, strconv.Itoa(p.Count)+" "+p.Word)
		}
	}
	if total == 0 {
		return ""
	}
	var c canvas
	fmt.Fprintf(&c, `<svg class="pic shares" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="%s">`,
		escape(title+": "+strings.Join(words, ", ")))
	x := 0.0
	for _, p := range parts {
		if p.Count <= 0 {
			continue
		}
		width := 100 * float64(p.Count) / float64(total)
		fmt.Fprintf(&c, `<rect class="%s" x="%s" width="%s" height="4"/>`, p.Ink, num(x), num(width))
		x += width
	}
	c.close()
	return c.html()
}
