package checks

import (
	"sync"
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/checks/delivery"
	"obsready/checks/measure"
)

// Survey is an estate under inspection: what the checks of all services share. Questions about the whole estate are
// answered once, when the first check asks them, so that the cost of a run grows with the estate and not with its
// square. A Survey may be used by many goroutines at once.
type Survey struct {
	Estate   *catalog.Estate
	Settings *Settings
	Now      time.Time // the caller's clock

	pagesByText    func() map[string][]*catalog.Page // runbooks by their Fingerprint
	targetWatchers func() []*catalog.AlertRule       // alerts on scrape targets that are gone
	alertsByName   func() map[string][]*catalog.AlertRule
	recorded       func() map[string][]*catalog.RecordingRule // by the name of what they record
	receiverTeams  func() map[*catalog.Receiver]*catalog.Team // whose receivers are, as their names tell
	hiddenRoutes   func() *catalog.Gap                        // see findHiddenRoutes
	meter          func() *measure.Meter
	measured       sync.Map // *catalog.AlertRule to measure.Judgement
	promised       sync.Map // *catalog.SLO to measure.Judgement
	promisedBy     func() map[*catalog.SLO][]*catalog.Service
	threads        sync.Map // *catalog.Journey to []Thread
	pipelines      *delivery.Follower
	live           func() *liveEstate // only when the estate has a live Grafana
}

// NewSurvey begins to inspect an estate. Nothing of it is changed.
func NewSurvey(estate *catalog.Estate, settings *Settings, now time.Time) *Survey {
	return &Survey{
		Estate: estate, Settings: settings, Now: now,
		pipelines: delivery.New(estate.Revision.Web),
		pagesByText: sync.OnceValue(func() map[string][]*catalog.Page {
			pages := map[string][]*catalog.Page{}
			for _, p := range estate.Pages {
				if p.Fingerprint != "" {
					pages[p.Fingerprint] = append(pages[p.Fingerprint], p)
				}
			}
			return pages
		}),
		targetWatchers: sync.OnceValue(func() []*catalog.AlertRule {
			var watchers []*catalog.AlertRule
			for _, a := range estate.Alerts {
				if watchesTargets(a) {
					watchers = append(watchers, a)
				}
			}
			return watchers
		}),
		alertsByName: sync.OnceValue(func() map[string][]*catalog.AlertRule {
			byName := map[string][]*catalog.AlertRule{}
			for _, a := range estate.Alerts {
				byName[a.Name.Value] = append(byName[a.Name.Value], a)
			}
			return byName
		}),
		recorded: sync.OnceValue(func() map[string][]*catalog.RecordingRule {
			recorded := map[string][]*catalog.RecordingRule{}
			for _, r := range estate.Recordings {
				recorded[r.Name.Value] = append(recorded[r.Name.Value], r)
			}
			return recorded
		}),
		hiddenRoutes:  sync.OnceValue(func() *catalog.Gap { return findHiddenRoutes(estate) }),
		receiverTeams: sync.OnceValue(func() map[*catalog.Receiver]*catalog.Team { return receiverTeams(estate) }),
		promisedBy:    sync.OnceValue(func() map[*catalog.SLO][]*catalog.Service { return servicesBySLO(estate) }),
		live:          sync.OnceValue(func() *liveEstate { return newLiveEstate(estate) }),
		meter:         sync.OnceValue(func() *measure.Meter { return measure.New(estate, measure.Options{ClassLabels: settings.ClassLabels}) }),
	}
}

// Today is the day by which things are late: see [dates.Current].
func (s *Survey) Today() dates.Day { return dates.Current(s.Now) }

// dayCount gives a threshold of time in whole days.
func dayCount(d time.Duration) int { return int(d / (24 * time.Hour)) }

// Measure says what an alert of the estate measures.
func (s *Survey) Measure(a *catalog.AlertRule) measure.Judgement {
	if j, ok := s.measured.Load(a); ok {
		return j.(measure.Judgement)
	}
	j := s.meter().Alert(a)
	s.measured.Store(a, j)
	return j
}

// SecurityChecks gives for each kind of security check where it runs for a service.
func (s *Survey) SecurityChecks(svc *catalog.Service) []delivery.SecurityCheck {
	return s.pipelines.SecurityChecks(svc)
}

// Dimension says what an SLO of the estate promises.
func (s *Survey) Dimension(o *catalog.SLO) measure.Judgement {
	if j, ok := s.promised.Load(o); ok {
		return j.(measure.Judgement)
	}
	j := s.meter().Indicator(o)
	s.promised.Store(o, j)
	return j
}

// About begins to inspect one service of the estate.
func (s *Survey) About(svc *catalog.Service) *Subject {
	return &Subject{
		Survey: s, Service: svc,
		shown: sync.OnceValue(func() []catalog.Linked[catalog.Dashboard] { return shownDashboards(svc) }),
		used:  sync.OnceValue(func() []asked { return usedQueries(svc) }),
	}
}

// Subject is one service under inspection, with what several checks ask of it worked out once. It is for one goroutine.
type Subject struct {
	*Survey
	Service *catalog.Service

	shown func() []catalog.Linked[catalog.Dashboard] // the dashboards that count as the service's
	used  func() []asked                             // the queries that are about the service
}
