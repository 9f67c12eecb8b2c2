package reports

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog/dashboards"
	"obsready/catalog/document"
)

// grafanaPanel is what is read of a panel of the dashboard.
type grafanaPanel struct {
	ID          int
	Type, Title string
	Description string
	GridPos     struct{ X, Y, W, H int }
	Datasource  struct{ UID string }
	Targets     []struct {
		RefID, Expr, LegendFormat string
		Datasource                struct{ UID string }
	}
}

type grafanaDashboard struct {
	UID, Title    string
	SchemaVersion int
	Panels        []grafanaPanel
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
	Annotations struct{ List []struct{ Expr string } }
}

func readDashboard(t *testing.T) grafanaDashboard {
	t.Helper()
	var d grafanaDashboard
	if err := json.Unmarshal(Dashboard(), &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || d.Title == "" || d.SchemaVersion < 36 || len(d.Panels) < 10 {
		t.Fatalf("got %+v", d)
	}
	return d
}

func TestDashboardIsLaidOut(t *testing.T) {
	d := readDashboard(t)
	ids := map[int]bool{}
	for i, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 {
			t.Errorf("panel %q has the ID %d of another one", p.Title, p.ID)
		}
		ids[p.ID] = true
		g := p.GridPos
		if g.X < 0 || g.W <= 0 || g.H <= 0 || g.X+g.W > 24 {
			t.Errorf("panel %q is out of the grid: %+v", p.Title, g)
		}
		for _, q := range d.Panels[:i] {
			o := q.GridPos
			if g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H {
				t.Errorf("panel %q lies over %q", p.Title, q.Title)
			}
		}
		if p.Type != "row" && (p.Description == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0) {
			t.Errorf("panel %q has no description, no target or another data source", p.Title)
		}
		for _, target := range p.Targets {
			if target.Datasource.UID != "${datasource}" {
				t.Errorf("panel %q asks data source %q", p.Title, target.Datasource.UID)
			}
		}
	}
	var variables []string
	for _, v := range d.Templating.List {
		variables = append(variables, v.Name+" "+v.Type)
	}
	if want := []string{"datasource datasource", "team query"}; !slices.Equal(variables, want) {
		t.Errorf("the variables are %q, want %q", variables, want)
	}
}

var (
	labelValues = regexp.MustCompile(`^label_values\((.+), ([a-z_]+)\)$`)
	legendLabel = regexp.MustCompile(`\{\{([^}]*)\}\}`)
)

// TestDashboardAsksWhatIsExposed parses every query and looks each metric and label up in what the metrics expose.
func TestDashboardAsksWhatIsExposed(t *testing.T) {
	d := readDashboard(t)
	exposed := expose(t, render(t, "openmetrics", sample(), Options{}))
	asked := map[string]bool{}
	check := func(where, query, legend string) {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(strings.ReplaceAll(query, "$team", ".*"))
		if err != nil {
			t.Errorf("%s: %q: %v", where, query, err)
			return
		}
		known := map[string]bool{}
		parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
			if v, ok := n.(*parser.VectorSelector); ok {
				if exposed[v.Name] == nil {
					t.Errorf("%s asks for %q, which is not exposed", where, v.Name)
				}
				asked[v.Name] = true
				for l := range exposed[v.Name] {
					known[l] = true
				}
				for _, m := range v.LabelMatchers {
					if m.Name != model.MetricNameLabel && !exposed[v.Name][m.Name] {
						t.Errorf("%s: %s has no label %q", where, v.Name, m.Name)
					}
				}
			}
			return nil
		})
		var used []string
		parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
			if a, ok := n.(*parser.AggregateExpr); ok {
				used = append(used, a.Grouping...)
			}
			return nil
		})
		for _, l := range legendLabel.FindAllStringSubmatch(legend, -1) {
			used = append(used, l[1])
		}
		for _, l := range used {
			if !known[l] {
				t.Errorf("%s: %q has no label %q", where, query, l)
			}
		}
	}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			check("panel "+p.Title, target.Expr, target.LegendFormat)
		}
	}
	for _, a := range d.Annotations.List {
		check("annotation", a.Expr, "")
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			parts := labelValues.FindStringSubmatch(v.Definition)
			if parts == nil || !exposed[parts[1]][parts[2]] {
				t.Errorf("variable %q asks for %q", v.Name, v.Definition)
			}
		}
	}
	for metric := range exposed {
		if !asked[metric] && !slices.Contains([]string{"obsready_team_services", "obsready_team_ready_services", "obsready_estate_answers", "obsready_catalog_commit_timestamp_seconds"}, metric) {
			t.Errorf("no panel shows %s", metric)
		}
	}
}

// TestDashboardIsReadByThisProduct holds our dashboard to what we ask of others'.
func TestDashboardIsReadByThisProduct(t *testing.T) {
	docs, gaps := document.ParseJSON("dashboard.json", Dashboard())
	if len(gaps) > 0 || len(docs) != 1 {
		t.Fatalf("got %d documents and gaps %v", len(docs), gaps)
	}
	facts, ok := dashboards.Read(docs[0])
	if !ok || len(facts.Gaps) > 0 || len(facts.Dashboards) != 1 {
		t.Fatalf("got %v, gaps %v", ok, facts.Gaps)
	}
	if d := facts.Dashboards[0]; d.Title.Value != "Observability readiness" || len(d.Panels) < 10 {
		t.Errorf("got %q with %d panels", d.Title.Value, len(d.Panels))
	}
}

func TestDocuments(t *testing.T) {
	for _, name := range Documents() {
		text, err := Document(name)
		if err != nil || !json.Valid(text) {
			t.Errorf("%s: %v", name, err)
		}
		text[0] = 'x'
		if again, _ := Document(name); again[0] != '{' {
			t.Errorf("a caller changed %s", name)
		}
	}
	if _, err := Document("x.json"); err == nil || !strings.Contains(err.Error(), "expected one of report.schema.json, deadlines.schema.json, dashboard.json") {
		t.Errorf("got %v", err)
	}
}
