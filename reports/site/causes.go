package site

import (
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"slices"

	"obsready/catalog"
	"obsready/scorecard"
)

// causesView is what causes.html shows: each common cause with its findings.
type causesView struct {
	frame
	Causes capped[cause]
}

func (p page) causesPage() causesView {
	return causesView{p.frame("Common causes", p.estateLink()), capList(p.site.report.Causes, 40, 100, p.causeFindings)}
}

// cause is one common cause with what it touches.
type cause struct {
	Anchor   string
	Summary  template.HTML
	Check    link
	Findings int
	Services string
	Named    capped[link]    // the services
	Touched  capped[touched] // the findings
}

type touched struct {
	Service link
	Message string
	Place   link
}

func (p page) cause(g scorecard.CauseGroup) cause {
	sum := sha256.Sum256([]byte(g.Key))
	view := cause{
		Anchor:   "cause-" + hex.EncodeToString(sum[:6]),
		Summary:  spans(g.Summary),
		Findings: len(g.Findings),
		Services: count(g.Services, "service", "services"),
	}
	if g.Check != nil {
		view.Check = p.checkLink(g.Check)
	}
	return view
}

// causeNames tells of a cause with the services that it touches.
func (p page) causeNames(g scorecard.CauseGroup) cause {
	view := p.cause(g)
	var services []*catalog.Service
	for _, f := range g.Findings {
		if !slices.Contains(services[max(0, len(services)-1):], f.Service) { // findings stand in the order of services
			services = append(services, f.Service)
		}
	}
	view.Named = capList(services, 0, 12, p.serviceLink)
	return view
}

// maxTouched is how many findings are listed under their cause. All of them are on the pages of the services.
const maxTouched = 15

// causeFindings tells of a cause with its findings.
func (p page) causeFindings(g scorecard.CauseGroup) cause {
	view := p.cause(g)
	view.Touched = capList(g.Findings, 0, maxTouched, func(f scorecard.ServiceFinding) touched {
		return touched{p.serviceLink(f.Service), f.Requirement.Message, p.place(f.Requirement.At)}
	})
	return view
}

// causesOf gives the common causes that touch the given services, each with what it touches among them.
func causesOf(groups []scorecard.CauseGroup, cards []*scorecard.Card) []scorecard.CauseGroup {
	mine := make(map[*catalog.Service]bool, len(cards))
	for _, c := range cards {
		mine[c.Service] = true
	}
	var found []scorecard.CauseGroup
	for _, g := range groups {
		narrowed, services := g, map[*catalog.Service]bool{}
		narrowed.Findings = nil
		for _, f := range g.Findings {
			if mine[f.Service] {
				narrowed.Findings = append(narrowed.Findings, f)
				services[f.Service] = true
			}
		}
		if narrowed.Services = len(services); narrowed.Services > 0 {
			found = append(found, narrowed)
		}
	}
	return found
}
