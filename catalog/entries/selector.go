package entries

import (
	"fmt"
	"regexp"
	"strings"

	"obsready/catalog"
)

// addDashboards takes the dashboards that annotations of the Grafana plugin name or select. The selector is a tag, or
// comparisons joined by ||:
//
//	tags @> 'checkout' || title == 'Checkout' || uid == 'abc'
//
// A selector with other operators is a gap: reading half of it would select other services' dashboards.
func (e entity) addDashboards(svc *catalog.Service) []catalog.Gap {
	if overview := e.annotation("grafana/overview-dashboard"); overview.Value != "" {
		svc.Wanted.Dashboards = append(svc.Wanted.Dashboards, overview)
	}
	selector := e.annotation("grafana/dashboard-selector", "grafana/tag-selector")
	if selector.Value == "" {
		return nil
	}
	tags, names, ok := parseSelector(selector.Value)
	if !ok {
		g := gap(catalog.Dashboards, selector.At, catalog.Unsupported, svc.ID,
			fmt.Sprintf("the dashboard selector %q is more than tags, titles and uids joined by ||. name the dashboard in grafana/overview-dashboard", selector.Value))
		return []catalog.Gap{g}
	}
	for _, tag := range tags {
		svc.Wanted.DashboardTags = append(svc.Wanted.DashboardTags, withValue(selector, tag))
	}
	for _, name := range names {
		svc.Wanted.Dashboards = append(svc.Wanted.Dashboards, withValue(selector, name))
	}
	return nil
}

var (
	plainTag   = regexp.MustCompile(`^[\w.:/ -]+$`)
	comparison = regexp.MustCompile(`^(tags\s*@>|title\s*==|uid\s*==|url\s*==)\s*(?:"([^"]*)"|'([^']*)')$`)
)

// parseSelector gives the tags and the uids, titles or URLs of a selector; ok is false when it says more than these.
func parseSelector(selector string) (tags, names []string, ok bool) {
	if plainTag.MatchString(selector) {
		return []string{selector}, nil, true
	}
	for part := range strings.SplitSeq(selector, "||") {
		m := comparison.FindStringSubmatch(strings.Trim(part, " \t\n()"))
		if m == nil {
			return nil, nil, false
		}
		if value := m[2] + m[3]; strings.HasPrefix(m[1], "tags") {
			tags = append(tags, value)
		} else {
			names = append(names, value)
		}
	}
	return tags, names, true
}
