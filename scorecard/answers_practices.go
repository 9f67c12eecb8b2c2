package scorecard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/checks"
)

// threats states which threat models there are and what was decided about their threats.
func (a *Answer) threats(g group) {
	models := distinct(g.cards, checks.WrittenModels)
	if len(models) > maxListed {
		a.manyModels(models, g.cards)
		return
	}
	for _, m := range models {
		covered := modelled(g.cards, m)
		text := fmt.Sprintf("%s covers %s", titled("threat model", orElse(m.Title.Value, m.At.File)), listedCards(covered))
		if n := len(m.Threats); n > 0 {
			text += fmt.Sprintf(" with %s, %s", count(n, "threat"), threatCounts(m.Threats))
		}
		if day, ok := dates.Parse(m.Reviewed.Value); ok {
			text += fmt.Sprintf(", last reviewed on %s", day)
		}
		a.coref([]catalog.Place{m.At, m.Reviewed.At}, "%s.", text)
	}
}

// manyModels states how many threat models there are, where they are too many to be told one by one.
func (a *Answer) manyModels(models []*catalog.ThreatModel, cards []*Card) {
	var all []catalog.Threat
	var at []catalog.Place
	for _, m := range models {
		all, at = append(all, m.Threats...), append(at, m.At)
	}
	covered := having(cards, func(s *catalog.Service) bool { return len(checks.WrittenModels(s)) > 0 })
	text := fmt.Sprintf("%s %s %s", count(len(models), "threat model"), verb(len(models), "covers", "cover"), listedCards(covered))
	if n := len(all); n > 0 {
		text += fmt.Sprintf(" with %s, %s", count(n, "threat"), threatCounts(all))
	}
	a.coref(at, "%s.", text)
}

// having gives the cards of the services for which something holds.
func having(cards []*Card, holds func(*catalog.Service) bool) []*Card {
	return slices.DeleteFunc(slices.Clone(cards), func(c *Card) bool { return !holds(c.Service) })
}

func modelled(cards []*Card, m *catalog.ThreatModel) []*Card {
	return having(cards, func(s *catalog.Service) bool {
		return slices.ContainsFunc(s.ThreatModels, func(l catalog.Linked[catalog.ThreatModel]) bool { return l.Item == m })
	})
}

// titled names a document by its title, with what it is unless the title says so.
func titled(what, title string) string {
	if strings.Contains(strings.ToLower(title), what) {
		return strconv.Quote(title)
	}
	return fmt.Sprintf("The %s %q", what, title)
}

// threatCounts counts threats by what was decided about them.
func threatCounts(threats []catalog.Threat) string {
	counts := map[catalog.ThreatState]int{}
	for _, t := range threats {
		counts[t.State]++
	}
	if n := counts[catalog.ThreatMitigated]; n == len(threats) && n > 1 {
		return "all mitigated"
	}
	var parts []string
	for _, s := range []catalog.ThreatState{catalog.ThreatMitigated, catalog.ThreatAccepted, catalog.ThreatPlanned, catalog.ThreatDismissed, catalog.ThreatOpen} {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if n := counts[catalog.ThreatUnstated]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d undecided", n))
	}
	return listed(parts)
}

// guards states which security checks a change has to pass before it is merged, for the services whose code is read. Commit
// hooks are left out: who makes the change can skip them.
func (a *Answer) guards(g group, survey *checks.Survey) {
	guarded := map[string][]*Card{}
	places := map[string][]catalog.Place{}
	var order []string
	for _, c := range g.cards {
		var passes []string
		var at []catalog.Place
		for _, k := range survey.SecurityChecks(c.Service) {
			if k.Applies && k.Stage == catalog.OnPullRequest && checks.CanStop(k) {
				passes = append(passes, withArticle(k.Purpose))
				at = append(at, k.At)
			}
		}
		if len(passes) == 0 {
			continue
		}
		text := listed(passes)
		if guarded[text] == nil {
			order = append(order, text)
		}
		guarded[text] = append(guarded[text], c)
		places[text] = append(places[text], at...)
	}
	for _, text := range order {
		a.clausef(places[text], "Before a change of %s is merged, it has to pass %s.", listedCards(guarded[text]), text)
	}
}

// withArticle gives a kind of check as a sentence says it.
func withArticle(p catalog.Purpose) string {
	switch p {
	case catalog.AnalysesCode:
		return string(p)
	case catalog.ScansImages:
		return "an " + string(p)
	}
	return "a " + string(p)
}

