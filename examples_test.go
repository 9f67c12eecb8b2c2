package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"obsready/catalog/jsonnet"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/checks/custom"
	"obsready/reports"
	"obsready/scorecard"
)

// The goldens show what the program says of each example catalog, from its files to the findings.
func TestExamples(t *testing.T) {
	for _, name := range []string{"one-list", "helm-values", "namespaces"} {
		t.Run(name, func(t *testing.T) {
			report := exampleReport(t, exampleFiles(t, name))
			followsSchema(t, report)
			got := rendered(t, report, "text") + "\n" + rendered(t, report, "lines") + "\n"
			golden := filepath.Join("testdata", "examples", name+".report.golden")
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// hostileCheck is an own check whose every text is an attack on some format.
const hostileCheck = `{
  title: 'It is <script>alert(1)</script> | so', why: '<img src=x onerror=alert(2)> [x](javascript:alert(3))\u001b[31m', fix: 'Do <b>\u202e',
  source: '<svg onload=alert(4)>', severity: 'low', level: 'gold', pillar: 'alerts',
  check(service):: [
    { state: 'unmet', message: '\u001b[31m<script>alert(5)</script> | a\nb\r\n::error::x [l](javascript:alert(6)) \u202e' },
    { state: 'unmet', cause: '<svg onload=alert(7)>\u0007', message: 'x' },
    { state: 'met', message: '<svg onload=alert(8)>\u009b' },
  ],
}`

// What own checks say is text in every format, whatever it is, and the JSON keeps to its schema, also with checks that do
// not work.
func TestHostileOwnChecks(t *testing.T) {
	files := exampleFiles(t, "one-list")
	files["checks/hostile.jsonnet"] = hostileCheck
	files["checks/broken.jsonnet"] = "{ severity: [, }"
	files["checks/failing.jsonnet"] = strings.Replace(hostileCheck, "check(service)::", "check(service):: error '<script>\\u001b', other::", 1)
	report := exampleReport(t, files)
	followsSchema(t, report)

	steers := regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202e]")
	for _, format := range []string{"text", "lines", "markdown"} {
		if found := steers.FindString(rendered(t, report, format)); found != "" {
			t.Errorf("%s has %q", format, found)
		}
	}
	dir := filepath.Join(t.TempDir(), "report")
	if err := reports.WriteDirectory(dir, report); err != nil {
		t.Fatal(err)
	}
	active := regexp.MustCompile(`<script>alert|<svg onload|<img src=x|href="?javascript:`)
	told := 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		page, err := fs.ReadFile(os.DirFS(dir), name)
		if found := active.Find(page); found != nil {
			t.Errorf("%s has %s", name, found)
		}
		told += bytes.Count(page, []byte("&lt;script&gt;alert(1)"))
		return err
	})
	if err != nil || told == 0 {
		t.Errorf("the pages tell of the check %d times, %v", told, err)
	}
}

// exampleFiles gives the files of an example catalog by their paths in it.
func exampleFiles(t *testing.T, name string) map[string]string {
	t.Helper()
	files, dir := map[string]string{}, os.DirFS(filepath.Join("testdata", "examples", name))
	err := fs.WalkDir(dir, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, file)
		files[file] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// exampleReport judges a catalog with its own checks.
func exampleReport(t *testing.T, files map[string]string) *scorecard.Report {
	t.Helper()
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	ctx, tr, runner := context.Background(), tree.FromFiles(files, now.AddDate(0, -1, 0)), jsonnet.New(jsonnet.Options{Timeout: time.Minute})
	programs, err := load.Programs(tr, 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer programs.Close()
	own, gaps := custom.Load(ctx, runner, programs, "")
	set := own.With(checks.All())
	policy, err := scorecard.ParsePolicy("obsready.toml", []byte(files["obsready.toml"]), set)
	if err != nil {
		t.Fatal(err)
	}
	policy.Load.Jsonnet = runner
	estate, err := load.Load(ctx, tr, policy.Load)
	if err != nil {
		t.Fatal(err)
	}
	estate.AddGaps(append(gaps, own.Ask(ctx, estate, now.Format(time.DateOnly), 2)...))
	return scorecard.Evaluate(estate, policy.CheckSet(set), policy, now, 2)
}

func rendered(t *testing.T, report *scorecard.Report, format string) string {
	t.Helper()
	f, err := reports.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, report, reports.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// followsSchema checks report.json of a report against its JSON Schema.
func followsSchema(t *testing.T, report *scorecard.Report) {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(reports.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(rendered(t, report, "json")))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(instance); err != nil {
		t.Error(err)
	}
}

// The programs of README.md do what it says of them.
func TestReadmePrograms(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```jsonnet\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) != 2 {
		t.Fatalf("README.md has %d programs", len(blocks))
	}
	report := exampleReport(t, map[string]string{
		"services.yaml":             "teams:\n  - id: pay\n    slack: '#pay'\nservices:\n  - id: checkout\n    squad: pay\n    criticality: high\n",
		"apps/checkout/deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: checkout\nspec: {template: {spec: {containers: [{name: c, image: 'r/c:1'}]}}}\n",
		"catalog.jsonnet":           string(blocks[0][1]),
		"checks/cost.jsonnet":       string(blocks[1][1]),
	})
	lines := rendered(t, report, "lines")
	for _, want := range []string{
		"apps/checkout/deploy.yaml:1:1: Deployment \"checkout\" has no label cost-centre. add it [acme-cost-centre] (checkout)\n",
		"services.yaml:5:9: service \"checkout\" has no runbook",
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("there is no %q in\n%s", want, lines)
		}
	}
	if len(report.Estate.Gaps) > 0 || report.Cards[0].Service.Tier.Value != "1" || report.Cards[0].Service.Owner.Team == nil {
		t.Errorf("got %v, %+v", report.Estate.Gaps, report.Cards[0].Service)
	}
}
