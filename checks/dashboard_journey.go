package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var dashboardJourney = &Check{
	ID:       "dashboard-journey",
	Title:    "Every journey of the service has a dashboard that shows its SLI",
	Why:      "Services can all look fine while users cannot finish what they came for. A dashboard of the journey shows what they meet, across services.",
	Fix:      "Set `dashboard` of the journey to a dashboard of the catalog, by uid, title or file, and show the journey's SLI on it: the metrics that its SLOs are measured by.",
	Source:   "UK Home Office, \"Monitoring as code\" (dashboards by user journey); Google SRE workbook, chapter 2 \"Implementing SLOs\" (user journeys).",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Journeys, catalog.Dashboards, catalog.SLOs},
	Run: func(in *Inspection) {
		if len(in.Service.Journeys) == 0 {
			in.NotApplicablef("the service takes part in no journey")
			return
		}
		for _, j := range in.Service.Journeys {
			requireJourneyDashboard(in, j)
		}
	},
}

func requireJourneyDashboard(in *Inspection, j *catalog.Journey) {
	name, ref := j.Name.Value, j.DashRef
	switch {
	case j.Dashboard != nil:
		stateSLIShown(in, j, j.Dashboard)
	case ref.Value == "":
		if d, s := dashboardWithSLI(in, j); d != nil {
			in.Metf(s.at, "%s shows %q, by which the SLI of journey %q is measured", s.by, s.metric, name)
			return
		}
		in.Missingf(j.Name.At, "journey %q has no dashboard that shows its SLI. set dashboard to a uid, title or file", name)
	case isFile(ref.Value):
		in.Missingf(ref.At, "journey %q has dashboard %q, and there is no such file. correct the path", name, ref.Value)
	default:
		in.Undecidedf(ref.At, "journey %q has dashboard %q, which is none of the catalog's, and this run does not read Grafana. keep the dashboard in the catalog", name, ref.Value)
	}
}

// stateSLIShown states whether the journey's dashboard shows what its SLOs measure.
func stateSLIShown(in *Inspection, j *catalog.Journey, d *catalog.Dashboard) {
	name, title := j.Name.Value, d.Title.Value
	if len(j.SLOs) == 0 {
		in.Undecidedf(j.DashRef.At.Or(j.At), "journey %q has dashboard %q, but no SLO of the catalog that tells its SLI. set slo to the SLOs of the journey", name, title)
		return
	}
	m := newMeasured(append(slices.Clone(j.Services), in.Service), j.SLOs...)
	if s, ok := m.shownBy(d); ok {
		in.Metf(s.at, "%s shows %q, by which the SLI of journey %q is measured", s.by, s.metric, name)
		return
	}
	at := j.DashRef.At.Or(d.At)
	for _, p := range d.Panels {
		if p.Unresolved {
			in.Undecidedf(p.At, "whether dashboard %q shows the SLI of journey %q is not known: library panel %q is not in the catalog. keep it beside the dashboard", title, name, p.LibraryName)
			return
		}
	}
	if len(m.metrics) == 0 {
		in.Undecidedf(j.SLOs[0].At, "the SLI of journey %q cannot be told: no query of SLO %q is PromQL that could be read", name, j.SLOs[0].Name.Value)
		return
	}
	in.Missingf(at, "dashboard %q shows no metric that the SLOs of journey %q are measured by (%s). add a panel of them", title, name, quoteAll(m.order))
}

// dashboardWithSLI finds a dashboard of the journey's services that shows its SLI.
func dashboardWithSLI(in *Inspection, j *catalog.Journey) (*catalog.Dashboard, series) {
	if len(j.SLOs) == 0 {
		return nil, series{}
	}
	m := newMeasured(append(slices.Clone(j.Services), in.Service), j.SLOs...)
	for _, svc := range j.Services {
		for _, d := range svc.Dashboards {
			if s, ok := m.shownBy(d.Item); ok {
				return d.Item, s
			}
		}
	}
	return nil, series{}
}

