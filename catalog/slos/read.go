// Package slos reads service level objectives: OpenSLO (v1 and v1alpha), Sloth (its plain files and its custom
// resource), Pyrra, Grafana's SLO app and the shape of native files. It answers "what is promised, and how is it measured?" and never "is the promise sound?": an
// objective of 101 percent is read as it stands.
//
// A part without which there is no promise (an objective, an indicator, a version that is known) and that is missing
// is a gap beside the SLO, so that nobody takes it for fine and nobody takes it for absent.
package slos

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// Read gives the SLOs that a document holds; ok is false when it is of none of the formats above. OpenSLO's SLIs become
// Indicators, its alert policies and conditions AlertPolicies; its other kinds (Service, DataSource, …) are recognised
// and hold no facts. A list of resources at the top of a document, as OpenSLO's tools and Grafana's API write it, is
// read item by item. Native files are read by catalog/entries with [Native].
func Read(d document.Document) (facts catalog.Facts, ok bool) {
	if d.Root != nil && d.Root.Kind == document.List {
		for _, item := range d.Root.Items {
			f, known := readResource(item)
			facts.Add(f)
			ok = ok || known
		}
		return facts, ok
	}
	return readResource(d.Root)
}

func readResource(root *document.Node) (catalog.Facts, bool) {
	version, kind := root.Get("apiVersion").Str(), root.Get("kind").Str()
	group, number, _ := strings.Cut(version, "/")
	grafana := grafanaSLOs(root)
	switch {
	case len(grafana) > 0:
		var facts catalog.Facts
		for _, n := range grafana {
			facts.Add(readGrafana(n))
		}
		return facts, true
	case strings.HasPrefix(root.Get("version").Str(), "prometheus/") && root.First("slos", "service") != nil:
		return readSloth(root), true
	case group == "sloth.slok.dev" && kind == "PrometheusServiceLevel":
		return readSlothResource(root, number), true
	case group == "pyrra.dev" && kind == "ServiceLevelObjective":
		return readPyrra(root, number), true
	case group == "openslo" || group == "openslo.com":
		return readOpenSLO(root)
	case kind == "SLO" && version != "":
		g := gap(root, catalog.Unsupported, "an SLO of API version %q is not read. keep it as OpenSLO v1, Sloth, Pyrra or a native slo.toml too", version)
		return catalog.Facts{Gaps: []catalog.Gap{g}}, true
	}
	return catalog.Facts{}, false
}

// gap gives a gap at a node whose text tells which service it may be about.
func gap(n *document.Node, cause catalog.Cause, format string, args ...any) catalog.Gap {
	return catalog.Gap{Kinds: []catalog.Kind{catalog.SLOs}, At: n.Place(), Cause: cause, Detail: fmt.Sprintf(format, args...), Names: words(n)}
}

// words gives the words of all scalars of a tree that name something; what stands in a data source's own settings is
// passed over, since credentials may be among them.
func words(n *document.Node) map[string]bool {
	var b strings.Builder
	var visit func(*document.Node)
	visit = func(n *document.Node) {
		if n.Kind == document.Scalar {
			b.WriteString(n.Value + " ")
		}
		for _, p := range n.Pairs {
			if p.Key.Value != "metricSource" {
				visit(p.Value)
			}
		}
		for _, item := range n.Items {
			visit(item)
		}
	}
	if n != nil {
		visit(n)
	}
	return document.Words(b.String())
}

// percent gives a number as written, times ten to the power of shift; 0 for what is no number. The decimal point is
// moved in the text, so that 0.9995 is 99.95 and no neighbour of it.
func percent(text catalog.Text, shift int) float64 {
	value := strings.TrimSpace(text.Value)
	exponent := ""
	if shift != 0 && !strings.ContainsAny(value, "eExX") {
		exponent = "e" + strconv.Itoa(shift)
	}
	f, err := strconv.ParseFloat(value+exponent, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	if shift != 0 && exponent == "" {
		f *= math.Pow10(shift)
	}
	return f
}

// checkObjective gives a gap when the objective is missing or no number. Whether a number is a sensible one is not
// asked here.
func checkObjective(slo *catalog.SLO, at *document.Node, key string) []catalog.Gap {
	value := strings.TrimSpace(slo.Objective.Value)
	if value == "" {
		return []catalog.Gap{gap(at, catalog.BadValue, "SLO %q has no objective. set %s", slo.Name.Value, key)}
	}
	if _, err := strconv.ParseFloat(value, 64); err != nil {
		g := gap(at, catalog.BadValue, "objective %q of SLO %q is not a number. set %s to one", value, slo.Name.Value, key)
		if strings.Contains(value, "{{") || strings.Contains(value, "${") {
			g.Cause, g.Detail = catalog.Template, fmt.Sprintf("objective %q of SLO %q is a template. keep a rendered copy in the catalog", value, slo.Name.Value)
		}
		g.At = slo.Objective.At
		return []catalog.Gap{g}
	}
	return nil
}

// checkIndicator gives a gap when nothing is measured, or only one half of a ratio. The way out is the format's.
func checkIndicator(slo *catalog.SLO, at *document.Node, way string) []catalog.Gap {
	i := slo.Indicator
	switch {
	case slo.IndicatorRef.Value != "":
	case len(i.Queries()) == 0:
		return []catalog.Gap{gap(at, catalog.BadValue, "SLO %q has no indicator that could be read. set %s", slo.Name.Value, way)}
	case strings.HasSuffix(i.Kind, "ratio") && (len(i.Total) == 0 || len(i.Good)+len(i.Bad) == 0):
		return []catalog.Gap{gap(at, catalog.BadValue, "SLO %q has only one half of its ratio. set both queries of %s", slo.Name.Value, way)}
	}
	return nil
}

// stated gives the texts that say something.
func stated(texts ...catalog.Text) []catalog.Text {
	return slices.DeleteFunc(texts, func(t catalog.Text) bool { return strings.TrimSpace(t.Value) == "" })
}

// queries gives the PromQL queries of the nodes that hold one.
func queries(nodes ...*document.Node) []catalog.Query {
	var all []catalog.Query
	for _, n := range nodes {
		if strings.TrimSpace(n.Str()) != "" {
			all = append(all, parse(n.Query(catalog.PromQL)))
		}
	}
	return all
}

// parse parses a query in which Sloth's {{.window}} stands for a duration. The text stays as written; what is parsed
// has a duration of the same length in its place, so that positions stay true and an error is the query's own, not
// one that a template may explain.
func parse(q catalog.Query) catalog.Query {
	written := q.Text
	q.Text = window.ReplaceAllStringFunc(written, func(s string) string { return fmt.Sprintf("%-*s", len(s), "5m") })
	q = promql.ParseRule(q)
	q.Text = written
	return q
}

// inherit gives own with those labels of the outer level that own does not set, marked as inherited.
func inherit(own, outer []catalog.Label) []catalog.Label {
	for _, l := range outer {
		if _, set := catalog.FindLabel(own, l.Key); !set {
			l.FromGroup = true
			own = append(own, l)
		}
	}
	return own
}
