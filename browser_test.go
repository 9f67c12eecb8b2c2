package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestBrowser clicks through the demo's report from the disk in Chromium, as its readers do: with a mouse, with a keyboard
// alone, without scripts, on paper, in the dark and on a phone. Whatever a page does, the browser must not complain and
// nothing but files may be asked for.
func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	_, report := demo(t, t.TempDir())
	pages := pageKinds(t, report)
	at := func(page string) string { return filepath.Join(report, filepath.FromSlash(page)) }
	t.Run("pages", func(t *testing.T) { eachPage(t, pages, func(t *testing.T, page string) { looksRight(t, b, at(page)) }) })
	t.Run("without scripts", func(t *testing.T) {
		eachPage(t, pages, func(t *testing.T, page string) { readsWithoutScripts(t, b, at(page)) })
	})
	t.Run("print", func(t *testing.T) { eachPage(t, pages, func(t *testing.T, page string) { prints(t, b, at(page)) }) })
	t.Run("keyboard", func(t *testing.T) {
		eachPage(t, pages, func(t *testing.T, page string) { tabsThrough(t, b, at(page)) })
	})
	t.Run("search", func(t *testing.T) { findsAService(t, b, report) })
	t.Run("filter", func(t *testing.T) { filtersServices(t, b, at("services.html")) })
	t.Run("sort", func(t *testing.T) { sortsServices(t, b, at("services.html")) })
	t.Run("deep link", func(t *testing.T) {
		showsPlaces(t, b, at("services/checkout.html"), ".pillar article[id]", ".pillar li[id]", "#idle [id]") // verdicts
		showsPlaces(t, b, at("services/storefront.html"), "details:not([open]) [id]")
	})
	t.Run("copy", func(t *testing.T) { copies(t, b, report) })
}

// TestBrowserOdd opens the report of an estate that is hard to lay out: names of 200 characters, of emoji, from right to
// left and of markup, a team without services, a service of which nothing could be read, and an estate with one service.
// oddServices gives the entries of services with odd names, whose owners are as odd.
// reportOf gives the report directory about a catalog of the given files.
// TestBrowserAxe has axe-core look at every kind of page of the demo's report, in both colour schemes, wide and narrow.
// OBSREADY_AXE names its axe.min.js.
func TestBrowserAxe(t *testing.T) {
	axe := axeSource(t)
	if axe == "" {
		t.Skip("there is no axe-core. name an axe.min.js in OBSREADY_AXE")
	}
	b := openBrowser(t)
	_, report := demo(t, t.TempDir())
	eachPage(t, pageKinds(t, report), func(t *testing.T, page string) {
		p := b.tab(t)
		for _, scheme := range []string{"light", "dark"} {
			for _, columns := range []int64{wide, narrow} {
				p.media("screen", scheme)
				p.width(columns)
				p.open(filepath.Join(report, filepath.FromSlash(page)), "")
				eval[int](p, `(document.querySelectorAll("details").forEach(d => { d.open = true }), 0)`)
				for _, line := range p.axe(axe) {
					t.Errorf("%s, %s, %d columns: %s", page, scheme, columns, line)
				}
			}
		}
	})
}

// TestBrowserComplains proves that the other tests would notice.
func TestBrowserComplains(t *testing.T) {
	b := openBrowser(t)
	for _, test := range []struct{ name, html, complaint string }{
		{"nothing", `<p>fine</p>`, ""},
		{"console", `<script>console.error("it broke", 7)</script>`, `console.error: "it broke"`},
		{"exception", `<script>null.x</script>`, "exception: "},
		{"policy", `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><script>document.title = "x"</script>`, "Content Security Policy"},
		{"style", `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p style="color: red">x</p>`, "Content Security Policy"},
		{"outside", `<img src="http://obsready.invalid/x.png" alt="">`, "asks for http://obsready.invalid/x.png"},
		{"missing", `<img src="missing.png" alt="">`, "ERR_FILE_NOT_FOUND"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := b.quietTab(t)
			p.open(writePage(t, test.html), "")
			heard := strings.Join(p.heard(), "\n")
			if (test.complaint == "") != (heard == "") || !strings.Contains(heard, test.complaint) {
				t.Errorf("heard %q, expected %q", heard, test.complaint)
			}
		})
	}
	t.Run("width", func(t *testing.T) {
		p := b.quietTab(t)
		p.width(narrow)
		p.open(writePage(t, `<div style="width: 500px">wide</div>`), "")
		if tooWide(p) == "" {
			t.Error("a page that is too wide is not noticed")
		}
	})
	t.Run("axe", func(t *testing.T) {
		axe := axeSource(t)
		if axe == "" {
			t.Skip("there is no axe-core. name an axe.min.js in OBSREADY_AXE")
		}
		p := b.quietTab(t)
		p.open(writePage(t, `<p style="color: #ccc; background: #fff">faint</p><input>`), "")
		lines := strings.Join(p.axe(axe), "\n")
		for _, rule := range []string{"color-contrast (serious)", "label (critical)"} {
			if !strings.Contains(lines, rule) {
				t.Errorf("axe says %q, and not %s", lines, rule)
			}
		}
	})
}

