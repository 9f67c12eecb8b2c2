package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/promql"
)

// TestCorpora reads the rules of the public corpora, where they are at hand, and compares their number with what is
// known of them.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	for _, c := range []struct {
		corpus             string
		alerts, recordings int // at least
		tests              int
		errors             int // queries that are wrong as they stand there
	}{
		{"giantswarm", 387, 377, 53, 0},
		{"govuk", 74, 21, 19, 0},
		{"kube-prometheus", 139, 95, 0, 0},
		{"mixins-website", 820, 303, 0, 0},
		{"mixins-rendered", 150, 111, 0, 0},
		{"awesome-prometheus-alerts", 954, 0, 0, 0},
		{"slo-sloth", 44, 412, 0, 14}, // MetricsQL's histogram_share
		{"slo-pyrra", 0, 0, 0, 0},
		{"otel-demo", 11, 0, 0, 0},
		{"otel-collector-configs", 0, 0, 0, 0},
		{"repo-hygiene", 0, 0, 0, 0},
		{"catalog-misc", 0, 0, 0, 0},
	} {
		t.Run(c.corpus, func(t *testing.T) {
			facts := readAll(t, root, c.corpus)
			langs, causes := map[catalog.Lang]int{}, map[catalog.Cause]int{}
			errors := 0
			for _, q := range queries(facts) {
				langs[q.Lang]++
				if q.Error != "" && !promql.ByTemplate(q) {
					errors++
					t.Logf("%v: %s: %.200s", q.ErrorAt, q.Error, q.Text)
				}
			}
			for _, g := range facts.Gaps {
				causes[g.Cause]++
				t.Logf("%v", g)
			}
			named := 0
			for _, test := range facts.RuleTests {
				named += len(test.AlertNames)
			}
			t.Logf("%d alerts, %d recording rules, %d tests of %d alerts, queries %v, errors %d, gaps %v",
				len(facts.Alerts), len(facts.Recordings), len(facts.RuleTests), named, langs, errors, causes)
			if len(facts.Alerts) < c.alerts || len(facts.Recordings) < c.recordings || len(facts.RuleTests) < c.tests {
				t.Errorf("want at least %d alerts, %d recording rules and %d tests", c.alerts, c.recordings, c.tests)
			}
			if errors > c.errors {
				t.Errorf("%d queries do not parse, want at most %d", errors, c.errors)
			}
		})
	}
}

// readAll reads the rules of every YAML and JSON file of a corpus.
func readAll(t *testing.T, root, corpus string) catalog.Facts {
	var facts catalog.Facts
	err := filepath.WalkDir(filepath.Join(root, corpus), func(path string, d os.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".yaml" && ext != ".yml" && ext != ".json" && ext != ".rules" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parse := document.ParseYAML
		if ext == ".json" {
			parse = document.ParseJSON
		}
		docs, _ := parse(strings.TrimPrefix(path, root+"/"), data)
		for _, d := range document.Flatten(docs) {
			inner, _ := document.Embedded(d)
			for _, d := range append([]document.Document{d}, inner...) {
				if f, ok := Read(d); ok {
					facts.Add(f)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func queries(facts catalog.Facts) []catalog.Query {
	var all []catalog.Query
	for _, a := range facts.Alerts {
		all = append(all, a.Expr)
	}
	for _, r := range facts.Recordings {
		all = append(all, r.Expr)
	}
	return all
}
