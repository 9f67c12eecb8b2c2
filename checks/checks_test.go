package checks_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/grafana"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// now is the day on which the fixtures are judged; their files last changed a month before.
var now = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

const fixtures = "../testdata/checks"

// TestChecks judges the services of each check's archive with that check alone. The name of a service begins with the
// verdict that it must get, and every verdict must occur, so rewriting the golden text cannot approve a wrong one.
func TestChecks(t *testing.T) {
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(fixtures, c.ID+".txtar")
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := judge(t, c, archive)
			compare(t, file, archive, got)
		})
	}
}

func judge(t *testing.T, c *checks.Check, archive *txtar.Archive) string {
	estate, policy := loadArchive(t, archive)
	seen := map[checks.Verdict]bool{}
	var b strings.Builder
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	for _, s := range estate.Services {
		r := c.Inspect(survey.About(s))
		want := verdictOf(s.Name.Value)
		if want == "" {
			continue // a service that the others depend on
		}
		if r.Verdict != want {
			t.Errorf("service %q: got %q (%s), want %q", s.Name.Value, r.Verdict, r.Reason, want)
		}
		seen[r.Verdict] = true
		write(t, &b, s, r)
	}
	for _, v := range []checks.Verdict{checks.Pass, checks.Fail, checks.Unknown, checks.NotApplicable} {
		if !seen[v] {
			t.Errorf("no service of the archive gets the verdict %q", v)
		}
	}
	return b.String()
}

func write(t *testing.T, b *strings.Builder, s *catalog.Service, r checks.Result) {
	fmt.Fprintf(b, "%s: %s, %d of %d met\n", s.Name.Value, r.Verdict, r.Count(checks.Met), len(r.Requirements))
	if len(r.Requirements) == 0 {
		fmt.Fprintf(b, "\t(%s)\n", r.Reason)
	}
	marks := map[checks.State]string{checks.Met: "+", checks.Unmet: "-", checks.Undecided: "?"}
	for _, q := range r.Requirements {
		if q.At.File == "" {
			t.Errorf("service %q: %q has no place", s.Name.Value, q.Message)
		}
		if q.Message == "" || strings.HasSuffix(q.Message, ".") && !strings.HasSuffix(q.Message, "..") {
			t.Errorf("service %q: message %q is empty or ends in a full stop", s.Name.Value, q.Message)
		}
		fmt.Fprintf(b, "\t%s %s: %s\n", marks[q.State], q.At, q.Message)
	}
}

// verdictOf gives the verdict that a fixture's name promises.
func verdictOf(name string) checks.Verdict {
	for _, v := range checks.Verdicts() {
		if strings.HasPrefix(name, strings.ReplaceAll(string(v), " ", "-")) {
			return v
		}
	}
	return ""
}

func loadArchive(t *testing.T, archive *txtar.Archive) (*catalog.Estate, *scorecard.Policy) {
	t.Helper()
	files := map[string]string{}
	policy := scorecard.DefaultPolicy()
	var live *catalog.Live
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
		case "live.json":
			live = readLive(t, f.Data)
		case "obsready.toml":
			var err error
			if policy, err = scorecard.ParsePolicy(f.Name, f.Data, checks.All()); err != nil {
				t.Fatal(err)
			}
		default:
			files[f.Name] = string(f.Data)
		}
	}
	policy.Load.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(context.Background(), tree.FromFiles(files, now.AddDate(0, -1, 0)), policy.Load)
	if err != nil {
		t.Fatal(err)
	}
	if live != nil {
		grafana.Attach(estate, live)
	}
	return estate, policy
}

