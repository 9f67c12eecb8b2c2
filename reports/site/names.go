package site

import "obsready/scorecard"

// ServicePages gives the paths of the pages of a report's cards, in their order. What is written beside a page, such as
// a badge, takes its name from it.
func ServicePages(r *scorecard.Report) []string { return servicePaths(r.Cards).at }

// TeamPages gives the paths of the pages of a report's teams, in their order.
func TeamPages(r *scorecard.Report) []string { return teamPaths(r.Teams).at }
