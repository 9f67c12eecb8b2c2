package measure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
)

var (
	budget  = regexp.MustCompile(`^slo:|burn_?rate|error_budget|^sloth_|^pyrra_`)
	probe   = regexp.MustCompile(`^probe_(success|http_status_code|duration_seconds|http_duration_seconds|icmp_duration_seconds)$`)
	waiting = regexp.MustCompile(`_(age|lag|delay|freshness|staleness|latency)_(seconds|ms|milliseconds)$|oldest_\w*_(seconds|timestamp)|(^|_)overdue(_|$)`)
	inside  = regexp.MustCompile(`^(controller_runtime|node|container|process|namedprocess|go|jvm|kube|kubelet|machine|cadvisor|windows|ipmi|smartmon|smartctl|apcupsd|pg_stat|pg_settings|hikaricp|tomcat_threads|nodejs|python_gc|ruby|puma|erlang|dotnet)_`)
	monitor = regexp.MustCompile(`^(kube_state_metrics_.*|ALERTS|ALERTS_FOR_STATE)$|(^|_)scrapes?_|(prometheus|alertmanager)_notifications_|prometheus_rule_|prometheus_remote_storage_\w*(samples|bytes|timestamp|queries)|prometheus_sd_|prometheus_target_`)
	// monitoring are jobs whose loss is the loss of signals and not of a service.
	monitoring = regexp.MustCompile(`(?i)exporter|prometheus|alertmanager|kube-?state-?metrics|pushgateway|blackbox|cadvisor|node-?problem|grafana-agent|alloy|otel|collector`)
	badWord    = regexp.MustCompile(`(?i)fail|error|\berr\b|false|unavailable|internal|timeout|aborted|unknown|deadline|rejected|refused`)
	goodWord   = regexp.MustCompile(`(?i)^(ok|success|successful|succeeded|true|no ?error)$`)
	span       = regexp.MustCompile(`_(response|request|processing|query|schedule)_(time|delay)|_(seconds|milliseconds|ms)_(bucket|sum)$`)
	lastRun    = regexp.MustCompile(`last_(\w+_)?(success|successful|succeeded|completion|completed)\w*_(timestamp|time)`)
)

// selector says what one selector of an expression measures, with the functions and operators around it in mind. The
// order is that of certainty: what names itself, then work that nobody outside waits for, then what users see, then
// states.
func selector(c context) (Class, string) {
	name := c.Name
	switch {
	case c.guard():
		return Unknown, ""
	case budget.MatchString(name):
		return Symptom, "it watches the burn of an error budget (" + name + ")"
	case probe.MatchString(name):
		return Symptom, "it probes from outside (" + name + ")"
	case monitor.MatchString(name), c.matches(scraped):
		return Meta, "it watches the monitoring itself or a scrape (" + name + ")"
	case name == "up":
		return c.targets()
	case inside.MatchString(name):
		return Cause, "it watches a resource or state inside (" + name + ")"
	case backstage.in(c.words):
		return Cause, "it watches inner work or its state (" + name + ")"
	case waiting.MatchString(name):
		return Symptom, "it watches the age of waiting work (" + name + ")"
	case c.lastSuccess():
		return Symptom, "it watches how long ago work last succeeded (" + name + ")"
	case c.failedRequests():
		return Symptom, "it watches failed requests (" + name + ")"
	case c.takesTime() && (c.quantile() || c.mean()):
		return Symptom, "it watches how long requests take (" + name + ")"
	case demand.in(c.words) && c.changes() && c.gone() && !c.failing():
		return Symptom, "it watches requests that stay away (" + name + ")"
	case strings.HasSuffix(name, "_up") && c.allGone():
		return Symptom, "it watches whether any instance is left (" + name + ")"
	case states.in(c.words), strings.HasSuffix(name, "_up"):
		return Cause, "it watches a resource or state inside (" + name + ")"
	}
	return Unknown, ""
}

// targets says what an alert on "up" measures: the monitoring when its targets are the monitoring's, the service when
// none of its targets is left, else one instance of many.
func (c context) targets() (Class, string) {
	switch {
	case c.matches(func(m *labels.Matcher) bool { return m.Name == "job" && monitoring.MatchString(m.Value) }):
		return Meta, "it watches whether the monitoring is scraped (up)"
	case c.calls("absent", "absent_over_time"), c.allGone():
		return Symptom, "it watches whether any target is left (up)"
	}
	return Cause, "it watches single targets (up)"
}

// scraped recognises the requests of a scrape.
func scraped(m *labels.Matcher) bool {
	return (m.Name == "handler" || m.Name == "path") && m.Type == labels.MatchEqual && strings.Trim(m.Value, "/") == "metrics"
}

// failedRequests recognises the failures among things asked for: a counter narrowed to failures by a matcher or its
// name, or the share of failures or successes in a whole.
func (c context) failedRequests() bool {
	whole := c.share() || strings.Contains(c.operations(), "ratio")
	switch {
	case !c.changes():
		return false
	case c.failing():
		return whole || demand.in(c.words)
	}
	return whole && (succeeding.in(c.words) || c.matches(success))
}

func (c context) failing() bool { return failing.in(c.words) || c.matches(failure) }

// failure recognises a matcher that selects what did not go well.
func failure(m *labels.Matcher) bool {
	return selects(m, badCodes, goodCodes, badWord, goodWord) || m.Type == labels.MatchNotEqual && exception(m)
}

// exception recognises a matcher that leaves out what ended without an error: error!="", exception!="None".
func exception(m *labels.Matcher) bool {
	name, value := strings.ToLower(m.Name), strings.ToLower(m.Value)
	return (strings.Contains(name, "error") || strings.Contains(name, "exception")) && (value == "" || value == "none")
}

// success recognises a matcher that selects what went well.
func success(m *labels.Matcher) bool { return selects(m, goodCodes, badCodes, goodWord, badWord) }

var (
	goodCodes = []string{"200", "2xx"}
	badCodes  = []string{"500", "404", "429", "5xx", "4xx"}
)

// selects reports whether a matcher on how a request ended selects a wanted outcome and leaves one of the others out: by
// the codes that it holds for, else by the words that it is written with.
func selects(m *labels.Matcher, wanted, others []string, word, otherWord *regexp.Regexp) bool {
	if !outcome(m.Name) {
		return false
	}
	if slices.ContainsFunc(wanted, m.Matches) && slices.ContainsFunc(others, func(code string) bool { return !m.Matches(code) }) {
		return true
	}
	if m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp {
		return word.MatchString(m.Value)
	}
	return otherWord.MatchString(m.Value)
}

// outcome reports whether a label says how a request ended.
func outcome(label string) bool {
	for _, word := range []string{"code", "status", "result", "outcome", "error", "exception", "response", "success", "grpc", "classification"} {
		if strings.Contains(strings.ToLower(label), word) {
			return true
		}
	}
	return false
}

// lastSuccess recognises the time since a success, compared to now.
func (c context) lastSuccess() bool {
	return lastRun.MatchString(c.Name) && !states.in(c.words)
}

// takesTime reports whether the metric is a duration.
func (c context) takesTime() bool {
	return durations.in(c.words) || span.MatchString(c.Name)
}
