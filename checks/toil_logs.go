package checks

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// toilLogsOf gives the toil logs of a team: those that say so, those in its folder, and those linked to the service.
func toilLogsOf(in *Inspection, team *catalog.Team) []*catalog.ToilLog {
	var all []*catalog.ToilLog
	for _, l := range in.Service.ToilLogs {
		if l.Item.Team.Value == "" || isTeam(team, l.Item.Team.Value) {
			all = append(all, l.Item)
		}
	}
	for _, l := range in.Estate.ToilLogs {
		inFolder := l.Team.Value == "" && team.Folder != "" && strings.HasPrefix(l.At.File, team.Folder+"/")
		if (inFolder || isTeam(team, l.Team.Value)) && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// isTeam reports whether a name is one of the team's.
func isTeam(team *catalog.Team, name string) bool {
	if name == "" {
		return false
	}
	same := func(other string) bool {
		return strings.EqualFold(strings.TrimPrefix(teamName(name), "@"), strings.TrimPrefix(teamName(other), "@"))
	}
	return same(team.Name.Value) || strings.EqualFold(name, team.ID) || slices.ContainsFunc(team.Aliases, func(a catalog.Text) bool { return same(a.Value) })
}

// toilOf gives the manual tasks of a team in the order of its logs; those that a log gives to another team are left out.
func toilOf(logs []*catalog.ToilLog, team *catalog.Team) []catalog.ToilEntry {
	var all []catalog.ToilEntry
	for _, l := range logs {
		for _, e := range l.Entries {
			if e.Team.Value == "" || isTeam(team, e.Team.Value) {
				all = append(all, e)
			}
		}
	}
	return all
}

// hours writes a number of hours in a message.
func hours(n float64) string {
	if n == 1 {
		return "1 hour"
	}
	return strconv.FormatFloat(n, 'f', -1, 64) + " hours"
}

// teamWithLogs gives the team that answers for the service and its logs. When the team is missing or has no log it says
// why the check does not apply, and gives nil: toil-tracked asks for the log.
func teamWithLogs(in *Inspection) (*catalog.Team, []*catalog.ToilLog) {
	if notOperated(in, "toil log") {
		return nil, nil
	}
	team := answeringTeam(in)
	if team == nil {
		return nil, nil
	}
	logs := toilLogsOf(in, team)
	if len(logs) == 0 {
		missingLog(in, team)
		in.NotApplicablef("team %q has no toil log, which toil-tracked reports", team.Name.Value)
	}
	return team, logs
}

// missingLog states that a toil log of the team may stand in what could not be read; it reports whether that is so.
func missingLog(in *Inspection, team *catalog.Team) bool {
	gap := in.Service.Gap(catalog.ToilLogs)
	if gap != nil {
		in.Undecidedf(gap.At, "no toil log of team %q was found, but %s could not be read (%s: %s)", team.Name.Value, gap.At, gap.Cause, gap.Detail)
	}
	return gap != nil
}
