package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"
)

func TestBrowserOdd(t *testing.T) {
	b, axe := openBrowser(t), axeSource(t)
	for name, files := range map[string]map[string]string{
		"names":   {"services.toml": oddServices(), "team.toml": "[[team]]\nname = \"" + strings.Repeat("t", 200) + "\"\n[[team]]\nname = \"idle\"\n", "alerts.yaml": "groups: [\n"},
		"alone":   {"service.toml": "name = \"alone\"\n"},
		"retired": {"service.toml": "name = \"gone\"\nlifecycle = \"retired\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			report := reportOf(t, files)
			pages, err := filepath.Glob(filepath.Join(report, "services", "*.html"))
			if err != nil || len(pages) == 0 {
				t.Fatalf("no services: %v", err)
			}
			pages = append(pageKindsOf(t, report, "teams", "checks"), relative(t, report, pages)...)
			eachPage(t, pages, func(t *testing.T, page string) {
				p := b.tab(t)
				p.open(filepath.Join(report, filepath.FromSlash(page)), "")
				fits(p)
				if axe == "" {
					return
				}
				for _, line := range p.axe(axe) {
					t.Error(line)
				}
			})
		})
	}
}

func oddServices() string {
	var b strings.Builder
	for _, name := range []string{
		strings.Repeat("long", 50), strings.Repeat("two words ", 20), strings.Repeat("👩🏽\u200d🚀", 20), "שירות-תשלום", "\u202egnp.exe", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "a&amp;b", "javascript:alert(1)", "=cmd|' /C calc'!A0",
	} {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
		b.WriteString("[[service]]\nname = \"" + quoted + "\"\ndescription = \"" + quoted + "\"\nowner = \"" + strings.Repeat("t", 200) + "\"\ntier = 1\nlifecycle = \"production\"\n")
	}
	return b.String()
}

func reportOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	catalog, report := filepath.Join(dir, "catalog"), filepath.Join(dir, "report")
	for name, text := range files {
		if err := os.MkdirAll(catalog, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(catalog, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "--quiet", "--initial-branch=main"}, {"add", "--all"}, {"commit", "--quiet", "--message", "all"}} {
		git := exec.Command("git", append([]string{"-C", catalog}, args...)...)
		git.Env = append(os.Environ(), gitEnv...)
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"scorecard", catalog, "--out", report, "--now", "2099-01-01", "--fail-on", "never", "--cache", filepath.Join(dir, "cache")}, &stdout, &stderr); code != exitReady {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	return report
}

func TestBrowserLargeEstate(t *testing.T) {
	if goruntime.GOOS == "windows" || testing.Short() {
		t.Skip("the generator of estates is for unix, and takes a while")
	}
	b := openBrowser(t)
	sizes := []int{1000}
	if os.Getenv("OBSREADY_BROWSER_LARGE") != "" {
		sizes = append(sizes, 10000)
	}
	for _, services := range sizes {
		t.Run(strconv.Itoa(services), func(t *testing.T) { usesALargeEstate(t, b, services) })
	}
}

func usesALargeEstate(t *testing.T, b browser, services int) {
	dir := t.TempDir()
	estate, report := filepath.Join(dir, "estate.git"), filepath.Join(dir, "report")
	if out, err := exec.Command("go", "run", "./testdata/estate", "-services", strconv.Itoa(services), "-out", estate).CombinedOutput(); err != nil {
		t.Fatalf("could not write the estate: %v\n%s", err, out)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"scorecard", estate, "--out", report, "--now", "2026-07-01", "--fail-on", "never", "--cache", filepath.Join(dir, "cache")}, &stdout, &stderr); code != exitReady {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	if size := sizeOf(t, filepath.Join(report, "index.html")); services <= 1000 && size >= 300_000 {
		t.Errorf("index.html has %d bytes", size)
	}
	for _, page := range pageKinds(t, report) {
		p := b.tab(t)
		p.width(wide)
		file := filepath.Join(report, filepath.FromSlash(page))
		p.open(file, "")
		t.Logf("%-40s %7d KB, loaded after %s ms", page, sizeOf(t, file)/1000, eval[string](p, loaded))
	}
	p := b.tab(t)
	p.width(wide)
	p.open(filepath.Join(report, "services.html"), "")
	p.until(`document.getElementById("told").textContent.startsWith("All ")`)
	for _, action := range []struct{ name, expression string }{
		{"search", `f.elements.q.value = "checkout", f.elements.q.dispatchEvent(new Event("input", {bubbles: true}))`},
		{"clear", `f.elements.q.value = "", f.elements.q.dispatchEvent(new Event("input", {bubbles: true}))`},
		{"filter", `f.elements.verdict.value = "fail", f.elements.verdict.dispatchEvent(new Event("change", {bubbles: true}))`},
		{"sort", `document.querySelector("table.services th button").click()`},
	} {
		ms := eval[float64](p, `(() => { const f = document.getElementById("find"), began = performance.now(); `+action.expression+`; document.body.offsetHeight; return performance.now() - began })()`)
		t.Logf("%-40s drawn after %.0f ms: %s", action.name, ms, eval[string](p, `document.getElementById("told").textContent`))
	}
	if n := eval[int](p, `document.querySelectorAll("table.services tbody tr").length`); n == 0 || n > 1000 {
		t.Errorf("%d rows are drawn at once", n)
	}
	p.width(narrow)
	if over := tooWide(p); over != "" {
		t.Errorf("the page scrolls sideways: %s", over)
	}
}

const loaded = `(n => n.domInteractive.toFixed(0) + " to " + n.loadEventEnd.toFixed(0))(performance.getEntriesByType("navigation")[0])`