// measured is what some SLOs measure: the metrics of their indicators, and those that rules record of them.
type measured struct {
	metrics map[string][]catalog.Selector // by family
	order   []string                      // the indicators' own, for messages
	slos    []*catalog.SLO
}

// newMeasured gathers what SLOs measure. Rules that record it are looked for among those of the given services.
func newMeasured(services []*catalog.Service, slos ...*catalog.SLO) measured {
	m := measured{metrics: map[string][]catalog.Selector{}, slos: slos}
	for _, o := range slos {
		for _, q := range o.Indicator.Queries() {
			for _, s := range q.Selectors {
				m.add(s)
			}
		}
	}
	own := slices.Clone(m.order)
	for _, svc := range services {
		for _, r := range svc.Recordings {
			m.addRecorded(r.Item, own)
		}
	}
	return m
}

func (m *measured) add(s catalog.Selector) {
	if s.Metric == "" {
		return
	}
	name := family(s.Metric)
	if m.metrics[name] == nil {
		m.order = append(m.order, s.Metric)
	}
	m.metrics[name] = append(m.metrics[name], s)
}

// addRecorded adds the metrics behind an indicator's own that is recorded, or a metric that is recorded of the
// indicators', so that a panel may show either.
func (m *measured) addRecorded(r *catalog.RecordingRule, own []string) {
	if slices.Contains(own, r.Name.Value) {
		for _, s := range r.Expr.Selectors {
			m.metrics[family(s.Metric)] = append(m.metrics[family(s.Metric)], s)
		}
		return
	}
	of := func(s catalog.Selector) bool { return slices.ContainsFunc(m.metrics[family(s.Metric)], compatible(s)) }
	if slices.ContainsFunc(r.Expr.Selectors, of) {
		name := family(r.Name.Value)
		m.metrics[name] = append(m.metrics[name], catalog.Selector{Metric: r.Name.Value})
	}
}

// compatible gives a function that reports whether two selectors can select the same series: no label has to have
// different values.
func compatible(a catalog.Selector) func(catalog.Selector) bool {
	return func(b catalog.Selector) bool {
		for _, m := range a.Matchers {
			for _, n := range b.Matchers {
				if m.Name == n.Name && m.Op == "=" && n.Op == "=" && m.Value != n.Value && !variable(m.Value) && !variable(n.Value) {
					return false
				}
			}
		}
		return true
	}
}

// shownBy gives the first series of a dashboard that the SLOs are measured by.
func (m measured) shownBy(d *catalog.Dashboard) (series, bool) {
	for _, p := range d.Panels {
		for _, q := range p.Queries {
			for _, s := range q.Selectors {
				if m.shows(s) {
					return series{
						asked:  asked{query: &q, by: fmt.Sprintf("panel %q of dashboard %q", p.Title.Value, d.Title.Value)},
						metric: s.Metric, at: q.Place(s.Offset),
					}, true
				}
			}
		}
	}
	return series{}, false
}

func (m measured) shows(s catalog.Selector) bool {
	if generated.MatchString(s.Metric) { // recorded for every SLO under the same name
		return slices.ContainsFunc(m.slos, func(o *catalog.SLO) bool { return namesSLO(s, o) })
	}
	return slices.ContainsFunc(m.metrics[family(s.Metric)], compatible(s))
}

// generated matches metrics that SLO tools record for every SLO.
var generated = regexp.MustCompile(`^(?:slo:|sloth_|pyrra_)`)

// namesSLO reports whether a selector of such a metric selects the SLO, by its name or a variable.
func namesSLO(s catalog.Selector, o *catalog.SLO) bool {
	named := false
	for _, m := range s.Matchers {
		if m.Name != "slo" && m.Name != "sloth_slo" && m.Name != "sloth_id" {
			continue
		}
		named = true
		if m.Value == o.Name.Value || strings.HasSuffix(m.Value, "-"+o.Name.Value) || variable(m.Value) || m.Op == "=~" && mentions(m.Value, []string{strings.ToLower(o.Name.Value)}) {
			return true
		}
	}
	return !named // it shows every SLO
}
