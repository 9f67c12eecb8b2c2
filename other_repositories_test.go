package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherRepositories reads the evidence of services in folders of other repositories: each service has its own, with
// links to the commit that was read, and the report is the same however many workers there are.
func TestOtherRepositories(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	asked := false
	host := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer host.Close()
	mono := gitRepository(t, root, "mono", map[string]string{
		"services/cart/alerts.yaml":   "groups: [{name: g, rules: [{alert: Errors, expr: 'sum(rate(errors_total{job=\"cart\"}[5m])) > 1', labels: {severity: page}, annotations: {runbook_url: /docs/errors.md, dashboard: overview.json}}, {alert: Rare, expr: 'up{job=\"cart\"} == 0', annotations: {dashboard: /dashboards/all.json}}]}]\n",
		"docs/errors.md":              "# Errors\n\nRoll back with `kubectl rollout undo deploy/cart`.\n",
		"services/cart/overview.json": `{"uid": "cart", "title": "Cart", "schemaVersion": 39, "panels": []}`,
		"services/pay/README.md":      "# Pay\n",
		"SECURITY.md":                 "# Security policy\n\nWrite to security@acme.example.\n",
	})
	address := "file:///" + strings.TrimPrefix(filepath.ToSlash(root), "/")
	gitRepository(t, root, "catalog", map[string]string{
		"obsready.toml":              "[repositories]\nread = true\n",
		"services/cart/service.toml": "name = \"cart\"\nrepository = \"" + address + "/mono//services/cart\"\n",
		"services/pay/service.toml":  "name = \"pay\"\nrepository = \"" + address + "/mono//services/pay\"\n",
		"services/far/service.toml":  "name = \"far\"\nrepository = \"" + host.URL + "/far?token=hunter2\"\n",
	})
	judge := func(name, workers string) string {
		t.Helper()
		var out, errs bytes.Buffer
		args := []string{"scorecard", "-v", "--now", "2026-01-10", "--fail-on", "never", "--cache", filepath.Join(root, "cache"), "--local-repositories", root,
			"--workers", workers, "--out", filepath.Join(root, name), filepath.Join(root, "catalog")}
		if code := run(t.Context(), args, &out, &errs); code != exitReady {
			t.Fatalf("exit code %d\n%s", code, errs.String())
		}
		report, err := os.ReadFile(filepath.Join(root, name, "report.json"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "of the catalog and of 1 other repository") {
			t.Errorf("the head does not say what was read:\n%s", out.String())
		}
		if all := out.String() + errs.String() + string(report); strings.Contains(all, "hunter2") {
			t.Error("it shows what an address holds beside the address")
		}
		return string(report)
	}
	report := judge("one", "1")
	if judge("eight", "8") != report {
		t.Error("the report depends on the number of workers")
	}
	if asked {
		t.Error("a host on this machine is asked")
	}
	for name, want := range map[string]string{
		"cart runbook-exists": "pass", "cart alert-runbook": "pass", "cart alert-dashboard": "unknown", "pay runbook-exists": "fail", "pay alert-symptom": "fail",
		"far runbook-exists": "unknown", "far alert-symptom": "unknown", "far vulnerability-response": "unknown",
	} {
		if got := verdictIn(t, report, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	link := "https://github.com/acme/mono/blob/" + mono + "/services/cart/alerts.yaml#L1"
	if page, err := os.ReadFile(filepath.Join(root, "one", "services", "cart.html")); err != nil || !bytes.Contains(page, []byte(link)) {
		t.Errorf("the page does not lead to %s: %v", link, err)
	}
}

// verdictIn gives the verdict of "service check" in a report.json.
func verdictIn(t *testing.T, report, name string) string {
	t.Helper()
	var r struct {
		Services []struct {
			ID      string
			Results []struct{ Check, Verdict string }
		}
	}
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Services {
		for _, v := range s.Results {
			if s.ID+" "+v.Check == name {
				return v.Verdict
			}
		}
	}
	return ""
}

// gitRepository makes the repository https://github.com/acme/name in a folder, with one commit, and gives its hash.
func gitRepository(t *testing.T, root, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(root, name)
	for file, text := range files {
		file = filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hash := ""
	for _, args := range [][]string{{"init", "-q", "-b", "main", "."}, {"add", "--all"}, {"commit", "-q", "-m", "change"},
		{"remote", "add", "origin", "https://github.com/acme/" + name}, {"rev-parse", "HEAD"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, append(append(os.Environ(), gitEnv...), "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		hash = strings.TrimSpace(string(out))
	}
	return hash
}

// TestHistoryOfOtherRepositories looks back at a service whose alerts are in a repository of its own: each week has that
// repository as it was then, and a change of it is not taken for one of the catalog.
func TestHistoryOfOtherRepositories(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gitRepository(t, root, "cart", map[string]string{"README.md": "# Cart\n"})
	gitCommit(t, filepath.Join(root, "cart"), "2026-01-13T09:00:00Z", map[string]string{
		"alerts.yaml": "groups: [{name: g, rules: [{alert: Errors, expr: 'sum(rate(http_requests_total{job=\"cart\",code=~\"5..\"}[5m])) / sum(rate(http_requests_total{job=\"cart\"}[5m])) > 0.1', labels: {severity: page}}]}]\n",
	})
	address := "file:///" + strings.TrimPrefix(filepath.ToSlash(root), "/")
	gitRepository(t, root, "catalog", map[string]string{
		"obsready.toml":     "[repositories]\nread = true\n",
		"cart/service.toml": "name = \"cart\"\nkind = \"request\"\nrepository = \"" + address + "/cart\"\n",
	})
	var out, errs bytes.Buffer
	args := []string{"scorecard", "-q", "--history", "2w", "--now", "2026-01-15", "--fail-on", "never", "--format", "json", "--cache", filepath.Join(root, "cache"),
		"--local-repositories", root, "--out", filepath.Join(root, "report"), filepath.Join(root, "catalog")}
	if code := run(t.Context(), args, &out, &errs); code != exitReady {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	var r struct {
		History struct {
			Weeks []struct {
				End, Gap string
				Commit   struct{ Hash string }
			}
			Shifts []struct {
				Service, Check, From, To, By string
				Commit                       *struct{ Hash string }
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if n := len(r.History.Weeks); n != 3 {
		t.Fatalf("got %d weeks: %+v", n, r.History.Weeks)
	}
	found := false
	for _, s := range r.History.Shifts {
		if s.Check == "alert-symptom" {
			found = s.From == "fail" && s.To == "pass" && s.By == "a commit"
		}
		if s.Commit != nil && s.Commit.Hash != "" {
			t.Errorf("%s: the catalog did not change, and commit %s is named", s.Check, s.Commit.Hash)
		}
	}
	if !found {
		t.Errorf("alert-symptom became a pass by a commit of the service's repository, which is not told: %+v", r.History.Shifts)
	}
}

// gitCommit adds files to a repository with a commit of the given time.
func gitCommit(t *testing.T, dir, when string, files map[string]string) {
	t.Helper()
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"add", "--all"}, {"commit", "-q", "-m", "change"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, append(append(os.Environ(), gitEnv...), "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}
