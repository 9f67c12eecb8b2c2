package site

import (
	"fmt"
	"html/template"
	"strings"

	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// band is one level with how many services are at it.
type band struct {
	Level    level
	Services int
}

// bands gives the levels from the highest down.
func bands(s scorecard.Standing) []band {
	var all []band
	for l := checks.Gold; l >= checks.None; l-- {
		all = append(all, band{levelView(l), s.Levels[l]})
	}
	if s.NotRated > 0 {
		all = append(all, band{level{"n", "not rated"}, s.NotRated})
	}
	return all
}

// levelBar draws how many services are at each level.
func levelBar(s scorecard.Standing) template.HTML {
	var parts []picture.Part
	for _, b := range bands(s) {
		parts = append(parts, picture.Part{Ink: picture.Ink(b.Level.Class), Word: b.Level.Word, Count: b.Services})
	}
	return picture.Bar("Services by level", parts)
}

// standingNow gives the standing of a group of services.
func standingNow(s scorecard.Summary) scorecard.Standing {
	return scorecard.Standing{Services: s.Services, Ready: s.Ready, Levels: s.Levels, NotRated: s.NotRated, Score: s.Score}
}

// levelsText says the same as the bar, in words.
func levelsText(s scorecard.Standing) string {
	var parts []string
	for l := checks.Gold; l >= checks.None; l-- {
		switch n := s.Levels[l]; {
		case n > 0 && l == checks.None:
			parts = append(parts, number(n)+" below bronze")
		case n > 0:
			parts = append(parts, fmt.Sprintf("%s at %s", number(n), l))
		}
	}
	if s.NotRated > 0 {
		parts = append(parts, number(s.NotRated)+" not rated")
	}
	return strings.Join(parts, ", ")
}

// group is the standing of an estate or a team in figures.
type group struct {
	Statement string
	Bar       template.HTML
	Bands     []band
	Score     string
	Unknown   string
	Earned    string
	Possible  string
}

func groupView(s scorecard.Summary) group {
	return group{
		Statement: standing(s),
		Bar:       levelBar(standingNow(s)),
		Bands:     bands(standingNow(s)),
		Score:     percent(s.Score),
		Unknown:   unknownPercent(s.Score),
		Earned:    points(s.Score.Earned),
		Possible:  points(s.Score.Possible),
	}
}

// standing says in one sentence how many services are at their required level.
func standing(s scorecard.Summary) string {
	switch {
	case s.Services == 0:
		return "No services"
	case s.NotRated == s.Services:
		return "Nothing is required of these services."
	case s.Services == 1 && s.Ready == 1:
		return "Its one service is at its required level."
	case s.Services == 1:
		return "Its one service is not yet at its required level."
	case s.Ready == 0:
		return fmt.Sprintf("None of the %s services is at its required level yet.", number(s.Services))
	case s.Ready == s.Services:
		return fmt.Sprintf("All %s services are at their required level.", number(s.Services))
	case s.Ready == 1:
		return fmt.Sprintf("1 of %s services is at its required level.", number(s.Services))
	}
	return fmt.Sprintf("%s of %s services are at their required level.", number(s.Ready), number(s.Services))
}
