package telemetry

import (
	"fmt"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isMonitor reports whether a resource is one of the Prometheus operator's that declare scrape targets (or of a
// vendor's copy of its API group, as azmonitoring.coreos.com).
func isMonitor(group, kind string) bool {
	if !strings.HasSuffix(group, "monitoring.coreos.com") {
		return false
	}
	return kind == "ServiceMonitor" || kind == "PodMonitor" || kind == "Probe" || kind == "ScrapeConfig"
}

// readMonitor reads a resource of the Prometheus operator, after its API reference (monitoring.coreos.com/v1 and
// v1alpha1). The namespace is the scraped one where the resource names exactly one, else its own. The interval is that
// of the first endpoint that states one.
func readMonitor(d document.Document) *catalog.ScrapeTarget {
	meta, spec := d.Root.Get("metadata"), d.Root.Get("spec")
	t := &catalog.ScrapeTarget{
		Kind:      d.Kind(),
		Name:      meta.Get("name").Text(),
		Namespace: meta.Get("namespace").Str(),
		Job:       spec.Get("jobName").Text(),
		Labels:    shownLabels(meta.Get("labels")),
		Interval:  spec.First("interval", "scrapeInterval").Text(),
		At:        d.Root.At,
	}
	if names := spec.Get("namespaceSelector", "matchNames").Texts(); len(names) == 1 {
		t.Namespace = names[0].Value
	}
	switch t.Kind {
	case "Probe":
		t.Selector = selectorLabels(spec.Get("targets", "ingress", "selector"))
		addStatic(t, spec.Get("targets", "staticConfig"), "static")
	case "ScrapeConfig":
		for _, static := range spec.Get("staticConfigs").List() {
			addStatic(t, static, "targets")
		}
		t.Job = relabelledJob(spec.Get("relabelings"), t.Job)
	default:
		t.Selector = selectorLabels(spec.Get("selector"))
		addEndpoints(t, spec)
	}
	return t
}

// addEndpoints adds what the endpoints of a ServiceMonitor or PodMonitor say. Their job is the scraped resource's name
// unless jobLabel names a label of it, whose value is known when the selector asks for one, or a relabelling sets it.
func addEndpoints(t *catalog.ScrapeTarget, spec *document.Node) {
	if label, ok := catalog.FindLabel(t.Selector, spec.Get("jobLabel").Str()); ok {
		t.Job = label.Text()
	}
	for _, e := range spec.First("endpoints", "podMetricsEndpoints").List() {
		if t.Interval.IsZero() {
			t.Interval = e.Get("interval").Text()
		}
		t.Job = relabelledJob(e.Get("relabelings"), t.Job)
	}
}

// selectorLabels gives the labels that a selector asks for: matchLabels, and expressions that leave one value.
func selectorLabels(n *document.Node) []catalog.Label {
	labels := n.Get("matchLabels").Labels()
	for _, e := range n.Get("matchExpressions").List() {
		values := e.Get("values").Texts()
		if strings.EqualFold(e.Get("operator").Str(), "in") && len(values) == 1 {
			labels = append(labels, catalog.Label{Key: e.Get("key").Str(), Value: values[0].Value, At: values[0].At})
		}
	}
	return labels
}

// isScrapeKey reports whether a key holds scrape configurations in prometheus.yml or in values of the known charts.
func isScrapeKey(key string) bool {
	return key == "scrape_configs" || key == "additionalScrapeConfigs" || key == "extraScrapeConfigs"
}

// isScrapeList reports whether a list is one of scrape configurations.
func isScrapeList(n *document.Node) bool {
	for _, item := range n.List() {
		if item.Get("job_name") != nil {
			return true
		}
	}
	return false
}

// readScrapeConfigs reads Prometheus' scrape configurations. The interval is the global one, for those that state none.
// What service discovery finds is not known from the file: a target without addresses says that, and the job is the
// job_name unless relabelling replaces it.
func readScrapeConfigs(list *document.Node, interval catalog.Text) ([]*catalog.ScrapeTarget, []catalog.Gap) {
	var targets []*catalog.ScrapeTarget
	var gaps []catalog.Gap
	for _, item := range list.List() {
		name := item.Get("job_name").Text()
		if name.Value == "" {
			gaps = append(gaps, catalog.Gap{
				Kinds: []catalog.Kind{catalog.Targets}, At: item.At, Cause: catalog.BadValue,
				Detail: fmt.Sprintf("a scrape configuration has job_name %q. give it a name", name.Value),
			})
			continue
		}
		t := &catalog.ScrapeTarget{Kind: "scrape_config", Name: name, Interval: item.Get("scrape_interval").Text(), At: item.At}
		if t.Interval.IsZero() {
			t.Interval = interval
		}
		for _, static := range item.Get("static_configs").List() {
			addStatic(t, static, "targets")
		}
		t.Job = relabelledJob(item.Get("relabel_configs"), name)
		targets = append(targets, t)
	}
	return targets, gaps
}

// addStatic adds the addresses and labels of a static configuration.
func addStatic(t *catalog.ScrapeTarget, static *document.Node, key string) {
	for _, address := range static.Get(key).Texts() {
		t.Addresses = append(t.Addresses, shownText(address))
	}
	t.Labels = appendNew(t.Labels, shownLabels(static.Get("labels"))...)
}

// relabelledJob gives the job label after relabelling: a constant where one is set, nothing where it comes from labels
// that only discovery knows.
func relabelledJob(rules *document.Node, job catalog.Text) catalog.Text {
	for _, rule := range rules.List() {
		if rule.First("target_label", "targetLabel").Str() != "job" {
			continue
		}
		if action := strings.ToLower(rule.Get("action").Str()); action != "" && action != "replace" {
			continue
		}
		constant := rule.Get("replacement").Text()
		always := rule.First("source_labels", "sourceLabels") == nil || rule.Get("regex") == nil
		if constant.Value == "" || strings.Contains(constant.Value, "$") || !always {
			constant = catalog.Text{}
		}
		job = constant
	}
	return job
}

// scrapeAnnotation is the convention by which pods and services ask to be scraped.
const scrapeAnnotation = "prometheus.io/scrape"

// annotatedService gives the target that a Service's annotation declares: the pods that the Service selects.
func annotatedService(d document.Document) []*catalog.ScrapeTarget {
	return annotated(d, d.Root.Get("metadata", "annotations"), d.Root.Get("spec", "selector").Labels())
}

// annotatedWorkload gives the target that the annotation of a pod or of a workload's pod template declares.
func annotatedWorkload(d document.Document) []*catalog.ScrapeTarget {
	metas := metadata(d.Root)
	pod := metas[len(metas)-1]
	return annotated(d, pod.Get("annotations"), pod.Get("labels").Labels())
}

func annotated(d document.Document, annotations *document.Node, selector []catalog.Label) []*catalog.ScrapeTarget {
	scrape := annotations.Get(scrapeAnnotation)
	if !scrape.Bool() {
		return nil
	}
	meta := d.Root.Get("metadata")
	return []*catalog.ScrapeTarget{{
		Kind:      "annotation",
		Name:      meta.Get("name").Text(),
		Namespace: meta.Get("namespace").Str(),
		Selector:  selector,
		Labels:    shownLabels(meta.Get("labels")),
		At:        scrape.At,
	}}
}
