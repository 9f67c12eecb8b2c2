package checks

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/toil"
)

var toilTracked = &Check{
	ID:       "toil-tracked",
	Title:    "The team tracks its manual operational work with how often and how long",
	Why:      "Work that nobody counts is never automated: each time it seems quicker to do it once more by hand.",
	Fix:      "Add `toil.toml` to the team's folder with `[toil]` (`team`, `share`) and a `[[task]]` for each manual task: `task`, `category`, `often = \"12 per month\"`, `lasts = \"45m\"`. A CSV file or a Markdown table with these columns works too.",
	Source:   "Google SRE book, ch. 5 \"Eliminating Toil\"; SRE workbook, ch. 6 (measure toil first).",
	Pillar:   Toil,
	Question: Recover,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.ToilLogs},
	All:      true,
	Run: func(in *Inspection) {
		if notOperated(in, "toil log") {
			return
		}
		team := answeringTeam(in)
		if team == nil {
			return
		}
		logs := toilLogsOf(in, team)
		if len(logs) == 0 && !missingLog(in, team) {
			in.Unmetf(team.At, "team %q has no toil log. add toil.toml to its folder with a [[task]] for each manual task: task, category, often, lasts", team.Name.Value).
				Because("no toil log of "+team.ID, "team %q has no toil log", team.Name.Value)
		}
		if len(logs) == 0 {
			return
		}
		entries := toilOf(logs, team)
		if len(entries) == 0 {
			in.Unmetf(logs[0].At, "the toil log of team %q lists no task. add a [[task]] for each manual task", team.Name.Value)
		}
		for _, e := range entries {
			requireCounted(in, e)
		}
	},
}

// requireCounted states one task of a log: its category is known, and its hours can be worked out.
func requireCounted(in *Inspection, e catalog.ToilEntry) {
	task := beginning(e.Task.Value)
	category, known := toil.Category(e.Category.Value)
	switch {
	case e.Category.Value == "":
		in.Unmetf(e.At, "task %q has no category. write one of %s", task, strings.Join(catalog.ToilCategories, ", "))
	case !known:
		in.Unmetf(e.Category.At, "category %q of task %q is unknown%s. expected one of %s", e.Category.Value, task, suggest(e.Category.Value, catalog.ToilCategories), strings.Join(catalog.ToilCategories, ", "))
	case e.Hours > 0:
		in.Metf(e.At, "task %q (%s) takes %s a year", task, category, hours(e.Hours))
	case e.Often.Value == "" && e.Lasts.Value == "":
		in.Unmetf(e.At, "task %q does not say how often it is done and how long it takes. write often = \"12 per month\" and lasts = \"45m\"", task)
	case e.Often.Value == "":
		in.Unmetf(e.At, "task %q takes %q and does not say how often it is done. write often = \"12 per month\"", task, e.Lasts.Value)
	case e.Lasts.Value == "":
		in.Unmetf(e.At, "task %q is done %q and does not say how long it takes. write lasts = \"45m\"", task, e.Often.Value)
	default:
		in.Unmetf(e.Often.At, "how many hours task %q takes cannot be worked out of %q and %q. write often = \"12 per month\" and lasts = \"45m\"", task, e.Often.Value, e.Lasts.Value)
	}
}
