package measure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

// subject is what is known of a series by itself.
type subject struct {
	side      side
	dimension Dimension
	certain   bool   // a table knows the product, and not only the words of the name
	why       string // what else tells, when it is not the metric's name: a matcher
	settled   bool   // the table names it with a word for inner work in it, so that the word tells nothing more
	target    bool   // it is "up": whether a scrape target answers
}

// subjectOf says whose a series is: by the matchers that choose a part of the monitoring, by the tables, by the words of
// its name.
func subjectOf(s series) subject {
	if e := known().find(normal(s.metric)); e != nil && e.dimension == Budget {
		return subject{side: e.side, dimension: Budget, certain: true}
	}
	e := known().find(s.name)
	if m := s.matcher(ofMonitoring); m != nil && !known().ofProduct(s.name) && (s.name == "up" || s.name == "" || !carries(m.Value)) {
		return subject{side: monitoring, dimension: Monitoring, certain: true, why: describeMatcher(m), target: s.name == "up"}
	}
	if harmful, ok := subjectByValue(s); ok {
		return harmful
	}
	switch {
	case s.name == "up":
		return subject{side: users, dimension: Availability, certain: true, target: true}
	case e == nil:
		return subjectByWords(s)
	case e.generic && (e.side == harm || e.side == users) && s.tells("monitoring"):
		return subject{side: monitoring, dimension: Monitoring}
	case e.generic && (e.dimension == Freshness || e.dimension == Errors || e.dimension == Latency) && e.side == harm && s.tells("backstage"):
		return subject{side: inside, dimension: e.dimension}
	case e.side == users && (!e.backstage && s.tells("backstage") || s.internal()):
		return subject{side: inside}
	case (e.side == inside || e.side == product) && (e.dimension == State || e.dimension == Resource) && s.answered():
		return subject{side: users} // the program on a machine that answers requests
	case e.side == inside && e.dimension == Saturation && s.tells("waiting") && s.takesTime() && !s.tells("backstage"):
		return subject{side: harm, dimension: Freshness} // how long a queue is says nothing, how long it takes does
	}
	return subject{side: e.side, dimension: e.dimension, settled: e.backstage, certain: !e.generic || (e.side == inside || e.side == product) && known().ofProduct(s.name)}
}

// internal recognises traffic that a matcher says to be that of a product's own parts.
func (s series) internal() bool {
	return s.matcher(func(m *labels.Matcher) bool { return m.Type == labels.MatchEqual && m.Value == "internal" }) != nil
}

// coded recognises a matcher that chooses failures by the code of an answer.
func (s series) coded() bool {
	return s.matcher(func(m *labels.Matcher) bool { return outcomeOf(m) == wentWrong && chooses(m, "badcode", "goodcode") }) != nil
}

// answered recognises requests by a matcher on the code that they were answered with.
func (s series) answered() bool {
	return s.failure() != nil && s.named("request", "requests", "response", "responses") && !s.tells("backstage") && !s.named("client")
}

// subjectByValue recognises what is wrong by a matcher's value alone: a queue of dead letters, objects that are lost.
func subjectByValue(s series) (subject, bool) {
	for _, m := range s.matchers {
		if m.Type != labels.MatchEqual && m.Type != labels.MatchRegexp {
			continue
		}
		words := split(m.Value)
		for what, d := range map[string]Dimension{"letters": Errors, "lost": Durability} {
			if slices.ContainsFunc(words, func(w string) bool { return known().outcomes[what][w] }) {
				return subject{side: harm, dimension: d, certain: true, why: describeMatcher(m)}, true
			}
		}
	}
	return subject{}, false
}

func describeMatcher(m *labels.Matcher) string { return fmt.Sprintf("%s%s%q", m.Name, m.Type, m.Value) }

func subjectByWords(s series) subject {
	switch {
	case s.tells("monitoring"):
		return subject{side: monitoring, dimension: Monitoring}
	case s.tells("backstage"):
		return subject{side: inside}
	case s.tells("wrong"):
		return subject{side: harm, dimension: Correctness}
	case s.tells("demand"):
		return subject{side: users}
	case s.coded():
		return subject{side: users}
	case s.tells("states"), strings.HasSuffix(s.name, "_up"):
		return subject{side: inside}
	}
	return subject{}
}

// ofMonitoring recognises a matcher that selects a part of the monitoring, or the requests of a scrape.
func ofMonitoring(m *labels.Matcher) bool {
	if m.Type != labels.MatchEqual && m.Type != labels.MatchRegexp {
		return false
	}
	switch m.Name {
	case "handler", "path", "route", "uri":
		return strings.Trim(m.Value, "/") == "metrics"
	case "job", "service", "app", "container", "component", "app_kubernetes_io_name", "name", "deployment", "daemonset", "k8s_app", "exported_job", "instance", "pod":
		return monitoringPart(m.Value)
	}
	return false
}

// monitoringParts are parts of names of what watches others. Exporters carry the name of what they watch beside.
var monitoringParts = []string{"exporter", "prometheus", "alertmanager", "kube-state-metrics", "kubestatemetrics", "pushgateway", "blackbox", "cadvisor", "node-problem",
	"grafana-agent", "vmagent", "vmalert", "cloudwatch", "alloy", "otel-", "otelcol", "opentelemetry", "promtail", "fluent", "filebeat", "thanos-rule", "thanos-sidecar", "telegraf", "statsd", "log-canary", "snmp"}

// carries reports whether a part of the monitoring exposes what it has from others, so that its name says nothing about
// the series but "up".
func carries(value string) bool {
	value = strings.ToLower(value)
	for _, part := range []string{"exporter", "pushgateway", "blackbox", "cloudwatch", "snmp", "statsd", "telegraf"} {
		if strings.Contains(value, part) {
			return true
		}
	}
	return false
}

func monitoringPart(value string) bool {
	value = strings.ToLower(value)
	for _, part := range monitoringParts {
		if strings.Contains(value, part) {
			return true
		}
	}
	return false
}
