package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var threatMitigations = &Check{
	ID:       "threat-mitigations",
	Title:    "Every threat is mitigated, accepted by somebody, or has an owner and a day",
	Why:      "A threat that is known and left open, with nobody to close it and no day by which, is an incident that was announced.",
	Fix:      "Write beside each threat how it is mitigated, or who accepts it, or who closes it by when: `| Replay | In progress | nonces | Ada | 2026-09-01 |` in a table with `Threat`, `Status`, `Mitigation`, `Owner` and `Due`.",
	Source:   "Threat Modeling Manifesto, \"what are we going to do about it?\"; OWASP Threat Modeling Cheat Sheet (response to each threat).",
	Pillar:   Threats,
	Question: Protect,
	Severity: High,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.ThreatModels},
	All:      true,
	Run: func(in *Inspection) {
		models := threatModels(in)
		judged := 0
		for _, m := range models {
			for i := range m.Item.Threats {
				requireDecision(in, m, &m.Item.Threats[i])
				judged++
			}
			if len(m.Item.Threats) == 0 && stateHiddenThreats(in, m) {
				judged++
			}
		}
		if judged == 0 && len(models) > 0 {
			in.NotApplicablef("the threat model states no threat, which threat-model-questions asks for")
		}
	},
}

// stateHiddenThreats states of a model without threats that it may have some all the same. It reports whether that is so.
func stateHiddenThreats(in *Inspection, m catalog.Linked[catalog.ThreatModel]) bool {
	switch {
	case m.Item.Generated:
		in.Undecidedf(m.Item.At, "what is done about the threats of model %s is not known: %s works them out when it is run. keep the decisions about them in the file", modelName(m.Item), formatName(m.Item)).LinkedBy(m.By)
	case m.Item.Partial.Value != "":
		in.Undecidedf(m.Item.Partial.At, "what is done about the threats of model %s is not known: %s", modelName(m.Item), m.Item.Partial.Value).LinkedBy(m.By)
	default:
		return false
	}
	return true
}

// requireDecision states whether something was decided about a threat, and by whom.
func requireDecision(in *Inspection, m catalog.Linked[catalog.ThreatModel], t *catalog.Threat) {
	name := threatName(t)
	switch {
	case t.State == catalog.ThreatMitigated && t.Mitigation.Value == "":
		in.Unmetf(t.At, "threat %s is said to be mitigated (%q), and not how. write the mitigation beside it", name, t.Status.Value).LinkedBy(m.By)
	case t.State == catalog.ThreatMitigated:
		in.Metf(t.At, "threat %s is mitigated: %s", name, excerpt(t.Mitigation.Value)).LinkedBy(m.By)
	case t.State == catalog.ThreatDismissed:
		in.Metf(t.At, "threat %s does not apply%s", name, reasonOf(t)).LinkedBy(m.By)
	case t.State == catalog.ThreatAccepted && t.Owner.Value == "":
		in.Unmetf(t.At, "threat %s is accepted, and nobody is named who accepts it. write who does", name).LinkedBy(m.By)
	case t.State == catalog.ThreatAccepted:
		in.Metf(t.At, "threat %s is accepted by %q%s", name, t.Owner.Value, reasonOf(t)).LinkedBy(m.By)
	case t.State == catalog.ThreatUnstated && t.Mitigation.Value != "":
		in.Metf(t.At, "threat %s has a mitigation: %s", name, excerpt(t.Mitigation.Value)).LinkedBy(m.By)
	default:
		requirePlan(in, m, t, name)
	}
}

// requirePlan asks of a threat that is not closed for an owner and a day that is not past.
func requirePlan(in *Inspection, m catalog.Linked[catalog.ThreatModel], t *catalog.Threat, name string) {
	day, isDay := dates.Deadline(t.Due.Value)
	missing := missingPlan(t)
	switch {
	case t.Due.Value != "" && !isDay:
		in.Unmetf(t.Due.At, "the day %q by which threat %s is to be closed is no day. write it as 2006-01-02", t.Due.Value, name).LinkedBy(m.By)
	case t.Due.Value != "" && day.Before(in.Today()):
		in.Unmetf(t.Due.At, "threat %s is %s, and was to be closed by %s. close it, accept it, or set a new day", name, stateWord(t), day).LinkedBy(m.By)
	case missing == "":
		in.Metf(t.At, "threat %s is %s: %q closes it by %s", name, stateWord(t), t.Owner.Value, day).LinkedBy(m.By)
	case t.Ticket.Value != "":
		in.Undecidedf(t.Ticket.At, "threat %s is %s and has %s here. ticket %q, which this run does not read, may tell: write it into the model", name, stateWord(t), missing, t.Ticket.Value).LinkedBy(m.By)
	case t.State == catalog.ThreatUnstated && t.Case && hasMitigated(m.Item):
		in.Undecidedf(t.At, "which of the threats that have a mitigation the abuse case %s belongs to is not said. write the mitigation, or the threat's name, beside it", name).LinkedBy(m.By)
	case t.State == catalog.ThreatUnstated && len(m.Item.Mitigations) > 0:
		in.Undecidedf(t.At, "which of the mitigations at %s answers threat %s is not said. write the mitigation beside the threat", m.Item.Mitigations[0].At, name).LinkedBy(m.By)
	case t.State == catalog.ThreatUnstated && m.Item.Partial.Value != "":
		in.Undecidedf(t.At, "what is done about threat %s is not known of model %s: %s", name, modelName(m.Item), m.Item.Partial.Value).LinkedBy(m.By)
	case t.State == catalog.ThreatUnstated:
		in.Unmetf(t.At, "nothing says what is done about threat %s. write its mitigation, who accepts it, or an owner and a day", name).LinkedBy(m.By)
	default:
		in.Unmetf(t.At, "threat %s is %s and has %s. write who closes it by when, or how it is mitigated", name, stateWord(t), missing).LinkedBy(m.By)
	}
}

// hasMitigated reports whether a model says of a threat that is no abuse case how it is mitigated.
func hasMitigated(m *catalog.ThreatModel) bool {
	return slices.ContainsFunc(m.Threats, func(t catalog.Threat) bool { return !t.Case && t.Mitigation.Value != "" })
}

// missingPlan says what the plan for a threat lacks, "" when it has an owner and a day.
func missingPlan(t *catalog.Threat) string {
	switch {
	case t.Owner.Value == "" && t.Due.Value == "":
		return "neither an owner nor a day"
	case t.Owner.Value == "":
		return "no owner"
	case t.Due.Value == "":
		return "no day"
	}
	return ""
}

func stateWord(t *catalog.Threat) string {
	if t.State == catalog.ThreatUnstated {
		return "undecided"
	}
	return string(t.State)
}

func reasonOf(t *catalog.Threat) string {
	if t.Mitigation.Value == "" {
		return ""
	}
	return ": " + excerpt(t.Mitigation.Value)
}

// threatName gives what a threat is called in messages.
func threatName(t *catalog.Threat) string {
	title := excerpt(t.Title.Value)
	if id := t.ID.Value; id != "" && !strings.HasPrefix(title, id) && len(id) <= 12 {
		title = id + " " + title
	}
	return fmt.Sprintf("%q", title)
}
