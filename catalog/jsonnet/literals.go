package jsonnet

import (
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"obsready/catalog"
)

// Bounds of what a child says about literals.
const (
	maxWanted   = 100_000 // different values that are looked for
	maxLiterals = 30_000
	maxSites    = 60_000
	maxTries    = 20_000_000
	maxSite     = 8 // depth of objects and arrays inside a site
)

// walk visits a tree of syntax, parents first.
func walk(n ast.Node, visit func(ast.Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, child := range toolutils.Children(n) {
		walk(child, visit)
	}
}

// locator looks for the values of an output in the program that made it.
type locator struct {
	fields []string            // whose values are looked for
	wanted map[string]bool     // values and keys of the output
	values map[string][]string // the values of each field
	found  []Literal
	sites  int
	tries  int // at finding a value that is put together
}

// locate gives the literals of trees that stand for something in the output. A value that the program puts together, as
// in 'Kube%sDown' % name, is found by the parts of it that are written out.
func locate(trees []ast.Node, output []byte, p *Program) []Literal {
	l := &locator{fields: p.Locate, wanted: map[string]bool{}, values: map[string][]string{}}
	l.want(string(output), keyLevels)
	for field, values := range l.values {
		slices.Sort(values)
		l.values[field] = slices.Compact(values)
	}
	for _, tree := range trees {
		if tree.Loc().FileName == p.File && p.Code != "" {
			continue
		}
		l.node(tree, "", nil)
	}
	return l.found
}

// keyLevels is how many levels of the output have keys that are looked for.
const keyLevels = 2

// want collects what is looked for: the values of the fields, the keys of the first levels, and those that name JSON files. Text that is JSON itself,
// as in a ConfigMap, is looked into.
func (l *locator) want(output string, levels int) {
	d := jsontext.NewDecoder(strings.NewReader(output), jsontext.AllowDuplicateNames(true))
	field := ""
	for len(l.wanted) < maxWanted {
		token, err := d.ReadToken()
		if err != nil {
			return
		}
		if token.Kind() != '"' {
			field = ""
			continue
		}
		depth := d.StackDepth()
		kind, length := d.StackIndex(depth)
		if kind == '{' && length%2 == 1 {
			field = token.String()
			if depth <= levels || levels > 0 && path.Ext(field) == ".json" {
				l.wanted[field] = true
			}
			continue
		}
		value := token.String()
		if levels > 0 && strings.HasPrefix(value, "{") {
			l.want(value, 0)
		}
		if kind == '{' && slices.Contains(l.fields, field) {
			l.wanted[value] = true
			l.values[field] = append(l.values[field], value)
		}
		field = ""
	}
}

// node looks at one node. field is the field whose value it is, of the object around it.
func (l *locator) node(n ast.Node, field string, around *ast.DesugaredObject) {
	switch n := n.(type) {
	case nil:
	case *ast.LiteralString:
		if l.wanted[n.Value] {
			l.add(Literal{Value: n.Value, Field: field, At: contentOf(n)}, around)
		}
	case *ast.DesugaredObject:
		l.object(n, field)
	case *ast.Conditional:
		l.node(n.Cond, "", nil)
		l.node(n.BranchTrue, field, around)
		l.node(n.BranchFalse, field, around)
	case *ast.Local:
		for _, bind := range n.Binds {
			l.node(bind.Body, "", nil)
		}
		l.node(n.Body, field, around)
	default:
		l.composed(n, field, around)
		if b, ok := n.(*ast.Binary); !ok || b.Op != ast.BopPlus || !l.sum(b, field) {
			for _, child := range toolutils.Children(n) {
				l.node(child, "", nil)
			}
		}
	}
}

// sum looks at objects that are added up, which are the value of the field together, and reports whether there is one.
func (l *locator) sum(n *ast.Binary, field string) bool {
	_, left := n.Left.(*ast.DesugaredObject)
	_, right := n.Right.(*ast.DesugaredObject)
	if !left && !right {
		return false
	}
	l.node(n.Left, field, nil)
	l.node(n.Right, field, nil)
	return true
}

// object looks at an object. of is the field whose value it is.
func (l *locator) object(n *ast.DesugaredObject, of string) {
	for _, f := range n.Fields {
		name, literal := f.Name.(*ast.LiteralString)
		if !literal {
			l.node(f.Name, "", nil)
			l.node(f.Body, "", nil)
			continue
		}
		if l.wanted[name.Value] {
			at := contentOf(name)
			if at.Line == 0 { // written without quotes
				at = placeOf(&f.LocRange)
			}
			l.add(Literal{Value: name.Value, Of: of, At: at}, nil)
		}
		l.node(f.Body, name.Value, n)
	}
	for _, bind := range n.Locals {
		l.node(bind.Body, "", nil)
	}
	for _, assert := range n.Asserts {
		l.node(assert, "", nil)
	}
}

// composed finds what the value of a field is put together to.
func (l *locator) composed(n ast.Node, field string, around *ast.DesugaredObject) {
	const enough = 4 // bytes that must be written out for a match to mean anything
	if !slices.Contains(l.fields, field) || !n.Loc().IsSet() {
		return
	}
	shape := shapeOf(n)
	if len(strings.Join(shape, "")) < enough {
		return
	}
	at := placeOf(n.Loc())
	if first := firstLiteral(n); first != nil {
		at = contentOf(first)
	}
	for _, value := range l.values[field] {
		if l.tries++; l.tries > maxTries {
			return
		}
		if matches(shape, value) {
			l.add(Literal{Value: value, Field: field, At: at, Composed: true}, around)
		}
	}
}

func (l *locator) add(found Literal, around *ast.DesugaredObject) {
	if found.At.Line == 0 || len(l.found) >= maxLiterals {
		return
	}
	if around != nil && slices.Contains(l.fields, found.Field) {
		found.Site = l.site(around, 0)
	}
	l.found = append(l.found, found)
}

// contentOf gives where the content of a string begins: after its quote, or on the line after |||.
func contentOf(n *ast.LiteralString) catalog.Place {
	at, _ := stringPlace(n)
	return at
}

// stringPlace gives where the content of a string begins, and for a text block the column at which its lines do, else 0.
// The engine has forgotten how the string was written, so its source is asked.
func stringPlace(n *ast.LiteralString) (at catalog.Place, indent int) {
	loc := n.Loc()
	at = placeOf(loc)
	if at.Line == 0 || loc.File == nil || at.Line > len(loc.File.Lines) {
		return at, 0
	}
	line := loc.File.Lines[at.Line-1]
	switch source := line[min(max(loc.Begin.Column-1, 0), len(line)):]; {
	case strings.HasPrefix(source, "|||"):
		at.Line++
		at.Col = 1
		for _, l := range loc.File.Lines[at.Line-1:] {
			if text := strings.TrimLeft(l, " \t"); strings.TrimSpace(text) != "" {
				at.Col = len(l) - len(text) + 1
				break
			}
		}
		indent = at.Col
	case strings.HasPrefix(source, "@"):
		at.Col += 2
	case strings.HasPrefix(source, "'"), strings.HasPrefix(source, `"`):
		at.Col++
	}
	return at, indent
}
