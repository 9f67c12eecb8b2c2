package site

import (
	"fmt"
	"strings"

	"obsready/checks"
	"obsready/scorecard"
)

// band is one level in the bar that shows how many services are at each.
type band struct {
	Level    level
	Services int
	X, Width float64 // in hundredths of the bar
}

// bands gives the levels from the highest down. Their widths sum up to 100 when there are services.
func bands(s scorecard.Summary) []band {
	var all []band
	x := 0.0
	for l := checks.Gold; l >= checks.None; l-- {
		b := band{Level: levelView(l), Services: s.Levels[l], X: x}
		if s.Services > 0 {
			b.Width = 100 * float64(b.Services) / float64(s.Services)
		}
		x += b.Width
		all = append(all, b)
	}
	if s.NotRated > 0 {
		all = append(all, band{Level: level{"n", "not rated"}, Services: s.NotRated, X: x, Width: 100 * float64(s.NotRated) / float64(s.Services)})
	}
	return all
}

// levelsText says the same as the bar, in words.
func levelsText(s scorecard.Summary) string {
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
	Statement  string
	Bands      []band
	LevelsText string
	Score      string
	Unknown    string
	Earned     string
	Possible   string
}

func groupView(s scorecard.Summary) group {
	return group{
		Statement:  standing(s),
		Bands:      bands(s),
		LevelsText: levelsText(s),
		Score:      percent(s.Score),
		Unknown:    unknownPercent(s.Score),
		Earned:     points(s.Score.Earned),
		Possible:   points(s.Score.Possible),
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
