package checks

import (
	"obsready/catalog"
	"obsready/catalog/toil"
)

var toilBudget = &Check{
	ID:       "toil-budget",
	Title:    "The team states the share of its time that is toil, and keeps it below the limit",
	Why:      "A team that spends most of its time on manual work has none left to make the work go away. Toil grows with the service until it takes everything.",
	Fix:      "State the share in the log (`[toil]`, `share = \"35%\"`) or in the team's entry (`toil = \"35%\"`). When it is over the limit, automate the largest task first, or hand work back to the developers.",
	Source:   "Google SRE book, ch. 5 \"Eliminating Toil\" (at most half of each engineer's time).",
	Pillar:   Toil,
	Question: Recover,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.ToilLogs, catalog.Teams},
	Run: func(in *Inspection) {
		if notOperated(in, "toil log") {
			return
		}
		team := answeringTeam(in)
		if team == nil {
			return
		}
		stated := team.Toil.Value != ""
		if stated {
			requireTeamShare(in, team)
		}
		logs := toilLogsOf(in, team)
		for _, l := range logs {
			if l.Percent >= 0 {
				requireToilShare(in, l.Share, l.Percent)
				stated = true
			}
		}
		switch {
		case stated:
		case len(logs) > 0:
			in.Missingf(logs[0].At, "the toil log of team %q does not state the share of its time. write share = \"35%%\" under [toil]", team.Name.Value).
				Because("no toil share of "+team.ID, "team %q does not state its share of toil", team.Name.Value)
		default:
			teamWithLogs(in) // says that there is none
		}
	},
}

func requireTeamShare(in *Inspection, team *catalog.Team) {
	percent, ok := toil.Percent(team.Toil.Value)
	if !ok {
		in.Unmetf(team.Toil.At, "toil %q of team %q is no share of time. write toil = \"35%%\"", team.Toil.Value, team.Name.Value)
		return
	}
	requireToilShare(in, team.Toil, percent)
}

func requireToilShare(in *Inspection, share catalog.Text, percent float64) {
	limit := in.Settings.ToilMaximum
	if percent <= limit {
		in.Metf(share.At, "toil takes %q of the team's time, at most %g %%", share.Value, limit)
		return
	}
	in.Unmetf(share.At, "toil takes %q of the team's time, more than %g %%. automate the largest task first", share.Value, limit)
}
