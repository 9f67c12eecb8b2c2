package checks

import (
	"obsready/catalog"
	"obsready/checks/measure"
)

// JourneyAlerts gives the alert rules that would tell that users of a journey are harmed: those that watch one of its
// SLOs, and then the other alerts of the services that it crosses which measure a symptom, each once.
func (s *Survey) JourneyAlerts(j *catalog.Journey) []catalog.Linked[catalog.AlertRule] {
	var all []alert
	seen := map[*catalog.AlertRule]bool{}
	add := func(a alert) {
		if !seen[a.Item] {
			seen[a.Item] = true
			all = append(all, a)
		}
	}
	for _, o := range j.SLOs {
		for _, w := range s.watchersAmong(s.strand(j, o).services, o) {
			add(w.alert)
		}
	}
	for _, svc := range j.Services {
		for _, a := range svc.Alerts {
			if m := s.Measure(a.Item); m.Class == measure.Symptom && m.Sure() {
				add(a)
			}
		}
	}
	return all
}
