package scorecard

import (
	"obsready/catalog"
	"obsready/checks"
)

// threads gives the threads of journeys, those of one journey in the order of its SLOs.
func (r *Report) threads(journeys []*catalog.Journey) []checks.Thread {
	var all []checks.Thread
	for _, j := range journeys {
		all = append(all, r.survey.Threads(j)...)
	}
	return all
}

// JourneyWatch lists the alerts that would tell that users of a journey are harmed: those that watch its SLOs, and then
// the other symptoms of the services that it crosses, each once.
func (r *Report) JourneyWatch(j *catalog.Journey) []Watched {
	var all []Watched
	for _, a := range r.survey.JourneyAlerts(j) {
		all = append(all, watched(r.survey, a))
	}
	return all
}
