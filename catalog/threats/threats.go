// Package threats reads threat models: Markdown pages, OWASP Threat Dragon, Threagile, and what pytm writes. It answers
// "what does the model protect, against whom, what can go wrong, how would that be noticed and repaired, and what was
// decided?" and never "is the model good?" or "whose is it?".
//
// A page is prose, so its answers are its own lines, found by headings, columns and fields with the words that threat
// models share (English only). A model that a tool works with states elements instead of answers; only what stands in
// the file counts. What waits to be written (TODO, N/A, a template's prompt) is no answer.
//
// Sources: Threat Modeling Manifesto, the four questions; OWASP Threat Dragon, Threagile and pytm for their formats.
package threats

import (
	"fmt"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Read gives the threat model that a YAML or JSON document holds; ok is false when it holds none, and for what
// stands in a folder of tests, examples or demonstrations. A model in a format
// that is not read, and the parts of a Threagile model that stand in other files, are gaps.
func Read(d document.Document) (facts catalog.Facts, ok bool) {
	root := d.Root
	if root == nil || root.Kind != document.Map || isTrialFile(d.File) {
		return catalog.Facts{}, false
	}
	var m *catalog.ThreatModel
	switch {
	case isDragon(root):
		m = readDragon(root)
	case root.Get("threagile_version") != nil:
		m, facts.Gaps = readThreagile(root)
	case isPytm(root):
		m = readPytm(root)
	case root.Get("otmVersion") != nil:
		return unread(root, "the Open Threat Model format"), true
	case d.Outer == nil && isNamed(d.File) && isStructured(d.File) && root.Get("$schema") == nil:
		return unread(root, "this format of a threat model"), true
	default:
		return catalog.Facts{}, false
	}
	m.At = root.At
	m.Services = append(m.Services, aboutOf(m.Title, d.File)...)
	facts.ThreatModels = []*catalog.ThreatModel{quoted(m)}
	return facts, true
}

func unread(root *document.Node, what string) catalog.Facts {
	return catalog.Facts{Gaps: []catalog.Gap{gap(root.At, "%s is not read. %s", what, wayOut)}}
}

// wayOut tells what to do about a model that cannot be read.
const wayOut = "keep the model as Markdown, Threat Dragon JSON, Threagile YAML or pytm JSON too"

func gap(at catalog.Place, format string, args ...any) catalog.Gap {
	return catalog.Gap{Kinds: []catalog.Kind{catalog.ThreatModels}, At: at, Cause: catalog.Unsupported, Detail: fmt.Sprintf(format, args...)}
}

// named gives the text of a node in one line, the zero Text for what waits to be written.
func named(n *document.Node) catalog.Text {
	t := n.Text()
	t.Value = oneLine(t.Value)
	if unwritten(t.Value) {
		return catalog.Text{}
	}
	return t
}

// appendText appends a text unless it is empty.
func appendText(texts []catalog.Text, t catalog.Text) []catalog.Text {
	if t.Value == "" {
		return texts
	}
	return append(texts, t)
}
