package pages

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"obsready/catalog"
)

// Outline is a page by its sections, for readers that look for facts in its text. Texts are as a reader sees them, in one
// line: without marks of emphasis, with the texts of links and code.
type Outline struct {
	Page     *catalog.Page
	Sections []Part // the first one is what stands before the first heading
}

// Part is what stands below one heading, up to the next heading of any level.
type Part struct {
	Heading    catalog.Heading // the zero Heading before the first one; of a line in bold alone, which counts as one, Level is 7
	Paragraphs []Paragraph
	Items      []Item
	Tables     []Table
	Code       []catalog.Text // code blocks
}

// Paragraph is one paragraph; a page that states "Key: value" on lines of their own has several lines in one.
type Paragraph struct {
	catalog.Text
	Lines []catalog.Text
}

// Item is one list item, without the items below it.
type Item struct {
	catalog.Text
	Depth   int  // 1 for a list that stands in no other
	Ordered bool // the list is numbered
	Box     bool // it begins with a task box, …
	Checked bool // … which is checked
}

// Table is one table.
type Table struct {
	Header []catalog.Text
	Rows   [][]catalog.Text // each as long as the header
	At     catalog.Place
}

// strongLevel is the level of a line in bold that serves as a heading.
const strongLevel = 7

// maxCode is how much of a code block is kept, in bytes.
const maxCode = 4 << 10

// ReadOutline gives the page that a Markdown file holds together with its outline, or the gaps for which see [Read].
func ReadOutline(file string, data []byte) (*Outline, []catalog.Gap) {
	text, gap := decode(file, data)
	if gap != nil {
		return nil, []catalog.Gap{*gap}
	}
	b := newBuilder(file, text)
	b.outline = &Outline{Page: b.page, Sections: []Part{{}}}
	return b.outlined()
}

func (b *builder) outlined() (*Outline, []catalog.Gap) {
	facts := b.facts()
	if facts.Pages == nil {
		return nil, facts.Gaps
	}
	return b.outline, facts.Gaps
}

// Whole gives a section together with the sections below it.
func (o *Outline) Whole(i int) Part {
	whole := o.Sections[i]
	whole.Paragraphs, whole.Items = slices.Clip(whole.Paragraphs), slices.Clip(whole.Items)
	whole.Tables, whole.Code = slices.Clip(whole.Tables), slices.Clip(whole.Code)
	for _, sub := range o.Sections[i+1:] {
		if sub.Heading.Level <= whole.Heading.Level {
			break
		}
		whole.Paragraphs = append(whole.Paragraphs, sub.Paragraphs...)
		whole.Items = append(whole.Items, sub.Items...)
		whole.Tables = append(whole.Tables, sub.Tables...)
		whole.Code = append(whole.Code, sub.Code...)
	}
	return whole
}

// Find gives the indexes of the sections whose heading means one of the given things, the surest first: those with just
// that name before those that hold the name's words in their order. See [Section] for how words are compared.
func (o *Outline) Find(names ...string) []int {
	var exact, within []int
	for i, s := range o.Sections {
		switch Means(s.Heading.Text, names...) {
		case Exactly:
			exact = append(exact, i)
		case Within:
			within = append(within, i)
		}
	}
	return append(exact, within...)
}

// Meaning is how well a heading fits a name.
type Meaning int

// How a heading can fit a name.
const (
	NotAtAll Meaning = iota
	Within           // the heading holds the name's words in their order
	Exactly          // the heading has just these words
)

// Means says how well a heading, a column's title or a field's name fits one of the given names.
func Means(heading string, names ...string) Meaning {
	words, best := headingWords(heading), NotAtAll
	if len(words) == 0 {
		return best
	}
	for _, name := range names {
		wanted := headingWords(name)
		switch {
		case len(wanted) == 0 || indexWords(words, wanted) < 0:
		case len(words) == len(wanted):
			return Exactly
		default:
			best = Within
		}
	}
	return best
}

// Texts gives everything that a section says: its paragraphs, items and the rows of its tables, the cells joined by " | ".
func (s Part) Texts() []catalog.Text {
	var all []catalog.Text
	for _, p := range s.Paragraphs {
		all = append(all, p.Text)
	}
	for _, i := range s.Items {
		all = append(all, i.Text)
	}
	for _, t := range s.Tables {
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = c.Value
			}
			if len(row) > 0 {
				all = append(all, catalog.Text{Value: strings.Join(cells, " | "), At: row[0].At})
			}
		}
	}
	return all
}

// Column gives the index of the first column whose title means one of the names, -1 for none.
func (t Table) Column(names ...string) int {
	best := -1
	for i, h := range t.Header {
		switch Means(h.Value, names...) {
		case Exactly:
			return i
		case Within:
			if best < 0 {
				best = i
			}
		}
	}
	return best
}

