package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// signal is something that a service of some kind has to measure. Which metrics show it is told by their names and by
// what queries do with them, as written down in this file; nothing else is known about a metric.
//
// Sources: Google SRE book, chapter 6 "The four golden signals"; Grafana's "RED method"; Prometheus documentation,
// "Instrumentation" (online-serving systems, offline processing, batch jobs).
type signal struct {
	name  string // "rate"
	what  string // completes "nothing shows …"
	hint  string // a query that would show it
	shown func(s series) bool
}

// signalsOf are the signals that a service of each kind needs.
var signalsOf = map[string][]signal{
	"request": {
		{"rate", "the rate of requests", "sum(rate(http_requests_total[5m]))", showsRate},
		{"errors", "failed requests", `sum(rate(http_requests_total{code=~"5.."}[5m]))`, showsErrors},
		{"duration", "how long requests take", "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))", showsDuration},
	},
	"frontend": {
		{"errors", "errors in the browser", "sum(rate(frontend_errors_total[5m]))", showsErrors},
		{"page load", "how long pages take to load", "histogram_quantile(0.75, sum by (le) (rate(page_load_seconds_bucket[5m])))", showsPageLoad},
	},
	"pipeline": {
		{"throughput", "how many items go in or out", "sum(rate(items_processed_total[5m]))", showsThroughput},
		{"freshness", "how old the waiting or the newest finished item is", "time() - max(last_processed_timestamp_seconds)", showsFreshness},
	},
	"batch": {
		{"last success", "when the last run succeeded", "time() - max(last_success_timestamp_seconds)", showsLastSuccess},
		{"duration", "how long a run takes", "max(last_run_duration_seconds)", showsRunDuration},
	},
	"platform": {
		{"errors", "failures", "sum(rate(operations_failed_total[5m]))", showsErrors},
		{"saturation", "how full it is", "max(queue_length / queue_capacity)", showsSaturation},
	},
}

