package checks

import (
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var threatModelFresh = &Check{
	ID:       "threat-model-fresh",
	Title:    "Threat models are newer than the last change that calls for another look, and than a year",
	Why:      "A model of the system as it was gives comfort about doors that are no longer there, and says nothing about the new ones.",
	Fix:      "Go through the model again, and write the day into it: `Last reviewed: 2026-06-30`. Without one the day of the file's last change in git counts. A dependency, exposure or class of data that was added to the service's entry calls for another look.",
	Source:   "OpenSSF Open Source Project Security Baseline, SA-03 (updated for new features or breaking changes); a year as for other reviews of protection.",
	Pillar:   Threats,
	Question: Protect,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.ThreatModels},
	All:      true,
	Run: func(in *Inspection) {
		for _, m := range threatModels(in) {
			if m.Item.Reviewed.Value != "" {
				requireModelReviewed(in, m)
			} else {
				requireModelChanged(in, m)
			}
		}
	},
}

// requireModelReviewed judges a model by the day of review that it states.
func requireModelReviewed(in *Inspection, m catalog.Linked[catalog.ThreatModel]) {
	written, name := m.Item.Reviewed, modelName(m.Item)
	day, ok := dates.Parse(written.Value)
	age, allowed := day.Until(in.Today()), dayCount(in.Settings.ThreatModelMaxAge)
	change := lastChange(in.Service)
	switch {
	case !ok:
		in.Unmetf(written.At, "the day %q on which threat model %s was reviewed is no day. write it as 2006-01-02", written.Value, name).LinkedBy(m.By)
	case day.After(dates.Begun(in.Now)):
		in.Unmetf(written.At, "the day %q on which threat model %s was reviewed lies in the future. correct it", written.Value, name).LinkedBy(m.By)
	case change != nil && day.Before(dates.On(change.When)):
		in.Unmetf(written.At, "threat model %s was last reviewed on %s, and on %s %s. look at it again and write the day", name, day, dates.On(change.When), change.What).LinkedBy(m.By)
	case age > allowed:
		in.Unmetf(written.At, "threat model %s was last reviewed on %s, %d days ago. %d days are allowed: look at it again and write the day", name, day, age, allowed).LinkedBy(m.By)
	case unseenChanges(in):
		stateUnseenChanges(in, m)
	default:
		in.Metf(written.At, "threat model %s was last reviewed on %s", name, day).LinkedBy(m.By)
	}
}

// requireModelChanged judges a model that states no review by its last change in git.
func requireModelChanged(in *Inspection, m catalog.Linked[catalog.ThreatModel]) {
	item, name := m.Item, modelName(m.Item)
	age, allowed := dates.On(item.Changed.UTC()).Until(in.Today()), dayCount(in.Settings.ThreatModelMaxAge)
	change := lastChange(in.Service)
	switch {
	case item.Changed.IsZero():
		in.Undecidedf(item.At, "when threat model %s was last changed is not in the history that this run has. fetch the full history, or write Last reviewed into the model", name).
			Because("history of threat models", "the history does not tell when threat models were last changed").LinkedBy(m.By)
	case age > allowed:
		in.Unmetf(item.At, "threat model %s was last changed %d days ago%s. %d days are allowed: look at it again and write Last reviewed into it", name, age, orMore(item.AtLeastAsOld), allowed).LinkedBy(m.By)
	case change != nil && item.Changed.Before(change.When):
		in.Unmetf(item.At, "threat model %s was last changed on %s, and on %s %s. look at it again and write Last reviewed into it", name, item.Changed.Format(time.DateOnly), change.When.Format(time.DateOnly), change.What).LinkedBy(m.By)
	case item.AtLeastAsOld:
		in.Undecidedf(item.At, "threat model %s was last changed before %s, and the history was not followed further. write Last reviewed into the model", name, item.Changed.Format(time.DateOnly)).LinkedBy(m.By)
	case unseenChanges(in):
		stateUnseenChanges(in, m)
	default:
		in.Metf(item.At, "threat model %s was last changed on %s", name, item.Changed.Format(time.DateOnly)).LinkedBy(m.By)
	}
}

func orMore(atLeast bool) string {
	if atLeast {
		return " or more"
	}
	return ""
}

// unseenChanges reports whether changes of the service may lie in a part of the history that this run does not have. Of
// a shallow history the changes before its boundary are missing, and with none after it nothing tells when the last was.
func unseenChanges(in *Inspection) bool {
	return in.Estate.Revision.Shallow && len(in.Service.Changes) == 0
}

func stateUnseenChanges(in *Inspection, m catalog.Linked[catalog.ThreatModel]) {
	in.Undecidedf(m.Item.At, "whether the service changed since threat model %s was looked at is not known: the history is shallow. fetch the full history", modelName(m.Item)).
		Because("history of entries", "the history is shallow, so that changes of services are not known").LinkedBy(m.By)
}
