package checks

import (
	"fmt"

	"obsready/catalog"
	"obsready/checks/delivery"
)

// requireScan states whether a kind of security check runs by itself for the service, at whatever stage: how early, and
// whether it can stop a change, is judged by security-check-early. Without evidence of the kind that it looks at there is
// nothing to scan.
func requireScan(in *Inspection, purpose catalog.Purpose, looksAt catalog.Kind, nothing, wayOut string) {
	if vouched(in) || !codeRead(in) {
		return
	}
	for _, c := range in.SecurityChecks(in.Service) {
		if c.Purpose == purpose {
			requireRun(in, c, looksAt, nothing, wayOut)
		}
	}
}

func requireRun(in *Inspection, c delivery.SecurityCheck, looksAt catalog.Kind, nothing, wayOut string) {
	switch {
	case !c.Applies:
		notApplicableUnlessHidden(in, looksAt, nothing)
	case c.Stage == catalog.NoStage:
		notSeen(in, in.Service.Source.At, c.Purpose, fmt.Sprintf("no %s of the service was found that runs by itself", c.Purpose), wayOut)
	default:
		in.Metf(c.At, "%s runs at the stage %q", c.Tool, string(c.Stage))
	}
}

// notApplicableUnlessHidden says that there is nothing to require, unless a gap may hide what there is.
func notApplicableUnlessHidden(in *Inspection, kind catalog.Kind, nothing string) {
	if gap := in.Service.Gap(kind); gap != nil {
		in.Undecidedf(gap.At, "%s, but %s could not be read (%s: %s)", nothing, gap.At, gap.Cause, gap.Detail)
		return
	}
	in.NotApplicablef("%s", nothing)
}
