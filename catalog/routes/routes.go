// Package routes reads who is told of which alert: the routes and receivers of Alertmanagers, and Grafana's notification
// policies and contact points. It answers "where do alerts with these labels go?" and never whether they should go
// there, nor whose alerts they are.
//
// No secret is kept. Of an integration only its kind, how urgent it says an alert is, and a target that its format does
// not treat as a secret are read: a channel, an address, a schedule, the host of a webhook.
package routes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Formats of catalog.Router.
const (
	alertmanager = "alertmanager"
	resource     = "alertmanager resource" // routes that an operator adds to those of an Alertmanager
	grafana      = "grafana"
)

// Read gives the routers that a document holds, and gaps for the parts that break the format; ok is false when the
// document is nothing of the kind. These are read:
//
//   - configuration files of Alertmanager and of its multi-tenant forms (Mimir, Cortex), alone or at any depth of Helm
//     values and other resources, also as text
//   - Secrets that hold such a file, plain or in base64
//   - AlertmanagerConfig (Prometheus operator) and VMAlertmanagerConfig (VictoriaMetrics operator)
//   - Grafana's provisioned notification policies and contact points, as files and as resources of the Grafana operator.
//     Files hold the two apart: contact points alone are a router without a Root, see JoinContactPoints
//
// Lists and ConfigMaps are taken apart before, by document.Flatten and document.Embedded.
func Read(d document.Document) (catalog.Facts, bool) {
	if d.Root == nil || d.Root.Kind != document.Map || d.Root.Get("$patch").Str() == "delete" {
		return catalog.Facts{}, false
	}
	r := reader{file: d.File, root: d.Root, templated: d.Templated}
	if d.Name != "" {
		r.name = d.Outer.Get("metadata", "name").Text()
	}
	r.document(d.Root, 0)
	return r.facts, len(r.facts.Routers)+len(r.facts.Gaps) > 0
}

// reader collects the facts of one document.
type reader struct {
	file      string
	root      *document.Node
	templated bool         // actions of a template were taken out of the text
	name      catalog.Text // of the resource around a configuration
	facts     catalog.Facts
}

// document reads a resource by its kind, and searches everything else.
func (r *reader) document(root *document.Node, depth int) {
	spec, metadata := root.Get("spec"), root.Get("metadata")
	if name := metadata.Get("name").Text(); name.Value != "" && root.Get("kind") != nil {
		r.name = name
	}
	switch root.Get("kind").Str() {
	case "ConfigMap", "CustomResourceDefinition":
	case "Secret":
		r.secret(root, depth)
	case "SealedSecret":
		r.sealed(spec.Get("encryptedData"))
	case "AlertmanagerConfig", "VMAlertmanagerConfig":
		if spec.Get("route") != nil {
			r.configuration(spec, catalog.Router{Format: resource, Namespace: metadata.Get("namespace").Str()})
		}
	case "GrafanaNotificationPolicy":
		r.policy(spec.Get("route"))
	case "GrafanaContactPoint":
		if spec == nil {
			return
		}
		r.contactPoint(spec, cmp.Or(spec.Get("name").Text(), metadata.Get("name").Text()))
	default:
		r.search(root, depth)
	}
}

// maxDepth is how deep below the root of a document configurations are searched: umbrella charts of umbrella charts,
// inside an Argo CD Application, with text inside of text.
const maxDepth = 10

// search reads the configurations that stand below a node.
func (r *reader) search(n *document.Node, depth int) {
	switch {
	case n == nil || depth > maxDepth:
	case n.Kind == document.Scalar:
		if mentionsRoutes(n.Value) {
			r.embedded(n, depth)
		}
	case n.Kind == document.List:
		for _, item := range n.Items { // extra resources among Helm values
			if item.Get("kind") != nil && item.Get("apiVersion") != nil || item.Kind == document.Scalar {
				r.document(item, depth+1)
			}
		}
	case isConfiguration(n):
		r.configuration(n, catalog.Router{Format: alertmanager})
	default:
		r.below(n, depth)
	}
}