// Field is something that a page states about itself under a name.
type Field struct {
	Name  string // in lower case
	Value catalog.Text
}

var keyed = regexp.MustCompile(`^\s*([\pL][\pL\pN _/().-]{0,40}?)\s*[:：]\s+(\S.*)$`)

// Fields gives what the page states under names: in its front matter, on lines and items "Name: value", and in tables of
// two columns. The values of one name stand in the order of the page, those of the front matter first.
func (o *Outline) Fields() []Field {
	var all []Field
	for _, l := range o.Page.FrontMatter {
		all = append(all, Field{strings.ToLower(l.Key), l.Text()})
	}
	line := func(t catalog.Text) {
		if m := keyed.FindStringSubmatch(t.Value); m != nil {
			all = append(all, Field{strings.ToLower(m[1]), catalog.Text{Value: strings.TrimSpace(m[2]), At: t.At}})
		}
	}
	for _, s := range o.Sections {
		for _, p := range s.Paragraphs {
			for _, l := range p.Lines {
				line(l)
			}
		}
		for _, i := range s.Items {
			line(i.Text)
		}
		for _, t := range s.Tables {
			if len(t.Header) != 2 {
				continue
			}
			for _, row := range append([][]catalog.Text{t.Header}, t.Rows...) {
				if name := strings.TrimRight(row[0].Value, ": "); name != "" && row[1].Value != "" {
					all = append(all, Field{strings.ToLower(name), row[1]})
				}
			}
		}
	}
	return all
}

// Field gives the first value that the page states under one of the names, in the order of the names.
func (o *Outline) Field(names ...string) catalog.Text {
	fields := o.Fields()
	for _, name := range names {
		for _, f := range fields {
			if Means(f.Name, name) == Exactly {
				return f.Value
			}
		}
	}
	return catalog.Text{}
}

// section is the section that is being read.
func (b *builder) section() *Part { return &b.outline.Sections[len(b.outline.Sections)-1] }

// outlineBlock adds a block to the outline.
func (b *builder) outlineBlock(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		in := b.inline(b.segment(n))
		in.scan()
		b.newSection(n.Level, in.headingText(), in.offset(0))
	case *ast.Paragraph, *ast.TextBlock:
		b.outlineText(n, b.segment(n))
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		s := b.segment(n)
		if code := strings.TrimSpace(s.text); code != "" {
			s.text = code
			b.section().Code = append(b.section().Code, catalog.Text{Value: strings.Clone(code[:min(len(code), maxCode)]), At: b.place(s.at[0])})
		}
	}
}

func (b *builder) newSection(level int, text string, offset int) {
	if text = oneLine(text); text == "" {
		return
	}
	h := catalog.Heading{Level: level, Text: text, At: b.place(offset)}
	if known := b.current(); known != nil && known.At == h.At {
		h = *known
	}
	b.outline.Sections = append(b.outline.Sections, Part{Heading: h})
}

// strongLine is a line that is nothing but bold text.
var strongLine = regexp.MustCompile(`^(?:\*\*([^*\n]{2,80})\*\*|__([^_\n]{2,80})__):?\s*$`)

var taskBox = regexp.MustCompile(`^\[([ xX])\]\s+`)

func (b *builder) outlineText(n ast.Node, s segment) {
	if len(s.at) == 0 {
		return
	}
	if at := tableStart(s); at >= 0 {
		if at > 0 {
			b.outlineProse(n, s.until(at))
		}
		b.section().Tables = append(b.section().Tables, b.table(s.from(at)))
		return
	}
	b.outlineProse(n, s)
}

func (b *builder) outlineProse(n ast.Node, s segment) {
	item, ordered, depth := listOf(n)
	if m := strongLine.FindStringSubmatch(s.text); m != nil && item == nil {
		b.newSection(strongLevel, strings.TrimRight(m[1]+m[2], ": "), s.at[0])
		return
	}
	box := taskBox.FindStringSubmatch(s.text)
	lines := b.lineTexts(s)
	text := catalog.Text{Value: joinTexts(lines), At: b.place(s.at[0])}
	if len(lines) > 0 {
		text.At = lines[0].At
	}
	if item == nil {
		if text.Value != "" {
			b.section().Paragraphs = append(b.section().Paragraphs, Paragraph{text, lines})
		}
		return
	}
	items := &b.section().Items
	if n.PreviousSibling() != nil && len(*items) > 0 { // a further paragraph of the item
		last := &(*items)[len(*items)-1]
		last.Value = strings.TrimSpace(last.Value + " " + text.Value)
		return
	}
	i := Item{Text: text, Depth: depth, Ordered: ordered, Box: box != nil, Checked: box != nil && box[1] != " "}
	if box != nil {
		i.Value = strings.TrimSpace(i.Value[min(3, len(i.Value)):])
	}
	*items = append(*items, i)
}

