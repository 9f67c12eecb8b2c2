package mixins

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
)

func TestMain(m *testing.M) {
	jsonnet.BecomeChild()
	os.Exit(m.Run())
}

// archive is a tree in memory.
type archive struct{ *txtar.Archive }

func (a archive) Read(p string) ([]byte, bool, error) {
	for _, f := range a.Files {
		if f.Name == p {
			return f.Data, true, nil
		}
	}
	return nil, false, nil
}

func (a archive) Paths() []string {
	var paths []string
	for _, f := range a.Files {
		paths = append(paths, f.Name)
	}
	slices.Sort(paths)
	return paths
}

func (a archive) Hash(string) string { return "" }

// TestRead reads the trees of testdata. The file "want" of each lists what must be found, as report does.
func TestRead(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no trees", err)
	}
	runner := jsonnet.New(jsonnet.Options{Timeout: time.Minute})
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree := archive{txtar.Parse(data)}
			i := slices.IndexFunc(tree.Files, func(f txtar.File) bool { return f.Name == "want" })
			want := string(tree.Files[i].Data)
			tree.Files = slices.Delete(tree.Files, i, i+1)
			added, _ := Read(context.Background(), runner, tree, everything, catalog.Facts{})
			if got := report(added); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// report lists facts with the places of their parts.
func report(f catalog.Facts) string {
	var b strings.Builder
	for _, a := range f.Alerts {
		fmt.Fprintf(&b, "alert %s %s", a.Name.Value, a.Name.At)
		fmt.Fprintf(&b, ", expr %s", a.Expr.At)
		for _, l := range slices.Concat(a.Labels, a.Annotations) {
			fmt.Fprintf(&b, ", %s %s", l.Key, l.At)
		}
		b.WriteString("\n")
	}
	for _, r := range f.Recordings {
		fmt.Fprintf(&b, "record %s %s\n", r.Name.Value, r.Name.At)
	}
	for _, d := range f.Dashboards {
		fmt.Fprintf(&b, "dashboard %s %s", d.Title.Value, d.Title.At)
		if d.Folder.Value != "" {
			fmt.Fprintf(&b, ", folder %s", d.Folder.Value)
		}
		for _, p := range d.Panels {
			fmt.Fprintf(&b, ", %s %s", p.Title.Value, p.Title.At)
		}
		b.WriteString("\n")
	}
	for _, g := range f.Gaps {
		fmt.Fprintf(&b, "gap %v %s\n", g.Kinds, g)
	}
	return b.String()
}

