// Package picture draws what people would rather look at than read: levels over time, a score with what is not known of
// it, the links of a thread, error budgets. It answers "what does it look like?" and never decides what is shown.
//
// A picture is a pure function of its values, and the same values give the same bytes. It is inline SVG without a script, a
// style attribute or an ID, so that a page with a strict Content-Security-Policy can hold many of them. Colours are
// classes of [Style], which follows the page's custom properties in the light, in the dark and on paper. No picture tells
// anything by colour alone: parts are labelled where they end, signs have forms, and what is not known is hatched or
// dashed. Each says in words what it shows. Letters keep their size at every width, for only the lines are scaled.
package picture

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Style is the style sheet that pictures need. It uses the custom properties ground, ink, soft, rule, accent, warn, and l0 to
// l3 for the levels.
//
//go:embed picture.css
var Style string

// Ink is how a part of a picture is drawn: a class of the style sheet.
type Ink string

// The inks.
const (
	Gold     Ink = "l3"
	Silver   Ink = "l2"
	Bronze   Ink = "l1"
	Below    Ink = "l0" // below bronze
	NotRated Ink = "n"
	Pass     Ink = "p"
	Fail     Ink = "f"
	Unknown  Ink = "u"
)

// canvas is a picture while it is drawn.
type canvas struct{ strings.Builder }

// open begins a picture that says in words what it shows.
func (c *canvas) open(class, words string) {
	fmt.Fprintf(c, `<svg class="%s" role="img" aria-label="%s">`, class, escape(words))
}

// stretch begins the part of a picture that is scaled to whatever room there is: 100 by 100 units.
func (c *canvas) stretch() {
	c.WriteString(`<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">`)
}

func (c *canvas) close() { c.WriteString("</svg>") }

// text writes words at a point in percent of the picture, moved by some pixels.
func (c *canvas) text(x, y float64, dx, dy string, class, words string) {
	fmt.Fprintf(c, `<text x="%s%%" y="%s%%"`, num(x), num(y))
	for _, attr := range [][2]string{{"dx", dx}, {"dy", dy}, {"class", class}} {
		if attr[1] != "" {
			fmt.Fprintf(c, ` %s="%s"`, attr[0], attr[1])
		}
	}
	fmt.Fprintf(c, `>%s</text>`, escape(words))
}

// path draws a line through points, closed when it is a shape.
func (c *canvas) path(class string, points []point, closed bool) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(c, `<path class="%s" d="M`, class)
	for i, p := range points {
		if i > 0 {
			c.WriteByte(' ')
		}
		c.WriteString(num(p.x) + " " + num(p.y))
	}
	if closed {
		c.WriteByte('z')
	}
	c.WriteString(`"/>`)
}

func (c *canvas) html() template.HTML { return template.HTML(c.String()) }

type point struct{ x, y float64 }

// num writes a number with at most two decimals. What is no finite number is 0.
func num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	text := strconv.FormatFloat(x, 'f', 2, 64)
	if text = strings.TrimRight(strings.TrimRight(text, "0"), "."); text == "-0" {
		return "0"
	}
	return text
}

// escape makes any text fit to stand in a page: characters that no XML can hold, and those that turn the direction of
// the text around them, are replaced.
func escape(text string) string {
	return template.HTMLEscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfffe, r == 0xffff:
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar))))
}

// count gives a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
