package scorecard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// verdicts adds what the checks that serve the answer's question concluded: what they found is a fact, what they missed
// or could not judge is missing, the gravest first. Announced checks say nothing here.
func (q questions) verdicts(a *Answer, g group) {
	judged, asked := false, 0
	for _, i := range q.gravest {
		check := q.set[i]
		if check.Question != a.Question {
			continue
		}
		asked++
		s := split(g.cards, i)
		judged = judged || len(s.pass)+len(s.fail)+len(s.unknown) > 0
		if len(g.cards) == 1 {
			a.detail(g.cards[0], &g.cards[0].Results[i])
		} else {
			a.overview(check, s)
		}
	}
	a.notAsked(g, asked)
	switch {
	case judged || len(q.unjudged[a.Question]) > 0:
	case asked == 0:
		a.missf("no check of this run judges it")
	case len(a.Missing) == 0:
		a.missf("no check of this run applies")
	}
}

// notAsked tells once what was not looked at, and how much that would have been to judge.
func (a *Answer) notAsked(g group, asked int) {
	if asked == 0 {
		return
	}
	reasons := map[string][]*Card{}
	most := map[string]int{}
	var order []string
	for _, c := range g.cards {
		left := map[string]int{}
		for i := range c.Results {
			if r := &c.Results[i]; r.Check.Question == a.Question && r.counts() && r.Verdict == checks.NotAsked && !r.Check.Live && expected(c, r.Check) {
				left[r.Reason]++
			}
		}
		for _, reason := range slices.Sorted(maps.Keys(left)) {
			key := reason
			if len(g.cards) > 1 {
				key = "the code is not part of this run"
			}
			if reasons[key] == nil {
				order = append(order, key)
			}
			if n := len(reasons[key]); n == 0 || reasons[key][n-1] != c {
				reasons[key] = append(reasons[key], c)
			}
			most[key] = max(most[key], left[reason])
		}
	}
	for _, key := range order {
		a.missf("not looked at for %s: what %s would judge, since %s", listedCards(reasons[key]), count(most[key], "check"), key)
	}
}

// standing is a group of services by the verdict of one check.
type standing struct{ pass, fail, unknown []*Card }

func split(cards []*Card, check int) standing {
	var s standing
	for _, c := range cards {
		r := &c.Results[check]
		switch {
		case !r.counts():
		case r.Verdict == checks.Pass:
			s.pass = append(s.pass, c)
		case r.Verdict == checks.Fail:
			s.fail = append(s.fail, c)
		case r.Verdict == checks.Unknown:
			s.unknown = append(s.unknown, c)
		}
	}
	return s
}

// expected reports whether a full answer about the service needs the check.
func expected(c *Card, check *checks.Check) bool {
	return check.LevelFor(c.Service) <= max(c.Required, checks.Silver)
}

// detail tells one service's result in the words of its requirements.
func (a *Answer) detail(c *Card, r *Result) {
	if !r.counts() || r.Verdict == checks.NotApplicable {
		return
	}
	var met []string
	var evidence []catalog.Place
	for _, q := range r.Requirements {
		if q.State == checks.Met {
			met = append(met, q.Message)
			evidence = append(evidence, q.At)
		}
	}
	switch {
	case r.Verdict == checks.Pass:
		a.prooff(evidence, "%s: %s.", r.Check.Title, shortList(met))
	case len(met) > 0:
		a.prooff(evidence, "%q holds in %d of %s: %s.", r.Check.Title, len(met), count(len(r.Requirements), "case"), shortList(met))
	}
	if !expected(c, r.Check) {
		return
	}
	switch r.Verdict {
	case checks.Fail:
		a.missf("not yet true: %q (%d of %d not met)", r.Check.Title, r.Count(checks.Unmet), len(r.Requirements))
	case checks.Unknown:
		a.missf("could not be judged: %q (%s)", r.Check.Title, r.Reason)
	}
}

// shortList joins messages, the first three of them in full.
func shortList(messages []string) string {
	const most = 3
	if len(messages) > most+1 {
		return strings.Join(messages[:most], "; ") + fmt.Sprintf("; and %d more", len(messages)-most)
	}
	return strings.Join(messages, "; ")
}

// overview tells one check's results about several services by counting them.
func (a *Answer) overview(check *checks.Check, s standing) {
	all := len(s.pass) + len(s.fail) + len(s.unknown)
	whom := func(cards []*Card, every string) string {
		if n := len(cards); n == all && n > maxListed {
			return fmt.Sprintf(every, n)
		}
		return listedCards(cards)
	}
	if len(s.pass) > 0 {
		a.prooff(entries(s.pass), "%q holds for %s.", check.Title, whom(s.pass, "all %d services to which it applies"))
	}
	beyond := func(c *Card) bool { return !expected(c, check) }
	if late := slices.DeleteFunc(s.fail, beyond); len(late) > 0 {
		a.missf("not yet true of %s: %q", whom(late, "any of the %d services"), check.Title)
	}
	if open := slices.DeleteFunc(s.unknown, beyond); len(open) > 0 {
		a.missf("could not be judged for %s: %q", whom(open, "any of the %d services"), check.Title)
	}
}

func entries(cards []*Card) []catalog.Place {
	places := make([]catalog.Place, len(cards))
	for i, c := range cards {
		places[i] = c.Service.At
	}
	return places
}
