package reports_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/reports"
	"obsready/scorecard"
)

// TestNoSecretIsWritten puts a credential wherever people can write something that reports quote, and looks for it in
// every output.
func TestNoSecretIsWritten(t *testing.T) {
	const password = "v8Kq2zR7mWx4TnB9"
	address := "https://deploy:" + password + "@git.larkspur.dev/checkout"
	files := map[string]string{
		"team.toml":         "name = \"payments\"\ncontact = \"" + address + "\"\nsecurity = \"" + address + "\"\n",
		"checkout/go.mod":   "module checkout\n\ngo 1.26\n\nrequire example.org/x v1.0.0\n",
		"attestations.toml": "[[attestation]]\ncheck = \"secrets-scanned\"\nstatement = \"" + address + "\"\nlink = \"" + address + "\"\nowner = \"ada\"\nuntil = \"2026-01-01\"\n",
		"checkout/service.toml": "name = \"checkout\"\nowner = \"payments\"\ntier = 1\nexposure = \"internet\"\ndata = [\"payment\"]\nrepository = \"" + address + "\"\ndescription = \"Uses " + address + "\"\n" +
			"[recovery]\nrto = \"" + address + "\"\nplan = \"" + address + "\"\nrollback = \"curl " + address + "\"\n[links]\nrunbook = \"" + address + "\"\n",
		"checkout/alerts.yaml":                    "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up{job=\"checkout\"} == 0\n    labels: {severity: page}\n    annotations: {runbook_url: '" + address + "', summary: 'see " + address + "'}\n",
		"checkout/runbooks/down.md":               "# Down\n\n## Mitigation\n\n1. curl " + address + " and wait for it to be done\n2. Restart the pods of the service\n3. Look at the dashboard again\n",
		"checkout/runbooks/other.md":              "# Other\n\n## Mitigation\n\n1. curl " + address + " and wait for it to be done\n2. Restart the pods of the service\n3. Look at the dashboard again\n",
		"checkout/threat-model.md":                "# Threats of " + address + "\n\n## What can go wrong?\n\n- Somebody reads " + address + ". Owner: " + address + "\n",
		"checkout/recovery.md":                    "# Recovery of checkout\n\nRTO: " + address + "\n\n## Steps\n\n1. curl " + address + "\n",
		"checkout/toil.csv":                       "task,category,often,lasts,ticket\ncurl " + address + ",data fixes,weekly,2h," + address + "\n",
		"checkout/postmortems/2026-01-02-down.md": "# Down\n\n**Date:** 2026-01-02\n\n## Root cause\n\nAda forgot " + address + "\n\n## Action items\n\n- Take " + address + " out. Owner: ada. Due: 2026-02-01\n",
		"checkout/.github/workflows/ci.yaml":      "name: '" + address + "'\non: [push]\njobs:\n  deploy:\n    runs-on: x\n    environment: '" + address + "'\n    steps:\n    - run: curl " + address + " && kubectl apply -f .\n",
		"checkout/SECURITY.md":                    "# Security policy\n\nReport to " + address + " within 3 days.\n",
	}
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	policy := scorecard.DefaultPolicy()
	policy.Load.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(context.Background(), tree.FromFiles(files, now.AddDate(0, -1, 0)), policy.Load)
	if err != nil {
		t.Fatal(err)
	}
	if len(estate.Secrets) < 10 {
		t.Errorf("only %d credentials were found", len(estate.Secrets))
	}
	r := scorecard.Evaluate(estate, checks.All(), policy, now, 1)
	dir := filepath.Join(t.TempDir(), "report")
	if err := reports.WriteDirectory(dir, r); err != nil {
		t.Fatal(err)
	}
	for _, f := range reports.Formats() {
		var b bytes.Buffer
		if err := f.Write(&b, r, reports.Options{Width: 200}); err != nil {
			t.Fatal(err)
		}
		lookFor(t, password, f.Name, b.String())
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		lookFor(t, password, path, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lookFor(t *testing.T, secret, where, text string) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if at := strings.Index(line, secret); at >= 0 {
			t.Errorf("%s:%d: …%s", filepath.Base(where), i+1, line[max(0, at-160):min(len(line), at+60)])
		}
	}
}
