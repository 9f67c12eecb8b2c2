package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

var dashboardDrift = &Check{
	ID:       "dashboard-drift",
	Title:    "The service's dashboards in Grafana show what those in git say",
	Why:      "What somebody changed by hand in Grafana is reviewed by nobody and lost with the next deployment, and what git says was repaired is not repaired for those who look at Grafana.",
	Fix:      "Bring the change into git when it is wanted, as the difference names it, and deploy the dashboard from there; else save the version of git over it. Provision dashboards so that they cannot be changed by hand.",
	Source:   "Grafana documentation, \"Dashboard management maturity model\".",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Dashboards},
	Live:     true,
	Run: func(in *Inspection) {
		for _, l := range in.Service.Dashboards {
			if !in.live().isLive(l.Item.At) {
				compareDashboard(in, l)
			}
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("no dashboard of the service is both in git and in Grafana")
		}
	},
}

// compareDashboard states whether a dashboard of git is the same in Grafana. One that Grafana does not have is dashboard-live's.
func compareDashboard(in *Inspection, l catalog.Linked[catalog.Dashboard]) {
	live, git := in.live(), l.Item
	d, trouble := grafana.Of(live.Live, git)
	if d == nil {
		if trouble.Cause != catalog.NotFound {
			in.Undecidedf(git.At, "whether dashboard %q is the same in Grafana is not known: %s", git.Title.Value, because(trouble)).LinkedBy(l.By)
		}
		return
	}
	board := live.shown(d)
	if board == nil {
		in.Undecidedf(git.At, "whether dashboard %q is the same in Grafana is not known: %s", git.Title.Value, because(boardTrouble(d))).LinkedBy(l.By)
		return
	}
	stateDrift(in, l, d, grafana.Differences(board, git, live.DataSources.Items))
}

func stateDrift(in *Inspection, l catalog.Linked[catalog.Dashboard], d *catalog.LiveDashboard, found []grafana.Difference) {
	live, git := in.live(), l.Item
	address := grafana.Address(live.Live, d)
	switch {
	case len(found) == 0:
		in.Metf(git.At, "dashboard %q in Grafana shows what git says: %s", git.Title.Value, address).LinkedBy(l.By)
	case slices.ContainsFunc(git.Panels, filledPanel):
		in.Undecidedf(git.At, "whether dashboard %q is the same in Grafana is not known: a template fills it in. keep it as it is deployed", git.Title.Value).LinkedBy(l.By)
	case live.inGit[git.UID.Value] > 1:
		in.Undecidedf(git.At, "dashboard %q differs from that at %s, and %d dashboards of git have its uid %q. give each its own", git.Title.Value, address, live.inGit[git.UID.Value], git.UID.Value).LinkedBy(l.By)
	default:
		in.Unmetf(git.At, "dashboard %q in Grafana (%s) differs from git: %s. bring the change into git, or deploy the dashboard again", git.Title.Value, address, tellDifferences(found)).
			LinkedBy(l.By).Because("drift of "+d.UID, "dashboard %q differs between Grafana and git", git.Title.Value)
	}
}

// filledPanel reports whether a template of Helm or ERB fills a query of the panel in.
func filledPanel(p catalog.Panel) bool {
	return slices.ContainsFunc(p.Queries, func(q catalog.Query) bool { return q.Templated })
}

// tellDifferences tells the first differences, each short enough to be read.
func tellDifferences(found []grafana.Difference) string {
	const shown, longest = 3, 120
	var told []string
	for i, d := range found {
		if i == shown {
			told = append(told, fmt.Sprintf("%d more", len(found)-shown))
			break
		}
		d.Live, d.InGit = shorten(d.Live, longest), shorten(d.InGit, longest)
		told = append(told, d.String())
	}
	return strings.Join(told, "; ")
}

// shorten cuts a text after a number of characters.
func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
