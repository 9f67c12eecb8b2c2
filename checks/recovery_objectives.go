package checks

import (
	"obsready/catalog"
	"obsready/catalog/recovery"
)

var recoveryObjectives = &Check{
	ID:    "recovery-objectives",
	Title: "How long the service may be away and how much data may be lost are stated as numbers",
	Why:   "Backups, replicas and on-call cost money by how fast and how completely the service has to come back. Without numbers each outage is either an overreaction or a surprise, and no exercise can fail.",
	Fix: "Agree on both with whoever depends on the service and write them into its entry: `[recovery]` with `rto = \"1h\"` and `rpo = \"5m\"`, or into its recovery plan. " +
		"A service that keeps no data (`durable = false`) needs no RPO.",
	Source:   "NIST SP 800-34 \"Contingency Planning Guide\", business impact analysis; AWS Well-Architected Framework, \"Define recovery objectives\".",
	Pillar:   Recovery,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.RecoveryPlans},
	Run: func(in *Inspection) {
		if !recoveryWanted(in, "recovery objective") {
			return
		}
		text, by := rtoOf(in.Service)
		requireRecoveryObjective(in, in.Service.Recovery.RTO, text, by, "RTO", "how long it may be away", `rto = "1h"`)
		if keeps, _ := keepsData(in.Service); keeps.state != dataNotKept {
			text, by = rpoOf(in.Service)
			requireRecoveryObjective(in, in.Service.Recovery.RPO, text, by, "RPO", "how much data may be lost", `rpo = "5m"`)
		}
	},
}

// requireRecoveryObjective states whether one objective is a number. own is what the entry has in its place.
func requireRecoveryObjective(in *Inspection, own, text catalog.Text, by, name, meaning, example string) {
	_, number := recovery.Objective(text.Value)
	switch {
	case number:
		in.Metf(text.At, "%s is %q, says %s", name, text.Value, by)
	case text.Value != "":
		in.Unmetf(text.At, "%s %q of %s is no number. say %s, as in %s", name, beginning(text.Value), by, meaning, example)
	case planElsewhere(in.Service):
		statePlanElsewhere(in, "the "+name)
	default:
		in.Missingf(own.At.Or(in.Service.Name.At), "service %q has no %s. say %s under [recovery]: %s", in.Service.Name.Value, name, meaning, example)
	}
}