// readLive reads what a Grafana showed. What is the same in all archives, and the hashes of dashboards, are left out there.
func readLive(t *testing.T, data []byte) *catalog.Live {
	t.Helper()
	file := map[string]any{"format": "obsready live", "version": 1, "url": "https://grafana.example", "fetchedAt": now}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	boards, _ := file["dashboards"].(map[string]any)
	items, _ := boards["items"].([]any)
	for _, item := range items {
		if board := item.(map[string]any); board["json"] != nil {
			board["hash"] = hashOf(t, board["json"])
		}
	}
	full, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	live, err := grafana.ReadSnapshot(bytes.NewReader(full))
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func hashOf(t *testing.T, board any) string {
	t.Helper()
	text, err := json.Marshal(board)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = grafana.Canonical(text); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func compare(t *testing.T, file string, archive *txtar.Archive, got string) {
	t.Helper()
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if i < 0 {
			archive.Files = append(archive.Files, txtar.File{Name: "want"})
			i = len(archive.Files) - 1
		}
		archive.Files[i].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if i < 0 {
		t.Fatalf("%s has no section want. run make golden and read what it writes", file)
	}
	if want := string(archive.Files[i].Data); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

var idForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)

func TestMetadata(t *testing.T) {
	seen := map[string]bool{}
	order := map[checks.Pillar]int{}
	for i, p := range checks.Pillars() {
		order[p] = i
	}
	last := 0
	for _, c := range checks.All() {
		if !idForm.MatchString(c.ID) {
			t.Errorf("the ID %q is not words joined by dashes", c.ID)
		}
		if seen[c.ID] {
			t.Errorf("the ID %q is used twice", c.ID)
		}
		seen[c.ID] = true
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
		if order[c.Pillar] < last {
			t.Errorf("check %q stands under another pillar than its neighbours", c.ID)
		}
		last = order[c.Pillar]
		source := strings.ReplaceAll(c.ID, "-", "_") + ".go"
		if _, err := os.Stat(source); err != nil {
			t.Errorf("check %q does not stand in a file of its own: %v", c.ID, err)
		}
	}
	archives, err := filepath.Glob(filepath.Join(fixtures, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		if id := strings.TrimSuffix(filepath.Base(file), ".txtar"); !seen[id] {
			t.Errorf("%s belongs to no check. is it missing in all.go?", file)
		}
	}
}

// TestPractices keeps every practice judged by checks that exist and that its archive shows, and every check in the
// service of a practice.
func TestPractices(t *testing.T) {
	serves := map[string]bool{}
	for _, p := range slices.Concat(checks.Practices(), checks.Guidelines()) {
		found, err := checks.ByID(p.Checks...)
		if err != nil || len(found) == 0 {
			t.Errorf("practice %q: %d checks, %v", p.Name, len(found), err)
		}
		for _, c := range found {
			serves[c.ID] = true
			if _, err := os.Stat(filepath.Join(fixtures, c.ID+".txtar")); err != nil {
				t.Errorf("practice %q: %v", p.Name, err)
			}
		}
	}
	for _, c := range checks.All() {
		if !serves[c.ID] {
			t.Errorf("check %q serves no practice", c.ID)
		}
	}
}

// TestReadme keeps README.md what the code says. Its examples are the archives' own files, so an example that no longer
// fails cannot stay.
func TestReadme(t *testing.T) {
	got := readme(t)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile("README.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("README.md is stale. run make golden")
	}
}

func readme(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# The checks\n\nWritten by `make golden` from the code and its test archives. Rule set " + checks.RuleSet + ".\n")
	b.WriteString("\n## Practices\n\nEvery practice has checks, every check has an archive of examples, and every check serves a practice.\n\n" + checks.PracticeTable())
	for _, p := range checks.Pillars() {
		if !slices.ContainsFunc(checks.All(), func(c *checks.Check) bool { return c.Pillar == p }) {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n| check | passes when | level | severity |\n|---|---|---|---|\n", p)
		for _, c := range checks.All() {
			if c.Pillar == p {
				fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", c.ID, c.ID, c.Title, c.Level, c.Severity)
			}
		}
		for _, c := range checks.All() {
			if c.Pillar == p {
				fmt.Fprintf(&b, "\n### %s\n\n%s%s", c.ID, c.Explain(), examples(t, c))
			}
		}
	}
	return b.String()
}

// examples shows the findings of the archive: what fails looks like.
func examples(t *testing.T, c *checks.Check) string {
	archive, err := txtar.ParseFile(filepath.Join(fixtures, c.ID+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	estate, policy := loadArchive(t, archive)
	var b strings.Builder
	survey := checks.NewSurvey(estate, &policy.Settings, now)
	for _, s := range estate.Services {
		r := c.Inspect(survey.About(s))
		for _, q := range r.Requirements {
			if q.State == checks.Unmet && b.Len() < 600 {
				fmt.Fprintf(&b, "%s: %s\n", q.At, q.Message)
			}
		}
	}
	return "\nFindings look like this:\n\n```text\n" + b.String() + "```\n"
}
