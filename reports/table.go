package reports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// table is rows to be shown, whatever the format. Its cells hold text as the catalog has it: a format makes it safe.
type table struct {
	columns []column
	rows    [][]cell
}

// column is one column of a table.
type column struct {
	title string
	right bool // numbers stand at the right
	least int  // how narrow the column may become when the table is too wide; 0 keeps its width
	wraps bool // too long a text goes on in the next line instead of being cut
	spare bool // the column is left out when all its cells are empty
	extra bool // the column is left out when the others have no room beside it
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

// within gives the table with its extra columns only when they cost the others no more than a few characters.
func (t table) within(width int) table {
	const bearable = 8
	if widths := t.natural(); total(widths) <= width+bearable {
		return t
	}
	return t.without(func(_ int, c column) bool { return c.extra })
}

// screen gives the table for a terminal of so many columns.
func (t table) screen(width int, color bool) (string, error) {
	t = t.withoutSpare().within(width)
	widths := t.fit(width)
	var titles []string
	for i, c := range t.columns {
		titles = append(titles, strong.paint(cut(strings.ToUpper(c.title), widths[i]), color))
	}
	rows := make([][]string, len(t.rows))
	for i, row := range t.rows {
		for j, c := range row {
			rows[i] = append(rows[i], t.columns[j].lay(c, widths[j], color))
		}
	}
	var b bytes.Buffer
	config := t.config()
	config.Header.Padding.PerColumn = gaps(len(titles))
	config.Row.Padding.PerColumn = config.Header.Padding.PerColumn
	grid := tablewriter.NewTable(&b, tablewriter.WithRenderer(renderer.NewBlueprint(ruledHeader)), tablewriter.WithConfig(config), tablewriter.WithEastAsian(tw.Off))
	return drawn(grid, &b, titles, rows)
}

// ruledHeader has no lines but the one below the header.
var ruledHeader = tw.Rendition{
	Borders: tw.BorderNone,
	Settings: tw.Settings{
		Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
		Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off, ShowFooterLine: tw.Off},
	},
}

// gaps are the spaces behind each column but the last.
func gaps(columns int) []tw.Padding {
	padding := make([]tw.Padding, columns)
	for i := range padding {
		padding[i].Overwrite = true // also with nothing, instead of the library's own
		if i < columns-1 {
			padding[i].Right = strings.Repeat(" ", columnGap)
		}
	}
	return padding
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
	return drawn(grid, &b, titles, rows)
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

// drawn draws into the buffer and gives its lines without the spaces at their ends.
func drawn(grid *tablewriter.Table, b *bytes.Buffer, titles []string, rows [][]string) (string, error) {
	grid.Header(titles)
	if err := errors.Join(grid.Bulk(rows), grid.Render()); err != nil {
		return "", fmt.Errorf("could not draw a table: %w", err)
	}
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n") + "\n", nil
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
		widths[i] = widthOf(c.title)
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

// lay gives a cell's text as it stands in its column.
func (c column) lay(content cell, width int, color bool) string {
	text := plain(content.text)
	switch {
	case c.ident && strings.Contains(text, "/"):
		return content.tone.paint(cutStart(text, width), color)
	case !c.wraps:
		return content.tone.paint(cut(text, width), color)
	}
	lines := wrap(text, width)
	for i, line := range lines {
		lines[i] = content.tone.paint(line, color)
	}
	return strings.Join(lines, "\n")
}

// widthOf gives how many columns of a terminal a text takes: as the table library counts, but the same in every locale.
func widthOf(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }
