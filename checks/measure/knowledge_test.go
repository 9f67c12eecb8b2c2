package measure

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// TestEntriesAreUsed holds every entry of the tables to a series that it is the best entry for: one of the rules of
// testdata/rules.txt, or a name of testdata/metrics.txt, which says what its subject is.
func TestEntriesAreUsed(t *testing.T) {
	used := map[*entry]bool{}
	for name := range namesOfRules(t) {
		cut, _ := cutRecorded(name)
		used[known().find(normal(cut))] = true
		used[known().find(normal(name))] = true
	}
	for number, line := range tableLines(read(t, "testdata/metrics.txt")) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			t.Fatalf("testdata/metrics.txt:%d: %q is no line of side, dimension and metrics", number, line)
		}
		for _, metric := range fields[2:] {
			e := known().find(normal(metric))
			used[e] = true
			if e == nil || string(e.side) != fields[0] || strings.ReplaceAll(string(e.dimension), " ", "-") != strings.TrimPrefix(fields[1], "-") {
				t.Errorf("testdata/metrics.txt:%d: %s is said to be %s %s, the tables say %+v", number, metric, fields[0], fields[1], e)
			}
		}
	}
	for _, e := range entries() {
		if !used[e] {
			t.Errorf("no test has a series for %s %s %s", e.side, e.dimension, e.pattern)
		}
	}
}

func entries() []*entry {
	all := slices.Clone(known().generic)
	for _, list := range known().byFirst {
		all = append(all, list...)
	}
	return all
}

// namesOfRules gives the metrics of testdata/rules.txt.
func namesOfRules(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, line := range strings.Split(read(t, "testdata/rules.txt"), "\n") {
		parts := strings.SplitN(line, " | ", 3)
		if len(parts) < 3 {
			continue
		}
		expr, _, err := promql.Expr(catalog.Query{Text: parts[2], Lang: catalog.PromQL})
		if err != nil {
			continue
		}
		parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
			if s, ok := n.(*parser.VectorSelector); ok {
				names[newSeries(s, nil).metric] = true
			}
			return nil
		})
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTables holds the tables to their form.
func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range entries() {
		if seen[e.pattern] {
			t.Errorf("the pattern %q stands there twice", e.pattern)
		}
		seen[e.pattern] = true
		if normal(strings.ReplaceAll(e.pattern, "*", "_")) != strings.ReplaceAll(e.pattern, "*", "_") {
			t.Errorf("%q matches no name: names are compared in lower case with _ for every other sign", e.pattern)
		}
	}
	for _, path := range []string{"knowledge/words.txt", "knowledge/outcomes.txt"} {
		seen := map[string]bool{}
		for number, line := range tableLines(read(t, path)) {
			fields := strings.Fields(line)
			for _, w := range fields[1:] {
				if key := fields[0] + " " + w; seen[key] || w != strings.ToLower(w) {
					t.Errorf("%s:%d: %q stands there twice, or is not in lower case", path, number, key)
				} else {
					seen[key] = true
				}
			}
		}
	}
}

func TestFaultyTables(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"web.txt", "nobody - x_*", `knowledge/web.txt:1: "nobody" is not whose a series can be`},
		{"web.txt", "# a\n\nusers speed x_*", `knowledge/web.txt:3: "speed" is no dimension`},
		{"words.txt", "failing", `knowledge/words.txt:1: "failing" says nothing`},
	} {
		_, err := readKnowledge(fstest.MapFS{"knowledge/" + c.file: {Data: []byte(c.text)}})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.text, err, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for name, want := range map[string]string{
		"ClusterMemoryPool_BlockedNodes":                            "cluster memory pool blocked nodes",
		"kafka_server_brokertopicmetrics_failedfetchrequests_total": "kafka server brokertopicmetrics failed fetch requests total",
		"http.server.request.duration":                              "http server request duration",
		"aws_x_5_xx_count":                                          "aws x 5 5xx count",
		"":                                                          "",
	} {
		if got := strings.Join(split(name), " "); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestCutRecorded(t *testing.T) {
	for name, want := range map[string][2]string{
		"job:http_requests:rate5m":             {"http_requests", "rate5m"},
		"http_requests:rate5m":                 {"http_requests", "rate5m"},
		"vllm:num_requests_waiting":            {"vllm_num_requests_waiting", ""},
		"a:b:c:p99_rate1h":                     {"b_c", "p99_rate1h"},
		"http_requests:burnrate5m":             {"http_requests_burnrate5m", ""},
		":tensorflow:serving:queuing_sum_time": {"tensorflow_serving_queuing_sum_time", ""},
		"up":                                   {"up", ""},
	} {
		if metric, operations := cutRecorded(name); metric != want[0] || operations != want[1] {
			t.Errorf("%s: got %s, %s, want %v", name, metric, operations, want)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"up", "up", true}, {"up", "upx", false}, {"node_*", "node_load1", true}, {"*_up", "mysql_up", true}, {"*a*b*", "xaxbx", true},
		{"*a*b*", "xbxa", false}, {"*a*a", "a", false}, {"*a*a", "aa", true}, {"kafka_*failed*produce*", "kafka_x_failed_y_produce", true},
	} {
		e := &entry{pattern: c.pattern, pieces: strings.Split(c.pattern, "*")}
		if got := e.matches(c.name); got != c.want {
			t.Errorf("%s on %s: got %v", c.pattern, c.name, got)
		}
	}
}
