package checks

import (
	"fmt"

	"obsready/catalog"
)

var alertTested = &Check{
	ID:       "alert-tested",
	Title:    "Every alert is named by a unit test of its rules",
	Why:      "An alert that has never fired may not be able to: a renamed metric or label leaves an expression that parses and selects nothing. A unit test shows that it fires, and keeps it firing.",
	Fix:      "Add a test file for `promtool test rules` that names the rule file under `rule_files` and the alert as `alertname`, once firing and once not.",
	Source:   "Prometheus documentation, \"Unit testing for rules\".",
	Pillar:   Alerts,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Alerts, catalog.RuleTests},
	All:      true,
	Run: func(in *Inspection) {
		if noAlerts(in) {
			return
		}
		for _, a := range in.Service.Alerts {
			if testable(a.Item) {
				requireTest(in, a)
			}
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("promtool tests rules in PromQL that somebody wrote, and the service has none")
		}
	},
}

// testable reports whether a unit test of the rule makes sense: promtool reads Prometheus' rules in PromQL only, and
// what Sloth generates is tested by Sloth.
func testable(a *catalog.AlertRule) bool {
	_, generated := a.Label("sloth_severity")
	return a.Format != "grafana" && a.Expr.Lang == catalog.PromQL && !generated
}

func requireTest(in *Inspection, a alert) {
	if len(a.Item.TestedBy) > 0 {
		in.Metf(a.Item.TestedBy[0].At, "alert %q has a unit test", a.Item.Name.Value).LinkedBy(a.By)
		return
	}
	file := a.Item.At.File
	missingOf(in, catalog.RuleTests, nameAt(a), fmt.Sprintf("no unit test names alert %q. add a case for it to a file for promtool test rules", a.Item.Name.Value)).
		LinkedBy(a.By).Because("untested "+file, "no unit test names the alerts of %s", file)
}
