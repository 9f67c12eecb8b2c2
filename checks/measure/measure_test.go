package measure_test

import (
	"testing"

	"obsready/catalog"
	"obsready/catalog/promql"
	"obsready/checks/measure"
)

var rules = []struct{ expr, want string }{
	// The service from its users' side.
	{`sum(rate(http_requests_total{job="shop",status=~"5.."}[5m])) / sum(rate(http_requests_total{job="shop"}[5m])) > 0.01`, "symptom"},
	{`sum(rate(http_requests_total{code!~"2..|3.."}[5m])) > 1`, "symptom"},
	{`sum(rate(http_requests_total{code=~"(4|5).."}[5m])) > 1`, "symptom"},
	{`sum(rate(http_requests_total{status="200"}[5m])) / sum(rate(http_requests_total[5m])) < 0.995`, "symptom"},
	{`rate(http_server_requests_seconds_count{exception!="None"}[5m]) > 0`, "symptom"},
	{`sum(rate(grpc_server_handled_total{grpc_code=~"Internal|Unavailable"}[5m])) / sum(rate(grpc_server_started_total[5m])) > 0.05`, "symptom"},
	{`rate(coredns_dns_responses_total{rcode!="No Error"}[5m]) > 0`, "symptom"},
	{`sum(rate(nginx_ingress_controller_requests{status=~"5.*"}[5m])) / sum(rate(nginx_ingress_controller_requests[5m])) > 0.05`, "symptom"},
	{`increase(celery_task_failed_total[10m]) / (increase(celery_task_failed_total[10m]) + increase(celery_task_succeeded_total[10m])) > 0.05`, "symptom"},
	{`rate(wildfly_error_count_total[5m]) / rate(wildfly_request_count_total[5m]) > 0.3`, "symptom"},
	{`job:search_successful_requests:ratio_rate1h < 0.999`, "symptom"},
	{`global:router_5xx_responses:ratio_rate5m > 0.1`, "symptom"},
	{`histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="shop"}[5m]))) > 1`, "symptom"},
	{`rate(istio_request_duration_milliseconds_sum[1m]) / rate(istio_request_duration_milliseconds_count[1m]) > 100`, "symptom"},
	{`http_request_duration_seconds{quantile="0.99"} > 2`, "symptom"},
	{`graphql:request_duration_seconds:mean_rate5m > 0.3`, "symptom"},
	{`probe_success{job="blackbox"} == 0`, "symptom"},
	{`absent(up{job="shop"})`, "symptom"},
	{`sum(up{job="shop"}) == 0`, "symptom"},
	{`count(traefik_service_server_up == 1) by (service) < 1`, "symptom"},
	{`sum(rate(keycloak_logins_total[15m])) == 0`, "symptom"},
	{`max(sidekiq_queue_latency_seconds) > 60`, "symptom"},
	{`time() - invoice_export_last_success_timestamp_seconds > 7200`, "symptom"},
	{`shop_oldest_unpaid_order_timestamp_seconds < time() - 600`, "symptom"},
	{`http_requests:burnrate5m > 14 * 0.001 and http_requests:burnrate1h > 14 * 0.001`, "symptom"},
	{`max(slo:sli_error:ratio_rate5m{sloth_slo="x"} > (14.4 * 0.001)) without (sloth_window)`, "symptom"},
	{`node_cpu_utilization > 0.9 and sum(rate(http_requests_total{code="500"}[5m])) > 5`, "symptom"},

	// Its inside.
	{`node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1`, "cause"},
	{`rate(container_cpu_cfs_throttled_periods_total[5m]) > 0.25`, "cause"},
	{`increase(kube_pod_container_status_restarts_total[15m]) > 3`, "cause"},
	{`hikaricp_connections_pending > 5`, "cause"},
	{`redis_memory_used_bytes / redis_memory_max_bytes > 0.9`, "cause"},
	{`pg_replication_lag_seconds > 60`, "cause"},
	{`rabbitmq_queue_messages_ready_length > 1000`, "cause"},
	{`x509_cert_not_after - time() < 86400 * 7`, "cause"},
	{`up{job="shop"} == 0`, "cause"},
	{`100 * (count(up == 0) by (job) / count(up) by (job)) > 10`, "cause"},
	{`mysql_up == 0`, "cause"},
	{`rate(shop_controller_reconcile_errors_total[5m]) / rate(shop_controller_reconcile_total[5m]) > 0.1`, "cause"},
	{`histogram_quantile(0.99, rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])) > 0.5`, "cause"},
	{`time() - db_backup_last_success_timestamp_seconds > 86400`, "cause"},
	{`kafka_controller_kafkacontroller_activecontrollercount != 1`, "cause"},

	// The monitoring.
	{`vector(1)`, "meta"},
	{`day_of_week() == 1 and hour() == 10`, "meta"},
	{`absent(up{job="prometheus"})`, "meta"},
	{`up{job="node-exporter"} == 0`, "meta"},
	{`rate(prometheus_notifications_dropped_total[5m]) > 0`, "meta"},
	{`node_scrape_collector_success == 0`, "meta"},
	{`histogram_quantile(0.9, rate(http_request_duration_seconds_bucket{handler="/metrics"}[5m])) > 9`, "meta"},

	// What nothing known tells.
	{`shop_things > 3`, "unknown"},
	{`shop_things > 3 unless rate(http_requests_total{code="500"}[5m]) > 0`, "unknown"},
	{`http_requests_total{code="500"} > 10`, "unknown"},
	{`sum(rate({app="shop"} |= "error" [5m])) > 1`, "unknown"},
	{`sum(rate(`, "unknown"},
}

