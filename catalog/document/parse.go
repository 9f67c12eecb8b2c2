package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
	"unique"

	"go.yaml.in/yaml/v4"

	"obsready/catalog"
)

// Limits of what is read. A file beyond them is a gap.
const (
	MaxDepth = 200     // nesting of maps and lists
	MaxNodes = 500_000 // values of one document, with aliases expanded
)

// ParseYAML gives the documents of a YAML file (JSON is YAML too, but see ParseJSON) and a gap for each document
// that does not parse. The kinds of evidence that a gap may hide are left to the caller.
//
// In: the file's path, for places and messages, and its bytes. Errors never stop it: a file with one broken document
// yields the others.
func ParseYAML(file string, data []byte) ([]Document, []catalog.Gap) {
	text, gap := decodeText(file, data)
	if gap != nil {
		return nil, []catalog.Gap{*gap}
	}
	return parse(source{file: file, text: text, at: catalog.Place{File: file, Line: 1, Col: 1}, indent: 1})
}

// decodeText checks that data is UTF-8 text and strips the byte-order mark.
func decodeText(file string, data []byte) (string, *catalog.Gap) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", &catalog.Gap{At: catalog.Place{File: file}, Cause: catalog.Encoding, Detail: "the file is not UTF-8 text. save it as UTF-8"}
	}
	text := string(data)
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text, nil
}

// source is text to be parsed with the place where it stands: a whole file, or a scalar of another document.
type source struct {
	file      string
	text      string
	at        catalog.Place // of the text's first character
	indent    int           // column of the second and later lines; 0 when only at is known
	json      bool
	templated bool
}

// place translates a position in the text (1-based) to a place in the file.
func (s source) place(line, col int) catalog.Place {
	if line < 1 {
		return s.at
	}
	if s.indent == 0 {
		return s.at
	}
	p := s.at
	if line == 1 {
		p.Col += max(col, 1) - 1
	} else {
		p.Line += line - 1
		p.Col = s.indent + max(col, 1) - 1
	}
	return p
}

func parse(s source) ([]Document, []catalog.Gap) {
	if s.json {
		return parseJSON(s)
	}
	var docs []Document
	var gaps []catalog.Gap
	for _, part := range splitDocuments(s.text) {
		root, templated, gap := parsePart(s, part)
		if gap != nil {
			gap.Names = Words(part.text)
			gaps = append(gaps, *gap)
			continue
		}
		if root != nil {
			docs = append(docs, Document{Root: root, File: s.file, Templated: templated || s.templated})
		}
	}
	return docs, gaps
}

// part is the text of one document with the number of lines before it.
type part struct {
	text  string
	lines int
}

// splitDocuments cuts a stream at its `---` lines, so that one broken document does not hide the others. A marker in
// column one ends every scalar, so the cut is the parser's own. Directives (`%YAML 1.2`) are blanked: the parser
// refuses versions it could read.
func splitDocuments(text string) []part {
	if !strings.Contains(text, "---") && !strings.Contains(text, "...") && !strings.HasPrefix(text, "%") {
		return []part{{text, 0}}
	}
	var parts []part
	var b strings.Builder
	start, line, content := 0, 0, false
	flush := func() {
		if b.Len() > 0 {
			parts = append(parts, part{b.String(), start})
		}
		b.Reset()
		start, content = line, false
	}
	for l := range strings.SplitAfterSeq(text, "\n") {
		bare := strings.TrimRight(l, " \t\n")
		switch {
		case bare == "---" || strings.HasPrefix(l, "--- ") || strings.HasPrefix(l, "---\t"):
			flush()
			if rest := strings.TrimSpace(l[3:]); rest != "" && !strings.HasPrefix(rest, "#") {
				b.WriteString("   " + l[3:])
				content = true
			} else {
				b.WriteString("\n")
			}
		case bare == "...":
			b.WriteString("\n")
		case strings.HasPrefix(l, "%") && !content:
			b.WriteString("\n")
		default:
			if bare != "" && !strings.HasPrefix(strings.TrimSpace(bare), "#") {
				content = true
			}
			b.WriteString(l)
		}
		line++
	}
	flush()
	return parts
}

// parsePart gives the tree of one document; nil when there is nothing in it.
func parsePart(s source, p part) (*Node, bool, *catalog.Gap) {
	text, templated := p.text, false
	if looksLikeHelm(text) {
		text, templated = shield(text), true
	}
	root, err := decode(text)
	if err != nil && !templated && strings.Contains(text, "{{") { // perhaps a template without any of the sure marks
		shielded := shield(text)
		if again, errAgain := decode(shielded); errAgain == nil {
			root, err, text, templated = again, nil, shielded, true
		}
	}
	if err != nil && templated { // perhaps text with a template inside, such as that of a notification, and no template
		if again, errAgain := decode(p.text); errAgain == nil {
			root, err, text, templated = again, nil, p.text, false
		}
	}
	if err != nil {
		return nil, false, s.gap(err, p, templated)
	}
	if root == nil || len(root.Content) == 0 {
		return nil, templated, nil
	}
	b := builder{source: s, lines: strings.Split(text, "\n"), offset: p.lines, shielded: templated}
	node, err := b.build(root.Content[0], 0)
	if err != nil {
		return nil, false, s.gap(err, p, templated)
	}
	if node.Kind == Scalar && node.Str() == "" {
		return nil, templated, nil
	}
	return node, templated, nil
}

func decode(text string) (*yaml.Node, error) {
	var root yaml.Node
	err := yaml.Unmarshal([]byte(text), &root)
	if err != nil {
		return nil, err
	}
	return &root, nil
}

