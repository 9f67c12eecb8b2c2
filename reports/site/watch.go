package site

import (
	"html/template"

	"obsready/catalog"
	"obsready/checks/measure"
	"obsready/scorecard"
)

// watchGroup is the alerts of a service that tell one sort of thing.
type watchGroup struct {
	Title  string
	Says   string
	Alerts capped[watched]
}

// watched is one alert with what it measures, whom it wakes and what it leads to.
type watched struct {
	Name       string
	Place      link
	Dimension  string
	Confidence string
	Pages      bool
	Severity   string
	Runbook    cell
	Dashboard  cell
	Linked     string // why it is the service's
	Reasons    []reason
}

type reason struct {
	Text  template.HTML
	Place link
}

// maxWatched is how many alerts of a sort a page holds.
const maxWatched = 25

// watch gives the groups that have an alert, and the symptoms even when there is none: that is the answer, then.
func (p page) watch(w scorecard.Watch) []watchGroup {
	groups := []watchGroup{{"Users are harmed", "Symptoms: what callers, customers and readers see.", p.watchedAll(w.Symptoms)}}
	for _, g := range []watchGroup{
		{"Something inside is wrong", "Causes: they may become a harm, and tell where to look.", p.watchedAll(w.Causes)},
		{"The monitoring is wrong", "Nothing else would tell while it is.", p.watchedAll(w.Meta)},
		{"Not known", "What they measure could not be told from their expressions.", p.watchedAll(w.Unknown)},
	} {
		if g.Alerts.Len() > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (p page) watchedAll(alerts []scorecard.Watched) capped[watched] {
	return capList(alerts, 8, maxWatched, p.watched)
}

func (p page) watched(w scorecard.Watched) watched {
	view := watched{
		Name: w.Alert.Name.Value, Place: p.place(w.Alert.At), Dimension: string(w.Judgement.Dimension), Pages: w.Pages, Severity: w.Alert.Severity.Value,
		Runbook: p.linkState(w.Alert.Runbook), Dashboard: p.linkState(w.Alert.Dashboard),
	}
	if w.Link.Rung > catalog.ByFolder {
		view.Linked = w.Link.String()
	}
	if w.Judgement.Class != measure.Unknown && w.Judgement.Confidence == measure.Low {
		view.Confidence = "a guess"
	}
	for _, r := range w.Judgement.Reasons {
		if len(view.Reasons) == maxReasons {
			break
		}
		why := reason{Text: spans(r.Text)}
		if r.At.File != w.Alert.At.File { // the alert's own place stands in its row
			why.Place = p.place(r.At)
		}
		view.Reasons = append(view.Reasons, why)
	}
	return view
}

// maxReasons is how many reasons stand behind what an alert measures.
const maxReasons = 3
