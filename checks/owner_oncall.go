package checks

import (
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/entries"
)

var ownerOncall = &Check{
	ID:       "owner-oncall",
	Title:    "For an important service somebody is on call, and somebody is next",
	Why:      "A page needs a person who expects it. When that person does not answer, the time until the next one is called is pure outage.",
	Fix:      "Set `oncall` to the rota's name or address and `escalation = [\"payments secondary\", \"head of payments\"]` in the team's `team.toml`. A service with a rota of its own sets `oncall` in its entry; a Backstage entity is annotated with its paging integration, such as `pagerduty.com/service-id`.",
	Source:   "PagerDuty incident response documentation (being on call, escalation); Google SRE book, chapter 11 \"Being On-Call\". Which tiers need it and how many steps is policy: `oncall_tiers`, `escalation_levels`.",
	Pillar:   Ownership,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Teams},
	Run: func(in *Inspection) {
		switch tier := in.Service.TierNumber(); {
		case !in.Service.Operated():
			in.NotApplicablef("nobody is paged for a library")
			return
		case tier > in.Settings.OncallTiers:
			in.NotApplicablef("a rota is asked of tiers up to %d, and this is a service of tier %d", in.Settings.OncallTiers, tier)
			return
		}
		if team := answeringTeam(in); team != nil {
			rota := requireRota(in, team)
			requireEscalation(in, team, rota)
		}
	},
}

// requireRota asks for a rota, of the service or of its team, and gives it.
func requireRota(in *Inspection, team *catalog.Team) catalog.Text {
	for _, rota := range []struct {
		catalog.Text
		of string
	}{{in.Service.Oncall, "service " + strconv.Quote(in.Service.Name.Value)}, {team.Oncall, "team " + strconv.Quote(team.ID)}} {
		if rota.Value != "" && !blank(rota.Value) {
			in.Metf(rota.At, "the rota of %s is %q", rota.of, rota.Value)
			return rota.Text
		}
	}
	missingOfTeam(in, team, "team %q has no rota. set oncall in its entry to the rota's name or address", team.ID).
		Because("rota of team "+team.ID, "team %q has no rota", team.ID)
	return catalog.Text{}
}

// requireEscalation asks who is called after the first person. Only a native entry can say it: of other formats the
// paging tool behind the rota knows, and this run does not read it.
func requireEscalation(in *Inspection, team *catalog.Team, rota catalog.Text) {
	n, want := len(team.Escalation), in.Settings.EscalationLevels
	switch {
	case n >= want && n > 0:
		in.Metf(team.Escalation[0].At, "after the rota come %s", quoted(team.Escalation))
	case n >= want:
	case n > 0:
		missingOfTeam(in, team, "the escalation of team %q names %s, which is %d of %d steps. add who is called next", team.ID, quoted(team.Escalation), n, want).
			Because("escalation of team "+team.ID, "the escalation of team %q is too short", team.ID)
	case entries.IsNative(team.At.File):
		missingOfTeam(in, team, "team %q has no escalation. list in its entry who is called next, at least %d", team.ID, want).
			Because("escalation of team "+team.ID, "team %q has no escalation", team.ID)
	case rota.Value != "":
		in.Undecidedf(rota.At, "who is called after %q is kept in the paging tool, which this run does not read. list the escalation in a team.toml", rota.Value).
			Because("escalation of team "+team.ID, "the escalation of team %q is kept in a paging tool", team.ID)
	}
}

// quoted gives texts in quotes, joined by commas.
func quoted(texts []catalog.Text) string {
	words := make([]string, len(texts))
	for i, t := range texts {
		words[i] = `"` + t.Value + `"`
	}
	return strings.Join(words, ", ")
}
