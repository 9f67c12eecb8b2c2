package reports

import (
	"errors"
	"io"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// TestMetricsAreReadByPrometheus has the parsers of Prometheus read the metrics, as text format 0.0.4 and as OpenMetrics
// 1.0, and asks for the same of both.
func TestMetricsAreReadByPrometheus(t *testing.T) {
	for name, r := range metricReports() {
		text := []byte(render(t, "openmetrics", r, Options{}))
		plainText, open := parseMetrics(t, name, text, "text/plain; version=0.0.4"), parseMetrics(t, name, text, "application/openmetrics-text; version=1.0.0")
		if plainText == 0 || plainText != open {
			t.Errorf("%s: %d and %d series were found", name, plainText, open)
		}
	}
}

// parseMetrics gives the number of series in a text of the given type.
func parseMetrics(t *testing.T, name string, text []byte, contentType string) int {
	t.Helper()
	p, err := textparse.New(text, contentType, labels.NewSymbolTable(), textparse.ParserOptions{})
	if err != nil {
		t.Fatal(err)
	}
	seen, gauges := map[string]bool{}, map[string]bool{}
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return len(seen)
		}
		if err != nil {
			t.Fatalf("%s as %s: %v", name, contentType, err)
		}
		switch entry {
		case textparse.EntryType:
			metric, kind := p.Type()
			gauges[string(metric)] = kind == "gauge"
		case textparse.EntrySeries:
			series, at, _ := p.Series()
			var all labels.Labels
			p.Labels(&all)
			if at != nil || seen[all.String()] || !gauges[all.Get("__name__")] {
				t.Errorf("%s as %s: %s has a time, stands there twice or is no gauge", name, contentType, series)
			}
			seen[all.String()] = true
		}
	}
}
