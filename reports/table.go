package reports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table is rows to be shown, whatever the format. Its cells hold text as the catalog has it: a format makes it safe.
type table struct {
	columns []column
	rows    [][]cell
	splits  bool // columns that have no room beside the others go on below, beside the first column again
}

// column is one column of a table.
type column struct {
	title string
	right bool // numbers stand at the right
	least int  // how narrow the column may become when the table is too wide; 0 keeps its width
	wraps bool // too long a text goes on in the next line instead of being cut
	spare bool // the column is left out when all its cells are empty
	extra int  // from 1 on: the column is left out when there is no room, that with the highest number first
	wide  bool // the column is for wide terminals only
	ident bool // a name, of which the end says more than the beginning when it has a namespace
}

// cell is a text with what it means. The meaning is shown as colour and never by colour alone.
type cell struct {
	text string
	tone tone
}

// columnGap stands between columns.
const columnGap = 2

// without gives the table without the columns that are left out.
func (t table) without(leaveOut func(i int, c column) bool) table {
	slim := table{rows: make([][]cell, len(t.rows))}
	for i, c := range t.columns {
		if leaveOut(i, c) {
			continue
		}
		slim.columns = append(slim.columns, c)
		for j, row := range t.rows {
			slim.rows[j] = append(slim.rows[j], row[i])
		}
	}
	return slim
}

func (t table) withoutSpare() table {
	return t.without(func(i int, c column) bool {
		return c.spare && !slices.ContainsFunc(t.rows, func(row []cell) bool { return row[i].text != "" })
	})
}

// wideScreen is from how many columns on a terminal is a wide one.
const wideScreen = 120

// within gives the table without the columns that are for wide terminals, unless this is one, and without as many of the
// extra columns as have no room.
func (t table) within(width int) table {
	t = t.without(func(_ int, c column) bool { return c.wide && width < wideScreen })
	for total(t.wanted()) > width {
		last := 0
		for _, c := range t.columns {
			last = max(last, c.extra)
		}
		if last == 0 {
			break
		}
		t = t.without(func(_ int, c column) bool { return c.extra == last })
	}
	return t
}

// wanted gives the widths at which the table is read with ease: those of columns that may shrink are no reason to leave
// another column out from some width on.
func (t table) wanted() []int {
	const enough = 28
	widths := t.natural()
	for i, c := range t.columns {
		if c.least > 0 {
			widths[i] = min(widths[i], max(enough, c.least))
		}
	}
	return widths
}

// parts gives the table as one or, when it splits, as several that each have room.
func (t table) parts(width int) []table {
	if !t.splits || len(t.columns) < 2 {
		return []table{t}
	}
	natural, widths := t.natural(), make([]int, len(t.columns))
	for i, c := range t.columns {
		if widths[i] = natural[i]; c.least > 0 {
			widths[i] = min(natural[i], c.least)
		}
	}
	var parts []table
	for from := 1; from < len(t.columns); {
		used, to := widths[0]+columnGap+widths[from], from+1
		for to < len(t.columns) && used+columnGap+widths[to] <= width {
			used += columnGap + widths[to]
			to++
		}
		parts = append(parts, t.without(func(i int, _ column) bool { return i > 0 && (i < from || i >= to) }))
		from = to
	}
	return parts
}

// screen gives the table for a terminal of so many columns. The library that draws it in Markdown, where no reader sees
// how wide a column is, counts the parts of an emoji one by one.
func (t table) screen(width int, color bool) string {
	t = t.withoutSpare().within(width)
	widths := t.fit(width)
	titles := make([]cell, len(t.columns))
	for i, c := range t.columns {
		titles[i] = cell{cut(strings.ToUpper(plain(c.title)), widths[i]), strong}
	}
	var b strings.Builder
	t.writeRow(&b, titles, widths, color)
	b.WriteString(strings.Repeat("─", total(widths)) + "\n")
	for _, row := range t.rows {
		t.writeRow(&b, row, widths, color)
	}
	return b.String()
}

// writeRow writes cells beside each other, in as many lines as the longest one takes. No line ends in spaces.
func (t table) writeRow(b *strings.Builder, row []cell, widths []int, color bool) {
	laid, height := make([][]string, len(row)), 1
	for i, c := range row {
		laid[i] = t.columns[i].lay(plain(c.text), widths[i])
		height = max(height, len(laid[i]))
	}
	for n := range height {
		spaces := 0 // before the next text
		for i, lines := range laid {
			if i > 0 {
				spaces += columnGap
			}
			text := ""
			if n < len(lines) {
				text = lines[n]
			}
			room := widths[i] - widthOf(text)
			if t.columns[i].right {
				spaces, room = spaces+room, 0
			}
			if text != "" {
				b.WriteString(strings.Repeat(" ", spaces) + row[i].tone.paint(text, color))
				spaces = 0
			}
			spaces += room
		}
		b.WriteByte('\n')
	}
}

// markdown gives the first rows of the table in Markdown.
func (t table) markdown(limit int) (string, error) {
	t = t.withoutSpare()
	var titles []string
	for _, c := range t.columns {
		titles = append(titles, escape(c.title))
	}
	rows := make([][]string, limit)
	for i, row := range t.rows[:limit] {
		for _, c := range row {
			rows[i] = append(rows[i], escape(cut(plain(c.text), markdownCell)))
		}
	}
	var b bytes.Buffer
	grid := tablewriter.NewTable(&b, tablewriter.WithRenderer(renderer.NewMarkdown()), tablewriter.WithConfig(t.config()), tablewriter.WithEastAsian(tw.Off))
	grid.Header(titles)
	if err := errors.Join(grid.Bulk(rows), grid.Render()); err != nil {
		return "", fmt.Errorf("could not draw a table: %w", err)
	}
	return b.String(), nil
}

// config leaves texts as they are: the library would change the letters of headers, and wrap.
func (t table) config() tablewriter.Config {
	align := make([]tw.Align, len(t.columns))
	for i, c := range t.columns {
		align[i] = tw.AlignLeft
		if c.right {
			align[i] = tw.AlignRight
		}
	}
	part := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: align},
	}
	return tablewriter.Config{Header: part, Row: part}
}

// fit gives each column's width so that the table has at most the given one, as far as columns may shrink. The column
// with the most room to spare gives first.
func (t table) fit(width int) []int {
	widths := t.natural()
	for over := total(widths) - width; over > 0; over-- {
		widest := -1
		for i, c := range t.columns {
			if c.least > 0 && widths[i] > c.least && (widest < 0 || widths[i]-c.least > widths[widest]-t.columns[widest].least) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

// natural gives the widths at which nothing is cut.
func (t table) natural() []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = widthOf(strings.ToUpper(plain(c.title)))
		for _, row := range t.rows {
			widths[i] = max(widths[i], widthOf(plain(row[i].text)))
		}
	}
	return widths
}

func total(widths []int) int {
	sum := columnGap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// lay gives the lines of a text as they stand in their column.
func (c column) lay(text string, width int) []string {
	switch {
	case c.ident && strings.Contains(text, "/"):
		return []string{cutStart(text, width)}
	case c.wraps:
		return wrap(text, width)
	}
	return []string{cut(text, width)}
}

// widthOf gives how many columns of a terminal a text takes: the same in every locale.
func widthOf(text string) int { return displaywidth.String(text) }
