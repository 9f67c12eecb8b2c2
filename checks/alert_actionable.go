package checks

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

var alertActionable = &Check{
	ID:       "alert-actionable",
	Title:    "Every alert says what is wrong and what to do first",
	Why:      "Whoever is woken reads the alert's text first. One that repeats its name leaves them to find out from the expression what is wrong, for whom, and where to begin.",
	Fix:      "Write into `summary` or `description` what users notice and where, as in `Checkout fails for {{ $value | humanizePercentage }} of payments in {{ $labels.region }}`, and link a runbook with `runbook_url` or begin a sentence with the first step.",
	Source:   "Google SRE book, chapter 6 \"Tying These Principles Together\": every page should be actionable; monitoring mixins (summary and description); PagerDuty incident response documentation, \"Alerting principles\".",
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
		for _, a := range in.Service.Alerts {
			if !forMachines(a.Item) {
				judgeText(in, a)
			}
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("its alerts are read by machines only: they are heartbeats, or their severity is none")
		}
	},
}

// forMachines reports whether nobody reads the alert: a heartbeat, or one that only silences others.
func forMachines(a *catalog.AlertRule) bool {
	heartbeat := a.Expr.Lang == catalog.PromQL && a.Expr.Error == "" && len(a.Expr.Selectors) == 0
	return heartbeat || strings.EqualFold(a.Severity.Value, "none")
}

// judgeText states whether an alert's text tells what is wrong, and whether it or a runbook tells what to do.
func judgeText(in *Inspection, a alert) {
	name := a.Item.Name.Value
	text, says := saysWhat(a.Item)
	acts := a.Item.Runbook.Key != "" || tellsAction(a.Item)
	switch {
	case text.Value == "":
		in.Unmetf(nameAt(a), "alert %q has no summary and no description. %s", name, textWay(a.Item, "say in one what is wrong, for whom, and what to do first")).LinkedBy(a.By)
	case !says:
		in.Unmetf(text.At, "the text of alert %q does not say what is wrong: %q. say what users notice, and where", name, shortened(text.Value)).LinkedBy(a.By)
	case !acts:
		in.Unmetf(text.At, "alert %q does not say what to do first. %s", name, textWay(a.Item, "link its runbook with runbook_url, or begin a sentence of its description with the first step")).LinkedBy(a.By)
	default:
		in.Metf(text.At, "alert %q says what is wrong and what to do", name).LinkedBy(a.By)
	}
}

// textWay says where the text of an alert is to be written: alerts that a tool generates from an SLO have theirs there.
// Source: Sloth, "SLO specification" (alerting.annotations); Pyrra, slo.PropagationLabelsPrefix.
func textWay(a *catalog.AlertRule, byHand string) string {
	_, sloth := a.Label("sloth_severity")
	_, long := a.Label("long")
	_, short := a.Label("short")
	_, slo := a.Label("slo")
	switch {
	case sloth:
		return "Sloth generates it: write description and runbook_url under alerting.annotations of its SLO"
	case long && short && slo:
		return "Pyrra generates it: write pyrra.dev/description and pyrra.dev/runbook_url into the annotations of its ServiceLevelObjective"
	}
	return byHand
}

// alertTexts are the annotations that tell people about an alert, the shortest form first.
var alertTexts = []string{"summary", "message", "description", "title", "info", "impact", "explanation", "details", "action", "actions", "resolution", "remediation", "mitigation", "troubleshooting", "documentation"}

// told gives the annotations of an alert that hold text for people.
func told(a *catalog.AlertRule) []catalog.Text {
	var all []catalog.Text
	for _, key := range alertTexts {
		if l, ok := a.Annotation(key); ok && strings.TrimSpace(l.Value) != "" {
			all = append(all, l.Text())
		}
	}
	return all
}

// saysWhat gives the text that says what is wrong, or the first text when none does.
func saysWhat(a *catalog.AlertRule) (text catalog.Text, says bool) {
	all := told(a)
	for _, t := range all {
		if informs(t.Value, a.Name.Value, a.Expr.Text) {
			return t, true
		}
	}
	if len(all) == 0 {
		return catalog.Text{}, false
	}
	return all[0], false
}

// minWords is how many words a text has at least that says something.
const minWords = 4

// informs reports whether a text says more than the alert's name and expression: it has some words, not all of them those
// of the name or of the expression (a label that is filled in says where), and keeps no place for what is still to be
// written.
func informs(text, name, expr string) bool {
	words := textWords(text)
	if len(words) < minWords || blank(text) || unwritten.MatchString(text) {
		return false
	}
	known := slices.Concat(textWords(camel.ReplaceAllString(name, "$1 $2")), textWords(expr))
	return slices.ContainsFunc(words, func(w string) bool { return len(w) > 2 && !slices.Contains(known, w) })
}

var unwritten = regexp.MustCompile(`(?i)\b(todo|tbd|fixme|x{3,}|lorem ipsum|your_[a-z_]+)\b|<(description|summary|fill|insert|your|name of)[^>]*>`)

// filledWord stands for what a template fills in.
const filledWord = "{{}}"

// textWords gives the words of a text in lower case; what a template fills in is one word.
func textWords(text string) []string {
	text = templateAction.ReplaceAllString(text, " "+filledWord+" ")
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("{}'’", r)
	})
}