func writePage(t *testing.T, html string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte("<!doctype html><html lang=en><title>x</title>"+html), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// pageKinds gives one page of every kind: those at the root, and of each folder the largest, where most can go wrong.
func pageKinds(t *testing.T, report string) []string {
	t.Helper()
	return pageKindsOf(t, report, "teams", "services", "checks", "journeys")
}

// pageKindsOf is pageKinds of a report that has the given folders.
func pageKindsOf(t *testing.T, report string, folders ...string) []string {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(report, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(report, folder, "*.html"))
		if err != nil || len(files) == 0 {
			t.Fatalf("the report has no pages in %s: %v", folder, err)
		}
		pages = append(pages, slices.MaxFunc(files, func(a, b string) int { return int(sizeOf(t, a) - sizeOf(t, b)) }))
	}
	return relative(t, report, pages)
}

func relative(t *testing.T, report string, files []string) []string {
	t.Helper()
	pages := make([]string, len(files))
	for i, file := range files {
		page, err := filepath.Rel(report, file)
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = filepath.ToSlash(page)
	}
	return pages
}

func sizeOf(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func eachPage(t *testing.T, pages []string, test func(t *testing.T, page string)) {
	t.Helper()
	for _, page := range pages {
		t.Run(page, func(t *testing.T) { test(t, page) })
	}
}

// mishap is what a template or a format leaves in a text that it could not fill.
var mishap = regexp.MustCompile(`ZgotmplZ|<no value>|%![a-zA-Z]\(`)

// looksRight expects a page that is drawn in both colour schemes, with enough contrast, and no wider than a phone or a desk
// has room for.
func looksRight(t *testing.T, b browser, file string) {
	p := b.tab(t)
	grounds := map[string]bool{}
	for _, scheme := range []string{"light", "dark"} {
		p.media("screen", scheme)
		p.width(wide)
		p.open(file, "")
		grounds[eval[string](p, `getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor`)] = true
		if n := eval[int](p, `document.querySelectorAll("h1").length`); n != 1 {
			t.Errorf("the page has %d main headings", n)
		}
		if text := eval[string](p, `document.body.innerText`); len(text) < 100 || mishap.MatchString(text) {
			t.Errorf("the page reads %q", text[:min(len(text), 300)])
		}
		if faint := eval[string](p, faintText); faint != "" {
			t.Errorf("%s: too little contrast: %s", scheme, faint)
		}
	}
	if len(grounds) != 2 {
		t.Errorf("the page is as bright in the dark: %v", grounds)
	}
	fits(p)
}

// fits expects that the open page scrolls sideways on no screen.
func fits(p *tab) {
	p.t.Helper()
	for _, columns := range []int64{wide, 768, narrow} {
		p.width(columns)
		if over := tooWide(p); over != "" {
			p.t.Errorf("%d columns: the page scrolls sideways: %s", columns, over)
		}
	}
}

// tooWide names what makes the page scroll sideways, "" when nothing does.
func tooWide(p *tab) string {
	return eval[string](p, `(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room) return "";
		const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
		const over = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > room + 0.5 && !scrolls(e.parentElement));
		return document.documentElement.scrollWidth + " px, by " + over.slice(-2).map(e => e.outerHTML.slice(0, 120)).join(" and ");
	})()`)
}

// faintText is an expression that samples texts and names the first with less contrast than WCAG 2.2 asks for (1.4.3).
const faintText = `(() => {
	const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return text.startsWith("color(srgb") ? [n[0]*255, n[1]*255, n[2]*255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
	const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
	const over = (top, below) => [0, 1, 2].map(i => top[i]*top[3] + below[i]*(1 - top[3]));
	const ground = e => { if (!e) return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255]; const c = parse(getComputedStyle(e).backgroundColor); return c[3] === 1 ? c.slice(0, 3) : over(c, ground(e.parentElement)); };
	for (const e of [...document.body.querySelectorAll("*")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).slice(0, 400)) {
		if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest("svg, option") || e.getBoundingClientRect().width < 2) continue;
		const style = getComputedStyle(e), below = ground(e), own = over(parse(style.color), below);
		const [a, b] = [light(own), light(below)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
		const size = parseFloat(style.fontSize), least = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
		if (ratio < least - 0.01) return ratio.toFixed(2) + " for " + e.outerHTML.slice(0, 150);
	}
	return "";
})()`

// readsWithoutScripts expects that all headings, tables and texts are there without a script, and no control that does
// nothing.
func readsWithoutScripts(t *testing.T, b browser, file string) {
	p := b.tab(t)
	p.open(file, "")
	count := `[document.querySelectorAll("h1, h2, h3").length, document.links.length].join()`
	with := eval[string](p, count)
	p.scripts(false)
	p.open(file, "")
	if without := eval[string](p, count); without != with && !strings.HasSuffix(file, "services.html") {
		t.Errorf("%s headings and links without a script, %s with it", without, with)
	}
	if hidden := eval[string](p, `[...document.querySelectorAll("main h1, main h2, main h3")].filter(h => !h.checkVisibility() && !h.closest("details:not([open])")).map(h => h.textContent).join("; ")`); hidden != "" {
		t.Errorf("headings that only a script would show: %s", hidden)
	}
	if dead := eval[string](p, `[...document.querySelectorAll("button, select, input")].filter(e => e.checkVisibility() && !e.closest("form[action]")).map(e => e.outerHTML.slice(0, 100)).join("; ")`); dead != "" {
		t.Errorf("controls that do nothing without a script: %s", dead)
	}
	if strings.HasSuffix(file, "services.html") {
		if n := eval[int](p, `document.querySelectorAll("table.services tbody tr").length`); n < 16 {
			t.Errorf("%d services are listed without a script", n)
		}
	}
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// prints expects pages of paper that show no control.
func prints(t *testing.T, b browser, file string) {
	p := b.tab(t)
	p.width(wide)
	p.media("print", "dark") // of the screen, which paper does not follow
	p.open(file, "")
	if shown := eval[string](p, `[...document.querySelectorAll("button, input, select, form, nav:not([aria-label=Breadcrumb], [aria-label=Pillars]), .skip")].filter(e => !e.closest("th") && e.checkVisibility() && e.getBoundingClientRect().height > 1).map(e => e.outerHTML.slice(0, 100)).join("; ")`); shown != "" {
		t.Errorf("paper shows controls: %s", shown)
	}
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(pdfPage.FindAll(pdf, -1)); !bytes.HasPrefix(pdf, []byte("%PDF")) || n == 0 {
		t.Errorf("the PDF of %d bytes has %d pages", len(pdf), n)
	}
}

// tabsThrough goes from the top of a page to its end with the Tab key alone: the skip link leads to the content, every stop
// shows that it has the focus, and none keeps it.
func tabsThrough(t *testing.T, b browser, file string) {
	p := b.tab(t)
	p.media("screen", "light")
	p.width(wide)
	p.open(file, "")
	p.press(kb.Tab)
	if !eval[bool](p, `document.activeElement.matches("a.skip") && document.activeElement.getBoundingClientRect().top >= 0 && document.activeElement.getBoundingClientRect().height > 10`) {
		t.Errorf("the first stop is no skip link that shows: %s", eval[string](p, focus))
	}
	p.press(kb.Enter)
	p.until(`document.activeElement === document.getElementById("main") || location.hash === "#main"`)
	p.open(file, "")
	stops := []string{}
	for range 60 {
		p.press(kb.Tab)
		at := eval[string](p, focus)
		if at == "" {
			break
		}
		stops = append(stops, at)
		if eval[bool](p, `document.activeElement === globalThis.lastStop || (globalThis.lastStop = document.activeElement, false)`) {
			t.Fatalf("this keeps the focus: %s", at)
		}
		if !eval[bool](p, focusShows) {
			t.Errorf("nothing shows that this has the focus: %s", at)
		}
	}
	want := []string{`class="skip"`, `name="q"`}
	if strings.HasSuffix(file, "services.html") {
		want = append(want, `name="team"`, `name="level"`, `name="verdict"`, `name="below"`, `<button`, `services/`)
	}
	for _, w := range want {
		if !slices.ContainsFunc(stops, func(s string) bool { return strings.Contains(s, w) }) {
			t.Errorf("no stop at %s within %d: %s", w, len(stops), strings.Join(stops, "\n"))
		}
	}
}

// focus is an expression that says what has the focus, "" for the page itself.
const focus = `document.activeElement === document.body || document.activeElement === document.documentElement ? "" : document.activeElement.outerHTML.slice(0, 160)`

// focusShows is an expression that says whether what has the focus is drawn otherwise than without it, within the window.
const focusShows = `(() => {
	const e = document.activeElement, box = e.getBoundingClientRect(), s = getComputedStyle(e);
	return box.bottom > 0 && box.top < innerHeight && (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none");
})()`

// findsAService types into the search field that every page has, and follows what is found.
// rowsOf is an expression that gives a cell's text for every row of services: "services", "team", "level" or "score".
// filtersServices chooses a team, a level and a verdict with the keyboard: rows and address follow, survive a reload, and
// the browser's Back undoes them one by one.
// sortsServices clicks a column's heading twice.
// showsPlaces opens links to the last element that each selector finds: the page scrolls there and shows it, also inside of
// what is closed.
// copies clicks a button that copies, and pastes.
// letters gives a text without its spaces: a field of one line has others.
// TestBrowserLargeEstate opens the report of an estate of 1,000 services, and of 10,000 when OBSREADY_BROWSER_LARGE is set:
// that takes minutes.
// loaded is an expression for the milliseconds from the start of loading until a page can be used.
