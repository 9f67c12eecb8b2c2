package checks

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
	"obsready/checks/measure"
)

var alertAbsent = &Check{
	ID:       "alert-absent",
	Title:    "Somebody notices when the service's signal vanishes",
	Why:      "An alert on failures is silent when there is nothing to count: a service that is gone, or is no longer scraped, looks like one without failures.",
	Fix:      "Add an alert on the absence, as in `absent(up{job=\"checkout\"})` with `for: 5m`, or one on `up == 0` for the whole estate. Pyrra generates one for each SLO unless `alerting.absent` is false.",
	Source:   "Prometheus documentation, \"Alerting\": metamonitoring; \"Query functions\": absent(); Pyrra documentation, alerting.absent.",
	Pillar:   Alerts,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.SLOs},
	Run: func(in *Inspection) {
		if len(in.Service.Alerts) == 0 && len(in.Service.SLOs) == 0 && in.Service.Gap(catalog.Alerts) == nil {
			in.NotApplicablef("no alert and no SLO belongs to the service: see alert-symptom")
			return
		}
		if !stateAbsence(in) {
			in.Missingf(in.Service.At, "no alert tells when the signals of service %q vanish. add one on absent(up{…}) or absent() of its main metric", in.Service.Name.Value)
		}
	},
}

// stateAbsence states what tells that the service's signal vanished: an alert of its own, its SLO's, or one for the
// whole estate. It reports whether there is something.
func stateAbsence(in *Inspection) bool {
	for _, a := range in.Service.Alerts {
		if why := in.noticesAbsence(a.Item); why != "" {
			in.Metf(nameAt(a), "alert %q notices when the signal vanishes: %s", a.Item.Name.Value, why).LinkedBy(a.By)
			return true
		}
	}
	for _, o := range in.Service.SLOs {
		if o.Item.Alerting.Absent {
			in.Metf(o.Item.At, "SLO %q has an alert on the absence of its metric (%s alerting)", o.Item.Name.Value, sloFormat(o.Item)).LinkedBy(o.By)
			return true
		}
	}
	for _, a := range in.targetWatchers() {
		if !narrowed(a, in.Service) {
			in.Metf(a.Name.At.Or(a.At), "alert %q notices it for every scrape target: it is on up and narrowed to no other job", a.Name.Value)
			return true
		}
	}
	return false
}

// noticesAbsence gives how an alert fires when the series it is about are no longer there, "" when it does not.
func (s *Survey) noticesAbsence(a *catalog.AlertRule) string {
	if a.Format == "grafana" && a.NoData.Value == "Alerting" && !a.Paused {
		return "it fires when its query gives no data"
	}
	if a.Expr.Lang == catalog.LogQL && strings.Contains(a.Expr.Text, "absent_over_time") {
		return "it asks for absent_over_time()"
	}
	expr, _, err := promql.Expr(a.Expr)
	if err != nil || a.Expr.Error != "" {
		return ""
	}
	switch {
	case callsAny(expr, "absent", "absent_over_time"):
		return "it asks for absent()"
	case watchesTargets(a):
		return "it asks for up being 0"
	case zeroInstead(expr):
		return "it takes a missing value for vector(0)"
	case lost(expr):
		return "it asks for what was there before and is no longer"
	case s.watchesMonitoring(a):
		return "it watches the monitoring"
	}
	return ""
}

func (s *Survey) watchesMonitoring(a *catalog.AlertRule) bool {
	j := s.Measure(a)
	return j.Class == measure.Meta && j.Sure()
}

func callsAny(expr parser.Expr, functions ...string) bool {
	return someNode(expr, func(n parser.Node) bool {
		call, ok := n.(*parser.Call)
		return ok && slices.Contains(functions, call.Func.Name)
	})
}

// someNode reports whether f holds for any node of the expression.
func someNode(expr parser.Expr, f func(parser.Node) bool) bool {
	found := false
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		found = found || n != nil && f(n)
		return nil
	})
	return found
}

// zeroInstead recognises `… or vector(0)`.
func zeroInstead(expr parser.Expr) bool {
	return someNode(expr, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		if !ok || b.Op != parser.LOR {
			return false
		}
		call, ok := promql.Plain(b.RHS).(*parser.Call)
		return ok && call.Func.Name == "vector"
	})
}

// lost recognises `x offset 1h unless x`.
func lost(expr parser.Expr) bool {
	return someNode(expr, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && b.Op == parser.LUNLESS && someNode(b.LHS, func(n parser.Node) bool {
			s, ok := n.(*parser.VectorSelector)
			return ok && s.OriginalOffset > 0
		})
	})
}

// watchesTargets reports whether an alert is on the metric up being 0, or on the share of targets for which it is.
func watchesTargets(a *catalog.AlertRule) bool {
	if !slices.ContainsFunc(a.Expr.Selectors, func(s catalog.Selector) bool { return s.Metric == "up" }) {
		return false
	}
	expr, _, err := promql.Expr(a.Expr)
	return err == nil && a.Expr.Error == "" && someNode(expr, func(n parser.Node) bool {
		b, ok := n.(*parser.BinaryExpr)
		return ok && comparesUp(b)
	})
}

// comparesUp recognises up == 0, up != 1, up < 1 and the like, with what is computed of up on the left.
func comparesUp(b *parser.BinaryExpr) bool {
	number, ok := promql.Plain(b.RHS).(*parser.NumberLiteral)
	if !ok || !someNode(b.LHS, func(n parser.Node) bool {
		s, ok := n.(*parser.VectorSelector)
		return ok && s.Name == "up"
	}) {
		return false
	}
	return number.Val == 0 && b.Op == parser.EQLC || number.Val == 1 && b.Op == parser.NEQ || number.Val <= 1 && (b.Op == parser.LSS || b.Op == parser.LTE)
}

// narrowing are labels by which targets are told from each other, beside those that name an environment or a cluster.
var narrowing = []string{"job", "service", "app", "component", "container", "namespace", "pod", "instance", "endpoint", "name", "target", "service_name", "app_kubernetes_io_name", "exported_job"}

// narrowed reports whether the alert's selectors of up leave targets of the service out.
func narrowed(a *catalog.AlertRule, svc *catalog.Service) bool {
	for _, s := range a.Expr.Selectors {
		if s.Metric != "up" {
			continue
		}
		for _, m := range s.Matchers {
			if slices.Contains(narrowing, m.Name) && !admits(m, svc) {
				return true
			}
		}
	}
	return false
}

// admits reports whether a matcher on what tells targets from each other holds for the service: it holds for one of the
// service's names, or for every name.
func admits(m catalog.Matcher, svc *catalog.Service) bool {
	names := serviceNames(svc)
	if m.Op == "=" || m.Op == "!=" {
		same := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, m.Value) })
		return same == (m.Op == "=")
	}
	re, err := regexp.Compile("^(?i:" + m.Value + ")$")
	if err != nil {
		return false
	}
	return slices.ContainsFunc(names, re.MatchString) == (m.Op == "=~")
}
