package checks

import (
	"fmt"
	"slices"
	"time"

	"obsready/catalog"
	"obsready/catalog/promql"
)

var alertAwake = &Check{
	ID:       "alert-awake",
	Title:    "No alert is paused, silenced or left firing for months",
	Why:      "An alert that was paused for a weekend and forgotten watches nothing, and one that has fired for months is seen by nobody any more. Both look like an alert in every list.",
	Fix:      "Resume the rule, end the silence, or mend what fires. Delete an alert that nobody misses.",
	Source:   "Datadog, \"Monitor quality\" (muted for more than 60 days, alerting without end); Google SRE book, chapter 6 \"Monitoring for the Long Term\".",
	Pillar:   Alerts,
	Question: Know,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Alerts},
	All:      true,
	Live:     true,
	Run: func(in *Inspection) {
		silenced := false
		for _, w := range watchedAlerts(in) {
			if len(w.rules) > 0 {
				judgeAwake(in, w)
			}
			silenced = silenced || slices.ContainsFunc(w.rules, liveRule.isGrafanas)
		}
		if len(in.requirements) == 0 {
			noneWatched(in, in.live().rulesTrouble(), "no alert of the service is seen in Grafana")
			return
		}
		if missing := in.live().Silences.Missing(); missing != nil && silenced {
			in.Undecidedf(in.Service.At, "whether alerts are silenced is not known: %s", because(missing))
		}
	},
}

// judgeAwake states for an alert whether it sleeps, at the first of its rules that does.
func judgeAwake(in *Inspection, w watched) {
	text := ""
	for _, r := range w.rules {
		state, why := sleep(in.live(), in.Settings.AlertAsleepMaximum, w, r)
		if state != Met {
			link(in.state(state, w.at, "%s", why), w.link)
			return
		}
		if text == "" {
			text = why
		}
	}
	link(in.Metf(w.at, "%s", text), w.link)
}

// sleep says whether a rule has been paused, silenced or firing for longer than most.
func sleep(live *liveEstate, most time.Duration, w watched, r liveRule) (State, string) {
	name := fmt.Sprintf("alert %q in %s", w.name, r.where())
	old := func(since time.Time) bool { return live.days(since) > dayCount(most) }
	if r.Paused {
		switch {
		case r.Since.IsZero():
			return Undecided, name + " is paused, and since when is not known. resume it"
		case old(r.Since):
			return Unmet, fmt.Sprintf("%s is paused, and was last changed %d days before Grafana was asked. resume it, or delete it", name, live.days(r.Since))
		}
		return Met, fmt.Sprintf("%s is paused, and was changed within %s before Grafana was asked", name, count(live.days(r.Since)+1, "day", "days"))
	}
	if s := live.silencedBy(r); s != nil {
		until := s.Ends.UTC().Format(time.DateOnly)
		if old(s.Starts) || dayCount(s.Ends.Sub(s.Starts)) > dayCount(most) {
			return Unmet, fmt.Sprintf("%s is silenced from %s until %s. end the silence, or delete the alert", name, s.Starts.UTC().Format(time.DateOnly), until)
		}
		return Met, fmt.Sprintf("%s is silenced until %s", name, until)
	}
	if r.State == "firing" && !r.Since.IsZero() && old(r.Since) && !beats(w, r) {
		return Unmet, fmt.Sprintf("%s has fired for %d days. mend what it reports, or change what it asks for", name, live.days(r.Since))
	}
	return Met, name + " is neither paused nor silenced"
}

// beats reports whether a rule is a heartbeat, which fires at all times: its query selects no series.
func beats(w watched, r liveRule) bool {
	if w.alert != nil {
		return isClock(w.alert)
	}
	q := promql.Parse(catalog.Query{Text: r.Query, Lang: catalog.PromQL})
	return r.Query == "" || q.Error != "" || len(q.Selectors) == 0
}
