package checks

import (
	"cmp"
	"fmt"
	"slices"

	"obsready/catalog"
)

var alertLive = &Check{
	ID:       "alert-live",
	Title:    "The service's alerts are evaluated, without error and on data",
	Why:      "A rule file that was never loaded, a query that fails and an expression on a metric that is gone all look the same at night: silence.",
	Fix:      "Load the rules that are missing. Repair the query that the error names. Where there is no data, give the expression the metric of today, or say with the rule's no-data state that none is normal.",
	Source:   "Grafana documentation, \"Alert rule evaluation\" (Error and No Data states); Datadog, \"Monitor quality\"; the linter pint (promql/series).",
	Pillar:   Alerts,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Live:     true,
	Run: func(in *Inspection) {
		all := watchedAlerts(in)
		for _, w := range all {
			if len(w.rules) == 0 {
				requireLoaded(in, w)
				continue
			}
			judgeHealth(in, w)
		}
		if len(all) == 0 {
			noneWatched(in, in.live().rulesTrouble(), "no alert belongs to the service, in git or in Grafana")
		}
	},
}

// requireLoaded judges an alert of git that nobody was seen to evaluate.
func requireLoaded(in *Inspection, w watched) {
	live := in.live()
	others := len(live.rules[w.name])
	switch missing := live.rulesMissing(w.alert); {
	case variable(w.name) || w.alert.Templated:
		link(in.Undecidedf(w.at, "whether alert %q is evaluated is not known: a template fills its rule in", w.name), w.link)
	case missing != nil:
		link(in.Undecidedf(w.at, "whether alert %q is evaluated is not known: %s", w.name, because(missing)), w.link)
	case others > 0:
		link(in.Undecidedf(w.at, "whether alert %q is evaluated is not known: %s of that name in Grafana, with other labels than in git. deploy the rules again", w.name, count(others, "rule is", "rules are")), w.link)
	default:
		link(in.Unmetf(w.at, "alert %q is in git, and neither Grafana at %s nor one of its data sources evaluates it. load its rule file, or take it away", w.name, live.URL), w.link).
			Because("not loaded "+w.at.File, "alerts of %s are not evaluated", w.at.File)
	}
}

// health is how the evaluation of one rule goes.
type health struct {
	state State
	text  string
}

// judgeHealth states how the evaluation of an alert goes, at the rule that is worst off.
func judgeHealth(in *Inspection, w watched) {
	worst := health{}
	order := []State{"", Met, Undecided, Unmet}
	for _, r := range w.rules {
		if h := healthOf(in.live(), w, r); slices.Index(order, h.state) > slices.Index(order, worst.state) {
			worst = h
		}
	}
	link(in.state(worst.state, w.at, "%s", worst.text), w.link)
}

func healthOf(live *liveEstate, w watched, r liveRule) health {
	name := fmt.Sprintf("alert %q in %s", w.name, r.where())
	since := ""
	if days := live.days(r.Since); !r.Since.IsZero() && days > 0 {
		since = fmt.Sprintf(" for %s", count(days, "day", "days"))
	}
	switch {
	case r.Paused:
		return health{Met, name + " is paused, which alert-awake judges"}
	case !r.Evaluated:
		return health{Undecided, name + " has no state, so whether it is evaluated is not known. ask again when it was"}
	case r.Health == "error" || r.Health == "err":
		return health{Unmet, fmt.Sprintf("%s has been in error%s: %q. repair its query", name, since, cmp.Or(r.LastError, "it gives no reason"))}
	case r.Health == "nodata" && (r.NoData == "OK" || r.NoData == "KeepLast"):
		return health{Met, fmt.Sprintf("%s has no data, which its no-data state %q calls normal", name, r.NoData)}
	case r.Health == "nodata":
		return health{Unmet, fmt.Sprintf("%s has been without data%s. query what the service has today, or set its no-data state to OK when none is normal", name, since)}
	case r.Health != "ok":
		return health{Undecided, fmt.Sprintf("%s has the health %q, so how its evaluation goes is not known", name, r.Health)}
	}
	if source, absent := silentMetrics(live, w, r); len(absent) > 0 {
		return health{Unmet, fmt.Sprintf("%s cannot fire, because %s. query what the service has today", name, gone(live, source, absent))}
	}
	return health{Met, name + " is evaluated without error"}
}

// silentMetrics gives the metrics of an alert of git when it can have no result because none of them exists, and the UID of the data
// source that was asked for them, "" for all.
func silentMetrics(live *liveEstate, w watched, r liveRule) (source string, absent []string) {
	if w.alert == nil {
		return "", nil
	}
	if slices.ContainsFunc(live.Metrics, func(m catalog.LiveMetrics) bool { return m.DataSource == r.source.Source }) {
		source = r.source.Source
	}
	if f := live.feedOf(w.alert.Expr, source); f.state == Unmet {
		return source, f.absent
	}
	return source, nil
}