// comeBack states how services come back: objectives, plans, rollbacks and when that was last exercised.
func (a *Answer) comeBack(g group, survey *checks.Survey) {
	a.objectives(g.cards)
	a.wayBack(g.cards)
	plans := distinct(g.cards, func(s *catalog.Service) []catalog.Linked[catalog.RecoveryPlan] { return s.RecoveryPlans })
	if n := len(plans); n > 0 {
		names, at := make([]string, n), make([]catalog.Place, n)
		for i, p := range plans {
			names[i], at[i] = fmt.Sprintf("%q with %s", orElse(p.Title.Value, p.At.File), count(len(p.Steps), "step")), p.At
		}
		a.coref(at, "%s %s what is done: %s.", count(n, "recovery plan"), verb(n, "says", "say"), listed(names))
	}
	last := lastHeld(g.cards, survey, func(*catalog.Exercise) bool { return true })
	a.exercised("Recovery was last exercised", last)
	if restored := lastHeld(g.cards, survey, func(x *catalog.Exercise) bool { return x.Restores }); restored != last {
		a.exercised("Data was last restored", restored)
	}
	if processes := distinct(g.cards, checks.WrittenProcesses); len(processes) > 0 {
		names := make([]string, len(processes))
		at := make([]catalog.Place, len(processes))
		for i, p := range processes {
			names[i], at[i] = strconv.Quote(orElse(p.Title.Value, p.At.File)), p.At
		}
		a.clausef(at, "Incidents are handled by %s.", listed(names))
	}
}

// objectives states how fast services are to be back, one by one where they are few.
func (a *Answer) objectives(cards []*Card) {
	var stated []*Card
	var places []catalog.Place
	for _, c := range cards {
		if rto, rpo, at := objectivesOf(c.Service); rto != "" || rpo != "" {
			stated, places = append(stated, c), append(places, at...)
		}
	}
	if len(stated) > maxListed {
		a.coref(places, "How fast they are to be back is stated for %s.", listedCards(stated))
		return
	}
	for _, c := range stated {
		rto, rpo, at := objectivesOf(c.Service)
		a.coref(at, "%s is to be back %s.", c.Service.ID, objectiveWords(rto, rpo))
	}
}

// wayBack states how releases are taken back.
func (a *Answer) wayBack(cards []*Card) {
	stated := having(cards, func(s *catalog.Service) bool { return checks.Says(s.Recovery.Rollback.Value) })
	if len(stated) > maxListed {
		var at []catalog.Place
		for _, c := range stated {
			at = append(at, c.Service.Recovery.Rollback.At)
		}
		a.coref(at, "How a release is taken back is stated for %s.", listedCards(stated))
		return
	}
	for _, c := range stated {
		r := c.Service.Recovery.Rollback
		a.coref([]catalog.Place{r.At}, "A release of %s is taken back with %q.", c.Service.ID, r.Value)
	}
}

// objectivesOf gives the recovery objectives of a service in words, with where they are stated.
func objectivesOf(svc *catalog.Service) (rto, rpo string, at []catalog.Place) {
	back, lost := checks.Objectives(svc)
	for _, t := range []catalog.Text{back, lost} {
		if t.Value != "" {
			at = append(at, t.At)
		}
	}
	return spokenDuration(back.Value), spokenDuration(lost.Value), at
}

func objectiveWords(rto, rpo string) string {
	switch {
	case rto == "":
		return "with the data of at most " + rpo + " lost"
	case rpo == "":
		return "within " + rto
	}
	return "within " + rto + ", with the data of at most " + rpo + " lost"
}

// held is an exercise with the day on which it took place.
type held struct {
	*catalog.Exercise
	on dates.Day
}

// lastHeld gives the newest exercise that any of the services held.
func lastHeld(cards []*Card, survey *checks.Survey, wanted func(*catalog.Exercise) bool) (last held) {
	for _, c := range cards {
		if x, day := survey.LastHeld(c.Service, wanted); x != nil && (last.Exercise == nil || day.After(last.on)) {
			last = held{x, day}
		}
	}
	return last
}

// exercised states when something was last exercised, and how long it took.
func (a *Answer) exercised(what string, x held) {
	if x.Exercise == nil {
		return
	}
	text := fmt.Sprintf("%s on %s", what, x.on)
	if checks.Says(x.Lasted.Value) {
		text += ", in " + spokenDuration(x.Lasted.Value)
	}
	a.coref([]catalog.Place{x.Date.At.Or(x.At)}, "%s.", text)
}

// learn states what incidents led to.
func (a *Answer) learn(g group) {
	open, done := 0, 0
	var at []catalog.Place
	var titles []string
	for _, p := range distinct(g.cards, func(s *catalog.Service) []catalog.Linked[catalog.Postmortem] { return s.Postmortems }) {
		if p.Template {
			continue
		}
		titles = append(titles, strconv.Quote(orElse(p.Title.Value, p.At.File)))
		at = append(at, p.At)
		for _, item := range p.Actions {
			if item.Done {
				done++
			} else {
				open++
			}
		}
	}
	if len(titles) == 0 {
		return
	}
	text := fmt.Sprintf("%s %s: %s", count(len(titles), "postmortem"), verb(len(titles), "tells of an incident", "tell of incidents"), listed(titles))
	if n := open + done; n > 0 {
		text += fmt.Sprintf(". %d of %s %s done", done, count(n, "action"), verb(done, "is", "are"))
	}
	a.clausef(at, "%s.", text)
}
