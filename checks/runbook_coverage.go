package checks

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

var runbookCoverage = &Check{
	ID:       "runbook-coverage",
	Title:    "Every alert that pages has a runbook",
	Why:      "Each page wakes somebody. The one without a runbook is the one that nobody has seen before.",
	Fix:      "Write a page for each alert named, called like the alert, and link it from the alert with `runbook_url`. Alerts of one kind may share a page with a heading for each.",
	Source:   "Prometheus Operator runbooks (one page for each alert); PagerDuty incident response documentation, \"Alerting principles\".",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Run: func(in *Inspection) {
		if notOperated(in, "runbooks") {
			return
		}
		paging := in.Service.Alerts
		if withSeverity(in.Service) {
			paging = pagesOf(in)
		}
		if len(paging) == 0 {
			if hides(in.Service, catalog.Alerts) {
				in.Missingf(in.Service.Name.At, "no alert that pages was found")
			}
			in.NotApplicablef("the service has no alert that pages")
			return
		}
		if noRunbookAtAll(in.Service) {
			in.NotApplicablef("the service has no runbook, which runbook-exists reports")
			return
		}
		for _, a := range paging {
			requireRunbook(in, a)
		}
	},
}

// noRunbookAtAll reports whether the service has no page, and no alert of it says where one may be.
func noRunbookAtAll(svc *catalog.Service) bool {
	may := []catalog.LinkState{catalog.Elsewhere, catalog.Unfilled, catalog.Unreadable}
	linked := slices.ContainsFunc(svc.Alerts, func(a alert) bool { return slices.Contains(may, a.Item.Runbook.State) })
	return !linked && len(svc.Runbooks) == 0 && !hides(svc, catalog.Runbooks)
}

func requireRunbook(in *Inspection, a alert) {
	name, r := a.Item.Name.Value, a.Item.Runbook
	at := r.Link.At.Or(a.Item.Name.At)
	if r.State == catalog.LinkOK {
		in.Metf(at, "alert %q has runbook %q", name, pageName(r.Page)).LinkedBy(a.By)
		return
	}
	if page := pageNamed(in.Service, name); page != nil {
		in.Metf(page.At, "alert %q has runbook %q by its name", name, pageName(page)).LinkedBy(a.By)
		return
	}
	switch r.State {
	case catalog.Elsewhere:
		host := hostOf(r.Address)
		in.Undecidedf(at, "the runbook of alert %q is at %s, which this run does not read. map the site to its folder with [[site]], or keep the page in the catalog", name, host).
			LinkedBy(a.By).Because("runbooks at "+host, "the runbooks are at %s, which this run does not read", host)
	case catalog.Unfilled, catalog.Unreadable:
		in.Undecidedf(at, "whether runbook %q of alert %q is there is not known: %s", r.Link.Value, name, r.Detail).LinkedBy(a.By)
	case catalog.NoLink:
		if g := in.Service.Gap(catalog.Runbooks); g != nil {
			in.Undecidedf(g.At, "alert %q has no runbook, but %s could not be read (%s: %s)", name, g.At, g.Cause, g.Detail).LinkedBy(a.By)
			return
		}
		in.Unmetf(at, "alert %q has no runbook. link one with runbook_url, or name a page of the service like the alert", name).LinkedBy(a.By)
	default:
		in.Unmetf(at, "alert %q has no runbook: its link %q leads to none (%s)", name, r.Link.Value, r.Detail).LinkedBy(a.By)
	}
}

// pageNamed gives the runbook of the service that is called like an alert: by its title, its file or one of its
// headings.
func pageNamed(svc *catalog.Service, alert string) *catalog.Page {
	want := bareName(alert)
	if want == "" {
		return nil
	}
	for _, p := range svc.Runbooks {
		stem, _, _ := strings.Cut(path.Base(p.Item.Path), ".")
		if bareName(stem) == want || bareName(p.Item.Title.Value) == want {
			return p.Item
		}
		if slices.ContainsFunc(p.Item.Headings, func(h catalog.Heading) bool { return bareName(h.Text) == want }) {
			return p.Item
		}
	}
	return nil
}

// bareName gives a name's letters and digits in lower case: "HighErrorRate" and "high-error-rate" are one name.
func bareName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
