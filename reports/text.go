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

// writeText shows the overview of a report on a terminal. No line is wider than the terminal, unless that has fewer
// than 80 columns.
func writeText(w io.Writer, r *scorecard.Report, o Options) error {
	view := overviewOf(r)
	s := screen{Options: o}
	s.lines("", neutral, plain(view.title), strong)
	s.facts(view.facts)
	s.b.WriteByte('\n')
	s.b.WriteString(view.headline.tone.paint(plain(view.headline.text), o.Color) + "\n")
	s.facts(view.standing)
	for _, part := range view.sections {
		if err := s.section(part); err != nil {
			return err
		}
	}
	_, err := w.Write(s.b.Bytes())
	return err
}

// screen is a terminal while it is filled.
type screen struct {
	Options
	b bytes.Buffer
}

func (s *screen) facts(facts []fact) {
	const labelWidth = 11
	for _, f := range facts {
		label := f.label + strings.Repeat(" ", labelWidth-widthOf(f.label))
		s.lines(label, quiet, plain(f.text), neutral)
	}
}

func (s *screen) section(part section) error {
	s.b.WriteString("\n" + strong.paint(strings.ToUpper(part.title), s.Color) + "\n")
	if len(part.table.rows) > 0 {
		drawn, err := part.table.screen(s.columns(), s.Color)
		if err != nil {
			return err
		}
		s.b.WriteString(drawn)
	}
	for i, it := range part.items {
		label := "• "
		if part.ordered {
			label = strconv.Itoa(i+1) + ". "
		}
		s.item(label, it)
	}
	if part.more != "" {
		s.lines("", neutral, plain(part.more), quiet)
	}
	return nil
}

func (s *screen) item(label string, it item) {
	const statusColumn = 42 // the longest of the four questions ends before it
	text := plain(it.text)
	if it.status.text != "" {
		s.b.WriteString(label + text + strings.Repeat(" ", max(1, statusColumn-widthOf(text))) + it.status.tone.paint(it.status.text, s.Color) + "\n")
	} else {
		s.lines(label, neutral, text, neutral)
	}
	if it.detail != "" {
		s.lines(strings.Repeat(" ", widthOf(label)), neutral, plain(it.detail), quiet)
	}
}

// maxLines is how many lines a text may take; a longer one is cut.
const maxLines = 3

// lines writes a text beside its label.
func (s *screen) lines(label string, labelTone tone, text string, textTone tone) {
	indent := widthOf(label)
	width := s.prose() - indent
	lines := wrap(cut(text, maxLines*width), width)
	if len(lines) > maxLines {
		lines = lines[:maxLines]
		lines[maxLines-1] = cut(lines[maxLines-1]+" …", width)
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
