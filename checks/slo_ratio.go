package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// swapped finds good events that are failures, and bad ones that are successes, where nothing else is computed of them.
func swapped(e events) []fault {
	c, ok := e.single()
	if !ok || c.templated() {
		return nil
	}
	bound, hasBound := c.matcher("le")
	switch {
	case e.name == goodEvents && c.fails() && !c.succeeds():
		return []fault{{e.at(c.node), fmt.Sprintf("its good events are failures: %s. select what went well, or state the query as that of bad events", e.text(c.node))}}
	case e.name == badEvents && c.succeeds() && !c.fails():
		return []fault{{e.at(c.node), fmt.Sprintf("its bad events are successes: %s. select what failed, or state the query as that of good events", e.text(c.node))}}
	case e.name == badEvents && hasBound && bound.Op == "=" && bound.Value != "+Inf" && strings.HasSuffix(c.Metric, "_bucket") && !c.fails():
		return []fault{{e.at(c.node), fmt.Sprintf("its bad events are those within le=%q, which are the fast ones. subtract them from all events", bound.Value)}}
	}
	return nil
}

// mismatches finds what keeps the events of one side from being part of all events.
func mismatches(part, all events) []fault {
	if strings.Join(strings.Fields(part.query.Text), "") == strings.Join(strings.Fields(all.query.Text), "") && part.query != all.query {
		return []fault{{part.query.At, fmt.Sprintf("its %s and all events are the same query, so their ratio is always 1. narrow the one by the outcome", part.name)}}
	}
	var faults []fault
	for _, c := range part.counted {
		if f, ok := outsideOf(part, c, all); ok {
			faults = append(faults, f)
			break // the others would say the same
		}
	}
	faults = append(faults, differentRanges(part, all)...)
	return append(faults, differentGroups(part, all)...)
}

// outsideOf finds that what one side counts is narrowed in another way than the same metric is on the other side. It is
// none when some selector there fits.
func outsideOf(part events, c counted, all events) (fault, bool) {
	var first string
	for _, t := range all.counted {
		if c.Metric == "" || t.Metric == "" || family(c.Metric) != family(t.Metric) || c.templated() || t.templated() {
			continue
		}
		text := scopeDifference(part.name, c.Selector, t.Selector)
		if text == "" {
			return fault{}, false
		}
		if first == "" {
			first = text
		}
	}
	return fault{part.at(c.node), first}, first != ""
}

// scopes are labels that say whose or which requests are counted, never how they ended.
var scopes = slices.Concat(identities, narrowing, []string{
	"cluster", "cluster_id", "environment", "env", "region", "zone", "datacenter", "handler", "path", "route", "method", "verb", "host", "ingress",
	"grpc_service", "grpc_method", "operation", "kubernetes_namespace", "exported_namespace",
})

// scopeDifference says how one selector is narrowed by a label that says whose requests are counted and the other is not,
// or by another value; "" when they are narrowed alike, or what they are narrowed by may come to the same.
func scopeDifference(name string, part, all catalog.Selector) string {
	for _, label := range scopes {
		of, in := matchersOn(part, label), matchersOn(all, label)
		if slices.Equal(of, in) || openMatchers(of) || openMatchers(in) {
			continue
		}
		switch {
		case len(of) == 0:
			return fmt.Sprintf("all events are narrowed by %s and its %s are not, so that they are no part of them. narrow both alike", matcherText(in[0]), name)
		case len(in) == 0:
			return fmt.Sprintf("its %s are narrowed by %s and all events are not, so that the ratio compares different things. narrow both alike", name, matcherText(of[0]))
		case contradict(of, in):
			return fmt.Sprintf("its %s have %s and all events have %s, so that they are no part of them. narrow both alike", name, matcherText(of[0]), matcherText(in[0]))
		}
	}
	return ""
}

func matchersOn(s catalog.Selector, label string) []catalog.Matcher {
	var found []catalog.Matcher
	for _, m := range s.Matchers {
		if m.Name == label && !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	return found
}

// everything matches the patterns that leave every value in.
var everything = regexp.MustCompile(`^(\.\*|\.\+)$`)

// openMatchers reports whether what the matchers select is not told by their text, or is everything.
func openMatchers(matchers []catalog.Matcher) bool {
	return slices.ContainsFunc(matchers, func(m catalog.Matcher) bool {
		return variable(m.Value) || m.Op == "=~" && everything.MatchString(m.Value) || m.Op == "!=" && m.Value == ""
	})
}

// contradict reports whether one value is asked for that the other matchers leave out. Two patterns are not compared.
func contradict(a, b []catalog.Matcher) bool {
	for _, pair := range [][2][]catalog.Matcher{{a, b}, {b, a}} {
		for _, m := range pair[0] {
			for _, n := range pair[1] {
				if m.Op == "=" && valueMatcher(n)(m.Value) != (n.Op == "=" || n.Op == "=~") {
					return true
				}
			}
		}
	}
	return false
}

func matcherText(m catalog.Matcher) string { return fmt.Sprintf("%s%s%q", m.Name, m.Op, m.Value) }

// differentRanges finds sides that look over fixed ranges of different lengths.
func differentRanges(part, all events) []fault {
	of, in := part.ranges(), all.ranges()
	if len(of) == 0 || len(in) == 0 || slices.Min(of) != slices.Max(of) || slices.Min(in) != slices.Max(in) || of[0] == in[0] {
		return nil
	}
	return []fault{{part.query.At, fmt.Sprintf("its %s are counted over %s and all events over %s. take the same range", part.name, durationText(of[0]), durationText(in[0]))}}
}

// differentGroups finds sums that are grouped by different labels, which no series of the other side matches.
func differentGroups(part, all events) []fault {
	of, ok := part.grouping()
	in, ok2 := all.grouping()
	if !ok || !ok2 || slices.Equal(of, in) {
		return nil
	}
	return []fault{{part.query.At, fmt.Sprintf("its %s are summed %s and all events %s, so that their series do not match. sum both alike", part.name, groupText(of), groupText(in))}}
}

func groupText(labels []string) string {
	if len(labels) == 0 {
		return "over all labels"
	}
	return "by " + strings.Join(labels, ", ")
}
