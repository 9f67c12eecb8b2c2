package pages

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// read finds the blocks of the page and reads each. Only goldmark's block parsers are used: they are linear but for
// nesting, which [Read] has bounded.
func (b *builder) read() {
	p := parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
	root := p.Parse(text.NewReader([]byte(b.text)))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && (n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock) {
			b.references.add(b.segment(n))
		}
		return ast.WalkContinue, nil
	})
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Type() == ast.TypeBlock {
			b.block(n)
			if b.outline != nil {
				b.outlineBlock(n)
			}
		}
		return ast.WalkContinue, nil
	})
	b.finish()
}

func (b *builder) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		in := b.inline(b.segment(n))
		in.scan()
		b.heading(n.Level, in.headingText(), in.offset(0))
		in.report()
	case *ast.Paragraph, *ast.TextBlock:
		s := b.segment(n)
		in := b.inline(s)
		in.fill(definitionsEnd(s.text))
		in.scan()
		in.countProse()
		in.report()
	case *ast.HTMLBlock:
		in := b.inline(b.segment(n))
		in.html = true
		in.scan()
		in.countProse()
		in.report()
	case *ast.CodeBlock:
		if inAdmonition(n, b.text) {
			in := b.inline(b.segment(n))
			in.scan()
			in.countProse()
			in.report()
			return
		}
		b.codeBlock(n)
	case *ast.FencedCodeBlock:
		b.codeBlock(n)
	case *ast.ListItem:
		if h := b.current(); h != nil && n.HasChildren() {
			h.Steps++
		}
	}
}

func (b *builder) codeBlock(n ast.Node) {
	if strings.TrimSpace(b.segment(n).text) != "" {
		b.count(0, 1, 0)
	}
}

// inAdmonition reports whether an indented block is the body of an admonition (`!!! note`), which MkDocs renders as
// prose and not as code.
func inAdmonition(n ast.Node, source string) bool {
	before := n.PreviousSibling()
	for before != nil && before.Kind() == ast.KindCodeBlock {
		before = before.PreviousSibling()
	}
	if before == nil || before.Kind() != ast.KindParagraph || before.Lines().Len() == 0 {
		return false
	}
	line := source[before.Lines().At(0).Start:]
	return strings.HasPrefix(line, "!!! ") || strings.HasPrefix(line, "??? ") || strings.HasPrefix(line, "???+ ")
}

// segment is the text of one block, joined from its lines without the markers of the blocks around it.
type segment struct {
	text   string
	starts []int // in text, of each line
	at     []int // in the file, of each line
}

func (b *builder) segment(n ast.Node) segment {
	var s segment
	var joined strings.Builder
	add := func(part text.Segment) {
		if part.Start >= part.Stop {
			return
		}
		s.starts = append(s.starts, joined.Len())
		s.at = append(s.at, part.Start)
		joined.WriteString(b.text[part.Start:part.Stop])
	}
	for i := range n.Lines().Len() {
		add(n.Lines().At(i))
	}
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		add(h.ClosureLine)
	}
	s.text = joined.String()
	return s
}

// references are the targets of link reference definitions (`[label]: target`) by normalised label.
type references map[string]string

var definition = regexp.MustCompile(`^ {0,3}\[([^\[\]\\^][^\[\]\\]{0,500})\]:[ \t]*(?:<([^<>\n]*)>|(\S+))[ \t]*(?:["'(].*)?$`)

// add takes the definitions at the head of a paragraph; the first of a label stands.
func (r references) add(s segment) {
	for line := range strings.SplitSeq(s.text[:definitionsEnd(s.text)], "\n") {
		if m := definition.FindStringSubmatch(line); m != nil {
			label := normalLabel(m[1])
			if _, taken := r[label]; !taken {
				r[label] = m[2] + m[3]
			}
		}
	}
}

// definitionsEnd gives where the definitions at the head of a paragraph end.
func definitionsEnd(s string) int {
	end := 0
	for line := range strings.SplitAfterSeq(s, "\n") {
		if !definition.MatchString(strings.TrimSuffix(line, "\n")) {
			break
		}
		end += len(line)
	}
	return end
}

// normalLabel makes the labels equal that Markdown holds to be equal.
func normalLabel(label string) string {
	return strings.ToLower(strings.Join(strings.Fields(label), " "))
}
