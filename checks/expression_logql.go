package checks

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var (
	quotedText   = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	logRange     = regexp.MustCompile(`\{[^}]*\}([^\[]*)\[[^\]]*\]`)
	logCondition = regexp.MustCompile(`[<>]|==|!=|\bunless\b|\babsent_over_time\b`)
)

// logsWithoutComparison finds a query in LogQL that gives something whenever there are any logs: it compares nothing, and
// takes every line of streams that are told by whose they are only. Without matching lines there is no result, so that
// a filter alone decides.
// Source: Grafana Loki documentation, "Metric queries" and "Alerting and recording rules".
func logsWithoutComparison(rule *catalog.AlertRule) []fault {
	q := rule.Expr
	text := quotedText.ReplaceAllString(q.Text, `""`)
	ranges := logRange.FindAllStringSubmatch(text, -1)
	if rule.Format == "grafana" || len(ranges) == 0 || logCondition.MatchString(logRange.ReplaceAllString(text, "x")) {
		return nil
	}
	for _, r := range ranges {
		if strings.TrimSpace(r[1]) != "" {
			return nil
		}
	}
	for _, s := range q.Selectors {
		for _, m := range s.Matchers {
			if !slices.Contains(narrowing, m.Name) && !slices.Contains(identifying, m.Name) {
				return nil
			}
		}
	}
	return []fault{{q.At, "its expression compares nothing and takes every line, so it fires whenever there are logs. compare the result, as in > 0, or take some lines only, as in |= \"error\""}}
}
