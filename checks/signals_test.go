package checks

import (
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// TestSignals says for queries as people write them which signals they show.
func TestSignals(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`sum(rate(http_requests_total[5m]))`, "rate throughput"},
		{`sum(rate(http_requests_total{code=~"5.."}[5m])) > 1`, "errors"},
		{`sum(rate(http_requests_total{code!~"2.."}[5m])) > 1`, "errors"},
		{`rate(http_requests_total{code=~"^[4]..$|[5]..$"}[5m])`, "errors"},
		{`rate(http_requests_total{response_code=~"[45].+"}[5m])`, "errors"},
		{`rate(http_requests_total{status!~"[4-5].*"}[5m])`, "rate throughput"},
		{`rate(http_requests_total{status=~"${error_status}"}[5m])`, "errors"},
		{`rate(http_requests_total{status=~"$status"}[5m])`, "rate throughput"},
		{`rate(http_requests_total{status!="500"}[5m])`, "rate throughput"},
		{`rate(grpc_server_handled_total{grpc_code!="OK"}[5m])`, "errors"},
		{`rate(grpc_server_handled_total{grpc_code=~"Unknown|Internal|Unavailable"}[5m])`, "errors"},
		{`rate(calls_total{error_type!=""}[5m])`, "errors"},
		{`rate(cache_requests_total{result="miss"}[5m])`, "rate throughput"},
		{`rate(controller_runtime_reconcile_total{result="error"}[5m])`, "errors"},
		{`sum by (status_code) (rate(traces_span_metrics_calls_total[5m]))`, "rate errors throughput"},
		{`rate(grpc_server_handled_total{grpc_code="OK"}[5m])`, "rate throughput"},
		{`rate(demo_http_server_request_duration_seconds_count[5m])`, "rate throughput"},
		{`histogram_quantile(0.9, sum by (le) (rate(http_server_duration_milliseconds_bucket[5m])))`, "duration"},
		{`histogram_quantile(0.9, sum(rate({"http.server.request.duration"}[5m])))`, "duration"},
		{`rate(request_latency_sum[5m]) / rate(request_latency_count[5m])`, "rate duration throughput"},
		{`rpc_seconds{quantile="0.9"}`, "duration"},
		{`histogram_quantile(0.9, rate(request_size_bytes_bucket[5m]))`, ""},
		{`slo:sli_error:ratio_rate5m{sloth_slo="x"} > 0.1`, "errors"},
		{`job:http_requests:rate5m`, "rate throughput"},
		{`graphql:request_duration_seconds:mean_rate5m > 1`, "duration"},
		{`probe_success == 0`, "errors"},
		{`max(payments_queue_latency_seconds) > 60`, "freshness saturation"},
		{`time() - max(feed_last_processed_timestamp_seconds) > 60`, "freshness success"},
		{`rate(records_consumed_total[5m])`, "rate throughput"},
		{`time() - kube_cronjob_status_last_successful_time`, "success"},
		{`increase(backup_completed_total[1d]) < 1`, "rate throughput success"},
		{`invoices_run_duration_seconds`, "duration"},
		{`container_memory_working_set_bytes / kube_pod_container_resource_limits`, "saturation"},
		{`workqueue_depth > 10`, "freshness saturation"},
		// What comes with the process says nothing about the work.
		{`rate(go_gc_duration_seconds_sum[5m])`, ""},
		{`process_start_time_seconds`, ""},
		{`rate(node_network_receive_errs_total[5m])`, ""},
		{`up == 0`, ""},
		{`kube_pod_status_phase{phase="Failed"}`, ""},
	} {
		t.Run(c.query, func(t *testing.T) {
			if got := shownSignals(t, c.query); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// shownSignals gives the names of the signals that a query shows, in the order of the list.
func shownSignals(t *testing.T, text string) string {
	t.Helper()
	found, ok := seriesOf(asked{query: parsedQuery(catalog.Query{Text: text, Lang: catalog.PromQL})})
	if !ok || len(found) == 0 {
		t.Fatalf("query %q was not read", text)
	}
	var shown []string
	for _, s := range []struct {
		name  string
		shown func(series) bool
	}{
		{"rate", showsRate}, {"errors", showsErrors}, {"duration", showsDuration}, {"throughput", showsThroughput},
		{"freshness", showsFreshness}, {"success", showsLastSuccess}, {"saturation", showsSaturation},
	} {
		if slices.ContainsFunc(found, s.shown) {
			shown = append(shown, s.name)
		}
	}
	return strings.Join(shown, " ")
}

// TestUnread holds what seriesOf promises: a query that a template explains or that is in another language is not
// judged, one that is simply wrong has no series.
func TestUnread(t *testing.T) {
	for _, c := range []struct {
		query catalog.Query
		ok    bool
	}{
		{catalog.Query{Text: `rate({app="x"}[5m])`, Lang: catalog.LogQL}, false},
		{catalog.Query{Text: `SELECT 1`, Lang: catalog.OtherLang}, false},
		{catalog.Query{Text: `rate(x[5m`, Lang: catalog.PromQL, Templated: true}, false},
		{catalog.Query{Text: `rate(x[5m`, Lang: catalog.PromQL}, true},
	} {
		found, ok := seriesOf(asked{query: parsedQuery(c.query)})
		if ok != c.ok || len(found) > 0 {
			t.Errorf("query %q: got %v, %v", c.query.Text, found, ok)
		}
	}
}

// TestRelate says what queries have to do with a service.
func TestRelate(t *testing.T) {
	svc := &catalog.Service{Name: catalog.Text{Value: "check-out"}, Aliases: []catalog.Text{{Value: "shop-checkout"}},
		Signals: catalog.Signals{Metrics: catalog.Text{Value: `{job="co", env="prod"}`}}}
	for _, c := range []struct {
		query string
		want  relation
	}{
		{`up{service="check-out"}`, own},
		{`up{job=~"ledger|shop-checkout"}`, own},
		{`up{job="ns/check-out"}`, own},
		{`kube_pod_info{pod=~"check-out-.*"}`, own},
		{`up{job="co", env="prod", zone="a"}`, own},
		{`up{job="co"}`, foreign},
		{`check_out_orders_total`, own},
		{`up{job="$job"}`, open},
		{`up{job="ledger"}`, foreign},
		{`up{job="ledger"} or up{job="check-out"}`, own},
		{`up{zone="a"}`, bare},
		{`vector(1)`, bare},
	} {
		if got := relate(svc, promql.Parse(catalog.Query{Text: c.query, Lang: catalog.PromQL})); got != c.want {
			t.Errorf("query %q: got relation %d, want %d", c.query, got, c.want)
		}
	}
}

func parsedQuery(q catalog.Query) *catalog.Query {
	q = promql.Parse(q)
	return &q
}
