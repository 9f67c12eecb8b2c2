package measure_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// explained are rules whose reasons stand in testdata/reasons.txt, as users read them.
var explained = []string{
	`sum(rate(http_requests_total{job="shop", code=~"5.."}[5m])) / sum(rate(http_requests_total{job="shop"}[5m])) > 0.02`,
	`1 - sum(rate(grpc_server_handled_total{grpc_code="OK"}[5m])) / sum(rate(grpc_server_handled_total[5m])) > 0.01`,
	`histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 1`,
	`sum(rate(http_request_duration_seconds_bucket{le="0.3"}[5m])) / sum(rate(http_request_duration_seconds_count[5m])) < 0.95`,
	`rate(apache_duration_ms_total[5m]) / rate(apache_accesses_total[5m]) > 500`,
	`job:errors:ratio_rate5m{job="shop"} > 0.01`,
	`sum(rate(http_requests_total[5m])) < 0.5 * sum(rate(http_requests_total[5m] offset 1w))`,
	`absent(up{job="shop"})`,
	`up{job="shop"} == 0`,
	`up{job="node-exporter"} == 0`,
	`sum(up{job="shop"}) == 0`,
	`probe_success{job="public"} == 0`,
	`max(sidekiq_queue_latency_seconds) > 60`,
	`time() - export_last_success_timestamp_seconds > 7200`,
	`time() - db_backup_last_success_timestamp_seconds > 86400`,
	`node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1 and predict_linear(node_filesystem_avail_bytes[6h], 86400) < 0`,
	`increase(kube_pod_container_status_restarts_total[15m]) > 3`,
	`x509_cert_not_after - time() < 86400 * 7`,
	`rate(controller_runtime_reconcile_errors_total[5m]) > 0`,
	`slo:sli_error:ratio_rate5m{sloth_slo="x"} > 14.4 * 0.001 and slo:sli_error:ratio_rate1h{sloth_slo="x"} > 14.4 * 0.001`,
	`sum(rate(http_requests_total{code="500"}[5m])) > 1 unless on () maintenance == 1`,
	`node_load1 > 4 and on () sum(rate(http_requests_total{code="500"}[5m])) > 5`,
	`vector(1)`,
	`rate(prometheus_notifications_dropped_total[5m]) > 0`,
	`sum(rate({app="shop"} | json | status >= 500 [5m])) / sum(rate({app="shop"} | json [5m])) > 0.05`,
	`sum(count_over_time({app="shop"} |= "payment failed" [10m])) > 5`,
	`shop_things > 3`,
	`rate(shop_errors_total[5m]) > 0`,
}

// TestReasons holds what users read to testdata/reasons.txt, which UPDATE_GOLDEN writes anew.
func TestReasons(t *testing.T) {
	const path = "testdata/reasons.txt"
	m := meter(recording(7, "job:errors:ratio_rate5m", `sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))`))
	var out strings.Builder
	for _, expr := range explained {
		j := m.Alert(rule(expr))
		fmt.Fprintf(&out, "%s\n  %s, %s (%s)\n", expr, j.Class, j.Dimension, j.Confidence)
		for _, r := range j.Reasons {
			fmt.Fprintf(&out, "  %d: %s\n", r.At.Col, r.Text)
		}
		out.WriteString("\n")
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the reasons are not those of %s. UPDATE_GOLDEN=1 writes them anew:\n%s", path, out.String())
	}
}
