package main

import (
	"bytes"
	"context"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestBrowser opens pages of the demo's report from the disk in Chromium: they are drawn, the script that sorts and
// filters runs, and nothing breaks the pages' own content security policy. OBSREADY_BROWSER names the browser; without
// it the test is skipped when no browser is found.
func TestBrowser(t *testing.T) {
	browser := findBrowser(t)
	_, report := demo(t, t.TempDir())
	for _, page := range []struct {
		file  string
		shows []string // texts of the drawn page, in any order
	}{
		{"index.html", []string{"<h1", "Next best actions", "Services", `<button type="button">Service`, `class="filter"`}},
		{onePage(t, report, "teams"), []string{"<h1", `<button type="button">Service`}},
		{onePage(t, report, "services"), []string{"<h1", "Next best actions"}},
	} {
		t.Run(page.file, func(t *testing.T) {
			s := look(t, browser, filepath.Join(report, page.file))
			for _, text := range page.shows {
				if !strings.Contains(s.dom, text) {
					t.Errorf("the page does not show %q", text)
				}
			}
			if len(s.complaints) > 0 {
				t.Errorf("the browser complains:\n%s", strings.Join(s.complaints, "\n"))
			}
			if s.colors < 8 {
				t.Errorf("the page is drawn with %d colours. it looks blank", s.colors)
			}
		})
	}
}

// TestBrowserComplains proves that TestBrowser would notice: a page that breaks its own policy, and shows nothing.
func TestBrowserComplains(t *testing.T) {
	browser := findBrowser(t)
	file := filepath.Join(t.TempDir(), "broken.html")
	html := `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><script>document.title = "x"</script>`
	if err := os.WriteFile(file, []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := look(t, browser, file); len(s.complaints) == 0 || s.colors >= 8 {
		t.Errorf("complaints %q, %d colours; expected a complaint about the script, and a blank page", s.complaints, s.colors)
	}
}

func findBrowser(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("OBSREADY_BROWSER"); named != "" {
		return named
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Skip("there is no Chromium. name one in OBSREADY_BROWSER")
	return ""
}

// onePage gives the first page of a folder of the report.
func onePage(t *testing.T, report, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(report, folder))
	if err != nil || len(entries) == 0 {
		t.Fatalf("the report has no pages in %s: %v", folder, err)
	}
	return filepath.Join(folder, entries[0].Name())
}

// sight is what a browser made of a page.
type sight struct {
	dom        string   // after its script ran
	complaints []string // of the browser's console
	colors     int      // different colours on the first screen
}

var consoleLine = regexp.MustCompile(`(?m)^\[.*\bCONSOLE\b.*$`)

// look opens a file in a fresh browser that talks to no network.
func look(t *testing.T, browser, file string) sight {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	dir := t.TempDir()
	picture := filepath.Join(dir, "screen.png")
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(file)}
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--window-size=1280,900", "--enable-logging=stderr",
		"--dump-dom", "--screenshot="+picture, address.String())
	var dom, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &dom, &log
	cmd.WaitDelay = 5 * time.Second // for what the browser leaves behind
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, log.Bytes())
	}
	return sight{dom.String(), consoleLine.FindAllString(log.String(), -1), colorsOf(t, picture)}
}

func colorsOf(t *testing.T, picture string) int {
	t.Helper()
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r, g, b, _ := img.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}
