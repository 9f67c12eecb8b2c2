package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// logSource is one thing that shows that logs of a service are collected.
type logSource struct {
	at    catalog.Place
	shows string // what was believed, for a message
	link  *catalog.Link
	query string // the LogQL query, when it is one
	route *route // the collector's pipeline, when it is one
}

// overOTLP reports whether the logs arrive as OpenTelemetry records, which have fields and the trace context.
func (s logSource) overOTLP() bool { return s.route != nil && s.route.receives("otlp") }

// logSources gives everything that shows that logs of the service are collected: the selector that its entry declares,
// pipelines of its collectors, LogQL queries about it, and log drivers of its workloads.
func logSources(in *Inspection) []logSource {
	var found []logSource
	if text := in.Service.Signals.Logs; text.Value != "" {
		if _, err := promql.Selector(text.Value); err == nil {
			found = append(found, logSource{at: text.At, shows: fmt.Sprintf("the entry says that logs are found under %s", text.Value)})
		}
	}
	found = append(found, logRoutes(in)...)
	found = append(found, logAgents(in)...)
	found = append(found, logQueries(in.Service)...)
	return append(found, logDrivers(in.Service)...)
}

// logRoutes gives the pipelines of linked collectors that carry logs to somewhere.
func logRoutes(in *Inspection) []logSource {
	if switchedOff(in.Service, "OTEL_LOGS_EXPORTER") {
		return nil
	}
	var found []logSource
	for _, r := range routes(in, "logs", "otlp") {
		if r.destination != "" {
			found = append(found, logSource{at: r.stated.Name.At, shows: fmt.Sprintf("%s takes logs from %q to %q", r, r.receivers[0].Value, r.destination), link: &r.link, route: &r})
		}
	}
	return found
}

// logAgents gives the pipelines of collectors that read the log files of all pods, for a service that runs in pods.
func logAgents(in *Inspection) []logSource {
	i := slices.IndexFunc(in.Service.Workloads, func(w catalog.Linked[catalog.Workload]) bool {
		return w.Item.Kind != "compose service" && w.Item.Kind != "Instrumentation"
	})
	if i < 0 {
		return nil
	}
	link := in.Service.Workloads[i].By
	var found []logSource
	for _, c := range in.Estate.Collectors {
		all := pipelinesOf(c, in.Estate)
		for _, p := range all {
			name, reads := p.readsPods()
			if p.signal() != "logs" || !reads {
				continue
			}
			if destination, ok := p.destination(all); ok {
				found = append(found, logSource{at: p.stated.Name.At, link: &link, route: &route{pipeline: p, destination: destination},
					shows: fmt.Sprintf("%s takes the log files of all pods from %q to %q", p, name, destination)})
			}
		}
	}
	return found
}

// podLogs are the folders in which Kubernetes keeps the output of every container of a node.
var podLogs = regexp.MustCompile(`^/var/log/(?:pods|containers)/`)

// readsPods reports whether the pipeline has a receiver that reads the log files of a node's pods, and which.
func (p pipeline) readsPods() (string, bool) {
	for _, r := range p.receivers {
		if componentType(r.Value) != "filelog" {
			continue
		}
		c, _ := p.component("receiver", r.Value)
		for _, s := range c.Settings {
			if strings.HasPrefix(s.Key, "include.") && podLogs.MatchString(s.Value) && strings.Contains(s.Value, "*") {
				return r.Value, true
			}
		}
	}
	return "", false
}

// logQueries gives the LogQL queries of alerts and panels about the service. The panels of a dashboard that is the
// service's own may leave it to a variable which service they show.
func logQueries(svc *catalog.Service) []logSource {
	var found []logSource
	for _, a := range svc.Alerts {
		if q := a.Item.Expr; q.Lang == catalog.LogQL && q.Error == "" {
			found = append(found, logSource{at: q.At, shows: fmt.Sprintf("alert %q queries its logs", a.Item.Name.Value), link: &a.By, query: q.Text})
		}
	}
	for _, d := range svc.Dashboards {
		for _, p := range d.Item.Panels {
			for _, q := range p.Queries {
				if q.Lang == catalog.LogQL && q.Error == "" && asksAbout(svc, q, d.By) {
					found = append(found, logSource{at: q.At, shows: fmt.Sprintf("panel %q of dashboard %q queries its logs", p.Title.Value, d.Item.Title.Value), link: &d.By, query: q.Text})
				}
			}
		}
	}
	return found
}

// asksAbout reports whether a query of a dashboard is about the service.
func asksAbout(svc *catalog.Service, q catalog.Query, by catalog.Link) bool {
	r := relate(svc, q)
	return r == own || r == open && (by.Rung == catalog.ByName || by.Rung == catalog.ByFolder)
}

// logDrivers gives the workloads whose container logs are sent away by the runtime, or marked for an agent. The drivers
// json-file and local leave them on the host, and none throws them away.
func logDrivers(svc *catalog.Service) []logSource {
	var found []logSource
	for _, w := range svc.Workloads {
		for _, a := range w.Item.Annotations {
			driver := a.Key == "logging.driver" && !slices.Contains([]string{"json-file", "local", "none", ""}, a.Value)
			agent := strings.HasPrefix(a.Key, "co.elastic.logs/") && a.Value != "false" || strings.HasPrefix(a.Key, "ad.datadoghq.com/") && strings.HasSuffix(a.Key, ".logs")
			if driver || agent {
				found = append(found, logSource{at: a.At, shows: fmt.Sprintf("%s %q sends its logs away by %s", strings.ToLower(w.Item.Kind), w.Item.Name.Value, a.Key), link: &w.By})
			}
		}
	}
	return found
}

// declaresLogs reports whether the entry says anything about logs.
func declaresLogs(svc *catalog.Service) bool {
	l := svc.Logging
	return svc.Signals.Logs.Value != "" || l.Format.Value != "" || l.Correlation.Value != "" || l.Retention.Value != "" || len(l.Redacted) > 0
}

// collectedLogs gives the sources of the service's logs. When there are none it says that the check does not apply,
// because logs-collected asks for them first.
func collectedLogs(in *Inspection) []logSource {
	if !in.Service.Operated() {
		in.NotApplicablef("a library has no logs of its own")
		return nil
	}
	sources := logSources(in)
	if len(sources) == 0 {
		in.NotApplicablef("nothing shows that logs are collected. logs-collected asks for that first")
	}
	return sources
}

// met states a requirement that a source of logs shows to be met.
func (s logSource) met(in *Inspection, format string, args ...any) {
	r := in.Metf(s.at, format, args...)
	if s.link != nil {
		r.LinkedBy(*s.link)
	}
}
