package reports

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"obsready/scorecard"
)

const (
	defaultWidth = 80
	lineWidth    = 110
)

// columns is how many columns of the terminal a table may take. Tables cannot become narrower than the default.
func (o Options) columns() int {
	return max(defaultWidth, o.Width)
}

// prose is how many columns running text may take: longer lines are hard to read.
func (o Options) prose() int { return min(lineWidth, o.columns()) }

// writeText shows the overview of a report on a terminal: a short one of all services, more of one team or one service.
// No line is wider than the terminal, unless that has fewer than 80 columns. What is left out is said, with the way to
// it.
func writeText(w io.Writer, r *scorecard.Report, o Options) error {
	e, lines := brief, 2
	if o.Team != "" || o.Service != "" {
		e, lines = usual, 24
	}
	if o.All {
		e, lines = whole, 40
	}
	view, err := viewOf(r, o, e)
	if err != nil {
		return err
	}
	s := screen{Options: o, most: lines}
	s.lines("", neutral, plain(view.title), strong)
	s.facts(view.facts)
	s.b.WriteByte('\n')
	s.b.WriteString(view.headline.tone.paint(plain(view.headline.text), o.Color) + "\n")
	s.facts(view.standing)
	for _, part := range view.sections {
		s.section(part)
	}
	if foot := view.foot(o); len(foot) > 0 {
		s.b.WriteByte('\n')
		s.facts(foot)
	}
	_, err = w.Write(s.b.Bytes())
	return err
}

// foot says what is not shown, and the ways to more.
func (v overview) foot(o Options) []fact {
	var list []fact
	if len(v.leftOut) > 0 {
		list = append(list, fact{"Left out", strings.Join(v.leftOut, ", ")})
	}
	var ways []string
	if !o.All {
		ways = append(ways, "--all prints every list in full")
	}
	if o.Team == "" && o.Service == "" {
		ways = append(ways, "--team and --service zoom in")
	}
	ways = append(ways, `"obsready explain CHECK" tells of a check`)
	list = append(list, fact{"More", strings.Join(ways, ", ")})
	return list
}

// screen is a terminal while it is filled.
type screen struct {
	Options
	most int // lines that a text may take; a longer one is cut, and ends in "…"
	b    bytes.Buffer
}

func (s *screen) facts(facts []fact) {
	const labelWidth = 11
	for _, f := range facts {
		label := f.label + strings.Repeat(" ", labelWidth-widthOf(f.label))
		s.lines(label, quiet, plain(f.text), neutral)
	}
}

func (s *screen) section(part section) {
	s.b.WriteByte('\n')
	s.lines("", neutral, strings.ToUpper(plain(part.title)), strong)
	if len(part.table.rows) > 0 {
		for i, t := range part.table.parts(s.columns()) {
			if i > 0 {
				s.b.WriteByte('\n')
			}
			s.b.WriteString(t.screen(s.columns(), s.Color))
		}
	}
	for i, it := range part.items {
		label := cell{text: "• "}
		switch {
		case part.ordered:
			label.text = strconv.Itoa(i+1) + ". "
		case it.mark.text != "":
			label = cell{it.mark.text + strings.Repeat(" ", max(1, markWidth-widthOf(it.mark.text))), it.mark.tone}
		}
		s.item(label, it)
	}
	if part.more != "" {
		s.lines("", neutral, plain(part.more), quiet)
	}
}

// markWidth is where the text of a marked item begins: the longest mark is "unknown".
const markWidth = 9

func (s *screen) item(label cell, it item) {
	const statusColumn = 42 // the longest of the four questions ends before it
	text := plain(it.text)
	if status := it.status.text; status != "" && widthOf(label.text)+max(widthOf(text)+1, statusColumn)+widthOf(status) <= s.columns() {
		s.b.WriteString(label.text + text + strings.Repeat(" ", max(1, statusColumn-widthOf(text))) + it.status.tone.paint(status, s.Color) + "\n")
	} else {
		s.lines(label.text, label.tone, text, neutral)
		if status != "" {
			s.lines(strings.Repeat(" ", widthOf(label.text)), neutral, plain(status), it.status.tone)
		}
	}
	for _, detail := range it.details {
		s.lines(strings.Repeat(" ", widthOf(label.text)), neutral, plain(detail), quiet)
	}
}

// lines writes a text beside its label.
func (s *screen) lines(label string, labelTone tone, text string, textTone tone) {
	indent := widthOf(label)
	width := s.prose() - indent
	lines := wrap(cut(text, s.most*width), width)
	if len(lines) > s.most {
		lines = lines[:s.most]
		lines[s.most-1] = cut(lines[s.most-1]+" …", width)
	}
	for i, line := range lines {
		if i == 0 {
			s.b.WriteString(labelTone.paint(label, s.Color))
		} else {
			s.b.WriteString(strings.Repeat(" ", indent))
		}
		s.b.WriteString(textTone.paint(line, s.Color) + "\n")
	}
}
