package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var dashboardQuality = &Check{
	ID:       "dashboard-quality",
	Title:    "The service's dashboards are well made",
	Why:      "A panel without a title or unit is misread, a query that does not parse shows nothing, and a dashboard tied to one data source cannot be used in another environment.",
	Fix:      "Repair the queries named, give panels titles and units, let panels use a data source variable (`${datasource}`), and take rates over `$__rate_interval`.",
	Source:   "Grafana dashboard-linter, rules panel-title-description, panel-units, panel-datasource, target-promql and target-rate-interval; Grafana documentation, \"Grafana dashboard best practices\".",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Dashboards},
	All:      true,
	Run: func(in *Inspection) {
		if !kindWithSignals(in) || noDashboardShown(in) {
			return
		}
		for _, d := range in.shown() {
			for _, property := range panelProperties {
				stateProperty(in, d, property)
			}
			stateUnresolved(in, d)
		}
	},
}

// panelProperty is something that all panels of a dashboard have to have. Panels whose data source speaks no language
// that is judged are passed over.
type panelProperty struct {
	held  string // completes "the panels … " when met
	fault string // completes "panel … " when unmet
	way   string // out
	judge func(p catalog.Panel) judgement
}

// judgement is whether a panel has a property; at and detail say more where the property knows more than the panel.
type judgement struct {
	state  State
	at     catalog.Place
	detail string
}

var panelProperties = []panelProperty{
	{"have queries that parse", "has a query that does not parse", "repair it", queriesParse},
	{"have titles", "has no title", "say what it shows", hasTitle},
	{"have units", "has no unit", "set the unit of its values", hasUnit},
	{"use a data source variable", "is tied to one data source", "use a variable such as ${datasource}", hasTemplatedSource},
	{"take rates over ranges that hold at any zoom", "takes a rate over $__interval, which is empty when zoomed in", "use $__rate_interval", hasRateInterval},
}

// stateProperty states whether all panels of the dashboard that were read have a property, at the first that has not.
func stateProperty(in *Inspection, d catalog.Linked[catalog.Dashboard], property panelProperty) {
	bad, unclear := []catalog.Panel{}, []catalog.Panel{}
	for _, p := range d.Item.Panels {
		if p.Unresolved || !slices.ContainsFunc(p.Queries, judged) {
			continue
		}
		switch property.judge(p).state {
		case Unmet:
			bad = append(bad, p)
		case Undecided:
			unclear = append(unclear, p)
		}
	}
	title := d.Item.Title.Value
	switch {
	case len(bad) > 0:
		j := property.judge(bad[0])
		in.Unmetf(j.at.Or(bad[0].At), "panel %s of dashboard %q%s %s%s. %s", panelName(bad[0]), title, andMore(len(bad)-1), property.fault, j.detail, property.way).LinkedBy(d.By)
	case len(unclear) > 0:
		in.Undecidedf(unclear[0].At, "whether all panels of dashboard %q %s is not known: the query of panel %s is filled in by a template", title, property.held, panelName(unclear[0])).LinkedBy(d.By)
	default:
		in.Metf(d.Item.At, "the panels of dashboard %q %s", title, property.held).LinkedBy(d.By)
	}
}

// stateUnresolved states that library panels of the dashboard were not read.
func stateUnresolved(in *Inspection, d catalog.Linked[catalog.Dashboard]) {
	var names []string
	var first catalog.Place
	for _, p := range d.Item.Panels {
		if p.Unresolved {
			names = append(names, p.LibraryName)
			first = first.Or(p.At)
		}
	}
	if len(names) > 0 {
		in.Undecidedf(first, "dashboard %q shows library panels that are not in the catalog: %s. keep them beside the dashboard", d.Item.Title.Value, quoteAll(names)).LinkedBy(d.By)
	}
}

// panelName gives the panel's title, or its number when it has none.
func panelName(p catalog.Panel) string {
	if p.Title.Value == "" {
		return fmt.Sprintf("%d", p.ID)
	}
	return fmt.Sprintf("%q", p.Title.Value)
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// judged reports whether the properties apply to the panel of the query: those of other data sources have rules of
// their own.
func judged(q catalog.Query) bool { return q.Lang == catalog.PromQL || q.Lang == catalog.LogQL }

func queriesParse(p catalog.Panel) judgement {
	j := judgement{state: Met}
	for _, q := range p.Queries {
		switch {
		case q.Error == "":
		case promql.ByTemplate(q):
			j.state = Undecided
		default:
			return judgement{Unmet, q.ErrorAt, " (" + q.Error + ")"}
		}
	}
	return j
}

func hasTitle(p catalog.Panel) judgement { return metIf(strings.TrimSpace(p.Title.Value) != "") }

// valuePanels are the types of panels that show numbers on an axis or big.
var valuePanels = []string{"timeseries", "graph", "stat", "gauge", "bargauge", "singlestat"}

func hasUnit(p catalog.Panel) judgement {
	return metIf(p.Unit.Value != "" || !slices.Contains(valuePanels, p.Type))
}

// hasTemplatedSource accepts a variable, and no data source at all: that is the default one of each Grafana.
func hasTemplatedSource(p catalog.Panel) judgement {
	source := p.Datasource.Value
	return metIf(source == "" || source == "default" || variable(source) || strings.HasPrefix(source, "--"))
}

func hasRateInterval(p catalog.Panel) judgement {
	return metIf(!slices.ContainsFunc(p.Queries, ratesOverInterval))
}

// ratesOverInterval reports whether a query takes a rate over $__interval, which is shorter than a scrape when the
// dashboard is zoomed in. Fixed ranges are fine.
func ratesOverInterval(q catalog.Query) bool {
	if q.Lang != catalog.PromQL || !strings.Contains(q.Text, "__interval") {
		return false
	}
	expr, offsets, err := promql.Expr(q)
	if err != nil {
		return false
	}
	found := false
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		call, ok := node.(*parser.Call)
		if !ok || !slices.Contains(rates, call.Func.Name) {
			return nil
		}
		position := call.PositionRange()
		text := q.Text[offsets.Original(position.Start):min(offsets.Original(position.End), len(q.Text))]
		found = found || strings.Contains(text, "[$__interval]") || strings.Contains(text, "[${__interval}]")
		return nil
	})
	return found
}

func metIf(ok bool) judgement {
	if ok {
		return judgement{state: Met}
	}
	return judgement{state: Unmet}
}
