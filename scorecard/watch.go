package scorecard

import (
	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
)

// watch lists the alerts of a service by what they would tell.
func watch(survey *checks.Survey, svc *catalog.Service) Watch {
	var w Watch
	for _, a := range svc.Alerts {
		seen := watched(survey, a)
		list := w.of(seen.Judgement.Class)
		*list = append(*list, seen)
	}
	return w
}

// watched says what an alert measures and whether it surely wakes somebody.
func watched(survey *checks.Survey, a catalog.Linked[catalog.AlertRule]) Watched {
	state, _ := survey.Paged(a.Item)
	return Watched{Alert: a.Item, Link: a.By, Judgement: survey.Measure(a.Item), Pages: state == checks.Met}
}

// of gives the list of a class.
func (w *Watch) of(class measure.Class) *[]Watched {
	switch class {
	case measure.Symptom:
		return &w.Symptoms
	case measure.Cause:
		return &w.Causes
	case measure.Meta:
		return &w.Meta
	default:
		return &w.Unknown
	}
}
