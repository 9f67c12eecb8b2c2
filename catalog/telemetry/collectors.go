package telemetry

import (
	"fmt"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// roles are the sections of a configuration that define components, in the order in which they are given.
var roles = []struct{ section, role string }{
	{"receivers", "receiver"}, {"processors", "processor"}, {"exporters", "exporter"}, {"connectors", "connector"}, {"extensions", "extension"},
}

// origin says where a configuration stands, which decides what an absent part means.
type origin int

const (
	plainFile   origin = iota // given to the collector as it is, perhaps beside others
	chartValues               // merged into a Helm chart's defaults; null deletes a default
)

// sections counts the sections of a map that define components.
func sections(n *document.Node) int {
	count := 0
	for _, r := range roles[:4] { // a map "extensions" alone is common elsewhere
		if v := n.Get(r.section); v != nil && v.Kind == document.Map {
			count++
		}
	}
	return count
}

// hasPipelines reports whether a map has service.pipelines with a pipeline that lists components.
func hasPipelines(n *document.Node) bool {
	pipelines := n.Get("service", "pipelines")
	if pipelines == nil {
		return false
	}
	for _, p := range pipelines.Pairs {
		if p.Value.First("receivers", "processors", "exporters") != nil {
			return true
		}
	}
	return false
}

// isCollectorFile reports whether a file (or an entry of a ConfigMap) is a collector configuration or a fragment of
// one. Where only one section says so, the name has to agree.
func isCollectorFile(d document.Document) bool {
	if hasPipelines(d.Root) || sections(d.Root) > 1 {
		return true
	}
	name := strings.ToLower(sourceName(d).Value + " " + d.File)
	named := strings.Contains(name, "otelcol") || strings.Contains(name, "otel") && strings.Contains(name, "collector") || strings.Contains(name, "opentelemetry-collector")
	service := d.Root.Get("service")
	return named && d.Root.Get("config") == nil && (sections(d.Root) > 0 || service.Get("pipelines") != nil || service.Get("telemetry") != nil)
}

// readCollector reads one configuration. What is no configuration (a pipeline that is a number) is a gap; whether its
// parts fit together is not asked.
func readCollector(config *document.Node, name catalog.Text, o origin) (*catalog.Collector, []catalog.Gap) {
	c := &catalog.Collector{Name: name, At: config.At, Partial: o == chartValues || !isComplete(config)}
	for _, r := range roles {
		section := config.Get(r.section)
		if section == nil {
			continue
		}
		for _, p := range section.Pairs {
			if o == chartValues && isNull(p.Value) {
				continue
			}
			f := flattener{role: r.role}
			f.add("", p.Value, false)
			c.Components = append(c.Components, catalog.Component{Role: r.role, Name: p.Key, Settings: f.settings})
		}
	}
	pipelines, gaps := readPipelines(config.Get("service", "pipelines"), o)
	c.Pipelines = pipelines
	return c, gaps
}

func readPipelines(n *document.Node, o origin) ([]catalog.Pipeline, []catalog.Gap) {
	if n == nil {
		return nil, nil
	}
	var pipelines []catalog.Pipeline
	var gaps []catalog.Gap
	for _, p := range n.Pairs {
		if p.Value.Kind != document.Map && !isNull(p.Value) {
			gaps = append(gaps, catalog.Gap{
				Kinds: []catalog.Kind{catalog.Collectors}, At: p.Key.At, Cause: catalog.BadValue,
				Detail: fmt.Sprintf("pipeline %q is not a map. give it receivers, processors and exporters", p.Key.Value),
			})
			continue
		}
		if o == chartValues && isNull(p.Value) {
			continue
		}
		signal, _, _ := strings.Cut(p.Key.Value, "/")
		pipelines = append(pipelines, catalog.Pipeline{
			Name:       p.Key,
			Signal:     signal,
			Receivers:  p.Value.Get("receivers").Texts(),
			Processors: p.Value.Get("processors").Texts(),
			Exporters:  p.Value.Get("exporters").Texts(),
		})
	}
	return pipelines, gaps
}

// isComplete reports whether a configuration has all that a collector needs to start, so that nothing of it has to stand
// in another file.
func isComplete(config *document.Node) bool {
	pipelines := config.Get("service", "pipelines")
	if config.Get("receivers") == nil || config.Get("exporters") == nil || pipelines == nil || len(pipelines.Pairs) == 0 {
		return false
	}
	for _, p := range pipelines.Pairs {
		if p.Value.Get("receivers") == nil || p.Value.Get("exporters") == nil {
			return false
		}
	}
	return true
}

func isNull(n *document.Node) bool { return n.Kind == document.Scalar && n.Tag == "null" }

// maxSettings bounds the settings that are kept of one component.
const maxSettings = 500

// flattener gives the scalar settings of a component by dotted path; items of lists are numbered from 0, as in
// "attributes.0.key". The value of a secret is "", as is that of everything below a key that looks like one.
type flattener struct {
	role     string
	settings []catalog.Label
}

func (f *flattener) add(prefix string, n *document.Node, secret bool) {
	switch n.Kind {
	case document.Scalar:
		if prefix != "" && len(f.settings) < maxSettings {
			f.settings = append(f.settings, catalog.Label{Key: prefix, Value: withheld(n.Str(), secret), At: n.At})
		}
	case document.List:
		for i, item := range n.Items {
			path := join(prefix, strconv.Itoa(i))
			if item.Kind == document.Map {
				f.addMap(path, item, secret, true)
			} else {
				f.add(path, item, secret)
			}
		}
	case document.Map:
		f.addMap(prefix, n, secret, false)
	}
}

// addMap adds the entries of a map. An entry of a list such as {key: authorization, value: …} names its secret in a
// value; there "key" is a name, while anywhere else in an exporter or extension it is an API key.
func (f *flattener) addMap(prefix string, n *document.Node, secret, inList bool) {
	named := isSecretSetting(n.First("key", "name", "header").Str())
	keyIsSecret := !inList && f.role != "processor" && f.role != "connector"
	for _, p := range n.Pairs {
		if len(f.settings) >= maxSettings {
			return
		}
		key := p.Key.Value
		inner := secret || isSecretSetting(key) || key == "key" && keyIsSecret || named && strings.HasSuffix(key, "value")
		f.add(join(prefix, key), p.Value, inner)
	}
}

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

// readCollectorResource reads an OpenTelemetryCollector of the operator: its configuration is a map in v1beta1 and text
// in v1alpha1.
func readCollectorResource(d document.Document) catalog.Facts {
	f := finder{d: d}
	name, config := sourceName(d), d.Root.Get("spec", "config")
	if config != nil && config.Kind == document.Scalar && config.Tag == "str" {
		inner, gaps := parseText(d, config)
		for i := range gaps {
			gaps[i].Kinds = []catalog.Kind{catalog.Collectors, catalog.Targets}
		}
		f.facts.Gaps = gaps
		for _, c := range inner {
			f.collector(c.Root, name, plainFile)
		}
		return f.facts
	}
	if config == nil || config.Kind != document.Map {
		f.facts.Gaps = append(f.facts.Gaps, catalog.Gap{
			Kinds: []catalog.Kind{catalog.Collectors}, At: d.Root.At, Cause: catalog.BadValue,
			Detail: fmt.Sprintf("OpenTelemetryCollector %q has no configuration. set spec.config", name.Value),
		})
		return f.facts
	}
	f.collector(config, name, plainFile)
	return f.facts
}

// parseText parses the text of a scalar with its places, which document.Embedded does for the entries of a ConfigMap.
func parseText(d document.Document, text *document.Node) ([]document.Document, []catalog.Gap) {
	entry := document.Pair{Key: catalog.Text{Value: "config.yaml", At: text.At}, Value: text}
	root := &document.Node{Kind: document.Map, At: d.Root.At, Pairs: []document.Pair{
		{Key: catalog.Text{Value: "kind"}, Value: &document.Node{Tag: "str", Value: "ConfigMap"}},
		{Key: catalog.Text{Value: "data"}, Value: &document.Node{Kind: document.Map, Pairs: []document.Pair{entry}}},
	}}
	return document.Embedded(document.Document{Root: root, File: d.File, Templated: d.Templated})
}
