package routes

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// mentionsRoutes reports whether a text may hold a configuration: several lines that speak of receivers.
func mentionsRoutes(text string) bool {
	return strings.Contains(text, "\n") && strings.Contains(text, "receiver") &&
		(strings.Contains(text, "route") || strings.Contains(text, "policies") || strings.Contains(text, "contactPoints"))
}

// embedded reads the documents that stand as text in a scalar.
func (r *reader) embedded(n *document.Node, depth int) {
	docs, gaps := documentsIn(n, r.file, r.templated)
	for _, g := range gaps {
		g.Kinds = []catalog.Kind{catalog.Routes}
		r.facts.Gaps = append(r.facts.Gaps, g)
	}
	around := *r
	for _, d := range docs {
		r.templated, r.root = d.Templated, d.Root
		r.document(d.Root, depth+1)
		r.name, r.templated, r.root = around.name, around.templated, around.root
	}
}

// documentsIn takes a scalar apart as document.Embedded does with the entries of a ConfigMap.
func documentsIn(n *document.Node, file string, templated bool) ([]document.Document, []catalog.Gap) {
	entry := &document.Node{Kind: document.Map, Pairs: []document.Pair{{Key: catalog.Text{Value: "alertmanager.yaml"}, Value: n}}}
	return document.Embedded(document.Document{File: file, Templated: templated, Root: &document.Node{Kind: document.Map, Pairs: []document.Pair{
		{Key: catalog.Text{Value: "kind"}, Value: &document.Node{Kind: document.Scalar, Tag: "str", Value: "ConfigMap"}},
		{Key: catalog.Text{Value: "data"}, Value: entry},
	}}})
}

// maxSecret is how much of a Secret's entry is decoded. Kubernetes allows a mebibyte for all of them.
const maxSecret = 2 << 20

// secret reads the configurations that a Secret holds. Of its other entries nothing is looked at but their names.
func (r *reader) secret(root *document.Node, depth int) {
	for _, p := range pairs(root.Get("stringData")) {
		if p.Value.Tag == "str" && mentionsRoutes(p.Value.Value) {
			r.embedded(p.Value, depth)
		}
	}
	for _, p := range pairs(root.Get("data")) {
		switch {
		case !isConfigurationName(p.Key.Value):
		case isEncrypted(p.Value.Str()):
			r.encrypted(p)
		default:
			if n := decoded(p.Value); n != nil && mentionsRoutes(n.Value) {
				r.embedded(n, depth)
			}
		}
	}
}

// isConfigurationName reports whether the name of a Secret's entry is that of a configuration file.
func isConfigurationName(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// decoded gives the text that stands in base64 in a scalar, nil when there is none. Its places are that of the scalar.
func decoded(n *document.Node) *document.Node {
	text := strings.Join(strings.Fields(n.Str()), "")
	if text == "" || len(text) > maxSecret {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(data) {
		return nil
	}
	return &document.Node{Kind: document.Scalar, Tag: "str", Value: string(data), At: n.At}
}

// sealed notes the configurations that are encrypted.
func (r *reader) sealed(data *document.Node) {
	for _, p := range pairs(data) {
		if isConfigurationName(p.Key.Value) && strings.HasPrefix(p.Key.Value, "alertmanager") {
			r.encrypted(p)
		}
	}
}

// isEncrypted recognises a value that SOPS encrypted.
func isEncrypted(value string) bool { return strings.HasPrefix(value, "ENC[") }

func (r *reader) encrypted(p document.Pair) {
	r.gap(catalog.Unsupported, p.Key.At, "%q of %q is encrypted, so the routes in it are not known. keep the routes in a file of their own, with the credentials in *_file keys", p.Key.Value, r.name.Value)
}

// pairs gives the entries of a map, nil for everything else.
func pairs(n *document.Node) []document.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}
