package reports

import (
	"slices"
	"strconv"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
	"obsready/scorecard"
)

// jsonView makes the values of report.json.
type jsonView struct {
	revision catalog.Revision
	causes   causeIndex
}

func (v jsonView) revisionOf() jsonRevision {
	r := v.revision
	view := jsonRevision{Commit: r.Commit, Ref: r.Ref, Time: r.Time.UTC(), WorkTree: r.WorkTree, Shallow: r.Shallow, Web: r.Web}
	for _, m := range r.Mounts {
		view.Repositories = append(view.Repositories, jsonRepository{m.Folder, m.Revision.Commit, m.Revision.Time.UTC(), m.Revision.Web})
	}
	return view
}

func grafanaOf(live *catalog.Live) jsonGrafana {
	return jsonGrafana{live.URL, live.Org, live.Version, live.FetchedAt.UTC()}
}

func (v jsonView) place(p catalog.Place) jsonPlace {
	return jsonPlace{p.File, p.Line, p.Col, v.revision.Link(p)}
}

func (v jsonView) gap(g catalog.Gap) jsonGap {
	return jsonGap{words(g.Kinds), string(g.Cause), g.Detail, v.place(g.At)}
}

func (v jsonView) answer(a scorecard.Answer) jsonAnswer {
	return jsonAnswer{
		Question: string(a.Question), Status: string(a.Status), Missing: append([]string{}, a.Missing...),
		Clauses: viewsOf(a.Clauses, v.clause), Proof: viewsOf(a.Proof, v.clause),
	}
}

func (v jsonView) clause(c scorecard.Clause) jsonClause {
	return jsonClause{c.Text, viewsOf(c.Evidence, v.place)}
}

func (v jsonView) reflection(r scorecard.Reflection) jsonReflection {
	return jsonReflection{
		Unpromised: viewsOf(r.Unpromised, func(u scorecard.Unpromised) jsonUnpromised {
			return jsonUnpromised{u.Service.ID, u.Why, u.Open, v.place(u.At)}
		}),
		Late: viewsOf(r.Late, func(l scorecard.LateCheck) jsonLate {
			return jsonLate{string(l.Purpose), string(l.Stage), string(l.Could), viewsOf(l.Services, serviceID), viewsOf(l.Evidence, v.place)}
		}),
		Unseen: r.Unseen,
		Automate: viewsOf(r.Automate, func(c scorecard.Candidate) jsonCandidate {
			return jsonCandidate{c.Task, c.Category, c.Hours, append([]string{}, c.Teams...), c.Ticket, c.Owner, viewsOf(c.Evidence, v.place)}
		}),
		Repeated: viewsOf(r.Repeated, func(q scorecard.Repeated) jsonRepeated {
			return jsonRepeated{q.Steps, q.First, viewsOf(q.Evidence, v.place)}
		}),
	}
}

func (v jsonView) attestation(a scorecard.Vouched) jsonAttestation {
	t := a.Attestation
	return jsonAttestation{t.Check.Value, t.Statement.Value, t.Owner.Value, t.Until.Value, t.Link.Value, a.Services, a.Fault, v.place(t.At)}
}

func guidelineOf(g scorecard.Guideline) jsonGuideline {
	return jsonGuideline{g.Text, viewsOf(g.Checks, func(c *checks.Check) string { return c.ID }), g.Kept, g.Broken, g.Unknown}
}

func serviceID(s *catalog.Service) string { return s.ID }

func (v jsonView) team(t *scorecard.TeamCard) jsonTeam {
	view := jsonTeam{
		Services: viewsOf(t.Cards, func(c *scorecard.Card) string { return c.Service.ID }),
		Summary:  summaryOf(t.Summary),
		Pillars:  viewsOf(t.Pillars, pillarOf),
		Actions:  viewsOf(t.Actions, actionOf),
		Answers:  viewsOf(t.Answers, v.answer),
		Promises: viewsOf(t.Promises, v.promise),

		Reflection: v.reflection(t.Reflection),
		Guidelines: viewsOf(t.Guidelines, guidelineOf),
	}
	if t.Team != nil {
		at := v.place(t.Team.At)
		view.ID, view.Title, view.At = t.Team.ID, t.Team.Title.Value, &at
	}
	return view
}

