package site

import (
	"fmt"
	"html/template"
	"strconv"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// serviceView is what a service's page shows.
type serviceView struct {
	frame
	Name        string
	ID          string
	Description string
	Statement   string
	Next        string
	Score       string
	Unknown     string
	Earned      string
	Possible    string
	Blockers    capped[blocker]
	Facts       []fact
	Answers     []answer
	Actions     capped[action]
	Threads     capped[thread]
	Watch       []watchGroup
	Pillars     []pillar
	Promises    capped[promise]
	Evidence    []evidence
	Gaps        capped[gap]
}

func (p page) service(c *scorecard.Card) serviceView {
	svc := c.Service
	view := serviceView{
		frame:       p.frame(svc.ID, p.estateLink(), p.ownerLink(svc)),
		Name:        svc.ID,
		Description: svc.Description.Value,
		Statement:   levelStatement(c),
		Score:       percent(c.Score),
		Unknown:     unknownPercent(c.Score),
		Earned:      points(c.Score.Earned),
		Possible:    points(c.Score.Possible),
		Blockers:    capList(c.Blockers, 8, 100, blockerView),
		Facts:       p.serviceFacts(svc),
		Answers:     p.answers(c.Answers(), detail{Shown: 9, Limit: 40, Quoted: 2}),
		Actions:     p.actionsHere(c.Actions),
		Threads:     p.threads(c.Threads, 30),
		Watch:       p.watch(c.Watch()),
		Pillars:     p.pillars(c),
		Promises:    p.promises(c.Promises, 100),
		Evidence:    p.evidence(svc),
		Gaps:        p.gaps(svc.Gaps, 5, 50),
	}
	if title := svc.Title.Value; title != "" && title != svc.ID {
		view.Name, view.ID = title, svc.ID
	}
	if c.Next != checks.None {
		view.Next = c.Next.String()
	}
	return view
}

// levelStatement says where the service is and where its tier wants it.
func levelStatement(c *scorecard.Card) string {
	if !c.Rated {
		return "Not rated: no check applies."
	}
	at := "At " + c.Level.String()
	if c.Level == checks.None {
		at = "Not yet at bronze"
	}
	tier := strconv.Itoa(c.Service.TierNumber())
	switch {
	case c.Required == checks.None:
		return fmt.Sprintf("%s. Tier %s requires no level.", at, tier)
	case c.Level == c.Required:
		return fmt.Sprintf("%s, the level that tier %s requires.", at, tier)
	case c.Ready():
		return fmt.Sprintf("%s, above the %s that tier %s requires.", at, c.Required, tier)
	case c.Level == checks.None && c.Required == checks.Bronze:
		return fmt.Sprintf("%s, which tier %s requires.", at, tier)
	}
	return fmt.Sprintf("%s. Tier %s requires %s.", at, tier, c.Required)
}

// blocker is a check that keeps the service from its next level.
type blocker struct {
	Verdict verdict
	Title   template.HTML
	Anchor  string
	Detail  string
}

func blockerView(r *scorecard.Result) blocker {
	return blocker{verdictView(r.Verdict), spans(r.Check.Title), anchor(r.Check.ID), metOf(r.Result)}
}

// metOf says how many of a check's requirements are met, "" when there are none.
func metOf(r checks.Result) string {
	if len(r.Requirements) == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s met", number(r.Count(checks.Met)), number(len(r.Requirements)))
}

func (p page) serviceFacts(svc *catalog.Service) []fact {
	facts := []fact{
		{Term: "Owner", Values: p.owner(svc)},
		{Term: "Tier", Values: texts(svc.Tier)},
		{Term: "Kind", Values: texts(svc.Kind)},
		{Term: "Lifecycle", Values: texts(svc.Lifecycle)},
		{Term: "Exposure", Values: texts(svc.Exposure)},
		{Term: "Data", Values: texts(svc.Data...)},
		{Term: "Repository", Values: texts(svc.Repository)},
		{Term: "Depends on", Values: p.dependencies(svc)},
	}
	for _, optional := range []fact{
		{Term: "Paging", Values: texts(svc.Oncall)},
		{Term: "Metrics", Values: texts(svc.Signals.Metrics), Code: true},
		{Term: "Logs", Values: texts(svc.Signals.Logs), Code: true},
		{Term: "Traces", Values: texts(svc.Signals.Traces), Code: true},
		{Term: "Also known as", Values: texts(svc.Aliases...)},
		{Term: "Links", Values: namedLinks(svc.Links)},
	} {
		if len(optional.Values) > 0 {
			facts = append(facts, optional)
		}
	}
	entry := p.place(svc.At)
	return append(facts, fact{Term: "Entry", Values: []link{entry}, Code: true})
}

func (p page) owner(svc *catalog.Service) []link {
	if svc.Owner.Team != nil {
		return []link{p.teamLink(svc.Owner.Team)}
	}
	if ref := svc.Owner.Ref.Value; ref != "" {
		return []link{{Text: ref + " (no team of the catalog)"}}
	}
	return nil
}

func (p page) dependencies(svc *catalog.Service) []link {
	var values []link
	for _, d := range svc.DependsOn {
		if d.Service != nil {
			values = append(values, p.serviceLink(d.Service))
		} else {
			values = append(values, link{Text: d.Ref.Value})
		}
	}
	return values
}

func namedLinks(links []catalog.NamedLink) []link {
	var values []link
	for _, l := range links {
		values = append(values, link{l.Kind + ": " + l.URL.Value, outward(l.URL.Value)})
	}
	return values
}
