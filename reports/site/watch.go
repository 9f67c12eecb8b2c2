package site

import (
	"html/template"

	"obsready/checks/measure"
	"obsready/scorecard"
)

// watchGroup is the alerts of a service that tell one sort of thing.
type watchGroup struct {
	Title  string
	Says   string
	Alerts capped[watched]
}

// watched is one alert with what it measures.
type watched struct {
	Name       string
	Place      link
	Dimension  string
	Confidence string
	Pages      bool
	Severity   string
	Reasons    []reason
}

type reason struct {
	Text  template.HTML
	Place link
}

// watch gives the groups that have an alert, and the symptoms even when there is none: that is the answer, then.
func (p page) watch(w scorecard.Watch) []watchGroup {
	groups := []watchGroup{{"Users are harmed", "Symptoms: what callers, customers and readers see.", p.watchedAll(w.Symptoms, 10)}}
	for _, g := range []watchGroup{
		{"Something inside is wrong", "Causes: they may become a harm, and tell where to look.", p.watchedAll(w.Causes, 5)},
		{"The monitoring is wrong", "Nothing else would tell while it is.", p.watchedAll(w.Meta, 5)},
		{"Not known", "What they measure could not be told from their expressions.", p.watchedAll(w.Unknown, 5)},
	} {
		if g.Alerts.Len() > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (p page) watchedAll(alerts []scorecard.Watched, shown int) capped[watched] {
	return capList(alerts, shown, 100, p.watched)
}

func (p page) watched(w scorecard.Watched) watched {
	view := watched{
		Name: w.Alert.Name.Value, Place: p.place(w.Alert.At), Dimension: string(w.Judgement.Dimension), Pages: w.Pages, Severity: w.Alert.Severity.Value,
	}
	if w.Judgement.Class != measure.Unknown && w.Judgement.Confidence == measure.Low {
		view.Confidence = "a guess"
	}
	for _, r := range w.Judgement.Reasons {
		view.Reasons = append(view.Reasons, reason{spans(r.Text), p.place(r.At)})
	}
	return view
}
