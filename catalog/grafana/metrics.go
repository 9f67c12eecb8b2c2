package grafana

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// metrics asks each data source of metrics once for the names of all that it has had series of within the last 24 h, and keeps what
// that says of the names that are queried.
func (c *client) metrics(ctx context.Context, live *catalog.Live, w Want) {
	names := slices.Clone(w.Metrics)
	if w.DashboardMetrics {
		names = append(names, queriedMetrics(live)...)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return name == "" || variable.MatchString(name) || strings.Contains(name, "{{")
	})
	slices.Sort(names)
	names = slices.Compact(names)
	sources, _ := sourcesFor(live, w, catalog.MetricSignal) // without one there is no entry, and Live.Metric does not know
	if len(names) == 0 {
		return
	}
	live.Metrics = make([]catalog.LiveMetrics, len(sources))
	c.each(len(sources), func(i int) { live.Metrics[i] = c.metricsOf(ctx, sources[i].UID, names) })
	slices.SortFunc(live.Metrics, func(a, b catalog.LiveMetrics) int { return strings.Compare(a.DataSource, b.DataSource) })
}

func (c *client) metricsOf(ctx context.Context, uid string, names []string) catalog.LiveMetrics {
	m := catalog.LiveMetrics{DataSource: uid}
	var reply struct {
		Status   string
		Data     []string
		Warnings []string
	}
	now := c.options.Now
	query := url.Values{"start": {strconv.FormatInt(now.Add(-span).Unix(), 10)}, "end": {strconv.FormatInt(now.Unix(), 10)}}
	path := "/api/datasources/uid/" + url.PathEscape(uid) + "/resources/api/v1/label/__name__/values"
	if err := c.get(passedOn(ctx), path, query, &reply); err != nil {
		m.Trouble = c.trouble(err)
		return m
	}
	if reply.Status != "success" {
		m.Trouble = &catalog.Trouble{Cause: catalog.ServerError, Status: 200, Detail: "the data source did not list its metrics"}
		return m
	}
	has := make(map[string]bool, len(reply.Data))
	for _, name := range reply.Data {
		has[name] = true
	}
	for _, name := range names {
		if has[name] {
			m.Present = append(m.Present, name)
		} else {
			m.Absent = append(m.Absent, name)
		}
	}
	if len(reply.Warnings) > 0 && len(m.Absent) > 0 {
		m.Absent = nil
		m.Trouble = &catalog.Trouble{Cause: catalog.PartialAnswer, Status: 200, Detail: "the data source warns: " + c.line(reply.Warnings[0])}
	}
	return m
}

// queriedMetrics gives the names of the metrics that fetched dashboards query.
func queriedMetrics(live *catalog.Live) []string {
	var names []string
	for i := range live.Dashboards.Items {
		facts := Facts(live, &live.Dashboards.Items[i])
		for _, d := range append(facts.Dashboards, facts.Libraries...) {
			for _, p := range d.Panels {
				for _, q := range p.Queries {
					if q.Lang != catalog.PromQL {
						continue
					}
					for _, s := range q.Selectors {
						names = append(names, s.Metric)
					}
				}
			}
		}
	}
	return names
}
