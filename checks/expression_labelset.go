package checks

import (
	"slices"
	"strings"
)

// labelSet is what is known of the labels that the series of an expression's result have. A closed set holds all that
// they can have; an open one has any label but those that were dropped.
type labelSet struct {
	closed  bool
	loose   bool            // a closed set of recorded series: they may have got labels that no target has
	names   map[string]bool // that a closed set can have, or that were added to an open one
	dropped map[string]bool // that an open set cannot have
}

var anyLabels = labelSet{}

func onlyLabels(names ...string) labelSet {
	s := labelSet{closed: true, names: map[string]bool{}}
	for _, n := range names {
		s.names[n] = true
	}
	return s
}

// has reports whether the label can be there. The metric's name is not looked at.
func (s labelSet) has(name string) bool {
	switch {
	case s.names[name]:
		return true
	case s.closed:
		return s.loose && !slices.Contains(narrowing, name) && !slices.Contains(identifying, name) || s.loose && slices.Contains(outsideLabels, name)
	}
	return !s.dropped[name]
}

// String tells what the expression keeps or drops.
func (s labelSet) String() string {
	if !s.closed {
		return "it aggregates without (" + strings.Join(sortedNames(s.dropped), ", ") + ")"
	}
	if len(s.names) == 0 {
		return "its result has no labels"
	}
	return "its result has only " + strings.Join(sortedNames(s.names), ", ")
}

// outsideLabels are labels that a Prometheus, or what collects from several of them, adds to all of its series, and that
// are therefore often not there where a rule is evaluated, or there although the rule drops them.
var outsideLabels = []string{
	"cluster", "cluster_id", "cluster_name", "cluster_type", "environment", "env", "region", "zone", "datacenter", "dc", "site", "stage",
	"tenant", "tenant_id", "customer", "installation", "organization", "provider", "prometheus", "prometheus_replica", "replica", "monitor",
	"account", "project", "platform", "shard", "shard_name", "source", "ident", "tier",
}

func sortedNames(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for n := range set {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// with gives the set with more labels.
func (s labelSet) with(names ...string) labelSet {
	all := map[string]bool{}
	for n := range s.names {
		all[n] = true
	}
	for _, n := range names {
		all[n] = true
	}
	return labelSet{s.closed, s.loose, all, s.dropped}
}

// without gives the set with fewer labels.
func (s labelSet) without(names ...string) labelSet {
	t := labelSet{s.closed, s.loose, map[string]bool{}, map[string]bool{}}
	for n := range s.names {
		if !slices.Contains(names, n) {
			t.names[n] = true
		}
	}
	for n := range s.dropped {
		t.dropped[n] = true
	}
	for _, n := range names {
		t.dropped[n] = true
	}
	return t
}

// only gives the labels of the set that are among the names.
func (s labelSet) only(names ...string) labelSet {
	kept := onlyLabels()
	for _, n := range names {
		if s.has(n) {
			kept.names[n] = true
		}
	}
	return kept
}

// or gives the labels that a series of either set can have.
func (s labelSet) or(t labelSet) labelSet {
	switch {
	case s.closed && t.closed:
		both := s.with(sortedNames(t.names)...)
		both.loose = s.loose || t.loose
		return both
	case s.closed:
		s, t = t, s
	}
	open := labelSet{names: s.with(sortedNames(t.names)...).names, dropped: map[string]bool{}}
	for n := range s.dropped {
		if !t.has(n) {
			open.dropped[n] = true
		}
	}
	return open
}
