package checks

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// relation is what a query has to do with a service.
type relation int

// The relations, the closest last.
const (
	foreign relation = iota // it selects something else by name
	bare                    // nothing in it names a service
	open                    // a variable in a matcher can select the service
	own                     // it selects the service
)

// identities are labels that name what a series is about, so that another value is about something else.
var identities = []string{"service", "service_name", "app", "component", "job", "container", "deployment", "app_kubernetes_io_name"}

// identity is how telemetry knows a service.
type identity struct {
	names    []string           // in lower case
	declared []catalog.Selector // that its entry declares
}

// identify gives the names and selectors of a service.
func identify(svc *catalog.Service) identity {
	id := identity{names: serviceNames(svc)}
	for _, text := range []string{svc.Signals.Metrics.Value, svc.Signals.Logs.Value} {
		if s, err := promql.Selector(text); text != "" && err == nil && len(s.Matchers) > 0 {
			id.declared = append(id.declared, s)
		}
	}
	return id
}

// serviceNames gives the names under which telemetry knows the service, in lower case.
func serviceNames(svc *catalog.Service) []string {
	names := []string{strings.ToLower(svc.Name.Value)}
	for _, a := range append(slices.Clone(svc.Aliases), svc.Signals.Traces) {
		if a.Value != "" {
			names = append(names, strings.ToLower(a.Value))
		}
	}
	return names
}

// relate says what one query has to do with a service; see [identity.relate].
func relate(svc *catalog.Service, q catalog.Query) relation { return identify(svc).relate(q) }

// ownVariable matches a variable of the dashboard's author; those that begin with two underscores are Grafana's.
var ownVariable = regexp.MustCompile(`\$\{?[A-Za-z]|\[\[[A-Za-z]`)

// relate says what a query has to do with the service: the closest relation of its selectors. A query in a language that
// has no selectors is taken by its text.
func (id identity) relate(q catalog.Query) relation {
	if q.Lang == catalog.OtherLang || q.Error != "" {
		switch {
		case mentions(q.Text, id.names):
			return own
		case ownVariable.MatchString(q.Text):
			return open
		}
		return bare
	}
	closest := bare
	for i, s := range q.Selectors {
		if r := id.relateSelector(s); i == 0 || r > closest {
			closest = r
		}
	}
	return closest
}

func (id identity) relateSelector(s catalog.Selector) relation {
	if inWords(plainName(s.Metric), id.names) || slices.ContainsFunc(id.declared, func(d catalog.Selector) bool { return narrows(s, d) }) {
		return own
	}
	r := bare
	for _, m := range s.Matchers {
		positive := m.Op == "=" || m.Op == "=~"
		switch {
		case positive && mentions(m.Value, id.names):
			return own
		case variable(m.Value) || variable(m.Name):
			r = open
		case r == bare && m.Op == "=" && slices.Contains(identities, m.Name):
			r = foreign
		}
	}
	return r
}

// narrows reports whether the selector selects only series that the declared one does.
func narrows(s, declared catalog.Selector) bool {
	if declared.Metric != "" && declared.Metric != s.Metric {
		return false
	}
	return !slices.ContainsFunc(declared.Matchers, func(m catalog.Matcher) bool { return !slices.Contains(s.Matchers, m) })
}

// mentions reports whether one of the names stands as a word of its own in a text, such as a pattern of alternatives or
// "namespace/name".
func mentions(text string, names []string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, w := range words {
		if slices.Contains(names, strings.Trim(w, "-_")) {
			return true
		}
	}
	return false
}

// inWords reports whether the words of one of the names stand together among the words of a metric's name. Names too
// short to mean anything are passed over.
func inWords(metric string, names []string) bool {
	for _, n := range names {
		if len(n) < 4 {
			continue
		}
		n = strings.ReplaceAll(n, "-", "_")
		if strings.Contains("_"+strings.ReplaceAll(metric, ":", "_")+"_", "_"+n+"_") {
			return true
		}
	}
	return false
}

// standing is whether a dashboard counts as one of the service, and why.
type standing struct {
	state  State
	reason string
}

// stands says whether a linked dashboard shows something of the service: at least one query selects it, or has a
// variable that can. A dashboard of texts, or of other things, proves nothing. What is in library panels that were not
// read is not known.
func stands(svc *catalog.Service, d *catalog.Dashboard, used map[string]bool) standing {
	id := identify(svc)
	queries, unresolved, unjudged := 0, 0, 0
	for _, p := range d.Panels {
		if p.Unresolved {
			unresolved++
		}
		for _, q := range p.Queries {
			queries++
			if r := id.relate(q); r >= open || r == bare && selectsAny(q, used) {
				return standing{state: Met}
			}
			if q.Lang == catalog.OtherLang || q.Error != "" {
				unjudged++
			}
		}
	}
	switch {
	case unresolved > 0:
		return standing{Undecided, count(unresolved, "of its panels is a library panel", "of its panels are library panels") + " that the catalog does not hold. keep the library panels beside the dashboard"}
	case unjudged > 0:
		return standing{Undecided, count(unjudged, "query is", "queries are") + " in a language that is not judged and do not name the service. name it in a query, or in a variable"}
	case queries == 0:
		return standing{Unmet, "no panel has a query"}
	}
	return standing{Unmet, "no query selects the service or has a variable that could. add a matcher such as " + exampleSelector(svc)}
}

// selectsAny reports whether the query selects one of the metrics.
func selectsAny(q catalog.Query, metrics map[string]bool) bool {
	return slices.ContainsFunc(q.Selectors, func(s catalog.Selector) bool { return metrics[s.Metric] })
}

// exampleSelector gives a selector of the service for a message.
func exampleSelector(svc *catalog.Service) string {
	if svc.Signals.Metrics.Value != "" {
		return svc.Signals.Metrics.Value
	}
	return `{job="` + svc.Name.Value + `"}`
}

// ownMetrics gives the metrics that the service's rules and SLOs select or record, without those that every service has.
func ownMetrics(svc *catalog.Service) map[string]bool {
	used := map[string]bool{}
	for _, a := range askedBy(svc) {
		if a.record != "" {
			used[a.record] = true
		}
		for _, s := range a.query.Selectors {
			if s.Metric != "" && !wellKnown(s.Metric) {
				used[s.Metric] = true
			}
		}
	}
	return used
}

// shownDashboards gives the dashboards that count as the service's.
func shownDashboards(svc *catalog.Service) []catalog.Linked[catalog.Dashboard] {
	used := ownMetrics(svc)
	var shown []catalog.Linked[catalog.Dashboard]
	for _, d := range svc.Dashboards {
		if stands(svc, d.Item, used).state == Met {
			shown = append(shown, d)
		}
	}
	return shown
}
