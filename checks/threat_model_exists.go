package checks

import "obsready/catalog"

var threatModelExists = &Check{
	ID:    "threat-model-exists",
	Title: "A service that is exposed, sensitive or a target has a threat model",
	Why: "Attackers think a service through before they come. A team that has not done so protects what it happens to think of, and learns the rest from the incident. " +
		"A model is asked for where somebody outside can reach the service, where it handles payment, personal, health or regulated data or credentials, where it decides who may do what or lets a model or an agent act, where a third party is involved, and where the architecture of a service of tier 1 or 2 changed.",
	Fix: "Write `threat-model.md` beside the service's entry, an hour with the team is enough: what are we protecting, who can attack it, what can go wrong, how would we detect it, how would we recover. " +
		"OWASP Threat Dragon, Threagile and pytm files are read too. Name one that stands elsewhere under `[evidence]`: `threat_models = [\"/docs/threat-models/checkout.md\"]`.",
	Source:     "Threat Modeling Manifesto; OpenSSF Open Source Project Security Baseline, SA-03 (threat modelling and attack surface analysis).",
	Pillar:     Threats,
	Question:   Protect,
	Severity:   High,
	Level:      Silver,
	TierLevels: map[int]Level{1: Bronze},
	Exposed:    true,
	Needs:      []catalog.Kind{catalog.ThreatModels},
	Run: func(in *Inspection) {
		svc := in.Service
		reasons, unstated := threatReasons(svc), unstatedProtection(svc)
		switch {
		case len(reasons) == 0 && unstated == "":
			in.NotApplicablef("%s", needlessModel(svc))
		case len(svc.ThreatModels) > 0:
			stateModels(in)
		case len(reasons) > 0:
			why, at := listReasons(reasons)
			in.Missingf(at, "%s, so a threat model is required, and none was found. write threat-model.md beside the service's entry", why)
		case svc.KindName() == "library":
			in.NotApplicablef("a library is attacked through the services that it is built into")
		default:
			in.Undecidedf(svc.At, "whether a threat model is required is not known: %s. state it in the service's entry", unstated).
				Because("exposure and data not stated", "whether threat models are required is not known: entries do not state exposure or data")
		}
	},
}

// stateModels states the models of a service that needs one, or may need one.
func stateModels(in *Inspection) {
	written := WrittenModels(in.Service)
	if len(written) == 0 {
		m := in.Service.ThreatModels[0]
		in.Missingf(m.Item.At, "the threat model %s %s. write what is protected, who can attack it and what can go wrong, each below a heading that says so", modelName(m.Item), emptiness(m.Item)).LinkedBy(m.By)
	}
	for _, m := range written {
		in.Metf(m.Item.At, "there is a threat model, %s (%s)", modelName(m.Item), formatName(m.Item)).LinkedBy(m.By)
	}
}