var errTooDeep = errors.New("too deep")
var errTooMany = errors.New("too many values")

func (s source) gap(err error, p part, templated bool) *catalog.Gap {
	g := &catalog.Gap{At: catalog.Place{File: s.file, Line: s.place(p.lines+1, 1).Line}}
	message := err.Error()
	var load *yaml.LoadError
	switch {
	case errors.Is(err, errTooDeep):
		g.Cause, g.Detail = catalog.TooDeep, fmt.Sprintf("values are nested deeper than %d levels", MaxDepth)
		return g
	case errors.Is(err, errTooMany):
		g.Cause, g.Detail = catalog.TooDeep, fmt.Sprintf("more than %d values once aliases are expanded", MaxNodes)
		return g
	case errors.As(err, &load):
		message = load.Message
		if load.Mark.Line > 0 {
			g.At = s.place(p.lines+load.Mark.Line, load.Mark.Column)
		}
	}
	switch {
	case strings.Contains(message, "excessive aliasing"), strings.Contains(message, "exceeded max depth"), strings.Contains(message, "depth limit"):
		g.Cause = catalog.TooDeep
	case templated, strings.Contains(p.text, "<%"), strings.Contains(p.text, "{%"):
		g.Cause = catalog.Template
		message += ". the file is a template: keep a rendered copy in the catalog"
	default:
		g.Cause = catalog.Syntax
	}
	g.Detail = message
	return g
}

// builder translates the parser's nodes to ours.
type builder struct {
	source
	lines    []string // of the document's text, for the indentation of block scalars
	offset   int      // lines before the document
	shielded bool
	count    int
}

func (b *builder) build(y *yaml.Node, depth int) (*Node, error) {
	if depth > MaxDepth {
		return nil, errTooDeep
	}
	if b.count++; b.count > MaxNodes {
		return nil, errTooMany
	}
	if y.Kind == yaml.AliasNode {
		if y.Alias == nil {
			return &Node{Kind: Scalar, Tag: "null"}, nil
		}
		return b.build(y.Alias, depth+1)
	}
	n := &Node{At: b.place(b.offset+y.Line, y.Column), Exact: b.indent > 0}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Map
		n.Pairs = make([]Pair, 0, len(y.Content)/2)
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, value := y.Content[i], y.Content[i+1]
			if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
				if err := b.merge(n, value, depth); err != nil {
					return nil, err
				}
				continue
			}
			v, err := b.build(value, depth+1)
			if err != nil {
				return nil, err
			}
			k := catalog.Text{Value: b.restore(key.Value), At: b.place(b.offset+key.Line, key.Column)}
			if v.Kind == Scalar && v.Tag == "null" && v.Value == "" {
				v.At = k.At // an empty value has no place of its own
			}
			n.Pairs = append(n.Pairs, Pair{k, v})
		}
	case yaml.SequenceNode:
		n.Kind = List
		n.Items = make([]*Node, 0, len(y.Content))
		for _, item := range y.Content {
			v, err := b.build(item, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, v)
		}
	default:
		n.Tag = strings.TrimPrefix(y.ShortTag(), "!!")
		n.Value = b.restore(y.Value)
		n.Templated = strings.Contains(n.Value, "<%") || b.shielded && strings.Contains(n.Value, "{{")
		b.locate(n, y)
		if b.shielded {
			n.Value = unescapeHelm(n.Value)
		}
	}
	return n, nil
}

// merge adds the entries of a `<<` value that the map does not set itself.
func (b *builder) merge(n *Node, value *yaml.Node, depth int) error {
	v, err := b.build(value, depth+1)
	if err != nil {
		return err
	}
	sources := []*Node{v}
	if v.Kind == List {
		sources = v.Items
	}
	for _, from := range sources {
		for _, p := range from.Pairs {
			if n.Get(p.Key.Value) == nil {
				n.Pairs = append(n.Pairs, p)
			}
		}
	}
	return nil
}

// locate sets At to the first character of the scalar's content and Indent where its lines can be found again.
func (b *builder) locate(n *Node, y *yaml.Node) {
	if b.indent == 0 {
		return
	}
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		first := y.Line // index of the line after the indicator
		for i := first; i < len(b.lines); i++ {
			trimmed := strings.TrimLeft(b.lines[i], " ")
			if trimmed == "" {
				continue
			}
			spaces := len(b.lines[i]) - len(trimmed)
			lead := 0 // an expression that begins with blanks inside its block
			if v := strings.TrimLeft(y.Value, "\n"); y.Style&yaml.LiteralStyle != 0 {
				lead = len(v) - len(strings.TrimLeft(v, " "))
			}
			n.At = b.place(b.offset+first+1, spaces-lead+1)
			if y.Style&yaml.LiteralStyle != 0 {
				n.Indent = b.place(2, spaces-lead+1).Col
			} else {
				n.At = b.place(b.offset+i+1, spaces+1)
			}
			return
		}
	case y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		n.At.Col++
	}
}

func (b *builder) restore(s string) string {
	if b.shielded {
		s = unshield(s)
	}
	return shared(s)
}

// shared gives one copy of a short text to all who hold it: keys, severities, team names and the like stand in every
// file of an estate.
func shared(s string) string {
	if len(s) > 48 {
		return s
	}
	return unique.Make(s).Value()
}

// Words gives the words of a text by which names can be found in it: runs of letters, digits, dashes, dots and
// underscores, at most a hundred thousand of them.
func Words(text string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !(r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127)
	}) {
		if len(words) > 100_000 {
			break
		}
		words[w] = true
	}
	return words
}
