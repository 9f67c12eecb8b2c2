package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// rulesAbout gives the rules that no alert of git is loaded as and that are surely about a service: a label that names what a
// series is about has one of its names, a dashboard of the service is the rule's, or the service's entry selects it by its labels.
func (l *liveEstate) rulesAbout(svc *catalog.Service) []liveRule {
	free := l.free()
	var about []int
	for _, name := range serviceNames(svc) {
		about = append(about, free.named[name]...)
	}
	for _, d := range svc.Dashboards {
		about = append(about, free.boards[d.Item.UID.Value]...)
	}
	if len(svc.Wanted.AlertLabelSelector) > 0 {
		for i, r := range free.rules {
			if selects(svc.Wanted.AlertLabelSelector, r) {
				about = append(about, i)
			}
		}
	}
	slices.Sort(about)
	var found []liveRule
	for _, i := range slices.Compact(about) {
		found = append(found, free.rules[i])
	}
	return found
}

// selects reports whether one of the selectors that an entry states, as in "service=checkout,tier=1", is met by a rule.
func selects(selectors []catalog.Text, r liveRule) bool {
	return slices.ContainsFunc(selectors, func(text catalog.Text) bool {
		for part := range strings.SplitSeq(text.Value, ",") {
			key, value, ok := strings.Cut(part, "=")
			if value = strings.Trim(strings.TrimSpace(value), `"`); !ok || value == "" || r.Labels[strings.TrimSpace(key)] != value {
				return false
			}
		}
		return true
	})
}

// freeRules are the rules that no alert of the estate is loaded as, in the order of Grafana's.
type freeRules struct {
	rules  []liveRule
	named  map[string][]int // by the value of a label that names what a series is about, in lower case
	boards map[string][]int // by the UID of their dashboard
}

func (l *liveEstate) findFree() freeRules {
	claimed := map[*catalog.LiveRule]bool{}
	for _, a := range l.estate.Alerts {
		for _, r := range l.rulesOf(a) {
			claimed[r.LiveRule] = true
		}
	}
	free := freeRules{named: map[string][]int{}, boards: map[string][]int{}}
	for i := range l.Rules {
		source := &l.Rules[i]
		for j := range source.Rules.Items {
			if r := &source.Rules.Items[j]; !r.Recording && !claimed[r] {
				free.add(liveRule{r, source})
			}
		}
	}
	return free
}

func (f *freeRules) add(r liveRule) {
	n := len(f.rules)
	f.rules = append(f.rules, r)
	for _, label := range identities {
		if value := strings.ToLower(r.Labels[label]); value != "" {
			f.named[value] = append(f.named[value], n)
		}
	}
	if uid := r.Annotations["__dashboardUid__"]; uid != "" {
		f.boards[uid] = append(f.boards[uid], n)
	}
}
