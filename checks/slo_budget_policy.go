package checks

import (
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var sloBudgetPolicy = &Check{
	ID:    "slo-budget-policy",
	Title: "An error budget policy says what changes when a budget is spent, and who decides",
	Why: "A spent budget changes nothing by itself: without an agreement made beforehand, each time it is argued anew whether releases stop, and the louder side wins. " +
		"An agreement that nobody looks at again is no longer one.",
	Fix: "Write `error-budget-policy.md` with what triggers it (a spent budget, one incident that takes 20 %), what follows (releases other than fixes stop, reliability work comes first, a postmortem is written), who decides and who settles disputes, " +
		"and the day it is reviewed again. Name it where it holds: `budget_policy` of the SLO, the journey, the service or the team.",
	Source:     "SRE workbook, appendix B \"Example Error Budget Policy\" and chapter 2 \"Implementing SLOs\".",
	Pillar:     SLOs,
	Question:   Promise,
	Severity:   Medium,
	Level:      Gold,
	TierLevels: map[int]Level{1: Silver},
	Needs:      []catalog.Kind{catalog.SLOs, catalog.Policies},
	Run: func(in *Inspection) {
		if noSLOs(in) {
			return
		}
		var policies []*catalog.BudgetPolicy
		var without []*catalog.SLO
		for _, o := range in.Service.SLOs {
			switch p := o.Item.Policy; {
			case p == nil:
				without = append(without, o.Item)
			case !slices.Contains(policies, p):
				policies = append(policies, p)
				in.Metf(p.At, "an error budget policy holds for SLO %q, that %s", o.Item.Name.Value, o.Item.PolicyBy)
				judgePolicy(in, p)
			}
		}
		requirePolicies(in, without)
	},
}

// requirePolicies states that SLOs have no error budget policy, once for those for which the reason is the same.
func requirePolicies(in *Inspection, without []*catalog.SLO) {
	type reason struct {
		state catalog.LinkState
		link  catalog.Text
	}
	names := map[reason][]string{}
	var order []reason
	details := map[reason]string{}
	for _, o := range without {
		r := reason{o.PolicyLink.State, o.PolicyLink.Link}
		if r.link.IsZero() {
			r.link.At = o.At
			if i := slices.IndexFunc(order, func(k reason) bool { return k.link.Value == "" }); i >= 0 {
				r = order[i]
			}
		}
		if names[r] == nil {
			order = append(order, r)
		}
		names[r], details[r] = append(names[r], o.Name.Value), o.PolicyLink.Detail
	}
	for _, r := range order {
		which := "SLO " + quoteAll(names[r])
		if len(names[r]) > 1 {
			which = "SLOs " + quoteAll(names[r])
		}
		statePolicyLink(in, r.state, r.link, which, details[r])
	}
}

func statePolicyLink(in *Inspection, state catalog.LinkState, link catalog.Text, which, detail string) {
	switch state {
	case catalog.NoLink:
		in.Missingf(link.At, "no error budget policy holds for %s. write one as error-budget-policy.md and name it: budget_policy = \"…\"", which).
			Because("no error budget policy", "SLOs have no error budget policy: none is named, and the catalog has none for all")
	case catalog.Elsewhere, catalog.Unreadable, catalog.Unfilled:
		in.Undecidedf(link.At, "what the error budget policy %q of %s says is not known: %s. keep it in the catalog", link.Value, which, orElse(detail, "it is outside of the catalog"))
	case catalog.LinkOK:
		in.Unmetf(link.At, "%q, which is to be the error budget policy of %s, says neither what triggers it nor what follows. write both", link.Value, which).
			Because("budget policy "+link.Value, "the page %q is no error budget policy", link.Value)
	default:
		in.Unmetf(link.At, "the error budget policy %q of %s leads nowhere: %s. correct the link or write the page", link.Value, which, orElse(detail, string(state))).
			Because("budget policy "+link.Value, "the error budget policy %q leads nowhere", link.Value)
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// judgePolicy states what of an error budget policy is there. All services for which it holds share what it lacks.
func judgePolicy(in *Inspection, p *catalog.BudgetPolicy) {
	parts := []struct {
		name, what, missing string
		found               []catalog.Text
	}{
		{"triggers", "when it applies", "what triggers it, as in \"when the budget of 30 days is spent\"", p.Triggers},
		{"consequences", "what follows", "what follows, as in \"releases other than fixes stop until the service is within its SLO\"", p.Consequences},
		{"deciders", "who decides", "who decides and who settles disputes", p.Deciders},
	}
	for _, part := range parts {
		if len(part.found) > 0 {
			in.Metf(part.found[0].At, "the policy says %s: %s", part.what, excerpt(part.found[0].Value))
			continue
		}
		in.Unmetf(p.At, "the error budget policy %s does not say %s. add it", policyName(p), part.missing).
			Because("budget policy "+p.At.File+" "+part.name, "the error budget policy %s does not say %s", policyName(p), part.what)
	}
	judgeReview(in, p)
}

// judgeReview states whether the day on which a policy is to be looked at again is still to come.
func judgeReview(in *Inspection, p *catalog.BudgetPolicy) {
	written := p.Review.Value
	next := in.Now.AddDate(0, 6, 0).Format(time.DateOnly)
	day, ok := dates.Deadline(written)
	switch {
	case written == "":
		in.Unmetf(p.At, "the error budget policy %s has no review date. add one, as in Next review: %s", policyName(p), next).
			Because("budget policy "+p.At.File+" review", "the error budget policy %s has no review date", policyName(p))
	case !ok:
		in.Undecidedf(p.Review.At, "the error budget policy %s is reviewed %q, and it names no day of the last or the next review. add one, as in Next review: %s", policyName(p), written, next)
	case !day.Before(in.Today()):
		in.Metf(p.Review.At, "the policy is reviewed again on %s", written)
	default:
		in.Unmetf(p.Review.At, "the review date %q of the error budget policy %s is past. review it and set the next one", written, policyName(p)).
			Because("budget policy "+p.At.File+" review", "the review date of the error budget policy %s is past", policyName(p))
	}
}

func policyName(p *catalog.BudgetPolicy) string {
	if p.Page != nil && p.Page.Title.Value != "" {
		return quoteAll([]string{p.Page.Title.Value})
	}
	return quoteAll([]string{p.At.File})
}

// excerpt gives the beginning of a sentence for a message.
func excerpt(text string) string {
	const longest = 80
	text = strings.TrimRight(strings.Join(strings.Fields(strings.ReplaceAll(text, " | ", ", ")), " "), ".")
	if runes := []rune(text); len(runes) > longest {
		return strings.TrimSpace(string(runes[:longest])) + "…"
	}
	return text
}
