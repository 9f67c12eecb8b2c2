package pages

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"obsready/catalog"
	"obsready/catalog/document"
)

const maxFrontMatter = 64 << 10 // bytes; its parsers recurse

// frontMatter reads the YAML (between lines `---`) or TOML (between lines `+++`) at the head of the page and takes it
// out of the text. Scalars become labels, a list one label for each item, a map's keys are joined with dots.
func (b *builder) frontMatter() {
	first, rest, found := strings.Cut(b.text, "\n")
	fence := strings.TrimRight(first, " \t")
	if !found || fence != "---" && fence != "+++" {
		return
	}
	end := 0
	for line := range strings.SplitAfterSeq(rest, "\n") {
		if bare := strings.TrimRight(line, " \t\n"); bare == fence || fence == "---" && bare == "..." {
			start := len(first) + 1
			if end > maxFrontMatter {
				b.gap(1, catalog.TooLarge, fmt.Sprintf("the front matter has %d bytes and the limit is %d", end, maxFrontMatter))
				return
			}
			body := "\n" + strings.ReplaceAll(b.text[start:start+end], string(filler), " ")
			b.labels(fence, body)
			masked := []byte(b.text)
			blank(masked, 0, start+end+len(line), ' ')
			b.text = string(masked)
			return
		}
		end += len(line)
	}
}

// labels parses front matter whose first line is the file's first.
func (b *builder) labels(fence, body string) {
	if fence == "+++" {
		b.tomlLabels(body)
		return
	}
	docs, gaps := document.ParseYAML(b.file, []byte(body))
	for _, d := range docs {
		b.yamlLabels("", d.Root)
	}
	for _, g := range gaps {
		b.gap(g.At.Line, g.Cause, "front matter: "+g.Detail)
	}
}

func (b *builder) yamlLabels(key string, n *document.Node) {
	switch n.Kind {
	case document.Scalar:
		if key != "" {
			b.page.FrontMatter = append(b.page.FrontMatter, catalog.Label{Key: key, Value: n.Str(), At: n.At})
		}
	case document.List:
		for _, item := range n.Items {
			b.yamlLabels(key, item)
		}
	case document.Map:
		for _, p := range n.Pairs {
			b.yamlLabels(dotted(key, p.Key.Value), p.Value)
		}
	}
}

func dotted(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

func (b *builder) tomlLabels(body string) {
	var p unstable.Parser
	p.Reset([]byte(body))
	table := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = tomlKey("", e)
		case unstable.KeyValue:
			start := p.Shape(e.Raw).Start
			b.tomlValue(&p, tomlKey(table, e), e.Value(), catalog.Place{File: b.file, Line: start.Line, Col: start.Column})
		}
	}
	if err := p.Error(); err != nil {
		b.gap(1, catalog.Syntax, "front matter: "+err.Error())
	}
}

func tomlKey(prefix string, n *unstable.Node) string {
	for it := n.Key(); it.Next(); {
		prefix = dotted(prefix, string(it.Node().Data))
	}
	return prefix
}

// tomlValue adds the labels of a value; at is used for values whose own place the parser does not tell.
func (b *builder) tomlValue(p *unstable.Parser, key string, n *unstable.Node, at catalog.Place) {
	switch n.Kind {
	case unstable.Comment:
	case unstable.Array:
		for it := n.Children(); it.Next(); {
			b.tomlValue(p, key, it.Node(), at)
		}
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			b.tomlValue(p, tomlKey(key, it.Node()), it.Node().Value(), at)
		}
	default:
		if n.Raw.Length > 0 {
			start := p.Shape(n.Raw).Start
			at.Line, at.Col = start.Line, start.Column
		}
		b.page.FrontMatter = append(b.page.FrontMatter, catalog.Label{Key: key, Value: string(n.Data), At: at})
	}
}
