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
			in.NotApplicablef("its alerts are read by machines only: their severity is none")
		}
	},
}

// forMachines reports whether nobody reads the alert: a heartbeat, or one that only silences others.
func forMachines(a *catalog.AlertRule) bool { return strings.EqualFold(a.Severity.Value, "none") }

// judgeText states whether an alert's text tells what is wrong, and whether it or a runbook tells what to do.
func judgeText(in *Inspection, a alert) {
	name := a.Item.Name.Value
	text, says := saysWhat(a.Item)
	acts := a.Item.Runbook.Key != "" || tellsAction(a.Item)
	switch {
	case text.Value == "":
		in.Unmetf(nameAt(a), "alert %q has no summary and no description. say in one what is wrong, for whom, and what to do first", name).LinkedBy(a.By)
	case !says:
		in.Unmetf(text.At, "the text of alert %q does not say what is wrong: %q. say what users notice, and where", name, shortened(text.Value)).LinkedBy(a.By)
	case !acts:
		in.Unmetf(text.At, "alert %q does not say what to do first. link its runbook with runbook_url, or begin a sentence of its description with the first step", name).LinkedBy(a.By)
	default:
		in.Metf(text.At, "alert %q says what is wrong and what to do", name).LinkedBy(a.By)
	}
}

// alertTexts are the annotations that tell people about an alert, the shortest form first.
var alertTexts = []string{"summary", "message", "description", "title", "info", "impact", "action", "details"}

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
		if informs(t.Value, a.Name.Value) {
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

// informs reports whether a text says more than the alert's name: it has some words, not all of them the name's (a label
// that is filled in says where), and keeps no place for what is still to be written.
func informs(text, name string) bool {
	words := textWords(text)
	if len(words) < minWords || placeholder(text) || unwritten.MatchString(text) {
		return false
	}
	known := textWords(camel.ReplaceAllString(name, "$1 $2"))
	return slices.ContainsFunc(words, func(w string) bool { return len(w) > 2 && !slices.Contains(known, w) })
}

var unwritten = regexp.MustCompile(`(?i)\b(todo|tbd|fixme|lorem ipsum)\b|<(description|summary|fill|your)[^>]*>`)

// filledWord stands for what a template fills in.
const filledWord = "{{}}"

// textWords gives the words of a text in lower case; what a template fills in is one word.
func textWords(text string) []string {
	text = templateAction.ReplaceAllString(text, " "+filledWord+" ")
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("{}'’", r)
	})
}

var (
	// stepList matches a step of a list, in Markdown or counted.
	stepList = regexp.MustCompile(`(?m)^\s*(?:[-*]|\d+[.)])\s+\S`)
	// stepSentence matches a sentence that begins with something to do.
	stepSentence = regexp.MustCompile(`(?im)(?:^|[.:;!\n,]\s*|\bplease\s+|\bthen\s+|\bfirst,?\s+|\band\s+)(?:check|verify|see|look|inspect|investigate|restart|scale|run|roll|escalate|contact|ask|page|call|try|consider|review|ensure|make sure|follow|increase|reduce|decrease|remove|delete|add|free|drain|fail over|failover|rotate|renew|update|upgrade|open|refer|read|disable|enable|stop|start|kill|clean|adjust|find|confirm|compare|connect|log|ssh|go to)\b`)
	// dutySentence matches a sentence that says what ought to be done, or where that is written.
	dutySentence = regexp.MustCompile(`(?i)\b(?:should|must|needs? to|have to) (?:be )?(?:\w+)|\b(?:runbook|playbook)\b|https?://`)
)

// tellsAction reports whether the text of an alert has something to do in it, or leads to where it is written.
func tellsAction(a *catalog.AlertRule) bool {
	return slices.ContainsFunc(told(a), func(t catalog.Text) bool {
		return stepList.MatchString(t.Value) || stepSentence.MatchString(t.Value) || dutySentence.MatchString(t.Value)
	})
}
