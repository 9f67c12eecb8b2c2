package checks

import "obsready/catalog"

var postmortemBlameless = &Check{
	ID:       "postmortem-blameless",
	Title:    "No postmortem names a person as a cause",
	Why:      "People who are blamed hide what they know, and the next incident is understood later. What made the slip possible is still there when the person is not.",
	Fix:      "Say in the causes what made it possible, with the role instead of the name: \"the deployment tool asked for no confirmation\", not \"Ada forgot to check\". Human error is where the analysis begins, not its result.",
	Source:   "Google SRE book, ch. 15 \"Postmortem Culture: Learning from Failure\" (blameless); Etsy, \"Blameless PostMortems and a Just Culture\".",
	Pillar:   Learning,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Postmortems},
	All:      true,
	Run: func(in *Inspection) {
		all := postmortemsOf(in)
		people := peopleOf(in.Estate)
		for _, p := range all {
			if len(p.Item.Causes) > 0 {
				requireBlameless(in, p, people)
			}
		}
		if len(all) > 0 {
			in.NotApplicablef("no postmortem of the service states a cause, which postmortem-complete reports")
		}
	},
}

func requireBlameless(in *Inspection, p catalog.Linked[catalog.Postmortem], people people) {
	name, blamed := postmortemName(p.Item), false
	for _, c := range p.Item.Causes {
		why := people.accused(c.Value)
		if why == "" {
			continue
		}
		blamed = true
		q := in.Unmetf(c.At, "a cause in postmortem %q %s (%q). say what made it possible, with the role and not the name", name, why, beginning(c.Value))
		sharedPostmortem(q, p, "postmortem blame", "the causes of postmortem %q name a person or human error", name)
	}
	if !blamed {
		in.Metf(p.Item.Causes[0].At, "the causes in postmortem %q name no person", name).LinkedBy(p.By)
	}
}