func (v jsonView) service(c *scorecard.Card) jsonService {
	svc := c.Service
	view := jsonService{
		ID: svc.ID, Title: svc.Title.Value, Description: svc.Description.Value,
		Kind: svc.KindName(), Tier: svc.TierNumber(), Lifecycle: svc.Lifecycle.Value,
		Owner: svc.Owner.Ref.Value, Repository: svc.Repository.Value, At: v.place(svc.At),
		Ready:    c.Ready(),
		Score:    scoreOf(c.Score),
		Pillars:  viewsOf(c.Pillars, pillarOf),
		Blockers: viewsOf(c.Blockers, func(r *scorecard.Result) string { return r.Check.ID }),
		Actions:  viewsOf(c.Actions, actionOf),
		Answers:  viewsOf(c.Answers(), v.answer),
		Promises: viewsOf(c.Promises, v.promise),
		Alerts:   v.alerts(c.Watch()),
		Results:  viewsOf(c.Results, v.result),
	}
	if svc.Owner.Team != nil {
		view.Team = svc.Owner.Team.ID
	}
	if c.Rated {
		view.Level, view.Required = c.Level.String(), c.Required.String()
		if c.Next != checks.None {
			view.Next = c.Next.String()
		}
	}
	return view
}

// alerts gives the alerts of a service: symptoms first, then causes, the monitoring and what is not known.
func (v jsonView) alerts(w scorecard.Watch) []jsonAlert {
	return viewsOf(slices.Concat(w.Symptoms, w.Causes, w.Meta, w.Unknown), func(a scorecard.Watched) jsonAlert {
		j := a.Judgement
		return jsonAlert{
			Name: a.Alert.Name.Value, At: v.place(a.Alert.At), Link: a.Link.String(), Class: string(j.Class), Dimension: string(j.Dimension),
			Confidence: j.Confidence.String(), Declared: string(j.Declared), Severity: a.Alert.Severity.Value, Pages: a.Pages,
			Reasons: viewsOf(j.Reasons, func(r measure.Reason) jsonReason { return jsonReason{r.Text, v.place(r.At)} }),
		}
	})
}

func (v jsonView) thread(t checks.Thread) jsonThread {
	view := jsonThread{
		Journey: t.Journey.ID, State: string(t.State()),
		Links: viewsOf(t.Links, func(l checks.ThreadLink) jsonThreadLink {
			return jsonThreadLink{string(l.Part), string(l.State), l.Name, l.Text, v.place(l.At)}
		}),
	}
	if t.SLO != nil {
		view.SLO = t.SLO.Name.Value
	}
	if l := t.Breaks(); l != nil {
		view.Breaks = string(l.Part)
	}
	return view
}

func (v jsonView) result(r scorecard.Result) jsonResult {
	return jsonResult{
		Check: r.Check.ID, Verdict: string(r.Verdict), Reason: r.Reason, Announced: r.Announced, Points: r.Points, Earned: r.Earned,
		Requirements: viewsOf(r.Requirements, func(q checks.Requirement) jsonRequirement {
			view := jsonRequirement{State: string(q.State), Message: q.Message, At: v.place(q.At)}
			if q.Link != nil {
				view.Link = q.Link.String()
			}
			if group := v.causes.of(r.Check, q); group != nil {
				view.Cause = group.Key
			}
			return view
		}),
	}
}

func countsOf(c catalog.Counts) jsonCounts {
	view := jsonCounts{c.Listed, c.Read, c.Bytes, map[string]int{}}
	for kind, n := range c.Kinds {
		view.Kinds[string(kind)] = n
	}
	return view
}

func policyOf(p *scorecard.Policy) jsonPolicy {
	view := jsonPolicy{p.File, p.Digest(), map[string]float64{}, map[string]string{}}
	for severity, points := range p.Points {
		view.Points[severity.String()] = points
	}
	for tier, level := range p.Required {
		view.Levels[strconv.Itoa(tier)] = level.String()
	}
	return view
}

func checkOf(p *scorecard.Policy) func(*checks.Check) jsonCheck {
	return func(c *checks.Check) jsonCheck {
		view := jsonCheck{
			ID: c.ID, Title: c.Title, Pillar: string(c.Pillar), Question: string(c.Question), Level: c.Level.String(), Severity: c.Severity.String(),
			Announced: p.Checks[c.ID].Announced, Why: c.Why, Fix: c.Fix, Source: c.Source, Needs: words(c.Needs), Exposed: c.Exposed,
		}
		for tier, level := range c.TierLevels {
			if view.TierLevels == nil {
				view.TierLevels = map[string]string{}
			}
			view.TierLevels[strconv.Itoa(tier)] = level.String()
		}
		return view
	}
}

func summaryOf(s scorecard.Summary) jsonSummary {
	view := jsonSummary{Services: s.Services, Ready: s.Ready, NotRated: s.NotRated, Levels: map[string]int{}, Verdicts: map[string]int{}, Score: scoreOf(s.Score)}
	for level, n := range s.Levels {
		view.Levels[checks.Level(level).String()] = n
	}
	for _, verdict := range checks.Verdicts() {
		view.Verdicts[string(verdict)] = s.Verdicts[verdict]
	}
	return view
}

func scoreOf(s scorecard.Score) jsonScore {
	view := jsonScore{Earned: s.Earned, Possible: s.Possible, Unknown: s.Unknown, UnknownPercent: wholeUnknown(s)}
	if percent, ok := wholePercent(s); ok {
		view.Percent = &percent
	}
	return view
}

func pillarOf(p scorecard.PillarScore) jsonPillar {
	return jsonPillar{string(p.Pillar), string(p.Verdict), scoreOf(p.Score)}
}

func (v jsonView) promise(p scorecard.Promise) jsonPromise {
	view := jsonPromise{SLI: p.SLI, Target: p.Target, Policy: p.Policy, BudgetMinutes: p.BudgetMinutes}
	if !p.PolicyAt.IsZero() {
		at := v.place(p.PolicyAt)
		view.PolicyAt = &at
	}
	if p.Journey != nil {
		view.Journey = p.Journey.ID
	}
	if p.Service != nil {
		view.Service = p.Service.ID
	}
	if p.SLO != nil {
		view.SLO = p.SLO.Name.Value
	}
	return view
}

func actionOf(a scorecard.Action) jsonAction {
	return jsonAction{
		Check: a.Check.ID, Text: a.Text, Gain: a.Gain, Levels: a.Levels, Findings: a.Findings, Unknown: a.Unknown,
		Services: viewsOf(a.Services, serviceID),
	}
}

func causeOf(g scorecard.CauseGroup) jsonCause {
	view := jsonCause{Key: g.Key, Summary: g.Summary, Check: g.Check.ID, Findings: len(g.Findings), Services: []string{}}
	var last *catalog.Service
	for _, f := range g.Findings { // in the order of services
		if f.Service != last {
			view.Services = append(view.Services, f.Service.ID)
			last = f.Service
		}
	}
	return view
}

// viewsOf gives a view of every item; a list without items is an empty list, never null.
func viewsOf[T, U any](items []T, view func(T) U) []U {
	views := make([]U, len(items))
	for i, item := range items {
		views[i] = view(item)
	}
	return views
}

// words gives the words that values of a type stand for.
func words[T ~string](values []T) []string {
	return viewsOf(values, func(v T) string { return string(v) })
}