func TestAlert(t *testing.T) {
	for _, r := range rules {
		got := measure.New(&catalog.Estate{}).Alert(rule(r.expr))
		if string(got.Class) != r.want {
			t.Errorf("%s: got %s because %s, want %s", r.expr, got.Class, got.Because(), r.want)
		}
		if got.Because() == "" {
			t.Errorf("%s: no reason", r.expr)
		}
	}
}

// TestPlace checks that a judgement points at the selector that decided it.
func TestPlace(t *testing.T) {
	got := measure.New(&catalog.Estate{}).Alert(rule(`node_load1 > 1 and probe_success == 0`))
	if want := (catalog.Place{File: "alerts.yaml", Line: 1, Col: 20}); got.At() != want {
		t.Errorf("got %v, want %v", got.At(), want)
	}
}

func TestDeclared(t *testing.T) {
	for _, d := range []struct{ key, value, want string }{
		{"alert_type", "symptom", "symptom"},
		{"alert_type", "Cause", "cause"},
		{"alert_class", "heartbeat", "meta"},
		{"alert_type", "metric", "cause"}, // no class: the expression decides
		{"sloth_severity", "page", "symptom"},
	} {
		a := rule("node_load1 > 5")
		a.Labels = []catalog.Label{{Key: d.key, Value: d.value}}
		if got := measure.New(&catalog.Estate{}).Alert(a); string(got.Class) != d.want {
			t.Errorf("%s=%s: got %s, want %s", d.key, d.value, got.Class, d.want)
		}
	}
}

func rule(expr string) *catalog.AlertRule {
	at := catalog.Place{File: "alerts.yaml", Line: 1, Col: 1}
	q := promql.ParseRule(catalog.Query{Text: expr, Lang: promql.Detect(expr), At: at})
	return &catalog.AlertRule{Name: catalog.Text{Value: "Rule", At: at}, Expr: q, At: at}
}

func FuzzAlert(f *testing.F) {
	for _, r := range rules {
		f.Add(r.expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		got := measure.New(&catalog.Estate{}).Alert(rule(expr))
		switch got.Class {
		case measure.Symptom, measure.Cause, measure.Meta, measure.Unknown:
		default:
			t.Errorf("no class: %q", got.Class)
		}
		if got.At().Line < 1 || got.Because() == "" {
			t.Errorf("a judgement without place or reason: %+v", got)
		}
	})
}
