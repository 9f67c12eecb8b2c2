package site

import (
	"html/template"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// journeyView is what a journey's page shows: what its users are promised, and the thread that protects it.
type journeyView struct {
	frame
	Name        string
	Description string
	Statement   string
	Facts       []fact
	Stops       capped[stop]
	Threads     capped[thread]
	Promises    capped[promise]
	Budgets     template.HTML
	Tellers     capped[watched]
}

// Told gives the alerts as a group.
func (v journeyView) Told() watchGroup {
	return watchGroup{Title: "users of the journey are harmed", Alerts: v.Tellers}
}

func (p page) journey(j *catalog.Journey) journeyView {
	threads, promises := threadsOf(p.site.report, j), promisesOf(p.site.report, j)
	view := journeyView{
		frame:       p.frame(j.Name.Value, p.estateLink()),
		Name:        j.Name.Value,
		Description: j.Description.Value,
		Facts:       p.journeyFacts(j),
		Threads:     p.fullThreads(threads, 60),
		Promises:    p.promises(promises, 60),
		Budgets:     p.budgets(promises),
		Tellers:     p.watchedAll(p.site.report.JourneyWatch(j)),
	}
	view.Detail, view.Pictures = true, true
	view.Statement = journeyStatement(threads)
	view.Stops = capList(j.Services, 10, 60, p.stop)
	return view
}

func threadsOf(r *scorecard.Report, j *catalog.Journey) []checks.Thread {
	return slices.DeleteFunc(slices.Clone(r.Threads), func(t checks.Thread) bool { return t.Journey != j })
}

func promisesOf(r *scorecard.Report, j *catalog.Journey) []scorecard.Promise {
	return slices.DeleteFunc(slices.Clone(r.Promises), func(q scorecard.Promise) bool { return q.Journey != j })
}

// journeyStatement says in one sentence how the threads of a journey stand.
func journeyStatement(threads []checks.Thread) string {
	counts := map[checks.State]int{}
	for _, t := range threads {
		counts[t.State()]++
	}
	n := len(threads)
	switch {
	case n == 0:
		return "No thread protects it."
	case n == 1 && threads[0].SLO == nil:
		return "Nothing is promised to its users yet."
	case counts[checks.Met] == n && n == 1:
		return "Its thread is whole."
	case counts[checks.Met] == n:
		return "All " + number(n) + " threads are whole."
	case n == 1:
		return "Its thread is " + threads[0].Standing() + "."
	case counts[checks.Unmet] == 0:
		return number(counts[checks.Undecided]) + " of " + number(n) + " threads are not known to be whole."
	case counts[checks.Unmet] == n:
		return "All " + number(n) + " threads are broken."
	}
	verb := " threads are broken."
	if counts[checks.Unmet] == 1 {
		verb = " threads is broken."
	}
	return number(counts[checks.Unmet]) + " of " + number(n) + verb
}

func (p page) journeyFacts(j *catalog.Journey) []fact {
	owner := fact{Term: "Owner", Values: texts(j.Owner.Ref)}
	if j.Owner.Team != nil {
		owner.Values = []link{p.teamLink(j.Owner.Team)}
	}
	dashboard := fact{Term: "Dashboard", Values: texts(j.DashRef)}
	if j.Dashboard != nil {
		dashboard.Values = []link{{j.Dashboard.Title.Value, p.place(j.Dashboard.At).Href}}
	}
	return []fact{owner, {Term: "What is measured", Values: texts(j.SLI)}, dashboard, {Term: "Entry", Values: []link{p.place(j.At)}, Code: true}}
}

// stop is one service that a journey leads through, with how it would recover.
type stop struct {
	Service  link
	Owner    link
	Tier     int
	Level    level
	RTO, RPO string
	Recovery []fact
}

func (p page) stop(svc *catalog.Service) stop {
	view := stop{Service: p.serviceLink(svc), Owner: p.ownerLink(svc), Tier: svc.TierNumber(), Level: level{"n", "not rated"},
		RTO: svc.Recovery.RTO.Value, RPO: svc.Recovery.RPO.Value}
	if card := p.site.card(svc.ID); card != nil {
		view.Level = ratedLevel(card, card.Level)
	}
	for _, f := range []fact{
		{Term: "plan", Values: p.planLinks(svc)},
		{Term: "rollback", Values: texts(svc.Recovery.Rollback)},
		{Term: "last exercised", Values: p.lastExercise(svc)},
	} {
		if len(f.Values) > 0 {
			view.Recovery = append(view.Recovery, f)
		}
	}
	return view
}

func (p page) planLinks(svc *catalog.Service) []link {
	var links []link
	for _, l := range svc.RecoveryPlans {
		text := l.Item.Title.Value
		if text == "" {
			text = l.Item.At.File
		}
		if links = append(links, link{text, p.place(l.Item.At).Href}); len(links) == 2 {
			break
		}
	}
	return links
}

// lastExercise gives the latest day on which the recovery of a service was exercised, as its records write it.
func (p page) lastExercise(svc *catalog.Service) []link {
	var last *catalog.Exercise
	for _, l := range svc.Exercises {
		if last == nil || strings.Compare(l.Item.Date.Value, last.Date.Value) > 0 {
			last = l.Item
		}
	}
	if last == nil || last.Date.Value == "" {
		return nil
	}
	return []link{{last.Date.Value, p.place(last.At).Href}}
}

// card gives the card of a service; nil when the report has none.
func (s *site) card(id string) *scorecard.Card {
	i := slices.IndexFunc(s.report.Cards, func(c *scorecard.Card) bool { return c.Service.ID == id })
	if i < 0 {
		return nil
	}
	return s.report.Cards[i]
}
