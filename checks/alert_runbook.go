package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var alertRunbook = &Check{
	ID:       "alert-runbook",
	Title:    "Every alert that pages links to a runbook, and every such link leads to a page",
	Why:      "At three in the morning nobody searches a wiki. A link that leads nowhere is found out in the worst moment, and an address that hundreds of alerts share was written for none of them.",
	Fix:      "Set `runbook_url` of each alert to the page written for it, with its heading as the anchor where a page serves several, as in `docs/runbooks/checkout.md#payments-fail`. Map a published site to its folder with `[[site]]` in the policy.",
	Source:   "Google SRE book, chapter 11 \"Being On-Call\" (playbooks); Prometheus Operator runbooks; the linter pint (rule/link).",
	Pillar:   Alerts,
	Question: Recover,
	Severity: High,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Run: func(in *Inspection) {
		for _, a := range answerableAlerts(in, func(a *catalog.AlertRule) catalog.ResolvedLink { return a.Runbook }) {
			requireRunbookLink(in, a)
		}
	},
}

func requireRunbookLink(in *Inspection, a alert) {
	name, r := a.Item.Name.Value, a.Item.Runbook
	at := r.Link.At.Or(nameAt(a))
	switch r.State {
	case catalog.NoLink:
		in.Unmetf(at, "alert %q has no link to a runbook. add the annotation runbook_url with the page written for it", name).LinkedBy(a.By)
	case catalog.LinkOK:
		in.Metf(at, "alert %q links to %s", name, r.Page.At.File).LinkedBy(a.By)
	case catalog.Elsewhere:
		requireOwnPage(in, a, at)
	case catalog.Unfilled, catalog.Unreadable:
		in.Undecidedf(at, "whether the runbook %q of alert %q is there is not known: %s", r.Link.Value, name, r.Detail).LinkedBy(a.By)
	default:
		q := in.Unmetf(at, "the runbook %q of alert %q leads nowhere: %s. correct the link or write the page", r.Link.Value, name, r.Detail).LinkedBy(a.By)
		q.Because("runbook "+r.Address, "the runbook %q leads nowhere: %s", r.Address, r.Detail)
	}
}

// requireOwnPage judges a link to a place that this run does not read: it counts as given unless so many alerts of so
// many services share it that it cannot be about any of them. A page that is called like the alert may well serve one
// kind of alert for every service.
func requireOwnPage(in *Inspection, a alert, at catalog.Place) {
	name, r := a.Item.Name.Value, a.Item.Runbook
	if alerts, services := sharers(in, r.Address); !speaksOf(r.Address, name) && alerts > in.Settings.RunbookCopies && services > in.Settings.RunbookCopies {
		in.Unmetf(at, "the runbook %q of alert %q stands behind more than %d alerts of more than %d services, so it was written for none of them. link to a page of its own",
			r.Address, name, in.Settings.RunbookCopies, in.Settings.RunbookCopies).
			LinkedBy(a.By).Because("runbook "+r.Address, "the runbook %q is shared by alerts of many services", r.Address)
		return
	}
	in.Metf(at, "alert %q links to %s (given, not read by this run: %s)", name, r.Address, r.Detail).LinkedBy(a.By)
}

// speaksOf reports whether the last part of an address shares a word with the alert's name.
func speaksOf(address, name string) bool {
	address = strings.TrimSuffix(address, "/")
	last := address[strings.LastIndexAny(address, "/#")+1:]
	of := textWords(camel.ReplaceAllString(name, "$1 $2"))
	return slices.ContainsFunc(textWords(camel.ReplaceAllString(last, "$1 $2")), func(w string) bool { return len(w) > 3 && slices.Contains(of, w) })
}

// sharers counts the alerts of different names, and the services, that have the address as their runbook. It stops
// counting just above the policy's limit.
func sharers(in *Inspection, address string) (alerts, services int) {
	limit := in.Settings.RunbookCopies
	names := map[string]bool{}
	for _, a := range in.Estate.Alerts {
		if sameAddress(a.Runbook.Address, address) {
			names[a.Name.Value] = true
		}
		if len(names) > limit {
			break
		}
	}
	if len(names) <= limit {
		return len(names), 0
	}
	for _, s := range in.Estate.Services {
		for _, a := range s.Alerts {
			if sameAddress(a.Item.Runbook.Address, address) {
				services++
				break
			}
		}
		if services > limit {
			break
		}
	}
	return len(names), services
}

// sameAddress compares addresses as they are written, without the slash at their end.
func sameAddress(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }
