package slos

import (
	"fmt"
	"slices"

	"obsready/catalog"
)

// Resolve gives the SLOs with the indicators, and with the alert policies and conditions, that they refer to by name, and
// a gap for each reference to an indicator that leads nowhere. What the Alerting.Policies of a result still names was
// not found. An SLO that refers to nothing stays as it is; the others are copied, so that facts stay what their file
// says.
//
// OpenSLO's names are unique within a kind. Where an estate breaks that, the resource of the same file is taken, else
// the first.
func Resolve(slos, indicators []*catalog.SLO, policies []*catalog.AlertPolicy) ([]*catalog.SLO, []catalog.Gap) {
	r := newResolver(indicators, policies)
	resolved := make([]*catalog.SLO, 0, len(slos))
	for _, slo := range slos {
		if slo.IndicatorRef.Value != "" {
			slo = r.indicator(slo)
		}
		if len(slo.Alerting.Policies) > 0 {
			whole := *slo
			whole.Alerting = r.alerting(slo)
			slo = &whole
		}
		resolved = append(resolved, slo)
	}
	return resolved, r.gaps
}

// resolver finds resources by their names.
type resolver struct {
	indicators byName[catalog.SLO]
	policies   byName[catalog.AlertPolicy] // by kind and name
	gaps       []catalog.Gap
}

func newResolver(indicators []*catalog.SLO, policies []*catalog.AlertPolicy) *resolver {
	r := &resolver{indicators: byName[catalog.SLO]{}, policies: byName[catalog.AlertPolicy]{}}
	for _, i := range indicators {
		r.indicators.add(i.Name.Value, i.At.File, i)
	}
	for _, p := range policies {
		r.policies.add(p.Kind+" "+p.Name.Value, p.At.File, p)
	}
	return r
}

// byName holds the first resource of a name, in each file and in all.
type byName[T any] map[[2]string]*T

func (m byName[T]) add(name, file string, item *T) {
	for _, key := range [][2]string{{name, file}, {name}} {
		if m[key] == nil {
			m[key] = item
		}
	}
}

// near gives the resource of the name in the file, else the first of all; nil when there is none.
func (m byName[T]) near(name, file string) *T {
	if item := m[[2]string{name, file}]; item != nil {
		return item
	}
	return m[[2]string{name}]
}

// indicator gives a copy of the SLO with the indicator that it refers to, or the SLO itself when there is none.
func (r *resolver) indicator(slo *catalog.SLO) *catalog.SLO {
	ref := slo.IndicatorRef
	found := r.indicators.near(ref.Value, slo.At.File)
	if found == nil {
		r.gaps = append(r.gaps, catalog.Gap{
			Kinds: []catalog.Kind{catalog.SLOs}, At: ref.At, Cause: catalog.Unreachable,
			Detail: fmt.Sprintf("indicatorRef %q is no SLI of the catalog. add one of that name (kind: SLI), or correct the reference", ref.Value),
			Names:  map[string]bool{slo.Service.Value: true, slo.Name.Value: true, ref.Value: true},
		})
		return slo
	}
	whole := *slo
	whole.Indicator = found.Indicator
	whole.Indicator.Threshold = slo.Indicator.Threshold
	return &whole
}

// alerting gives the SLO's alerting with what the policies and conditions say that it names.
func (r *resolver) alerting(slo *catalog.SLO) catalog.SLOAlerting {
	a := slo.Alerting
	a.Burns, a.Policies = slices.Clone(a.Burns), nil
	for _, ref := range slo.Alerting.Policies {
		p := r.policy(ref, slo, "AlertPolicy", "AlertCondition")
		if p == nil {
			a.Policies = append(a.Policies, ref)
			continue
		}
		own := p.Alerting
		own.Policies = nil
		addAlerting(&a, own, p.Silent)
		if p.Silent {
			continue
		}
		for _, ref := range p.Alerting.Policies {
			if c := r.policy(ref, slo, "AlertCondition"); c != nil {
				addAlerting(&a, c.Alerting, false)
			} else {
				a.Policies = append(a.Policies, ref)
			}
		}
	}
	return a
}

// policy gives the resource of the first of the kinds that has the name, nil when there is none.
func (r *resolver) policy(ref catalog.Text, slo *catalog.SLO, kinds ...string) *catalog.AlertPolicy {
	for _, kind := range kinds {
		if p := r.policies.near(kind+" "+ref.Value, slo.At.File); p != nil {
			return p
		}
	}
	return nil
}
