package checks

import (
	"regexp"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

var alertUrgent = &Check{
	ID:    "alert-urgent",
	Title: "Severities say what cannot wait and are routed so, and what pages is few and does not flap",
	Why:   "A severity that nobody knows is routed nowhere, and a page that ends in a chat wakes nobody. Pages that come and go within a minute, or that are many, teach people to wait and see.",
	Fix: "Give every alert a `severity` of your organisation's set (`severities` of the policy). Give alerts that page a `for` or `keep_firing_for`, a long and a short burn-rate window, or a window of five minutes in the expression. " +
		"Turn pages that can wait until the morning into tickets. Where the catalog holds the routes of an Alertmanager or of Grafana, send the severities that page, and no others, to receivers that wake somebody.",
	Source:   "Google SRE book, chapter 6 \"Tying These Principles Together\"; SRE workbook, chapter 5 \"Multiwindow, Multi-Burn-Rate Alerts\"; Prometheus documentation, \"Alerting rules\"; Prometheus Alertmanager documentation, \"Route\"; the linter pint (rule/for).",
	Pillar:   Alerts,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Run: func(in *Inspection) {
		if noAlerts(in) {
			return
		}
		if !withSeverity(in.Service) {
			first := in.Service.Alerts[0]
			in.Unmetf(nameAt(first), "no alert of service %q has a severity label, so none is known to wake somebody. give each one, as in severity: %s",
				in.Service.Name.Value, firstOf(in.Settings.PageSeverities))
			return
		}
		for _, a := range in.Service.Alerts {
			judgeUrgency(in, a)
		}
		judgePages(in)
	},
}

// judgeUrgency states whether an alert's severity is known and, when it pages, whether it may flap.
func judgeUrgency(in *Inspection, a alert) {
	name, severity := a.Item.Name.Value, a.Item.Severity
	switch {
	case severity.Value == "":
		in.Unmetf(nameAt(a), "alert %q has no severity label, though others have one. give it one", name).LinkedBy(a.By)
	case mayPage(a.Item):
		in.Undecidedf(severity.At, "the severity of alert %q is a template: %q. write a fixed severity", name, severity.Value).LinkedBy(a.By)
	case len(in.Settings.Severities) > 0 && !hasFold(in.Settings.Severities, severity.Value) && !isPage(in, a.Item):
		in.Unmetf(severity.At, "severity %q of alert %q is none of %s. use one of those, or add it to severities in the policy", severity.Value, name, quoteAll(in.Settings.Severities)).
			LinkedBy(a.By).Because("severity "+severity.Value, "the severity %q is none of the organisation's", severity.Value)
	case !isPage(in, a.Item):
		refusePager(in, a)
	default:
		judgeFlapping(in, a)
		requirePager(in, a)
	}
}

// refusePager judges an alert whose severity does not page: its routes must not wake somebody all the same. A heartbeat
// may lead to a pager, which it keeps silent.
func refusePager(in *Inspection, a alert) {
	name, severity := a.Item.Name.Value, a.Item.Severity
	r, ok := in.routed(a.Item)
	if !ok || r.state != Met || isClock(a.Item) || eased(a.Item, r.by) {
		in.Metf(severity.At, "alert %q has severity %q and does not page", name, severity.Value).LinkedBy(a.By)
		return
	}
	in.Unmetf(severity.At, "alert %q has severity %q, which does not page, but %s, which wakes somebody. send it to a receiver that waits, or give the alert one that pages, as in severity: %s",
		name, severity.Value, r.why, firstOf(in.Settings.PageSeverities)).
		LinkedBy(a.By).Because("pager at "+r.by.Route.At.String(), "the route at %s wakes somebody for alerts that do not page", r.by.Route.At)
}

// requirePager judges an alert that pages: where there are routes they have to lead to somebody who is woken. Routes by
// labels that only its series have are not asked for, as long as one of them does.
func requirePager(in *Inspection, a alert) {
	name, severity := a.Item.Name.Value, a.Item.Severity.Value
	r, ok := in.routed(a.Item)
	switch {
	case !ok || r.state == Undecided && r.hopeful:
	case r.state == Met:
		in.Metf(nameAt(a), "alert %q with severity %q wakes somebody: %s", name, severity, r.why).LinkedBy(a.By)
	case r.state == Undecided:
		in.Undecidedf(r.by.Route.At, "whether alert %q at %s wakes somebody is not known: %s", name, nameAt(a), r.why).LinkedBy(a.By)
	default:
		in.Unmetf(r.by.Route.At, "alert %q at %s has severity %q, which pages, but %s, which wakes nobody. send it to a receiver that does, or lower the severity. a receiver that does wake somebody is named in page_receivers of the policy",
			name, nameAt(a), severity, r.why).
			LinkedBy(a.By).Because("no pager at "+r.by.Route.At.String(), "alerts that page go to %s, which wakes nobody", recipient(*r.by))
	}
}

func judgeFlapping(in *Inspection, a alert) {
	name, minimum := a.Item.Name.Value, in.Settings.ForMinimum
	why, known := steadiness(a.Item, minimum)
	switch {
	case why != "":
		in.Metf(nameAt(a), "alert %q pages and does not flap: %s", name, why).LinkedBy(a.By)
	case !known:
		in.Undecidedf(a.Item.For.At.Or(nameAt(a)), "whether alert %q may flap is not known: a template decides how long it waits. write a fixed for", name).LinkedBy(a.By)
	default:
		in.Unmetf(a.Item.For.At.Or(nameAt(a)), "alert %q pages as soon as its expression holds and may flap. add for: %s or longer, keep_firing_for, or a longer window", name, model.Duration(max(minimum, time.Minute))).LinkedBy(a.By)
	}
}

// steadiness gives why an alert does not come and go with single samples: it waits, it keeps firing, it looks at two
// windows, or all that it reads is looked at over a window. known is false when a template hides how long it waits, or
// its expression is not read.
func steadiness(a *catalog.AlertRule, minimum time.Duration) (why string, known bool) {
	wait, knownFor := parseWait(a.For)
	keep, knownKeep := parseWait(a.KeepFiringFor)
	switch {
	case knownFor && wait > 0 && wait >= minimum:
		return "for: " + a.For.Value, true
	case knownKeep && keep > 0 && keep >= minimum:
		return "keep_firing_for: " + a.KeepFiringFor.Value, true
	}
	if isClock(a) {
		return "it is a heartbeat or a clock", true
	}
	if _, sloth := a.Label("sloth_severity"); sloth {
		return "it is a burn-rate alert that Sloth generates", true
	}
	known = knownFor && knownKeep
	if a.Expr.Lang != catalog.PromQL || a.Expr.Error != "" {
		return "", known && a.Expr.Error == "" && a.Expr.Lang == catalog.LogQL
	}
	e, err := newExpression(a)
	switch {
	case err != nil:
		return "", false
	case multiWindow(e.tree):
		return "it looks at a long and a short window", true
	case smoothed(e.tree):
		return "its expression looks over at least " + model.Duration(smoothing).String(), true
	}
	return "", known
}

// multiWindow recognises conditions on two windows that are joined by "and", as burn-rate alerts have them. They need
// no `for`: the long window keeps single spikes out, the short one ends the alert.
func multiWindow(expr parser.Expr) bool {
	return someNode(expr, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.LAND {
			return false
		}
		left, right := windowsOf(b.LHS), windowsOf(b.RHS)
		return len(left) > 0 && len(right) > 0 && !slices.Equal(left, right)
	})
}

