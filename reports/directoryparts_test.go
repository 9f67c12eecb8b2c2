package reports

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"obsready/reports/site"
)

// TestDirectoryHolds looks for every file that the doc comment of WriteDirectory names, beside the pages.
func TestDirectoryHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	r := withPast(t)
	if err := WriteDirectory(dir, r); err != nil {
		t.Fatal(err)
	}
	for format, file := range map[string]string{"csv": "services.csv", "csv-findings": "findings.csv", "openmetrics": "metrics.prom", "json": reportFile} {
		if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != render(t, format, r, Options{}) {
			t.Errorf("%s is not what the format %s writes (error %v)", file, format, err)
		}
	}
	for i, page := range site.TeamPages(r) {
		var want bytes.Buffer
		if err := writeTeamDigest(&want, r, r.Teams[i]); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, besidePage(page, ".md"))); err != nil || string(got) != want.String() {
			t.Errorf("the digest beside %s is not the team's (error %v)", page, err)
		}
		expectFile(t, filepath.Join(dir, page))
		expectFile(t, filepath.Join(dir, "badges", besidePage(page, ".svg")))
	}
	for _, page := range site.ServicePages(r) {
		expectFile(t, filepath.Join(dir, page))
		expectFile(t, filepath.Join(dir, "badges", besidePage(page, ".svg")))
	}
	for _, file := range []string{"index.html", "badges/estate.svg", "feed.atom", "dashboard.json", "deadlines.json", "deadlines.ics"} {
		expectFile(t, filepath.Join(dir, file))
	}
	if p, err := OpenPrevious(dir); err != nil || len(p.Services) != len(r.Cards) {
		t.Errorf("the next run cannot compare with the directory: %v", err)
	}
	if err := WriteDirectory(dir, sample()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "feed.atom")); err == nil {
		t.Error("there is a feed without a history")
	}
}

func expectFile(t *testing.T, name string) {
	t.Helper()
	if info, err := os.Stat(name); err != nil || info.Size() == 0 {
		t.Errorf("%s is empty or not there: %v", name, err)
	}
}

func TestOpenPreviousSaysWhichFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenPrevious(dir); err == nil || !strings.Contains(err.Error(), "report.json") || !strings.Contains(err.Error(), "--previous") {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, reportFile), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPrevious(dir); err == nil || !strings.Contains(err.Error(), "report.json") {
		t.Errorf("got %v", err)
	}
}
