package checks

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"obsready/catalog"
)

// unreadLink is a link to a runbook that this run does not read.
type unreadLink struct {
	text catalog.Text
	by   string // `alert "CheckoutDown"`, "the service's entry"
	link catalog.Link
}

// runbooksElsewhere gives the runbooks that the service's entry and alerts link to outside of what this run read.
func runbooksElsewhere(svc *catalog.Service) []unreadLink {
	var all []unreadLink
	for _, l := range svc.Links {
		if l.Kind == "runbook" && isWebAddress(l.URL.Value) && !readAs(svc, l.URL.Value) {
			all = append(all, unreadLink{l.URL, "the service's entry", catalog.Link{Rung: catalog.ByName}})
		}
	}
	for _, a := range svc.Alerts {
		if a.Item.Runbook.State == catalog.Elsewhere {
			all = append(all, unreadLink{a.Item.Runbook.Link, fmt.Sprintf("alert %q", a.Item.Name.Value), a.By})
		}
	}
	return all
}

// readAs reports whether a link of the entry led to a page of the service.
func readAs(svc *catalog.Service, address string) bool {
	return slices.ContainsFunc(svc.Runbooks, func(p catalog.Linked[catalog.Page]) bool {
		return p.By.Rung == catalog.ByName && strings.Contains(p.By.Detail, address)
	})
}

// hostOf names the host of an address in a message.
func hostOf(address string) string {
	if u, err := url.Parse(strings.TrimSpace(address)); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// readableRunbooks gives the runbook pages to be judged. When there are none it states why not and gives nil: the
// service has no runbook at all, or all are where this run does not read.
func readableRunbooks(in *Inspection) []catalog.Linked[catalog.Page] {
	svc := in.Service
	if notOperated(in, "runbooks") {
		return nil
	}
	if len(svc.Runbooks) > 0 {
		return svc.Runbooks
	}
	if others := runbooksElsewhere(svc); len(others) > 0 {
		first := others[0]
		host := hostOf(first.text.Value)
		in.Undecidedf(first.text.At, "the runbooks are at %s, which this run does not read. map the site to its folder with [[site]], or keep the pages in the catalog", host).
			Because("runbooks at "+host, "the runbooks are at %s, which this run does not read", host).LinkedBy(first.link)
		return nil
	}
	for _, a := range svc.Alerts {
		if st := a.Item.Runbook.State; st == catalog.Unfilled || st == catalog.Unreadable {
			in.Undecidedf(a.Item.Runbook.Link.At, "the runbook %q of alert %q could not be read: %s", a.Item.Runbook.Link.Value, a.Item.Name.Value, a.Item.Runbook.Detail).LinkedBy(a.By)
			return nil
		}
	}
	if hides(svc, catalog.Runbooks) {
		in.Missingf(svc.Name.At, "no runbook was found")
		return nil
	}
	in.NotApplicablef("the service has no runbook, which runbook-exists reports")
	return nil
}

// notOperated reports whether nobody operates the service, so that it needs none of the things; it states so.
func notOperated(in *Inspection, things string) bool {
	if in.Service.Operated() {
		return false
	}
	in.NotApplicablef("a service of kind %q is not operated and needs no %s", in.Service.KindName(), things)
	return true
}

// pageName gives a page's title, or its file's name when it has none or a template fills it in.
func pageName(p *catalog.Page) string {
	if strings.ContainsFunc(p.Title.Value, unicode.IsLetter) && !variable(p.Title.Value) {
		return p.Title.Value
	}
	return path.Base(p.Path)
}

// wholeDays gives a duration in whole days as text.
func wholeDays(d time.Duration) string {
	return count(int(d/(24*time.Hour)), "day", "days")
}
