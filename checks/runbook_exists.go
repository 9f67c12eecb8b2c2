package checks

import "obsready/catalog"

var runbookExists = &Check{
	ID:       "runbook-exists",
	Title:    "The service has a runbook",
	Why:      "Whoever is paged may have never touched the service. Without a page that says what to do, recovery waits for the one person who knows.",
	Fix:      "Write a page in `runbooks/` below the service's folder, name it under `[evidence] runbooks` or `[links] runbook` of the entry, or link it from an alert with `runbook_url`.",
	Source:   "Google SRE book, chapter 11 \"Being on-call\"; AWS Well-Architected Framework, \"Use runbooks to perform procedures\".",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: High,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Runbooks, catalog.Alerts}, // an alert may be what links to it
	Run: func(in *Inspection) {
		if notOperated(in, "runbooks") || stateRunbook(in) {
			return
		}
		svc := in.Service
		for _, l := range svc.Links {
			if l.Kind == "runbook" {
				in.Missingf(l.URL.At, "runbook %q of service %q was not found. correct the path or the address", l.URL.Value, svc.Name.Value)
				return
			}
		}
		for _, a := range svc.Alerts {
			switch r := a.Item.Runbook; r.State {
			case catalog.Unfilled, catalog.Unreadable:
				in.Undecidedf(r.Link.At, "whether runbook %q of alert %q is there is not known: %s", r.Link.Value, a.Item.Name.Value, r.Detail).LinkedBy(a.By)
				return
			}
		}
		in.Missingf(svc.Name.At, "service %q has no runbook. write one in runbooks/ below its folder, name it in the entry, or link it from its alerts", svc.Name.Value)
	},
}

// stateRunbook states the first runbook of the service that was read, or else the first that is given, and reports
// whether there is one.
func stateRunbook(in *Inspection) bool {
	for _, p := range in.Service.Runbooks {
		if p.Item.Words+p.Item.Code > 0 {
			in.Metf(p.Item.At, "%q is a runbook of the service", pageName(p.Item)).LinkedBy(p.By)
			return true
		}
	}
	for _, e := range runbooksElsewhere(in.Service) {
		in.Metf(e.text.At, "%s links to runbook %q. this run does not read it", e.by, e.text.Value).LinkedBy(e.link)
		return true
	}
	if len(in.Service.Runbooks) > 0 {
		p := in.Service.Runbooks[0]
		in.Unmetf(p.Item.At, "runbook %q is empty. write it", pageName(p.Item)).LinkedBy(p.By)
		return true
	}
	return false
}
