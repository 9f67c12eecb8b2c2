package tomldoc

import (
	"bytes"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"obsready/catalog"
)

// node is where one value stands, with those inside it.
type node struct {
	key      catalog.Place // of the key that names it
	at       catalog.Place // of a value's first character, of a table's header
	children map[string]*node
	items    []*node
}

// step goes to a key (string) or an index (int); nil when there is no such value.
func (n *node) step(step any) *node {
	if n == nil {
		return nil
	}
	switch step := step.(type) {
	case string:
		return n.children[step]
	case int:
		if step >= 0 && step < len(n.items) {
			return n.items[step]
		}
	}
	return nil
}

// child gives the node of a key, the last of an array of tables, and makes it when it is new.
func (n *node) child(key string, at catalog.Place) *node {
	c := n.children[key]
	if c == nil {
		c = &node{key: at, at: at}
		if n.children == nil {
			n.children = map[string]*node{}
		}
		n.children[key] = c
	}
	if len(c.items) > 0 {
		return c.items[len(c.items)-1]
	}
	return c
}

// placeReader collects the places of a file that is known to parse.
type placeReader struct {
	file   string
	data   []byte
	lines  lineIndex
	parser unstable.Parser
}

func readPlaces(root *node, file string, data []byte, lines lineIndex) {
	r := &placeReader{file: file, data: data, lines: lines}
	r.parser.Reset(data)
	table := root
	for r.parser.NextExpression() {
		switch e := r.parser.Expression(); e.Kind {
		case unstable.Table:
			table = r.follow(root, e.Key())
		case unstable.ArrayTable:
			table = r.appendTable(root, e.Key())
		case unstable.KeyValue:
			r.keyValue(table, e)
		}
	}
}

// follow walks down a dotted key and makes what is new.
func (r *placeReader) follow(n *node, keys unstable.Iterator) *node {
	for keys.Next() {
		k := keys.Node()
		n = n.child(string(k.Data), r.place(k.Raw))
	}
	return n
}

func (r *placeReader) appendTable(n *node, keys unstable.Iterator) *node {
	for keys.Next() {
		k := keys.Node()
		at := r.place(k.Raw)
		if !keys.IsLast() {
			n = n.child(string(k.Data), at)
			continue
		}
		n.child(string(k.Data), at)
		list := n.children[string(k.Data)]
		item := &node{key: at, at: at}
		list.items = append(list.items, item)
		n = item
	}
	return n
}

func (r *placeReader) keyValue(table *node, e *unstable.Node) {
	n := r.follow(table, e.Key())
	n.at = r.afterEquals(e)
	r.value(n, e.Value())
}

// value sets the place of a value, where the parser knows it, and of those inside.
func (r *placeReader) value(n *node, v *unstable.Node) {
	if v.Raw.Length > 0 {
		n.at = r.place(v.Raw)
		n.at.Col += quotes(r.parser.Raw(v.Raw))
	}
	switch v.Kind {
	case unstable.Array:
		for items := v.Children(); items.Next(); {
			item := &node{key: n.key, at: n.at}
			n.items = append(n.items, item)
			r.value(item, items.Node())
		}
	case unstable.InlineTable:
		for pairs := v.Children(); pairs.Next(); {
			r.keyValue(n, pairs.Node())
		}
	}
}

// quotes gives the number of quotes before a string's content, 0 for other values.
func quotes(raw []byte) int {
	switch {
	case bytes.HasPrefix(raw, []byte(`"""`)) || bytes.HasPrefix(raw, []byte(`'''`)):
		return 3
	case raw[0] == '"' || raw[0] == '\'':
		return 1
	}
	return 0
}

// afterEquals gives the place of a pair's value, which the parser does not keep for arrays.
func (r *placeReader) afterEquals(e *unstable.Node) catalog.Place {
	end := int(e.Raw.Offset)
	for keys := e.Key(); keys.Next(); {
		raw := keys.Node().Raw
		end = int(raw.Offset + raw.Length)
	}
	for end < len(r.data) && bytes.IndexByte([]byte(" \t="), r.data[end]) >= 0 {
		end++
	}
	return r.placeOf(end)
}

func (r *placeReader) place(raw unstable.Range) catalog.Place { return r.placeOf(int(raw.Offset)) }

func (r *placeReader) placeOf(offset int) catalog.Place {
	line, col := r.lines.position(offset)
	return catalog.Place{File: r.file, Line: line, Col: col}
}

// lineIndex finds the line of a byte.
type lineIndex struct {
	data   []byte
	starts []int // offset of each line
}

func newLineIndex(data []byte) lineIndex {
	x := lineIndex{data: data, starts: []int{0}}
	for i, c := range data {
		if c == '\n' {
			x.starts = append(x.starts, i+1)
		}
	}
	return x
}

// position gives line and column, in characters, of a byte; past the end it is that of the end.
func (x lineIndex) position(offset int) (line, col int) {
	offset = min(max(offset, 0), len(x.data))
	low, high := 0, len(x.starts)
	for high-low > 1 {
		if middle := (low + high) / 2; x.starts[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return low + 1, utf8.RuneCount(x.data[x.starts[low]:offset]) + 1
}
