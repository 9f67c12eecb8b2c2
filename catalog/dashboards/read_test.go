package dashboards

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// TestNoDashboard holds documents that share keys with dashboards and are none.
func TestNoDashboard(t *testing.T) {
	for name, text := range map[string]string{
		"rule file":           `{"groups": [{"name": "x", "rules": [{"alert": "A", "expr": "up"}]}]}`,
		"a List":              `{"kind": "List", "apiVersion": "v1", "items": []}`,
		"a comic":             `{"title": "Strip", "panels": [{"type": "image", "src": "1.png"}, {"type": "image", "src": "2.png"}]}`,
		"solar panels":        `{"timezone": "Europe/Rome", "title": "Roof", "panels": [{"id": 1, "watts": 400}]}`,
		"a table":             `{"title": "Sales", "rows": [["a", 1], ["b", 2]]}`,
		"an API schema":       `{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}`,
		"a badge":             `{"schemaVersion": 1, "label": "build", "message": "passing"}`,
		"a page":              `{"elements": {"h1": {}}}`,
		"a Perses dashboard":  `{"kind": "Dashboard", "apiVersion": "perses.dev/v1", "spec": {"panels": {}, "layouts": []}}`,
		"a model":             `{"name": "car", "model": {"type": "suv", "doors": 5}}`,
		"a library variable":  `{"name": "v", "uid": "v", "kind": 2, "model": {"type": "query"}}`,
		"a Grafana":           `{"kind": "Grafana", "apiVersion": "grafana.integreatly.org/v1beta1", "spec": {}}`,
		"a provider":          `{"apiVersion": 1, "providers": [{"name": "x", "options": {"path": "/dashboards"}}]}`,
		"other dashboard":     `{"dashboard": {"widgets": []}}`,
		"a scalar":            `"panels"`,
		"a list":              `[{"panels": []}]`,
		"another's resource":  `{"kind": "Deployment", "apiVersion": "apps/v1", "panels": [], "schemaVersion": 1}`,
		"a definition of ids": `{"panels": [], "uid": "x"}`,
	} {
		docs, gaps := document.ParseJSON("f.json", []byte(text))
		if gaps != nil {
			t.Fatalf("%s: %v", name, gaps)
		}
		if facts, ok := Read(docs[0]); ok {
			t.Errorf("%s was taken for a dashboard: %s", name, describeFacts(facts))
		}
	}
}

// TestDashboard holds the least that must be known for a dashboard.
func TestDashboard(t *testing.T) {
	for name, text := range map[string]string{
		"written by hand":     `{"title": "T", "panels": [{"type": "stat", "targets": []}]}`,
		"an empty one":        `{"title": "T", "panels": [], "time": {"from": "now-6h", "to": "now"}}`,
		"without panels":      `{"title": "T", "schemaVersion": 39, "templating": {"list": []}}`,
		"panels that are bad": `{"title": "T", "schemaVersion": 39, "panels": {}}`,
		"only library panels": `{"title": "T", "panels": [{"id": 1, "libraryPanel": {"uid": "x"}}]}`,
		"rows":                `{"title": "T", "rows": [{"panels": [{"type": "graph", "targets": []}]}]}`,
		"a request":           `{"dashboard": {"title": "T", "schemaVersion": 39, "panels": []}, "overwrite": true}`,
		"v2":                  `{"title": "T", "elements": {}, "layout": {"kind": "GridLayout", "spec": {"items": []}}}`,
		"v2 in an envelope":   `{"meta": {}, "dashboard": {"title": "T", "elements": {}, "layout": {"kind": "GridLayout", "spec": {"items": []}}}}`,
		"an empty resource":   `{"apiVersion": "dashboard.grafana.app/v1", "kind": "Dashboard", "metadata": {"name": "x"}, "spec": {"title": "T"}}`,
	} {
		facts := readText(t, "f.json", text)
		if len(facts.Dashboards) != 1 || facts.Dashboards[0].Title.Value != "T" {
			t.Errorf("%s: got %q", name, describeFacts(facts))
		}
	}
}

// TestGapNames asserts that a gap can be found by the words of the part and by those of its dashboard.
func TestGapNames(t *testing.T) {
	facts := readText(t, "f.json", `{"uid": "u", "title": "Shop", "tags": ["billing"], "schemaVersion": 39, "panels": ["checkout", {"type": "stat", "title": "other"}]}`)
	if len(facts.Gaps) != 1 {
		t.Fatalf("got gaps %v", facts.Gaps)
	}
	gap := facts.Gaps[0]
	for word, want := range map[string]bool{"checkout": true, "Shop": true, "billing": true, "u": true, "other": false} {
		if gap.Names[word] != want {
			t.Errorf("names hold %q: %v, want %v", word, !want, want)
		}
	}
	if !gap.Concerns(catalog.Dashboards) {
		t.Errorf("the gap hides %v", gap.Kinds)
	}
}

