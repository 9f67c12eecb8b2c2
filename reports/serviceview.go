package reports

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// serviceView is the overview of one service: every check that was asked of it, by pillar.
func serviceView(r *scorecard.Report, c *scorecard.Card, o Options, e extent) overview {
	e = max(e, usual)
	v := overview{
		title:    "Service " + c.Service.ID + " of " + catalogName(r.Estate.Revision),
		facts:    slices.Concat(serviceFacts(c.Service), revisionFacts(r), []fact{judgedFact(r)}),
		headline: serviceHeadline(c),
		standing: serviceStanding(r, c, o),
	}
	v.addAll(e, blockerSection(c))
	v.addAll(e, changeSections(r, onlyService(c.Service.ID), e)...)
	for _, p := range c.Pillars {
		v.addAll(e, pillarSection(c, p, e))
	}
	v.addAll(e, notJudgedSection(c))
	v.addAll(e, alertSections(c.Watch())...)
	v.addAll(e, promiseSection(c.Promises, e), threadSection(c.Threads, e), answerSection(c.Answers(), e.most(0, 4)), actionSection(c.Actions, e))
	return v
}

func serviceFacts(s *catalog.Service) []fact {
	team := "no team of the catalog"
	if t := s.Owner.Team; t != nil {
		team = listOf(", ", t.ID, t.Contact.Value)
	} else if s.Owner.Ref.Value != "" {
		team += " (" + s.Owner.Ref.Value + ")"
	}
	list := []fact{
		{"Team", team},
		{"Tier", listOf(", ", number(s.TierNumber()), s.Kind.Value, s.Lifecycle.Value)},
		{"Entry", s.At.String()},
	}
	if s.Description.Value != "" {
		list = slices.Insert(list, 0, fact{"About", s.Description.Value})
	}
	return list
}

// serviceHeadline says at what level the service is and which it needs.
func serviceHeadline(c *scorecard.Card) cell {
	switch {
	case !c.Rated:
		return cell{"Not rated: no check applies to it", unsure}
	case c.Required == checks.None:
		return cell{"Level " + c.Level.String() + "; its tier needs none", good}
	case c.Ready():
		return cell{"Level " + c.Level.String() + ", and its tier needs " + c.Required.String(), good}
	}
	return cell{"Level " + c.Level.String() + ", but its tier needs " + c.Required.String(), bad}
}

func serviceStanding(r *scorecard.Report, c *scorecard.Card, o Options) []fact {
	if !c.Rated {
		return nil
	}
	before := servicePast(r, c.Service.ID)
	list := []fact{{"Score", scoreWords(c.Score) + before.words()}}
	if t := before.trend(o); t != "" {
		list = append(list, fact{"Trend", t})
	}
	counts := map[checks.Verdict]int{}
	for _, result := range c.Results {
		counts[result.Verdict]++
	}
	return append(list, verdictsFact(counts))
}

// blockerSection names what keeps the service from its next level.
func blockerSection(c *scorecard.Card) section {
	s := section{title: "Keeps it from " + c.Next.String() + ": " + count(len(c.Blockers), "check"), table: table{columns: []column{
		{title: "verdict"}, {title: "level"}, {title: "check"}, {title: "would be true", least: 20, wraps: true},
	}}}
	for _, b := range c.Blockers {
		s.table.rows = append(s.table.rows, []cell{verdictCell(b.Verdict), {text: b.Level.String()}, {b.Check.ID, named}, {text: b.Check.Title}})
	}
	return s
}

// pillarSection lists the checks of a pillar that were judged, those to mend first. Those that pass are only named, unless
// everything is asked for.
func pillarSection(c *scorecard.Card, p scorecard.PillarScore, e extent) section {
	s := section{title: string(p.Pillar) + ": " + string(p.Verdict)}
	var passed []string
	for _, verdict := range checks.Verdicts() {
		for _, result := range c.Results {
			switch {
			case result.Check.Pillar != p.Pillar || result.Verdict != verdict || !verdict.Judged():
			case verdict == checks.Pass && e != whole:
				passed = append(passed, result.Check.ID)
			default:
				s.items = append(s.items, resultItem(result))
			}
		}
	}
	if len(passed) > 0 {
		s.items = append(s.items, item{mark: verdictCell(checks.Pass), text: strings.Join(passed, ", ")})
	}
	return s
}

// resultItem tells a check with its first finding and what to do about it, or with what was believed first.
func resultItem(result scorecard.Result) item {
	it := item{mark: verdictCell(result.Verdict), text: result.Check.Title + " [" + result.Check.ID + ", " + result.Level.String() + "]"}
	if result.Announced {
		it.text += " (announced, not counted yet)"
	}
	state := map[checks.Verdict]checks.State{checks.Pass: checks.Met, checks.Fail: checks.Unmet, checks.Unknown: checks.Undecided}[result.Verdict]
	i := slices.IndexFunc(result.Requirements, func(q checks.Requirement) bool { return q.State == state })
	if i < 0 {
		return it
	}
	first := result.Requirements[i]
	it.details = append(it.details, placeText(first.At)+": "+first.Message+andMore(result.Count(state)-1))
	if state == checks.Unmet {
		it.details = append(it.details, "fix: "+firstParagraph(result.Check.Fix))
	}
	return it
}

// firstParagraph gives the beginning of a Markdown text up to its first empty line, on one line.
func firstParagraph(markdown string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(markdown), "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// notJudgedSection names the checks that found nothing to judge, by the reason.
func notJudgedSection(c *scorecard.Card) section {
	s := section{title: "Not judged"}
	for _, verdict := range []checks.Verdict{checks.NotApplicable, checks.NotAsked} {
		var reasons []string
		ids := map[string][]string{}
		for _, result := range c.Results {
			if result.Verdict == verdict {
				if ids[result.Reason] == nil {
					reasons = append(reasons, result.Reason)
				}
				ids[result.Reason] = append(ids[result.Reason], result.Check.ID)
			}
		}
		for _, reason := range reasons {
			s.items = append(s.items, item{text: string(verdict) + ": " + reason, details: []string{strings.Join(ids[reason], ", ")}})
		}
	}
	return s
}

// alertSections list the service's alerts by what they tell.
func alertSections(w scorecard.Watch) []section {
	s := section{title: "Alert rules", table: table{columns: []column{
		{title: "tells of"}, {title: "pages"}, {title: "alert", least: 16, wraps: true}, {title: "at", least: 20, wraps: true},
	}}}
	for _, group := range []struct {
		class string
		all   []scorecard.Watched
	}{{"a symptom", w.Symptoms}, {"a cause", w.Causes}, {"the monitoring", w.Meta}, {"not known", w.Unknown}} {
		for _, a := range group.all {
			pages := cell{"no", quiet}
			if a.Pages {
				pages = cell{text: "yes"}
			}
			s.table.rows = append(s.table.rows, []cell{{text: group.class}, pages, {text: a.Alert.Name.Value}, {placeText(a.Alert.At), quiet}})
		}
	}
	return []section{s}
}
