package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var postmortemComplete = &Check{
	ID:       "postmortem-complete",
	Title:    "Every postmortem has all the parts from which others learn",
	Why:      "A postmortem without impact, timeline or contributing factors is a story. One without what went well and poorly, and what changes in the system, teaches nothing to those who were not there.",
	Fix:      "Add a heading for each part that is named and write what is known below it: impact, timeline, detection gap, contributing factors, what went well, what went poorly, action items, system improvements.",
	Source:   "Google SRE book, ch. 15 \"Postmortem Culture\" and appendix D \"Example Postmortem\"; PagerDuty postmortem template.",
	Pillar:   Learning,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Postmortems},
	All:      true,
	Run: func(in *Inspection) {
		for _, p := range postmortemsOf(in) {
			requireParts(in, p)
		}
	},
}

func requireParts(in *Inspection, p catalog.Linked[catalog.Postmortem]) {
	name := postmortemName(p.Item)
	filled, open := presentParts(p.Item)
	if len(filled) == len(catalog.PostmortemParts) {
		in.Metf(p.Item.At, "postmortem %q has all its parts", name).LinkedBy(p.By)
		return
	}
	var missing []catalog.PostmortemPart
	for _, part := range catalog.PostmortemParts {
		if !slices.Contains(filled, part) && !slices.Contains(open, part) {
			missing = append(missing, part)
		}
	}
	var faults, ways []string
	if len(missing) > 0 {
		faults, ways = append(faults, "lacks "+partNames(missing)), append(ways, "add a heading for each part that is missing")
	}
	if len(open) > 0 {
		faults, ways = append(faults, "leaves open "+partNames(open)), append(ways, "write what is known below the headings that wait for it")
	}
	q := in.Unmetf(p.Item.At, "postmortem %q %s. %s", name, strings.Join(faults, " and "), strings.Join(ways, ", and "))
	sharedPostmortem(q, p, "postmortem parts", "postmortem %q is not complete", name)
}
