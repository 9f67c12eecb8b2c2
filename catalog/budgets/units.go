package budgets

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// Limits of what is looked at; a policy is a few pages long.
const (
	maxUnits = 5000
	maxText  = 600 // characters of one unit
	maxCells = 64  // of a row
)

// unit is a piece of a page that says one thing: a sentence, a list item, a row of a table, a heading.
type unit struct {
	text   string // as a reader sees it: without marks of emphasis and targets of links
	at     catalog.Place
	above  *unit                   // the heading that it stands below
	lead   *unit                   // the sentence with a colon, or the list item, that its list stands below
	leads  bool                    // a list stands below it
	level  int                     // of a heading; else 0
	cells  []string                // of a row
	header []string                // of a row: the texts of the table's first row
	known  map[*regexp.Regexp]bool // of a heading: what it was asked before
}

// matches reports whether a heading's text matches. Every unit below asks it, so the answers are kept.
func (u *unit) matches(pattern *regexp.Regexp) bool {
	answer, ok := u.known[pattern]
	if !ok {
		answer = pattern.MatchString(u.text)
		if u.known == nil {
			u.known = map[*regexp.Regexp]bool{}
		}
		u.known[pattern] = answer
	}
	return answer
}

// section gives the texts of the headings around the unit, the innermost first. There are six levels at most.
func (u *unit) section() []*unit {
	var all []*unit
	for h := u.above; h != nil; h = h.above {
		all = append(all, h)
	}
	return all
}

// headerOf gives the name of a row's column, "" when it has none.
func (u *unit) headerOf(column int) string {
	if column < len(u.header) {
		return u.header[column]
	}
	return ""
}

type sentence struct {
	text  string
	start int
}

// sentences takes a paragraph apart at full stops, question and exclamation marks that a blank and a capital, a digit or
// a mark follow.
func sentences(text string) []sentence {
	var all []sentence
	start := 0
	add := func(end int) {
		s := strings.TrimSpace(text[start:end])
		if s != "" {
			all = append(all, sentence{shortened(s), start + len(text[start:end]) - len(strings.TrimLeft(text[start:end], " "))})
		}
		start = end
	}
	for i := 0; i+2 < len(text); i++ {
		if strings.IndexByte(".?!", text[i]) < 0 || text[i+1] != ' ' {
			continue
		}
		next := text[i+2]
		if next >= 'a' && next <= 'z' || strings.HasSuffix(text[:i], "e.g") || strings.HasSuffix(text[:i], "i.e") || strings.HasSuffix(text[:i], " vs") {
			continue
		}
		add(i + 1)
	}
	add(len(text))
	return all
}

var (
	link     = regexp.MustCompile(`!?\[([^\[\]\n]{0,200})\]\([^()\n]{0,500}\)`)
	emphasis = strings.NewReplacer("**", "", "__", "", "`", "", "~~", "")
	single   = regexp.MustCompile(`(^|[\s("'])[*_]([^*_\s][^*_\n]{0,200})[*_]([\s)."',:;!?]|$)`)
)

// plain gives a line as a reader sees it, in at most maxText characters.
func plain(text string) string {
	if len(text) > 4*maxText {
		text = strings.ToValidUTF8(text[:4*maxText], "")
	}
	text = emphasis.Replace(link.ReplaceAllString(text, "$1"))
	return shortened(strings.Join(strings.Fields(single.ReplaceAllString(text, "$1$2$3")), " "))
}

func shortened(text string) string {
	if len(text) <= maxText {
		return text
	}
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText]) + "…"
	}
	return text
}
