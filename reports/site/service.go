package site

import (
	"fmt"
	"html/template"
	"slices"
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
	Trend       template.HTML // of its score; "" without a history
	Weeks       string        // over which the trend goes
	Live        bool          // the score of today counts what only a live Grafana tells; the trend cannot
	Owner       link
	Changes     changes
	Steps       capped[step] // to the next level
	Later       *later       // what else there is to do
	Facts       []fact
	Answers     []answer
	Threads     capped[thread]
	Watch       []watchGroup
	Pillars     []pillar
	Idle        []idleGroup
	Promises    capped[promise]
	Budgets     template.HTML
	Evidence    []evidence
	Gaps        capped[gap]
}

func (p page) service(c *scorecard.Card) serviceView {
	svc := c.Service
	steps, later := p.steps(c)
	view := serviceView{
		frame:       p.frame(svc.ID, p.estateLink(), p.ownerLink(svc)),
		Name:        svc.ID,
		Description: svc.Description.Value,
		Statement:   levelStatement(c),
		Score:       percent(c.Score),
		Unknown:     unknownPercent(c.Score),
		Earned:      points(c.Score.Earned),
		Possible:    points(c.Score.Possible),
		Trend:       p.serviceTrend(svc.ID),
		Live:        p.site.report.Estate.Live != nil,
		Owner:       p.ownerLink(svc),
		Changes:     p.serviceChanges(svc.ID),
		Steps:       steps,
		Later:       later,
		Facts:       p.serviceFacts(svc),
		Answers:     p.answers(c.Answers(), detail{Shown: 7, Limit: 14, Quoted: 1}),
		Threads:     p.threads(c.Threads, 20),
		Watch:       p.watch(c.Watch()),
		Pillars:     p.pillars(c),
		Idle:        p.idle(c),
		Promises:    p.promises(c.Promises, 40),
		Budgets:     p.budgets(c.Promises),
		Evidence:    p.evidence(svc),
		Gaps:        p.gaps(svc.Gaps, 4, maxGaps),
	}
	view.Detail, view.Pictures = true, true
	for i := range view.Answers { // the checks themselves stand on this page
		a := &view.Answers[i]
		a.Proof = capped[clause]{}
		a.Missing.More, a.Missing.Rest = nil, a.Missing.Hidden()
	}
	if title := svc.Title.Value; title != "" && title != svc.ID {
		view.Name, view.ID = title, svc.ID
	}
	if h := p.site.report.History; h != nil {
		view.Weeks = count(len(h.Weeks)-1, "week", "weeks")
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

// step is a check to be passed, with what that gains.
type step struct {
	Verdict verdict
	Title   template.HTML
	Anchor  string
	Gain    string
	Alone   bool // it is all that is between the service and a higher level
}

// later is what there is to do beside the next level, in a few words, and the place on the page where it begins.
type later struct{ Text, Anchor string }

// steps gives what keeps a service from its next level, the best first, or all there is to do when nothing does.
func (p page) steps(c *scorecard.Card) (capped[step], *later) {
	results := map[*checks.Check]*scorecard.Result{}
	for i := range c.Results {
		results[c.Results[i].Check] = &c.Results[i]
	}
	actions := slices.DeleteFunc(slices.Clone(c.Actions), func(a scorecard.Action) bool { return results[a.Check] == nil })
	first, rest := actions, []scorecard.Action(nil)
	if c.Next != checks.None {
		blocks := func(a scorecard.Action) bool { return slices.Contains(c.Blockers, results[a.Check]) }
		first = slices.DeleteFunc(slices.Clone(actions), func(a scorecard.Action) bool { return !blocks(a) })
		rest = slices.DeleteFunc(actions, blocks)
	}
	for _, r := range c.Blockers { // what nobody can act on blocks as well
		if c.Next != checks.None && !slices.ContainsFunc(first, func(a scorecard.Action) bool { return a.Check == r.Check }) {
			first = append(first, scorecard.Action{Check: r.Check})
		}
	}
	view := capList(first, 6, 40, func(a scorecard.Action) step { return stepView(a, results[a.Check]) })
	if len(rest) == 0 {
		return view, nil
	}
	gain := 0.0
	for _, a := range rest {
		gain += a.Gain
	}
	text := count(len(rest), "more check", "more checks") + " of higher levels"
	if gain > 0 {
		text += ", worth " + pointsOf(gain)
	}
	return view, &later{text, anchor("pillar " + string(rest[0].Check.Pillar))}
}

func stepView(a scorecard.Action, r *scorecard.Result) step {
	view := step{Verdict: verdictView(r.Verdict), Title: spans(a.Check.Title), Anchor: anchor(a.Check.ID), Alone: a.Levels > 0}
	if a.Gain > 0 {
		view.Gain = "+" + pointsOf(a.Gain)
	}
	return view
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
