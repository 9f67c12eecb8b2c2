package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"obsready/checks"
	"obsready/scorecard"
)

// badge is a small picture to put beside a name, as at the head of a README: a title, a sign and a few words. The sign and
// the words tell what its colour does. It needs nothing of any other file, and the words are the product's own: a name
// of the catalog stands in the title only, which is read out.
type badge struct {
	title string
	text  string
	bars  int // filled ones of three: the level
	ready bool
}

// The measures of a badge in pixels.
const (
	badgeHeight = 22
	badgeFont   = 12
	badgePad    = 8
	badgeLabel  = "readiness"
	badgeSign   = 18 // width of the sign
)

func estateBadge(r *scorecard.Report) badge {
	return groupBadge("Observability readiness of "+catalogName(r.Estate.Revision), r.Summary)
}

func teamBadge(t *scorecard.TeamCard) badge {
	return groupBadge("Observability readiness of the services of "+t.Name(), t.Summary)
}

// groupBadge tells how many services are ready.
func groupBadge(title string, s scorecard.Summary) badge {
	b := badge{title: title, text: "no services"}
	if s.Services > 0 {
		b.text = number(s.Ready) + " of " + number(s.Services) + " ready"
		if percent, ok := wholePercent(s.Score); ok {
			b.text += " · " + strconv.Itoa(percent) + " %"
		}
		b.bars, b.ready = readyBars(s), s.Ready == s.Services
	}
	return b
}

// readyBars gives three bars when all services are ready, two when at least half of them are, one for a few, and none
// for none.
func readyBars(s scorecard.Summary) int {
	switch {
	case s.Ready == s.Services:
		return 3
	case 2*s.Ready >= s.Services:
		return 2
	case s.Ready > 0:
		return 1
	}
	return 0
}

// serviceBadge tells the level of a service, and the one that is required when that is another.
func serviceBadge(c *scorecard.Card) badge {
	b := badge{title: "Observability readiness of " + c.Service.ID, text: "not rated", ready: true}
	if !c.Rated {
		return b
	}
	b.bars, b.ready, b.text = int(c.Level), c.Ready(), "no level"
	if c.Level > checks.None {
		b.text = c.Level.String()
	}
	if !b.ready {
		b.text += ", " + c.Required.String() + " required"
	}
	if percent, ok := wholePercent(c.Score); ok {
		b.text += " · " + strconv.Itoa(percent) + " %"
	}
	return b
}

// The colours of a badge, on each of which white text has a contrast of more than 4.5 to 1.
const (
	badgeDark     = "#33383f"
	badgeReady    = "#1d5b4f"
	badgeNotReady = "#7a3e00"
)

// write writes the badge as SVG.
func (b badge) write(w io.Writer) error {
	left := badgePad + textWidth(badgeLabel) + badgePad
	right := badgePad + badgeSign + textWidth(b.text) + badgePad
	title := xmlText(cut(plain(b.title), 120) + ": " + b.text)
	fill := badgeNotReady
	if b.ready {
		fill = badgeReady
	}
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" aria-label="%[3]s"><title>%[3]s</title>`, left+right, badgeHeight, title)
	fmt.Fprintf(&s, `<rect width="%d" height="%d" rx="3" fill="%s"/><path d="M%d 0h%da3 3 0 0 1 3 3v%da3 3 0 0 1-3 3h-%dz" fill="%s"/>`,
		left+right, badgeHeight, badgeDark, left, right-3, badgeHeight-6, right-3, fill)
	x := left + badgePad
	for i := range 3 { // the level as bars that grow
		opacity := ".3"
		if i < b.bars {
			opacity = "1"
		}
		fmt.Fprintf(&s, `<path d="M%d 16v-%d" stroke="#fff" stroke-width="3" stroke-opacity="%s"/>`, x+2+4*i, 4+3*i, opacity)
	}
	fmt.Fprintf(&s, `<g fill="#fff" font-family="Verdana,'DejaVu Sans',Geneva,sans-serif" font-size="%d"><text x="%d" y="15">%s</text><text x="%d" y="15">%s</text></g></svg>`+"\n",
		badgeFont, badgePad, badgeLabel, x+badgeSign, xmlText(b.text))
	_, err := io.WriteString(w, s.String())
	return err
}

// xmlText gives text as XML that shows it, in an element or an attribute.
func xmlText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// glyphWidths are the widths of the characters from the space to the tilde, in thousandths of the font's size: those of
// DejaVu Sans, which Verdana shares and the other fonts of the badge stay below.
var glyphWidths = [...]int{
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
	1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
}

// textWidth gives the width of a badge's text in pixels, rounded up; a character that is not known is as wide as it is high.
func textWidth(text string) int {
	sum := 0
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~':
			sum += glyphWidths[r-' ']
		case r == '·':
			sum += glyphWidths[0]
		default:
			sum += 1000
		}
	}
	return (sum*badgeFont + 999) / 1000
}
