package measure

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// details gives the reasons beside the deciding one: how the series is recorded, what is compared to what, that single
// instances are told apart, and what only mutes.
func details(f finding, all []condition) []Reason {
	var reasons []Reason
	for v := f.series.via; v != nil; v = v.outer {
		reasons = append(reasons, Reason{fmt.Sprintf("%s is recorded at %s as %s", v.metric, v.rule.At, shortened(v.rule.Expr.Text)), v.at})
	}
	c := f.condition
	if c.op != 0 && c.fixed {
		reasons = append(reasons, Reason{fmt.Sprintf("it fires when %s is %s %s", shapeText(c), c.op, decimal(c.bound)), c.at})
	}
	if c.past {
		reasons = append(reasons, Reason{"it sets that against what it was before", c.at})
	}
	if c.each && f.class == Cause {
		reasons = append(reasons, Reason{"it tells single instances apart", c.operand.at})
	}
	for _, m := range all {
		if m.role == mutes && !m.vacant() {
			reasons = append(reasons, Reason{fmt.Sprintf("%s stands right of unless, so it only mutes", m.looked()[0].metric), m.looked()[0].at})
			break
		}
	}
	return reasons
}

// shapeText names what is compared.
func shapeText(c condition) string {
	switch c.shape {
	case ratio:
		return "the share"
	case mean:
		return "the mean"
	case quantile:
		if c.value > 0 {
			return "the " + decimal(c.value) + " quantile"
		}
		return "the quantile"
	case age:
		return "the age"
	case remaining:
		return "the time that is left"
	case prediction:
		return "the foreseen value"
	case counted:
		return "the number of series"
	case rate:
		return "the rate"
	case changing:
		return "the number of changes"
	}
	return "the value"
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// failureText words failures: as a share or a number, with the matcher or the name that tells.
func failureText(c condition, s series, share bool) string {
	what := "it watches the number of " + things(s) + " that fail"
	if share {
		what = "it watches the share of " + things(s) + " that fail"
	}
	return fmt.Sprintf("%s (%s)", what, named(s, s.failure()))
}

func latencyText(c condition, s series) string {
	switch {
	case s.has("le") && c.shape == ratio:
		le := s.matcher(func(m *labels.Matcher) bool { return m.Name == "le" })
		return fmt.Sprintf("it watches the share of %s that are answered in time (%s)", things(s), named(s, le))
	case c.shape == mean:
		return fmt.Sprintf("it watches how long %s take: the mean of %s", things(s), s.metric)
	case c.value > 0:
		return fmt.Sprintf("it watches how long %s take: the %s quantile of %s", things(s), decimal(c.value), s.metric)
	}
	return fmt.Sprintf("it watches how long %s take (%s)", things(s), s.metric)
}

// named gives a series by its metric and the matcher that counts.
func named(s series, m *labels.Matcher) string {
	if m == nil {
		return s.metric
	}
	return fmt.Sprintf("%s with %s%s%q", s.metric, m.Name, m.Type, m.Value)
}

// plurals are the words of names that say what a series counts, with what messages call that.
var plurals = map[string]string{
	"job": "jobs", "task": "tasks", "message": "messages", "msg": "messages", "query": "queries", "login": "logins", "order": "orders", "payment": "payments",
	"transaction": "transactions", "event": "events", "operation": "operations", "email": "emails", "delivery": "deliveries", "call": "calls", "lookup": "lookups", "line": "log lines",
}

// things names what a series counts, as in "requests".
func things(s series) string {
	for _, w := range s.words {
		if plural, ok := plurals[strings.TrimSuffix(w, "s")]; ok {
			return plural
		}
		if w == "queries" || w == "deliveries" {
			return w
		}
	}
	return "requests"
}

// shortened gives the beginning of a text on one line.
func shortened(text string) string {
	const limit = 120
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > limit {
		return string(line[:limit-1]) + "…"
	}
	return string(line)
}
