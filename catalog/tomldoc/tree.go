package tomldoc

import (
	"math"
	"strconv"

	"obsready/catalog/document"
)

// FromTree gives a file of values that were not written as TOML, such as what a program returned, so that they are
// decoded, validated and explained as those of TOML are. root must be a map; the places are those of the nodes and of
// their keys. Null stands for a value that is not stated.
func FromTree(name string, root *document.Node) *File {
	values, _ := treeValue(root).(map[string]any)
	f := &File{name: name, values: values, root: treeNode(root), objects: true}
	f.root.key = f.root.at
	return f
}

// treeValue gives a node as the TOML decoder would.
func treeValue(n *document.Node) any {
	switch n.Kind {
	case document.Map:
		values := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			if v := treeValue(p.Value); v != nil {
				values[p.Key.Value] = v
			}
		}
		return values
	case document.List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = treeValue(item)
		}
		return items
	}
	return treeScalar(n)
}

func treeScalar(n *document.Node) any {
	switch n.Tag {
	case "null":
		return nil
	case "bool":
		return n.Bool()
	case "int", "float":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
		if x, err := strconv.ParseFloat(n.Value, 64); err == nil {
			if math.Abs(x) < 1<<53 && math.Trunc(x) == x {
				return int64(x) // JSON has one kind of number
			}
			return x
		}
	}
	return n.Value
}

// treeNode gives where a node and those inside it stand.
func treeNode(n *document.Node) *node {
	at := &node{at: n.At}
	for _, p := range n.Pairs {
		if at.children == nil {
			at.children = map[string]*node{}
		}
		child := treeNode(p.Value)
		child.key = p.Key.At.Or(child.at)
		for _, item := range child.items {
			item.key = child.key
		}
		at.children[p.Key.Value] = child
	}
	for _, item := range n.Items {
		child := treeNode(item)
		child.key = child.at
		at.items = append(at.items, child)
	}
	return at
}