func TestFind(t *testing.T) {
	tree := archive{txtar.Parse([]byte(`
-- a/mixin.libsonnet --
-- a/alerts.libsonnet --
{ prometheusAlerts+:: {} }
-- b/jsonnetfile.json --
{}
-- b/config.libsonnet --
{ _config:: {} }
-- b/more.libsonnet --
{ prometheusAlerts+:: {} }
-- b/rules.libsonnet --
{ prometheusRules+:: {} }
-- b/lib.libsonnet --
{}
-- c/dashboard.jsonnet --
{ panels: [] }
-- c/deployment.jsonnet --
(import 'github.com/x/k8s.libsonnet') + (import 'parts.libsonnet') + { kind: 'Deployment' }
-- c/parts.libsonnet --
import '../e/more.libsonnet'
-- e/more.libsonnet --
{ import: import 'parts.libsonnet' }
-- e/parts.libsonnet --
import 'more.libsonnet'
-- c/plain.jsonnet --
(import 'parts.libsonnet') + { kind: 'Deployment' }
-- c/far.jsonnet --
(import 'github.com/x/k8s.libsonnet') + (import 'far.libsonnet')
-- lib/far.libsonnet --
{ panels: [] }
-- c/prometheus/x.jsonnet --
import 'github.com/x/k8s.libsonnet'
-- c/dashboard_test.jsonnet --
{ panels: [] }
-- c/tests/x.jsonnet --
{ panels: [] }
-- examples/x.jsonnet --
{ panels: [] }
-- vendor/x/mixin.libsonnet --
-- d/jsonnetfile.json --
{}
-- d/lib.libsonnet --
{}
`))}
	var got []string
	for _, p := range find(tree, everything) {
		got = append(got, fmt.Sprint(p.entry, p.parts, p.mixin))
	}
	want := []string{
		"a/mixin.libsonnet[a/mixin.libsonnet] true", "b/more.libsonnet[b/config.libsonnet b/more.libsonnet b/rules.libsonnet] true",
		"c/dashboard.jsonnet[c/dashboard.jsonnet] false", "c/far.jsonnet[c/far.jsonnet] false",
		"c/plain.jsonnet[c/plain.jsonnet] false", "c/prometheus/x.jsonnet[c/prometheus/x.jsonnet] false",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestLibraries(t *testing.T) {
	tree := archive{txtar.Parse([]byte(`
-- m/a/jsonnetfile.json --
{"dependencies": [
 {"source": {"git": {"remote": "https://github.com/grafana/jsonnet-libs.git", "subdir": "grafana-builder"}}},
 {"source": {"git": {"remote": "git@github.com:o/r.git", "subdir": ""}}, "name": "other"},
 {"source": {"git": {"remote": "ssh://git@git.example/o/r2"}}},
 {"source": {"local": {"directory": "../lib"}}},
 {"source": {}}, 7
]}
-- jsonnetfile.json --
{"dependencies": [{"source": {"git": {"remote": "https://x/y", "subdir": "elsewhere/grafana-builder"}}}]}
-- vendor/github.com/grafana/jsonnet-libs/grafana-builder/jsonnetfile.json --
{"dependencies": [{"source": {"local": {"directory": "../mixin-utils"}}}]}
`))}
	vendor, alias := libraries(tree, "m/a")
	if got := fmt.Sprint(vendor); got != "[m/a/lib m/a/vendor m/vendor lib vendor]" {
		t.Errorf("vendor folders %s", got)
	}
	b, err := json.Marshal(alias)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"grafana-builder":"github.com/grafana/jsonnet-libs/grafana-builder","lib":"../../lib","mixin-utils":"github.com/grafana/jsonnet-libs/mixin-utils","other":"github.com/o/r","r2":"git.example/o/r2"}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

func TestMerge(t *testing.T) {
	alert := func(file, name, expr, severity string) *catalog.AlertRule {
		at := catalog.Place{File: file}
		return &catalog.AlertRule{Name: catalog.Text{Value: name, At: at}, Expr: catalog.Query{Text: expr}, Labels: []catalog.Label{{Key: "severity", Value: severity}}}
	}
	dashboard := func(file, title, uid string) *catalog.Dashboard {
		return &catalog.Dashboard{Title: catalog.Text{Value: title, At: catalog.Place{File: file}}, UID: catalog.Text{Value: uid}}
	}
	plain := catalog.Facts{Alerts: []*catalog.AlertRule{alert("plain", "A", "up == 0", "page")}, Dashboards: []*catalog.Dashboard{dashboard("plain", "D", "d")}}
	gap := catalog.Gap{Cause: catalog.Failed, Detail: "x"}
	got := report(merge(plain, []catalog.Facts{
		{Alerts: []*catalog.AlertRule{alert("one", "A", "up  ==\n0", "page"), alert("one", "A", "up == 0", "warn"), alert("one", "B", "up == 0", "page")}, Gaps: []catalog.Gap{gap}},
		{Alerts: []*catalog.AlertRule{alert("two", "B", "up == 0", "page")}, Dashboards: []*catalog.Dashboard{dashboard("two", "D", "d"), dashboard("two", "D", "e")}, Gaps: []catalog.Gap{gap}},
	}))
	want := `alert A one, expr , severity 
alert B one, expr , severity 
dashboard D two
gap [] : failed: x
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestSourcesOf(t *testing.T) {
	alert := func(file, name string) *catalog.AlertRule {
		return &catalog.AlertRule{Name: catalog.Text{Value: name, At: catalog.Place{File: file}}, At: catalog.Place{File: file}}
	}
	dashboard := func(file, uid string) *catalog.Dashboard {
		return &catalog.Dashboard{UID: catalog.Text{Value: uid}, Title: catalog.Text{Value: uid}, At: catalog.Place{File: file}}
	}
	plain := catalog.Facts{
		Alerts:     []*catalog.AlertRule{alert("both.json", "A"), alert("both.json", "Same")},
		Dashboards: []*catalog.Dashboard{dashboard("both.json", "a"), dashboard("unread.json", "b"), dashboard("twice.json", "c")},
	}
	got := report(sourcesOf(plain, []outcome{
		{reads: map[string]bool{"both.json": true}, facts: catalog.Facts{Alerts: []*catalog.AlertRule{alert("m", "B"), alert("m", "Same")}}},
		{reads: map[string]bool{"twice.json": true}, facts: catalog.Facts{Dashboards: []*catalog.Dashboard{dashboard("m", "d")}}},
		{reads: map[string]bool{"twice.json": true}, facts: catalog.Facts{Dashboards: []*catalog.Dashboard{dashboard("m", "c")}}},
	}))
	if want := "alert A both.json, expr \n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// FuzzTake reads hostile output: whatever a program gives, places are those of files that are known.
func FuzzTake(f *testing.F) {
	f.Add([]byte(`{"prometheusAlerts":{"groups":[{"name":"g","rules":[{"alert":"A","expr":"up == 0"},{"alert":"A","expr":1}]}]},"grafanaDashboardFolder":7}`))
	f.Add([]byte(`{"a.json":{"title":"A","panels":[{"title":"A","type":"graph","targets":[{"expr":"up"}]}]}}`))
	f.Add([]byte(`[[[[[[{"groups":[]}]]]]],{"apiVersion":"v1","kind":"ConfigMap","data":{"x.json":"{"}}]`))
	f.Add([]byte(`null`))
	literals := []jsonnet.Literal{
		{Value: "A", Field: "alert", At: catalog.Place{File: "a", Line: 3, Col: 2}, Site: &jsonnet.Site{Fields: map[string]*jsonnet.Site{"expr": {At: catalog.Place{File: "a", Line: 4, Col: 1}, Indent: 3}}}},
		{Value: "a.json", At: catalog.Place{File: "b", Line: 1, Col: 1}},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 || bytes.Count(data, []byte("[")) > 1000 {
			return
		}
		r := &reading{outcome: outcome{program: program{entry: "entry"}, reads: map[string]bool{}}}
		r.take(jsonnet.Output{JSON: data, Literals: literals})
		check := func(at catalog.Place) {
			if at.File != "entry" && at.File != "a" && at.File != "b" || at.Line < 1 {
				t.Errorf("%q: %v is no place", data, at)
			}
		}
		for _, a := range r.facts.Alerts {
			check(a.At)
			check(a.Name.At)
			check(a.Expr.At)
		}
		for _, d := range r.facts.Dashboards {
			check(d.At)
		}
		for _, g := range r.facts.Gaps {
			check(g.At)
		}
	})
}

func everything(string) bool { return true }