func TestResolveLibraries(t *testing.T) {
	library := func(uid, name, expr string) *catalog.Dashboard {
		return &catalog.Dashboard{UID: catalog.Text{Value: uid}, Title: catalog.Text{Value: name}, Panels: []catalog.Panel{{
			Type: "stat", Queries: []catalog.Query{{Text: expr}},
		}}}
	}
	libraries := []*catalog.Dashboard{
		library("one", "One", "first"), library("one", "One again", "second"),
		library("", "Twice", "a"), library("two", "Twice", "b"), library("", "Named", "named"), {UID: catalog.Text{Value: "hollow"}},
	}
	for _, c := range []struct {
		uid, name string
		want      string // "" for unresolved
	}{
		{"one", "", "first"},
		{"one", "Named", "first"},
		{"gone", "Named", "named"},
		{"", "Named", "named"},
		{"", "Twice", ""},
		{"two", "Twice", "b"},
		{"hollow", "", ""},
		{"gone", "Gone", ""},
	} {
		d := &catalog.Dashboard{Panels: []catalog.Panel{{Library: catalog.Text{Value: c.uid}, LibraryName: c.name, Unresolved: true, Queries: []catalog.Query{{Text: "copy"}}}}}
		ResolveLibraries([]*catalog.Dashboard{d}, libraries)
		p := d.Panels[0]
		if p.Unresolved != (c.want == "") {
			t.Errorf("%q, %q: unresolved is %v", c.uid, c.name, p.Unresolved)
		}
		want := c.want
		if want == "" {
			want = "copy"
		}
		if len(p.Queries) != 1 || p.Queries[0].Text != want {
			t.Errorf("%q, %q: got queries %v, want %q", c.uid, c.name, p.Queries, want)
		}
	}
}

