package telemetry

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// workloadGroups are the API groups of the kinds that run pods. The core group "v1" has no slash and no name.
var workloadGroups = map[string][]string{
	"Deployment":  {"apps", "extensions"},
	"StatefulSet": {"apps"},
	"DaemonSet":   {"apps", "extensions"},
	"ReplicaSet":  {"apps", "extensions"},
	"Job":         {"batch"},
	"CronJob":     {"batch"},
	"Pod":         {"v1"},
	"Rollout":     {"argoproj.io"},
}

// isWorkload reports whether a resource runs pods. A chart may leave the API group to Helm.
func isWorkload(group, kind string) bool {
	groups, ok := workloadGroups[kind]
	return ok && (slices.Contains(groups, group) || strings.Contains(group, "{{"))
}

// readWorkload reads a Kubernetes workload. Labels and annotations are those of the resource, then those of what it
// makes, down to the pod; a label that has one value here and another there is given twice. The variables are those of
// all containers, the ones that run before the others last.
func readWorkload(d document.Document) *catalog.Workload {
	w := &catalog.Workload{
		Kind:      d.Kind(),
		Name:      d.Root.Get("metadata", "name").Text(),
		Namespace: d.Root.Get("metadata", "namespace").Str(),
		Templated: d.Templated,
		At:        d.Root.At,
	}
	for _, meta := range metadata(d.Root) {
		w.Labels = appendNew(w.Labels, shownLabels(meta.Get("labels"))...)
		w.Annotations = appendNew(w.Annotations, shownLabels(meta.Get("annotations"))...)
	}
	spec := podSpec(d.Root)
	for _, key := range []string{"containers", "initContainers"} {
		for _, c := range spec.Get(key).List() {
			w.Env = append(w.Env, containerEnv(c.Get("env"))...)
			if image := c.Get("image").Text(); image.Value != "" {
				w.Images = append(w.Images, shownText(image))
			}
		}
	}
	return w
}

// metadata gives the metadata of a workload and of the templates in it, the pod's last.
func metadata(root *document.Node) []*document.Node {
	metas := []*document.Node{root.Get("metadata")}
	if job := root.Get("spec", "jobTemplate"); job != nil {
		metas = append(metas, job.Get("metadata"))
		root = job
	}
	if pod := root.Get("spec", "template"); pod != nil {
		metas = append(metas, pod.Get("metadata"))
	}
	return metas
}

func podSpec(root *document.Node) *document.Node {
	if root.Get("kind").Str() == "Pod" {
		return root.Get("spec")
	}
	if job := root.Get("spec", "jobTemplate"); job != nil {
		root = job
	}
	return root.Get("spec", "template", "spec")
}

// containerEnv gives the variables of a container. One whose value comes from elsewhere has the value "".
func containerEnv(env *document.Node) []catalog.Label {
	var variables []catalog.Label
	for _, v := range env.List() {
		if name := v.Get("name").Text(); name.Value != "" {
			variables = append(variables, shownVariable(name.Value, v.Get("value").Str(), v.Get("value").Place().Or(name.At)))
		}
	}
	return variables
}

// appendNew appends labels that are not there yet with the same value.
func appendNew(labels []catalog.Label, more ...catalog.Label) []catalog.Label {
	for _, l := range more {
		if !slices.ContainsFunc(labels, func(have catalog.Label) bool { return have.Key == l.Key && have.Value == l.Value }) {
			labels = append(labels, l)
		}
	}
	return labels
}

// readInstrumentation reads an Instrumentation of the OpenTelemetry operator, which sets up the SDKs of the workloads
// that ask for it, as a workload with the variables that the operator sets.
func readInstrumentation(d document.Document) *catalog.Workload {
	meta, spec := d.Root.Get("metadata"), d.Root.Get("spec")
	w := &catalog.Workload{
		Kind:        "Instrumentation",
		Name:        meta.Get("name").Text(),
		Namespace:   meta.Get("namespace").Str(),
		Labels:      shownLabels(meta.Get("labels")),
		Annotations: shownLabels(meta.Get("annotations")),
		Templated:   d.Templated,
		At:          d.Root.At,
	}
	set := func(name, value string, at catalog.Place) {
		if value != "" {
			w.Env = append(w.Env, shownVariable(name, value, at))
		}
	}
	setText := func(name string, n *document.Node) { set(name, n.Str(), n.Place()) }
	var propagators []string
	for _, p := range spec.Get("propagators").Texts() {
		propagators = append(propagators, p.Value)
	}
	set("OTEL_PROPAGATORS", strings.Join(propagators, ","), spec.Get("propagators").Place())
	setText("OTEL_TRACES_SAMPLER", spec.Get("sampler", "type"))
	setText("OTEL_TRACES_SAMPLER_ARG", spec.Get("sampler", "argument"))
	setText("OTEL_EXPORTER_OTLP_ENDPOINT", spec.Get("exporter", "endpoint"))
	attributes := spec.Get("resource").First("resourceAttributes", "attributes")
	var pairs []string
	for _, l := range shownLabels(attributes) {
		pairs = append(pairs, l.Key+"="+l.Value)
	}
	set("OTEL_RESOURCE_ATTRIBUTES", strings.Join(pairs, ","), attributes.Place())
	w.Env = append(w.Env, containerEnv(spec.Get("env"))...)
	return w
}
