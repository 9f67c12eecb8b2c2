package telemetry

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isCompose reports whether a document is a Compose file: its services are maps, and one of them has what only a
// Compose service has.
func isCompose(root *document.Node) bool {
	services := root.Get("services")
	if root.Get("kind") != nil || root.Get("apiVersion") != nil || services == nil || services.Kind != document.Map {
		return false
	}
	typical := false
	for _, p := range services.Pairs {
		if p.Value.Kind != document.Map && !isNull(p.Value) {
			return false
		}
		typical = typical || p.Value.First("image", "build", "environment", "extends", "container_name") != nil
	}
	return typical
}

// readCompose gives the services of a Compose file, after the Compose specification. What a file extends or merges is
// not followed: each file says what it says.
func readCompose(d document.Document) []*catalog.Workload {
	var workloads []*catalog.Workload
	for _, p := range d.Root.Get("services").Pairs {
		w := &catalog.Workload{
			Kind:        "compose service",
			Name:        p.Key,
			Annotations: composeLogging(p.Value.Get("logging")),
			Templated:   d.Templated,
			At:          p.Key.At,
		}
		for _, l := range assignments(p.Value.Get("labels")) {
			l.Value = withheld(l.Value, isSecretSetting(l.Key))
			w.Labels = append(w.Labels, l)
		}
		for _, v := range assignments(p.Value.Get("environment")) {
			w.Env = append(w.Env, shownVariable(v.Key, v.Value, v.At))
		}
		if image := p.Value.Get("image").Text(); image.Value != "" {
			w.Images = append(w.Images, shownText(image))
		}
		workloads = append(workloads, w)
	}
	return workloads
}

// assignments gives the entries of a map, or of a list of KEY=VALUE. A KEY alone takes its value from where Compose is
// run, which is not known: "".
func assignments(n *document.Node) []catalog.Label {
	if n == nil || n.Kind == document.Map {
		return n.Labels()
	}
	var labels []catalog.Label
	for _, item := range n.Texts() {
		key, value, _ := strings.Cut(item.Value, "=")
		labels = append(labels, catalog.Label{Key: strings.TrimSpace(key), Value: value, At: item.At})
	}
	return labels
}

// composeLogging gives a service's logging as annotations: "logging.driver" and "logging.options.<name>".
func composeLogging(n *document.Node) []catalog.Label {
	var labels []catalog.Label
	if driver := n.Get("driver").Text(); driver.Value != "" {
		labels = append(labels, catalog.Label{Key: "logging.driver", Value: driver.Value, At: driver.At})
	}
	for _, l := range shownLabels(n.Get("options")) {
		l.Key = "logging.options." + l.Key
		labels = append(labels, l)
	}
	return labels
}
