package checks

import (
	"slices"

	"obsready/catalog"
)

var exposureStated = &Check{
	ID:       "exposure-stated",
	Title:    "The service's entry says who can reach it",
	Why:      "Whether strangers can send requests decides how an attack would look and how much protection is due. An exposure that nobody wrote down is one that nobody decided.",
	Fix:      "Set `exposure` to `internet`, `partner` or `internal`. In a Backstage entity write a label or annotation `exposure`, with a prefix of your own: `acme.io/exposure: internet`.",
	Source:   "OpenSSF Open Source Project Security Baseline (external interfaces are documented); OWASP Attack Surface Analysis.",
	Pillar:   Threats,
	Question: Protect,
	Severity: Medium,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services},
	Run: func(in *Inspection) {
		svc := in.Service
		value := svc.Exposure.Value
		switch {
		case !svc.Operated():
			in.NotApplicablef("a library is reached through the services that it is built into")
		case value == "":
			wayOut := "set exposure to internet, partner or internal"
			if svc.Format == "backstage" {
				wayOut = "add a label or annotation, as in acme.io/exposure: internal"
			}
			in.Missingf(svc.Exposure.At, "service %q does not state who can reach it. %s", svc.Name.Value, wayOut).
				Because("exposure not stated", "entries do not state who can reach their services")
		case slices.Contains([]string{"internet", "partner", "internal"}, value):
			in.Metf(svc.Exposure.At, "its exposure is %q", value)
		case blank(value) && exposureOf(svc) == "":
			in.Unmetf(svc.Exposure.At, "exposure %q is a placeholder. set it to internet, partner or internal", value)
		case exposureOf(svc) != "":
			in.Unmetf(svc.Exposure.At, "exposure %q is not one of internet, partner, internal. did you mean %q?", value, exposureOf(svc))
		default:
			in.Unmetf(svc.Exposure.At, "exposure %q is not one of internet, partner, internal. set it to one of them", value)
		}
	},
}
