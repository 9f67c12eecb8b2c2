package history

import (
	"slices"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// state is where all services stood at one moment.
type state struct {
	services []*standing // in ID order
	byID     map[string]*standing
	around   surroundings
}

// of gives the standing of a service, nil when it was not there or nothing is known of the state.
func (s *state) of(id string) *standing {
	if s == nil {
		return nil
	}
	return s.byID[id]
}

// standing is where one service stood. Weeks share those of services that stayed as they were.
type standing struct {
	id       string
	team     string // ID, "" for none of the catalog
	digest   uint64 // of all that the carried checks can see of it
	rating   scorecard.Rating
	outcomes []scorecard.Outcome // one for each check
}

// level gives the level that the service had; ok is false when it was not there or not rated.
func (s *standing) level() (level checks.Level, ok bool) {
	if s == nil || !s.rating.Rated {
		return checks.None, false
	}
	return s.rating.Level, true
}

func (s *standing) teamID() string {
	if s == nil {
		return ""
	}
	return s.team
}

// add counts a service into a standing.
func add(to *scorecard.Standing, s *standing) {
	to.Services++
	if s.rating.Rated {
		to.Levels[s.rating.Level]++
	} else {
		to.NotRated++
	}
	if s.rating.Ready() {
		to.Ready++
	}
	to.Score = to.Score.Add(s.rating.Score)
}

// teamOf gives the ID of the team that answers for a service, "" when it is none of the catalog.
func teamOf(estate *catalog.Estate, svc *catalog.Service) string {
	if t := svc.Owner.Team; t != nil && slices.Contains(estate.Teams, t) {
		return t.ID
	}
	return ""
}
