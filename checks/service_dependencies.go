package checks

import (
	"obsready/catalog"
)

var serviceDependencies = &Check{
	ID:       "service-dependencies",
	Title:    "Every dependency of the service is listed in the catalog",
	Why:      "When the service fails because of something below it, its dependencies say whom to call. A name that leads nowhere costs that time, and hides what a change will break.",
	Fix:      "Correct the name under `depends_on` (in Backstage `spec.dependsOn`), or add an entry for what the service needs. What lives in another Backstage namespace or is a resource is written with it: `resource:acme/ledger-db`.",
	Source:   "Production readiness checklists (dependencies are listed); Backstage entity references for the defaulting rules.",
	Pillar:   Ownership,
	Question: Recover,
	Severity: Medium,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services},
	Run: func(in *Inspection) {
		if len(in.Service.DependsOn) == 0 {
			noDependencies(in)
		}
		for _, d := range in.Service.DependsOn {
			requireDependency(in, d)
		}
	},
}

// noDependencies says that there is nothing to ask for, unless a part of the entry could not be read. A second entry of
// the same name is not this one's.
func noDependencies(in *Inspection) {
	for _, gap := range in.Service.Gaps {
		if gap.Concerns(catalog.Services) && gap.Cause != catalog.Duplicate {
			in.Undecidedf(gap.At, "the entry names no dependencies, but %s could not be read (%s: %s)", gap.At, gap.Cause, gap.Detail)
			return
		}
	}
	in.NotApplicablef("the entry names no dependencies")
}

func requireDependency(in *Inspection, d catalog.Dependency) {
	ref := d.Ref.Value
	switch {
	case d.Service == in.Service:
		in.Unmetf(d.Ref.At, "dependency %q is the service itself. remove it", ref)
	case d.Service != nil:
		in.Metf(d.Ref.At, "dependency %q is the service listed at %s", ref, d.Service.At)
	case d.Known:
		in.Metf(d.Ref.At, "dependency %q is listed in the catalog", ref)
	default:
		unknownDependency(in, d.Ref)
	}
}

func unknownDependency(in *Inspection, ref catalog.Text) {
	name := teamName(ref.Value)
	if gap := hiddenEntry(in.Estate, catalog.Services, name); gap != nil {
		in.Undecidedf(ref.At, "dependency %q is not in the catalog, but %s could not be read and may list it (%s: %s)", ref.Value, gap.At, gap.Cause, gap.Detail)
		return
	}
	known := make([]string, len(in.Estate.Services))
	for i, s := range in.Estate.Services {
		known[i] = s.Name.Value
	}
	hint := suggest(name, known)
	if hint == "" {
		hint = ". correct it or add an entry"
	}
	in.Unmetf(ref.At, "dependency %q is not in the catalog%s", ref.Value, hint).
		Because("dependency "+ref.Value, "dependency %q is not in the catalog", ref.Value)
}