// nameWords matches a metric's plain name that holds one of the words, which may be patterns.
func nameWords(list string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[_:])(?:` + strings.Join(strings.Fields(list), "|") + `)(?:$|[_:])`)
}

// The words of metric names.
var (
	requestWords = nameWords(`requests? req rq rpcs? calls? handled started served queries query transactions? responses? hits ops operations?
		logins? orders? payments? searches lookups? notifications? reconcile reconciliations? rps qps throughput per_second`)
	itemWords = nameWords(`items? records? messages? events? rows? documents? samples? bytes spans? lines? jobs? tasks? entries points? batches
		processed received sent accepted exported consumed produced published delivered ingested indexed written flushed pages throughput per_second`)
	failureWords = nameWords(`fail fails failed failing failures? errors? err errs errored reject rejected rejections? refused drop drops dropped
		exceptions? panics? 5xx 4xx timeouts? aborted unavailable invalid bad crash crashes discarded missing`)
	successWords = nameWords(`success successes successful succeeded availability uptime apdex sli_error error_budget burn_?rate\w* burn budget`)
	resultWords  = nameWords(`probe_success probe_http_status_code`)
	timeWords    = nameWords(`duration durations latency latencies elapsed response_time request_time processing_time ttfb rtt round_?trip
		execution_time run_time took p50 p90 p95 p99 p999`)
	unitWords = nameWords(`seconds milliseconds ms millis microseconds us nanoseconds ns time`)
	notWords  = nameWords(`timestamp queue start started_at created age lag delay uptime ttl cpu gc pause backoff interval expiry expiration expires
		not_after scrape lease`)
	loadWords   = nameWords(`web_vitals? lcp fcp fid inp cls ttfb page_load pageload load_time largest_contentful_paint first_contentful_paint dom_interactive navigation`)
	freshWords  = nameWords(`age ages lag lags delay delayed freshness fresh stale staleness behind oldest waiting backlog depth queue pending watermark consumergroup_lag overdue last_processed`)
	lastWords   = nameWords(`(?:last|latest)_\w*(?:success|successful|succeeded|run|ran|complete|completed|completion|finished|updated|indexed|backup|time|timestamp)\w* completion_time latest_success last_success`)
	finishWords = nameWords(`success successful succeeded completed completions? finished`)
	fullWords   = nameWords(`saturation utili[sz]ation usage used free available avail allocatable cpu memory mem heap rss disk filesystem fs inodes queue queued pool
		connections? threads goroutines fds file_descriptors load[0-9]* quota limits? throttled throttling replicas capacity pending backlog depth queue_length inflight
		in_flight full allocated requested evicted evictions pressure`)
	resourceWords = nameWords(`bytes cpu memory mem gc restarts? evictions? allocations? allocs disk network retries log logs fs seconds_total`)
)

// isRate reports whether the series is turned into a rate, or was recorded as one.
func (s series) isRate() bool {
	return s.rated || strings.Contains(s.metric, ":") && recordedRate.MatchString(s.metric)
}

var recordedRate = regexp.MustCompile(`:(?:i?rate|increase|sum_rate)\w*$|per_second|_rps|_qps|[:_]rate\d*[smhdw]?$`)

// runtimes are prefixes of metrics that language runtimes, the kernel and the scrape itself bring along: they say how
// the process is, not what it does for anybody.
var runtimes = regexp.MustCompile(`(?:^|:)(?:go|process|python|nodejs|jvm|ruby|erlang|dotnet|node|machine|container|kube|kubelet|cadvisor|scrape|promhttp|up$|system|windows|ALERTS|otel_sdk)(?:_|$)`)

func showsRate(s series) bool {
	name := plainName(s.metric)
	if !s.isRate() || s.quantile || runtimes.MatchString(name) || s.narrowed() || failureWords.MatchString(name) {
		return false
	}
	switch {
	case strings.HasSuffix(name, "_bucket") || strings.HasSuffix(name, "_sum") || strings.Contains(name, ":") && recordedTime(name):
		return false
	case requestWords.MatchString(name):
		return true
	}
	return (strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_count")) && !resourceWords.MatchString(strings.TrimSuffix(name, "_total"))
}

// recordedTime reports whether a rule records a time and not how often something happens.
func recordedTime(name string) bool {
	return (timeWords.MatchString(name) || unitWords.MatchString(name)) && !counts.MatchString(name)
}

func showsErrors(s series) bool {
	name := plainName(s.metric)
	if resultWords.MatchString(name) || s.narrowed() && !runtimes.MatchString(name) {
		return true
	}
	if runtimes.MatchString(name) {
		return false
	}
	return failureWords.MatchString(name) || successWords.MatchString(name) || s.isRate() && s.byOutcome()
}

func showsDuration(s series) bool {
	name := plainName(s.metric)
	if runtimes.MatchString(name) || counts.MatchString(name) || strings.HasSuffix(name, "_total") || s.aged {
		return false
	}
	if timeWords.MatchString(name) {
		return !notDuration(name)
	}
	parts := s.quantile || strings.HasSuffix(name, "_bucket") || strings.HasSuffix(name, "_sum") || slices.ContainsFunc(s.matchers, isQuantile)
	return parts && unitWords.MatchString(name) && !notDuration(name)
}

// counts matches the part of a histogram or summary that says how many there were, also where a rule records it.
var counts = regexp.MustCompile(`_count(?:$|:)`)

// notDuration reports whether a name with a unit of time is about something else than how long a request takes. What
// surely names a duration ("queue_request_duration_seconds") is one.
func notDuration(name string) bool {
	return notWords.MatchString(name) && !strings.Contains(name, "_duration")
}

func isQuantile(m catalog.Matcher) bool { return m.Name == "quantile" }

func showsPageLoad(s series) bool {
	return loadWords.MatchString(plainName(s.metric)) || showsDuration(s)
}

func showsThroughput(s series) bool {
	name := plainName(s.metric)
	if !s.isRate() || s.quantile || runtimes.MatchString(name) || failureWords.MatchString(name) || strings.HasSuffix(name, "_bucket") {
		return false
	}
	return itemWords.MatchString(name) || showsRate(s)
}

func showsFreshness(s series) bool {
	name := plainName(s.metric)
	return !runtimes.MatchString(name) && (s.aged || freshWords.MatchString(name))
}

func showsLastSuccess(s series) bool {
	name := plainName(s.metric)
	return s.aged || lastWords.MatchString(name) || s.rated && finishWords.MatchString(name)
}

func showsRunDuration(s series) bool {
	return showsDuration(s) || strings.HasPrefix(s.metric, "kube_job_status_start_time") || strings.HasPrefix(s.metric, "kube_job_status_completion_time") && !s.aged
}

func showsSaturation(s series) bool { return fullWords.MatchString(plainName(s.metric)) }

// exporters are first words of metrics that libraries, servers and exporters bring along, so that their names are
// nobody's of the team, and which services share.
var exporters = setOf(`
	go process python nodejs jvm ruby erlang dotnet node machine container kube kubelet cadvisor scrape promhttp up system windows ALERTS otel
	http https grpc rpc net tls dns db sql client server gunicorn flask django rails puma sidekiq resque celery express fastapi spring micrometer
	tomcat jetty hikaricp logback executor aspnetcore kestrel signalr microsoft dropwizard quarkus vertx akka play phoenix plug
	nginx apache envoy istio linkerd traefik haproxy caddy kong varnish fastly cloudflare coredns skydns
	kafka redis pg postgres postgresql mysql mongodb elasticsearch opensearch es rabbitmq memcached cassandra zookeeper minio ceph cnpg pgbouncer
	aws gcp azure stackdriver cloudwatch probe blackbox snmp ssl certmanager certificate argocd argo gotk flux velero external
	etcd apiserver scheduler workqueue rest authentication authorization controller storage volume kubernetes k8s cilium hubble calico felix karpenter cluster
	prometheus alertmanager grafana loki promtail tempo tempodb cortex mimir thanos pyroscope alloy agent vector fluentbit fluentd telegraf statsd
	otelcol traces calls spanmetrics span duration target logging vault consul nomad keda gatekeeper kyverno falco strimzi jenkins gitlab
	slo sloth pyrra openslo`)

// setOf gives the words of a text as a set.
func setOf(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// wellKnown reports whether a metric comes with a runtime, a library, a server or an exporter.
func wellKnown(metric string) bool {
	if end := strings.IndexAny(metric, "_:"); end >= 0 {
		metric = metric[:end]
	}
	return exporters[metric]
}

// stateSignals states one requirement for each signal that the service's kind needs: whether any of the queries shows
// it. where says in a message what was searched.
func stateSignals(in *Inspection, queries []asked, at catalog.Place, where string) {
	wanted := signalsOf[in.Service.KindName()]
	found, unread := findSignals(wanted, queries)
	for i, want := range wanted {
		switch s := found[i]; {
		case s != nil:
			in.Metf(s.at, "%s: metric %q in %s", want.name, s.metric, s.by).LinkedBy(s.link)
		case len(unread) > 0:
			in.Undecidedf(unread[0].query.At, "no %s shows %s, but %s. show it with a query such as %s", where, want.what, unreadNote(unread), want.hint)
		default:
			in.Missingf(at, "no %s shows %s. add one with a query such as %s", where, want.what, want.hint)
		}
	}
}

// findSignals gives, for each of the signals, the first series that shows it, nil for none. It looks no further when all
// are found. unread are the queries among those looked at that cannot be judged.
func findSignals(wanted []signal, queries []asked) (found []*series, unread []asked) {
	found = make([]*series, len(wanted))
	for _, a := range queries {
		if !slices.Contains(found, nil) {
			break
		}
		selected, ok := seriesOf(a)
		if !ok {
			unread = append(unread, a)
		}
		if a.record != "" { // what a rule records is telemetry too
			selected = append(selected, series{asked: a, metric: a.record, at: a.query.At})
		}
		for i, want := range wanted {
			if j := slices.IndexFunc(selected, want.shown); j >= 0 && found[i] == nil {
				found[i] = &selected[j]
			}
		}
	}
	return found, unread
}

// kindWithSignals reports whether signals are required of the service's kind; it states why not.
func kindWithSignals(in *Inspection) bool {
	if kind := in.Service.KindName(); signalsOf[kind] == nil {
		in.NotApplicablef("a service of kind %q is not operated and sends no telemetry of its own", kind)
		return false
	}
	return true
}

// hides reports whether a gap may hide evidence of one of the kinds.
func hides(svc *catalog.Service, kinds ...catalog.Kind) bool {
	return slices.ContainsFunc(kinds, func(k catalog.Kind) bool { return svc.Gap(k) != nil })
}

// quoteAll gives names in quotes, the first few of them.
func quoteAll(names []string) string {
	const shown = 3
	var quoted []string
	for i, n := range names {
		if i == shown {
			return strings.Join(quoted, ", ") + fmt.Sprintf(" and %d more", len(names)-shown)
		}
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	return strings.Join(quoted, ", ")
}
