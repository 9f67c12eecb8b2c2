// Package telemetry reads how signals leave a service and reach a backend: OpenTelemetry Collector configurations,
// declarations of scrape targets, and the workloads with the labels and variables that name the service. It answers
// "what is declared?" and never "does it work?": defaults of a chart or an SDK are not filled in.
//
// No secret is kept. The value of a setting, variable, label or annotation whose name or text looks like a credential
// is "", with its place; see withheld.
package telemetry

import (
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Read gives the collectors, scrape targets and workloads of a document; ok is false when it holds none.
//
// Kubernetes resources are recognised by kind and API group, Compose files by their services. Everything else (a
// collector's own file, prometheus.yml, Helm values, resources that carry Helm values) is searched for the shape of a
// collector configuration and for scrape configurations.
func Read(d document.Document) (facts catalog.Facts, ok bool) {
	if d.Root == nil {
		return facts, false
	}
	group, _, _ := strings.Cut(d.APIVersion(), "/")
	switch kind := d.Kind(); {
	case d.Root.Get("$patch").Str() == "delete":
		// A Kustomize patch that takes a resource away.
	case isWorkload(group, kind):
		facts.Workloads = []*catalog.Workload{readWorkload(d)}
		facts.Targets = annotatedWorkload(d)
	case kind == "Service" && group == "v1":
		facts.Targets = annotatedService(d)
	case isMonitor(group, kind):
		facts.Targets = []*catalog.ScrapeTarget{readMonitor(d)}
	case group == "opentelemetry.io" && kind == "OpenTelemetryCollector":
		facts = readCollectorResource(d)
	case group == "opentelemetry.io" && kind == "Instrumentation":
		facts.Workloads = []*catalog.Workload{readInstrumentation(d)}
	case kind == "CustomResourceDefinition":
	case isCompose(d.Root):
		facts.Workloads = readCompose(d)
	default:
		facts = search(d)
	}
	ok = len(facts.Collectors)+len(facts.Targets)+len(facts.Workloads)+len(facts.Gaps) > 0
	return facts, ok
}

// maxSearchDepth bounds how deep below the root Helm values are searched: umbrella charts of umbrella charts, inside
// an Argo CD Application.
const maxSearchDepth = 7

// finder walks maps for collector configurations and scrape configurations.
type finder struct {
	d     document.Document
	facts catalog.Facts
}

func search(d document.Document) catalog.Facts {
	f := finder{d: d}
	root := d.Root
	switch {
	case isScrapeList(root):
		f.scrape(root, catalog.Text{})
	case d.Kind() == "" && isCollectorFile(d):
		f.collector(root, sourceName(d), plainFile)
	default:
		f.visit(root, sourceName(d), 0)
	}
	return f.facts
}

// visit looks at the values of a map. The name is that of the nearest key around which says more than "config".
func (f *finder) visit(n *document.Node, name catalog.Text, depth int) {
	if n.Kind != document.Map || depth > maxSearchDepth {
		return
	}
	if override := n.Get("fullnameOverride").Text(); override.Value != "" {
		name = override
	}
	interval := n.Get("global", "scrape_interval").Text()
	for _, p := range n.Pairs {
		key := p.Key.Value
		asConfig := key == "config" || key == "alternateConfig"
		switch {
		case isScrapeKey(key) && isScrapeList(p.Value):
			f.scrape(p.Value, interval)
		case hasPipelines(p.Value) || asConfig && sections(p.Value) > 1:
			named := name
			if !asConfig {
				named = p.Key
			}
			f.collector(p.Value, named, chartValues)
		case key == "properties" || key == "definitions" || key == "$defs":
			// A schema describes a configuration and is none.
		case asConfig || key == "spec" || key == "values" || key == "valuesObject" || key == "helm":
			f.visit(p.Value, name, depth+1)
		default:
			f.visit(p.Value, p.Key, depth+1)
		}
	}
}

// collector adds a configuration and the scrape configurations of its Prometheus receivers.
func (f *finder) collector(config *document.Node, name catalog.Text, o origin) {
	c, gaps := readCollector(config, name, o)
	c.Partial = c.Partial || f.d.Templated
	f.facts.Collectors = append(f.facts.Collectors, c)
	f.facts.Gaps = append(f.facts.Gaps, gaps...)
	receivers := config.Get("receivers")
	if receivers == nil {
		return
	}
	for _, p := range receivers.Pairs {
		if kind, _, _ := strings.Cut(p.Key.Value, "/"); kind == "prometheus" {
			inner := p.Value.Get("config")
			f.scrape(inner.Get("scrape_configs"), inner.Get("global", "scrape_interval").Text())
		}
	}
}

func (f *finder) scrape(list *document.Node, interval catalog.Text) {
	targets, gaps := readScrapeConfigs(list, interval)
	f.facts.Targets = append(f.facts.Targets, targets...)
	f.facts.Gaps = append(f.facts.Gaps, gaps...)
}

// sourceName names what a document without a name of its own configures: the resource it is embedded in, else its file.
func sourceName(d document.Document) catalog.Text {
	if d.Name != "" {
		if name := d.Outer.Get("metadata", "name").Text(); name.Value != "" {
			return name
		}
		return catalog.Text{Value: d.Name, At: d.Root.At}
	}
	if name := d.Root.Get("metadata", "name").Text(); name.Value != "" {
		return name
	}
	return catalog.Text{Value: path.Base(d.File), At: d.Root.At}
}