// TestHostile asserts that work and results stay in proportion to the text.
func TestHostile(t *testing.T) {
	const many = maxBorrowed + 2
	repeat := func(s string) string { return strings.TrimSuffix(strings.Repeat(s, many), ",") }
	var chain, elements strings.Builder
	for i := range many {
		fmt.Fprintf(&chain, `{"id": %d, "type": "stat", "targets": [{"expr": "up"}, {"datasource": "-- Dashboard --", "panelId": 1}]},`, i)
		fmt.Fprintf(&elements, `"e%d": {"kind": "K%d", "spec": {}},`, i, i)
	}
	for name, c := range map[string]struct {
		text            string
		panels, queries int
		gaps            int
	}{
		"bad panels":        {`{"title": "T", "schemaVersion": 1, "panels": [` + repeat(`1,`) + `]}`, 0, 0, 1},
		"unknown elements":  {`{"title": "T", "layout": null, "elements": {` + strings.TrimSuffix(elements.String(), ",") + `}}`, 0, 0, 1},
		"elements in items": {`{"title": "T", "elements": {"a": {"kind": "Panel", "spec": {}}}, "layout": {"spec": {"items": [` + repeat(`{"spec": {"element": {"name": "a"}}},`) + `]}}}`, 1, 0, 0},
		"nested rows":       {`{"title": "T", "schemaVersion": 1, "panels": [` + strings.Repeat(`{"type": "row", "panels": [`, 90) + strings.Repeat(`]}`, 90) + `]}`, 0, 0, 0},
		"lent queries":      {`{"title": "T", "schemaVersion": 1, "panels": [{"id": 1, "type": "stat", "targets": [` + repeat(`{"datasource": {"type": "x"}},`) + `]}, {"id": 2, "type": "stat", "targets": [` + repeat(`{"datasource": "-- Dashboard --", "panelId": 1},`) + `]}]}`, 2, many, 1},
		"lent to each":      {`{"title": "T", "schemaVersion": 1, "panels": [` + strings.TrimSuffix(chain.String(), ",") + `]}`, many, many + maxBorrowed, 1},
		"expressions":       {`{"title": "T", "schemaVersion": 1, "panels": [{"type": "stat", "targets": [` + repeat(`{"refId": "A", "datasource": {"type": "__expr__"}, "expression": "A"},`) + `]}]}`, 1, many, 0},
	} {
		facts := readText(t, "f.json", c.text)
		panels, queries := 0, 0
		for _, d := range facts.Dashboards {
			panels += len(d.Panels)
			for _, p := range d.Panels {
				queries += len(p.Queries)
			}
		}
		if len(facts.Dashboards) != 1 || panels != c.panels || queries != c.queries || len(facts.Gaps) != c.gaps {
			t.Errorf("%s: got %d dashboards, %d panels, %d queries and gaps %v", name, len(facts.Dashboards), panels, queries, facts.Gaps)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"title": "T", "schemaVersion": 39, "panels": [{"type": "row", "panels": [{"type": "stat", "targets": [{"expr": "up"}, 1]}]}, null]}`)
	f.Add(`{"title": "T", "rows": [{"panels": [{"type": "graph", "targets": [{"expr": "x", "hide": true}, {"datasource": "__expr__", "expression": "$A"}]}]}]}`)
	f.Add(`{"title": "T", "elements": {"a": {"kind": "Panel", "spec": {"data": {"spec": {"queries": [{"spec": {"query": {"group": "loki", "spec": {"expr": "{a=\"b\"}"}}}}]}}}}}, "layout": {"spec": {"tabs": [{"spec": {"layout": {}}}]}}}`)
	f.Add(`{"dashboard": {"title": "T", "panels": [{"libraryPanel": {"uid": "x"}}], "__elements": {"x": {"uid": "x", "model": {"type": "stat", "targets": []}}}}}`)
	f.Add("apiVersion: grafana.integreatly.org/v1beta1\nkind: GrafanaDashboard\nspec:\n  json: |\n    {\"title\": \"T\", \"panels\": [], \"timezone\": \"\"}\n")
	f.Add("apiVersion: dashboard.grafana.app/v2\nkind: Dashboard\nspec: {elements: {a: {kind: X}}, layout: ~}\n")
	f.Add("apiVersion: grafana.integreatly.org/v1beta1\nkind: GrafanaLibraryPanel\nspec: {json: '{\"model\": {\"type\": \"stat\"}, \"kind\": 1, \"uid\": \"u\"}'}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string, []byte) ([]document.Document, []catalog.Gap){document.ParseJSON, document.ParseYAML} {
			docs, _ := parse("f", []byte(text))
			for _, d := range docs {
				facts, ok := Read(d)
				if !ok && len(facts.Dashboards)+len(facts.Libraries)+len(facts.Gaps) > 0 {
					t.Fatal("facts of what is no dashboard")
				}
				ResolveLibraries(facts.Dashboards, facts.Libraries)
				checkFacts(t, facts)
			}
		}
	})
}

// checkFacts asserts what holds for every document.
func checkFacts(t *testing.T, facts catalog.Facts) {
	t.Helper()
	for _, d := range append(facts.Dashboards, facts.Libraries...) {
		if d.At.File != "f" || d.Schema != "classic" && d.Schema != "v2" {
			t.Fatalf("dashboard %q of schema %q at %v", d.Title.Value, d.Schema, d.At)
		}
		for _, p := range d.Panels {
			if p.At.File != "f" || p.Unresolved && p.Library.Value == "" && p.LibraryName == "" {
				t.Fatalf("panel %+v", p)
			}
			for _, q := range p.Queries {
				if q.Lang == "" || q.At.File != "f" || (q.Error != "") != (q.ErrorAt.File != "") {
					t.Fatalf("query %+v", q)
				}
			}
		}
	}
	for _, l := range facts.Libraries {
		if len(l.Panels) != 1 {
			t.Fatalf("library panel %q has %d panels", l.Title.Value, len(l.Panels))
		}
	}
	for _, g := range facts.Gaps {
		if g.Detail == "" || g.Cause == "" || g.At.File != "f" || !g.Concerns(catalog.Dashboards) {
			t.Fatalf("gap %+v", g)
		}
	}
}

// BenchmarkRead reads a dashboard of 500 panels, about as large as the largest public ones.
func BenchmarkRead(b *testing.B) {
	var panels strings.Builder
	for i := range 500 {
		fmt.Fprintf(&panels, `{"id": %d, "type": "timeseries", "title": "Panel %d", "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0},
"datasource": {"type": "prometheus", "uid": "${datasource}"}, "fieldConfig": {"defaults": {"unit": "reqps", "custom": {"lineWidth": 1}}, "overrides": []},
"targets": [{"refId": "A", "expr": "sum by (code) (rate(http_requests_total{job=\"$job\", handler=~\"/api/.*\"}[$__rate_interval]))"},
{"refId": "B", "expr": "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job=\"$job\"}[$__rate_interval])))"}]},`, i, i)
	}
	text := []byte(`{"title": "Large", "schemaVersion": 39, "panels": [` + strings.TrimSuffix(panels.String(), ",") + `]}`)
	docs, gaps := document.ParseJSON("f.json", text)
	if gaps != nil {
		b.Fatal(gaps)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Read(docs[0]); !ok {
			b.Fatal("no dashboard")
		}
	}
}
