package picture

import (
	"fmt"
	"html/template"
	"strings"
)

// Link is one link of a chain.
type Link struct {
	Ink  Ink    // Pass: it holds; Fail: it is broken; Unknown
	Word string // a short one, to stand below it
}

// signs are the forms by which links are told apart.
var signs = map[Ink]string{Pass: "✓", Fail: "✕", Unknown: "?"}

var linkWords = map[Ink]string{Pass: "holds", Fail: "broken", Unknown: "not known"}

// Chain draws links from left to right: those that hold are filled, the line to a broken one is cut, and one that is not
// known is dashed. Positions are in percent, so that the chain fits every screen while its letters keep their size.
func Chain(title string, links []Link) template.HTML {
	if len(links) == 0 {
		return ""
	}
	words := make([]string, len(links))
	for i, l := range links {
		words[i] = l.Word + " " + linkWords[l.Ink]
	}
	var c canvas
	c.open("pic chain", title+": "+strings.Join(words, ", "))
	step := 100 / float64(len(links))
	for i := 1; i < len(links); i++ {
		c.joint(links[i].Ink, step*(float64(i)-0.5), step*(float64(i)+0.5))
	}
	for i, l := range links {
		x := step * (float64(i) + 0.5)
		fmt.Fprintf(&c, `<circle class="%s" cx="%s%%" cy="16" r="11"/>`, l.Ink, num(x))
		fmt.Fprintf(&c, `<text class="sign %s" x="%s%%" y="20.5">%s</text>`, l.Ink, num(x), signs[l.Ink])
		low := "" // on a narrow screen every second word stands lower
		if i%2 == 1 {
			low = ` class="low"`
		}
		fmt.Fprintf(&c, `<text%s x="%s%%" y="43">%s</text>`, low, num(x), escape(l.Word))
	}
	c.close()
	return c.html()
}

// joint draws the line to a link.
func (c *canvas) joint(ink Ink, from, to float64) {
	if ink != Fail {
		c.level("line "+string(ink), from, to)
		return
	}
	middle := (from + to) / 2
	c.level("line", from, middle-1.2)
	c.level("line", middle+1.2, to)
	for _, x := range []float64{middle - 1.2, middle} {
		fmt.Fprintf(c, `<line class="cut" x1="%s%%" x2="%s%%" y1="24" y2="8"/>`, num(x), num(x+1.2))
	}
}

func (c *canvas) level(class string, from, to float64) {
	fmt.Fprintf(c, `<line class="%s" x1="%s%%" x2="%s%%" y1="16" y2="16"/>`, class, num(from), num(to))
}
