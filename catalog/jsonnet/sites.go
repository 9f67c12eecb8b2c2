package jsonnet

import (
	"regexp"
	"strings"

	"github.com/google/go-jsonnet/ast"

	"obsready/catalog"
)

// site gives where a value and those inside it stand; nil when that is not known, or more than a result may hold.
func (l *locator) site(n ast.Node, depth int) *Site {
	if l.sites++; n == nil || l.sites > maxSites || depth > maxSite {
		return nil
	}
	s := &Site{At: placeOf(n.Loc())}
	switch n := n.(type) {
	case *ast.LiteralString:
		s.At, s.Indent = stringPlace(n)
	case *ast.DesugaredObject:
		s.Fields = map[string]*Site{}
		for _, f := range n.Fields {
			if name, ok := f.Name.(*ast.LiteralString); ok {
				s.Fields[name.Value] = l.field(f, depth)
			}
		}
	case *ast.Array:
		for _, item := range n.Elements {
			s.Items = append(s.Items, l.site(item.Expr, depth+1))
		}
	case *ast.Local:
		return l.site(n.Body, depth+1)
	default:
		if first := firstLiteral(n); first != nil {
			s.At = contentOf(first)
		}
	}
	if s.At.Line == 0 {
		s.At = catalog.Place{}
	}
	return s
}

// field gives the site of a field's value, or that of its name when the value has none of its own.
func (l *locator) field(f ast.DesugaredObjectField, depth int) *Site {
	s := l.site(f.Body, depth+1)
	if s != nil && s.At.IsZero() && f.LocRange.IsSet() {
		s.At = placeOf(&f.LocRange)
	}
	return s
}

// firstLiteral gives the string that a text is made from, as in 'a' + x and '…' % x, whose beginning is that of the text;
// nil for anything else.
func firstLiteral(n ast.Node) *ast.LiteralString {
	switch n := n.(type) {
	case *ast.LiteralString:
		return n
	case *ast.Binary:
		if n.Op == ast.BopPlus {
			return firstLiteral(n.Left)
		}
	case *ast.Apply:
		if format, ok := formatOf(n); ok {
			return firstLiteral(format)
		}
	}
	return nil
}

// formatOf gives the format of 'format' % values, which the engine rewrites to $std.mod('format', values).
func formatOf(n *ast.Apply) (ast.Node, bool) {
	target, ok := n.Target.(*ast.Index)
	if !ok || len(n.Arguments.Positional) != 2 {
		return nil, false
	}
	std, ok := target.Target.(*ast.Var)
	name, isName := target.Index.(*ast.LiteralString)
	if !ok || !isName || std.Id != "$std" && std.Id != "std" || name.Value != "mod" && name.Value != "format" {
		return nil, false
	}
	return n.Arguments.Positional[0].Expr, true
}

// verb is a place of a format that a value fills in.
var verb = regexp.MustCompile(`%(\([^)]*\))?[-+ #0]*[\d*]*(\.[\d*]+)?[hlL]?[diouxXeEfFgGcsr]`)

// shapeOf gives the texts that a string is put together from, in order; between two of them anything may stand.
func shapeOf(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.LiteralString:
		return []string{n.Value}
	case *ast.Binary:
		if n.Op == ast.BopPlus {
			return joinShapes(shapeOf(n.Left), shapeOf(n.Right))
		}
	case *ast.Apply:
		if format, ok := formatOf(n); ok {
			var shape []string
			for _, part := range shapeOf(format) {
				for _, text := range verb.Split(part, -1) {
					shape = append(shape, strings.ReplaceAll(text, "%%", "%"))
				}
			}
			return shape
		}
	}
	return []string{"", ""}
}

// joinShapes puts two strings one behind the other.
func joinShapes(a, b []string) []string {
	joined := append([]string{}, a[:len(a)-1]...)
	joined = append(joined, a[len(a)-1]+b[0])
	return append(joined, b[1:]...)
}

// matches reports whether a text can be of the given shape.
func matches(shape []string, text string) bool {
	last := len(shape) - 1
	if last == 0 {
		return text == shape[0]
	}
	rest, ok := strings.CutPrefix(text, shape[0])
	if !ok {
		return false
	}
	rest, ok = strings.CutSuffix(rest, shape[last])
	if !ok {
		return false
	}
	for _, part := range shape[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return true
}