// listOf gives the list item that a block stands in, whether its list is numbered, and how deep that list is.
func listOf(n ast.Node) (item *ast.ListItem, ordered bool, depth int) {
	if parent, ok := n.Parent().(*ast.ListItem); ok {
		item = parent
	}
	for up := n.Parent(); up != nil; up = up.Parent() {
		if list, ok := up.(*ast.List); ok {
			if depth++; depth == 1 {
				ordered = list.IsOrdered()
			}
		}
	}
	return item, ordered, depth
}

// lineTexts gives the lines of a block as a reader sees them, without empty ones.
func (b *builder) lineTexts(s segment) []catalog.Text {
	in := b.inline(s)
	definitions := definitionsEnd(s.text)
	in.fill(definitions)
	in.scan()
	first := strings.Count(s.text[:definitions], "\n")
	lines := strings.Split(strings.TrimRight(string(in.plain), "\n"), "\n")
	var texts []catalog.Text
	for i, line := range lines {
		if line = oneLine(strings.ReplaceAll(line, string(filler), "")); line == "" {
			continue
		}
		at := s.at[min(first+i, len(s.at)-1)]
		texts = append(texts, catalog.Text{Value: strings.Clone(line), At: b.place(at)})
	}
	return texts
}

func joinTexts(lines []catalog.Text) string {
	parts := make([]string, len(lines))
	for i, l := range lines {
		parts[i] = l.Value
	}
	return strings.Join(parts, " ")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var delimiterRow = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$`)

// maxColumns bounds the cells of a table's row.
const maxColumns = 100

// line gives a line of a block, without its end.
func (s segment) line(i int) string {
	end := len(s.text)
	if i+1 < len(s.starts) {
		end = s.starts[i+1]
	}
	return strings.TrimRight(s.text[s.starts[i]:end], "\n")
}

// from gives the lines of a block from the i-th on.
func (s segment) from(i int) segment {
	rest := segment{text: s.text[s.starts[i]:], at: s.at[i:]}
	for _, start := range s.starts[i:] {
		rest.starts = append(rest.starts, start-s.starts[i])
	}
	return rest
}

// until gives the lines of a block before the i-th.
func (s segment) until(i int) segment {
	return segment{text: s.text[:s.starts[i]], starts: s.starts[:i], at: s.at[:i]}
}

// tableStart gives the line at which a table of GitHub Flavored Markdown begins: a header and a delimiter row. It may
// follow a line of prose without a blank line between them. -1 for none.
func tableStart(s segment) int {
	if !strings.Contains(s.text, "|") {
		return -1
	}
	for i := 0; i+1 < len(s.at); i++ {
		below := s.line(i + 1)
		if strings.Contains(s.line(i), "|") && strings.Contains(below, "-") && (i == 0 || strings.Contains(below, "|")) && delimiterRow.MatchString(below) {
			return i
		}
	}
	return -1
}

// table reads lines that begin with a header and a delimiter row.
func (b *builder) table(s segment) Table {
	t := Table{Header: b.cells(s.line(0), s.at[0]), At: b.place(s.at[0])}
	for i := 2; i < len(s.at); i++ {
		row := b.cells(s.line(i), s.at[i])
		for len(row) < len(t.Header) {
			row = append(row, catalog.Text{At: b.place(s.at[i])})
		}
		t.Rows = append(t.Rows, row[:len(t.Header)])
	}
	return t
}

// cells gives the cells of a row that begins at an offset of the file.
func (b *builder) cells(line string, offset int) []catalog.Text {
	var all []catalog.Text
	start, end := 0, len(line)
	if trimmed := strings.TrimLeft(line, " \t"); strings.HasPrefix(trimmed, "|") {
		start = len(line) - len(trimmed) + 1
	}
	if trimmed := strings.TrimRight(line, " \t"); strings.HasSuffix(trimmed, "|") && !strings.HasSuffix(trimmed, `\|`) && len(trimmed) > start {
		end = len(trimmed) - 1
	}
	for from := start; from <= end && len(all) < maxColumns; {
		to := from
		for to < end && (line[to] != '|' || to > 0 && line[to-1] == '\\') {
			to++
		}
		all = append(all, b.cell(line[from:to], offset+from))
		from = to + 1
	}
	return all
}

func (b *builder) cell(raw string, offset int) catalog.Text {
	trimmed := strings.TrimSpace(raw)
	at := offset + strings.Index(raw, trimmed)
	in := b.inline(segment{text: trimmed, starts: []int{0}, at: []int{at}})
	in.scan()
	plain := strings.ReplaceAll(string(in.plain), string(filler), "")
	return catalog.Text{Value: strings.Clone(oneLine(plain)), At: b.place(at)}
}
