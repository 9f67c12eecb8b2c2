package slos

import (
	"fmt"

	"obsready/catalog"
)

// Resolve gives the SLOs with the indicators that they refer to by name, and a gap for each reference that leads
// nowhere. An SLO that states its own indicator stays as it is; the others are copied, so that facts stay what their
// file says.
//
// OpenSLO's names are unique within a kind. Where an estate breaks that, the SLI of the same file is taken, else the
// first.
func Resolve(slos, indicators []*catalog.SLO) ([]*catalog.SLO, []catalog.Gap) {
	byName := map[string][]*catalog.SLO{}
	for _, i := range indicators {
		byName[i.Name.Value] = append(byName[i.Name.Value], i)
	}
	resolved := make([]*catalog.SLO, 0, len(slos))
	var gaps []catalog.Gap
	for _, slo := range slos {
		ref := slo.IndicatorRef
		if ref.Value == "" {
			resolved = append(resolved, slo)
			continue
		}
		found := byName[ref.Value]
		if len(found) == 0 {
			resolved = append(resolved, slo)
			gaps = append(gaps, catalog.Gap{
				Kinds: []catalog.Kind{catalog.SLOs}, At: ref.At, Cause: catalog.Unreachable,
				Detail: fmt.Sprintf("indicatorRef %q is no SLI of the catalog. add one of that name (kind: SLI), or correct the reference", ref.Value),
				Names:  map[string]bool{slo.Service.Value: true, slo.Name.Value: true, ref.Value: true},
			})
			continue
		}
		whole := *slo
		whole.Indicator = nearest(found, slo).Indicator
		whole.Indicator.Threshold = slo.Indicator.Threshold
		resolved = append(resolved, &whole)
	}
	return resolved, gaps
}

func nearest(found []*catalog.SLO, slo *catalog.SLO) *catalog.SLO {
	for _, i := range found {
		if i.At.File == slo.At.File {
			return i
		}
	}
	return found[0]
}