// recordedWindow is the window at the end of a recorded metric's name, as in ratio_rate5m and burnrate1h.
var recordedWindow = regexp.MustCompile(`(?:rate|increase|error)_?(\d+[smhdw])$`)

// windowsOf gives the ranges that an expression looks over, each once, shortest first.
func windowsOf(expr parser.Expr) []time.Duration {
	var all []time.Duration
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.MatrixSelector:
			all = append(all, n.Range)
		case *parser.SubqueryExpr:
			all = append(all, n.Range)
		case *parser.VectorSelector:
			if m := recordedWindow.FindStringSubmatch(n.Name); m != nil {
				if d, err := model.ParseDuration(m[1]); err == nil {
					all = append(all, time.Duration(d))
				}
			}
		}
		return nil
	})
	slices.Sort(all)
	return slices.Compact(all)
}

// smoothing is a window that single samples do not move much.
const smoothing = 5 * time.Minute

// smoothed reports whether all series that an expression reads are looked at over a window of at least smoothing.
func smoothed(expr parser.Expr) bool {
	selects, plain := false, false
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		selects = true
		long := slices.ContainsFunc(path, func(n parser.Node) bool {
			switch n := n.(type) {
			case *parser.MatrixSelector:
				return n.Range >= smoothing
			case *parser.SubqueryExpr:
				return n.Range >= smoothing
			}
			return false
		})
		recorded := windowsOf(s)
		plain = plain || !long && (len(recorded) == 0 || recorded[0] < smoothing)
		return nil
	})
	return selects && !plain
}

// judgePages states whether the alerts that page are few.
func judgePages(in *Inspection) {
	paging := pagesOf(in)
	names := alertNames(paging)
	if len(paging) == 0 {
		return
	}
	if limit := in.Settings.PagesPerService; len(names) > limit {
		in.Unmetf(in.Service.At, "%s of service %q page, more than %d. turn those that can wait into tickets: %s",
			count(len(names), "alert", "alerts"), in.Service.Name.Value, limit, quoteAll(names))
		return
	}
	in.Metf(in.Service.At, "%s of service %q can wake somebody", count(len(names), "alert", "alerts"), in.Service.Name.Value)
}
