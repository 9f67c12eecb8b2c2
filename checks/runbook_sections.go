package checks

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

var runbookSections = &Check{
	ID:       "runbook-sections",
	Title:    "Runbooks say what happened, who is hurt, how to find out, what to do and whom to call",
	Why:      "At three in the morning people look for these five things, in this order. What is not under a heading of its own is not found.",
	Fix:      "Give each runbook the sections Meaning, Impact, Diagnosis, Mitigation and Escalation, or others of the same meaning (Description, Severity, Troubleshooting, Resolution, Contacts, …), each with text, commands or links.",
	Source:   "Prometheus Operator runbooks (meaning, impact, diagnosis, mitigation); PagerDuty incident response documentation (escalation).",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Runbooks},
	All:      true,
	Run: func(in *Inspection) {
		for _, p := range readableRunbooks(in) {
			for _, want := range runbookParts {
				requirePart(in, p, want)
			}
		}
	},
}

// runbookPart is one thing that a runbook has to say.
type runbookPart struct {
	name     string
	says     string
	headings []string // that mean it, the surest first
	service  []string // that mean it too in a runbook of a whole service, as opposed to one of an alert
	intro    bool     // the text before the first section can say it
}

// The headings were gathered from the Prometheus Operator runbooks, the GOV.UK manual and the Skelton Thatcher run book
// template.
var runbookParts = []runbookPart{
	{name: "meaning", says: "what it is about", intro: true, headings: []string{"meaning", "description", "overview", "summary", "about", "understanding", "what is this", "what is",
		"what does this mean", "what this alert means", "what it means", "what's wrong", "what happened", "explanation", "background", "introduction", "context", "purpose", "alert details", "reason", "goal"},
		service: []string{"service", "architecture", "system", "business overview", "technical overview"}},
	{name: "impact", says: "who is hurt, and how badly", headings: []string{"impact", "user impact", "customer impact", "consequence", "severity", "effect", "affected users", "who is affected", "what is affected", "priority", "risk",
		"why is it important", "why it matters", "why does this matter", "why this matters", "criticality", "urgency"},
		service: []string{"service level", "slo", "dependencies", "tier", "users", "customers"}},
	{name: "diagnosis", says: "how to find out what is wrong", headings: []string{"diagnosis", "diagnose", "diagnosing", "diagnostic", "investigation", "investigate", "investigating", "troubleshooting", "troubleshoot", "triage",
		"debugging", "debug", "verify", "verification", "check", "checking", "find out", "cause", "possible cause", "root cause", "analysis", "symptom", "identify", "logging", "logs", "queries", "dashboards"},
		service: []string{"monitoring", "observability", "metrics", "health check"}},
	{name: "mitigation", says: "what to do", headings: []string{"mitigation", "mitigate", "resolution", "resolve", "resolving", "remediation", "remediate", "fix", "fixing", "how to fix", "recovery", "recover", "action", "what to do",
		"solution", "workaround", "rollback", "roll back", "restore", "restart", "steps", "next steps", "procedure", "response", "repair", "failover", "dealing with", "handling", "retry", "retrying", "scaling", "scale", "rotate", "restoring"},
		service: []string{"troubleshooting", "disaster recovery", "operational tasks", "operations", "maintenance"}},
	{name: "escalation", says: "whom to call", headings: []string{"escalation", "escalate", "escalating", "contact", "who to call", "who to contact", "whom to call", "whom to contact", "on call", "oncall", "getting help", "get help", "help", "support", "owner", "ownership", "point of contact"},
		service: []string{"team", "service owner", "contributors"}},
}

// requirePart states whether a page says one of the things. A page that a template completes may say it later.
func requirePart(in *Inspection, p catalog.Linked[catalog.Page], want runbookPart) {
	page, name := p.Item, pageName(p.Item)
	names := want.headings
	if p.By.Rung != catalog.ByRunbook {
		names = append(names[:len(names):len(names)], want.service...)
	}
	filled, empty := findSection(page, names)
	switch {
	case filled.Text != "":
		in.Metf(filled.At, "%s: section %q of %q", want.name, filled.Text, name).LinkedBy(p.By)
	case want.intro && introWords(page) >= 10:
		in.Metf(page.At, "%s: the text at the beginning of %q", want.name, name).LinkedBy(p.By)
	case page.Templated:
		in.Undecidedf(page.At, "runbook %q has no section %s, but it is a template whose rest is not read. write the section in the page itself", name, quoteHeading(want.headings[0])).LinkedBy(p.By)
	case empty.Text != "":
		in.Unmetf(empty.At, "section %q of runbook %q is empty. say %s", empty.Text, name, want.says).LinkedBy(p.By)
	default:
		in.Unmetf(page.At, "runbook %q has no section that says %s. add %s", name, want.says, quoteHeading(want.headings[0])).LinkedBy(p.By)
	}
}

func quoteHeading(name string) string {
	return `"` + strings.ToUpper(name[:1]) + name[1:] + `"`
}

// findSection gives the first section of one of the names that holds something, and one that is empty.
func findSection(page *catalog.Page, names []string) (filled, empty catalog.Heading) {
	h, ok := pages.Section(page, names...)
	if !ok || !isEmpty(h) {
		return h, empty
	}
	for _, name := range names { // another name's section may hold something
		if other, ok := pages.Section(page, name); ok && !isEmpty(other) {
			return other, empty
		}
	}
	return catalog.Heading{}, h
}

func isEmpty(h catalog.Heading) bool { return h.Words+h.Code+h.Links+h.Steps == 0 }

// introWords gives the number of words before the page's first section.
func introWords(page *catalog.Page) int {
	words, level := page.Words, 0
	for _, h := range page.Headings {
		title := h.Level == 1 && (h.At == page.Title.At || h.Text == page.Title.Value)
		if title || level > 0 && h.Level > level {
			continue // its words are those of the section around it
		}
		level = h.Level
		words -= h.Words
	}
	return words
}
