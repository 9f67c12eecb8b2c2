package postmortems

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// content is what stands below a heading, as far as it is more than a form to be filled in.
type content struct {
	words   int
	entries int
}

// contentOf counts what a section says. Blank entries, labels without a value and texts in brackets say nothing.
func contentOf(p pages.Part) content {
	var c content
	for _, t := range p.Paragraphs {
		for _, l := range t.Lines {
			c.add(l.Value, false)
		}
	}
	for _, i := range p.Items {
		c.add(i.Value, true)
	}
	for _, t := range p.Tables {
		for _, row := range t.Rows {
			c.add(joinCells(row), true)
		}
	}
	for _, code := range p.Code {
		c.words += len(strings.Fields(code.Value))
	}
	return c
}

func (c *content) add(text string, entry bool) {
	if blank(text) {
		return
	}
	c.words += len(strings.Fields(text))
	if entry {
		c.entries++
	}
}

func joinCells(row []catalog.Text) string {
	var filled []string
	for _, c := range row {
		if !blank(c.Value) {
			filled = append(filled, c.Value)
		}
	}
	return strings.Join(filled, " | ")
}

var (
	// unfilled are texts that wait to be written: nothing but signs, a label without value, a form's text in brackets.
	unfilled  = regexp.MustCompile(`(?i)^[\W_]*(?:\[[ x]\]\s*)?(?:(?:todo|tbd|tbc|tba|wip|xxx+|fixme|to be (?:done|determined|added|written|completed|filled in)|yyyy[-/]mm[-/]dd.*|hh:mm.*|dd[-/.]mm[-/.].*|n|n/?a|not applicable)[\W_]*)?$`)
	bracketed = regexp.MustCompile(`^[\W_]*(?:\[[^\]]{2,}\]|<[^>]{2,}>|\{\{?[^}]*\}?\})[\W_]*$`)
	label     = regexp.MustCompile(`^[\pL][\pL\pN _/().'-]{0,60}[:：]\s*(.*)$`)
)

// blank reports whether a text is a form's and says nothing.
func blank(text string) bool {
	if m := label.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	return unfilled.MatchString(text) || bracketed.MatchString(text)
}

// maxSentence is how much of a sentence that runs over lines is looked at, in bytes.
const maxSentence = 500

// sentences gives what a section says, a sentence, item or row at a time, without what waits to be written.
func sentences(p pages.Part) []catalog.Text {
	var all []catalog.Text
	add := func(t catalog.Text) {
		for _, s := range split(t.Value) {
			if !blank(s) {
				all = append(all, pages.Quote(catalog.Text{Value: s, At: t.At}))
			}
		}
	}
	for _, t := range p.Paragraphs {
		for _, s := range inLines(t) {
			add(s)
		}
	}
	for _, i := range p.Items {
		add(i.Text)
	}
	for _, t := range p.Tables {
		for _, row := range t.Rows {
			if text := joinCells(row); text != "" {
				all = append(all, pages.Quote(catalog.Text{Value: text, At: row[0].At}))
			}
		}
	}
	return all
}

// inLines gives the sentences of a paragraph, each with the place of the line on which it begins.
func inLines(p pages.Paragraph) []catalog.Text {
	var all []catalog.Text
	var open catalog.Text
	for _, l := range p.Lines {
		parts := split(l.Value)
		for i, s := range parts {
			if open.Value == "" {
				open = catalog.Text{Value: s, At: l.At}
			} else if len(open.Value) <= maxSentence {
				open.Value += " " + s
			}
			if i < len(parts)-1 || ends(s) {
				all = append(all, open)
				open = catalog.Text{}
			}
		}
	}
	if open.Value != "" {
		all = append(all, open)
	}
	return all
}

func ends(s string) bool {
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

var (
	sentenceEnd  = regexp.MustCompile(`[.!?]["')\]]?\s+`)
	abbreviation = regexp.MustCompile(`(?i)(?:\b(?:e\.g|i\.e|etc|vs|approx|incl|no|mr|ms|dr|cf)|\b[a-z])\.$`)
)

// split gives the sentences of a line.
func split(text string) []string {
	var all []string
	start := 0
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		if abbreviation.MatchString(strings.TrimSpace(text[start:m[1]])) {
			continue
		}
		all = append(all, strings.TrimSpace(text[start:m[1]]))
		start = m[1]
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		all = append(all, rest)
	}
	return all
}