// below reads Grafana's lists, and searches the values of a map.
func (r *reader) below(n *document.Node, depth int) {
	for _, p := range n.Pairs {
		switch key := p.Key.Value; {
		case key == "policies" && isPolicies(p.Value):
			for _, policy := range p.Value.List() {
				r.policy(policy)
			}
		case key == "contactPoints" && isContactPoints(p.Value):
			for _, point := range p.Value.List() {
				r.contactPoint(point, point.Get("name").Text())
			}
		case key == "properties" || key == "definitions" || key == "$defs":
			// A schema describes a configuration and is none.
		default:
			r.search(p.Value, depth+1)
		}
	}
}

// isConfiguration recognises the map that is the configuration of an Alertmanager: other tools have routes and receivers
// too. Helm values may leave the receivers to the chart.
func isConfiguration(n *document.Node) bool {
	route, receivers := n.Get("route"), n.Get("receivers")
	switch {
	case route == nil || route.Kind != document.Map:
		return false
	case route.Get("receiver").Str() != "":
		return receivers != nil && receivers.Kind == document.List || route.First("routes", "group_by", "group_wait", "group_interval", "repeat_interval") != nil
	}
	return n.First("inhibit_rules", "time_intervals", "mute_time_intervals") != nil ||
		slices.ContainsFunc(receivers.List(), func(r *document.Node) bool {
			return slices.ContainsFunc(pairs(r), func(p document.Pair) bool { return strings.HasSuffix(p.Key.Value, "_configs") })
		})
}

// isPolicies recognises Grafana's policies: many formats have such a key.
func isPolicies(n *document.Node) bool {
	return slices.ContainsFunc(n.List(), func(p *document.Node) bool {
		return p.Get("receiver").Str() != "" && p.First("orgId", "routes", "group_by", "group_wait", "group_interval", "repeat_interval") != nil
	})
}

// isContactPoints recognises Grafana's contact points: drivers of databases have such a key too.
func isContactPoints(n *document.Node) bool {
	return slices.ContainsFunc(n.List(), func(p *document.Node) bool { return p.Get("name").Str() != "" && p.Get("receivers") != nil })
}

// gap notes what could not be read.
func (r *reader) gap(cause catalog.Cause, at catalog.Place, format string, args ...any) {
	r.facts.Gaps = append(r.facts.Gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.Routes}, At: at.Or(catalog.Place{File: r.file}), Cause: cause, Detail: fmt.Sprintf(format, args...)})
}

// partial reports whether a template decides parts of what was read. The texts of notifications are templates of
// Alertmanager's own, which explain why the document looks like a template.
func (r *reader) partial(router *catalog.Router, config *document.Node) bool {
	if holdsTemplate(config.Get("route"), "labels") {
		return true
	}
	for _, receiver := range router.Receivers {
		if isTemplate(receiver.Name.Value) {
			return true
		}
	}
	return r.templated && (isTemplateFile(r.file) || !holdsTemplate(r.root, ""))
}

// isTemplateFile reports whether a path is that of a template: a chart's, or one with the ending of an engine.
func isTemplateFile(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "templates") ||
		slices.ContainsFunc([]string{".tpl", ".tmpl", ".gotmpl", ".ctmpl", ".erb", ".j2"}, func(end string) bool { return strings.HasSuffix(path, end) })
}

// isTemplate reports whether a value is filled in by a template.
func isTemplate(value string) bool {
	return strings.Contains(value, "{{") || strings.Contains(value, "<%") || strings.Contains(value, "{%") || strings.Contains(value, "${")
}

// holdsTemplate reports whether a template stands anywhere below a node but under the key that is left out: labels that
// a route adds may be templates of Alertmanager's own.
func holdsTemplate(n *document.Node, leftOut string) bool {
	if n == nil {
		return false
	}
	return isTemplate(n.Str()) ||
		slices.ContainsFunc(n.Items, func(item *document.Node) bool { return holdsTemplate(item, leftOut) }) ||
		slices.ContainsFunc(n.Pairs, func(p document.Pair) bool {
			return p.Key.Value != leftOut && (isTemplate(p.Key.Value) || holdsTemplate(p.Value, leftOut))
		})
}
