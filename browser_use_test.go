package main

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func findsAService(t *testing.T, b browser, report string) {
	for _, from := range []string{"index.html", "teams/payments.html", "services/ledger.html"} {
		p := b.tab(t)
		p.width(wide)
		p.open(filepath.Join(report, filepath.FromSlash(from)), "")
		p.do(chromedp.Click(chromedp.CSS(`header form[role=search] input`)))
		p.press("checko" + kb.Enter)
		p.until(`location.pathname.endsWith("/services.html") && new URLSearchParams(location.search).get("q") === "checko"`)
		p.until(`[...document.querySelectorAll("table.services tbody th")].map(e => e.innerText.split("\n")[0].trim()).join().startsWith("checkout")`)
		if n := eval[int](p, `document.querySelectorAll("table.services tbody tr").length`); n != 1 {
			t.Errorf("%d services are found", n)
		}
		p.do(chromedp.Click(chromedp.CSS(`table.services tbody a`)))
		p.until(`document.readyState === "complete" && document.querySelector("h1") && location.pathname.endsWith("/services/checkout.html")`)
	}
	p := b.tab(t)
	p.open(filepath.Join(report, "services.html"), "?q=%3Cscript%3E&team=nobody%22&sort=-nonsense&level=99")
	if told := eval[string](p, `document.getElementById("told").textContent`); !strings.Contains(told, "0 of 16 services") {
		t.Errorf("nothing is found, and the page says %q", told)
	}
}

func rowsOf(column string) string {
	return `(() => {
		const table = document.querySelector("table.services"), heads = [...table.tHead.rows[0].cells].map(h => h.innerText.trim().toLowerCase());
		const at = heads.findIndex(h => h.startsWith("` + column + `"));
		return [...table.tBodies[0].rows].map(r => r.cells[at].innerText.split("\n")[0].trim());
	})()`
}

func filtersServices(t *testing.T, b browser, file string) {
	p := b.tab(t)
	p.width(wide)
	p.open(file, "")
	all := len(eval[[]string](p, rowsOf("service")))
	choose := func(name, text string) {
		p.do(chromedp.Focus(chromedp.CSS(`select[name=` + name + `]`)))
		p.press(text)
	}
	choose("team", "payments")
	p.until(`new URLSearchParams(location.search).get("team") === "payments"`)
	payments := eval[[]string](p, rowsOf("service"))
	if teams := slices.Compact(eval[[]string](p, rowsOf("team"))); len(payments) == 0 || len(payments) >= all || !slices.Equal(teams, []string{"payments"}) {
		t.Errorf("%d of %d services, of the teams %q", len(payments), all, teams)
	}
	choose("level", "bronze")
	p.until(`new URLSearchParams(location.search).get("level") === "bronze"`)
	bronze := eval[[]string](p, rowsOf("service"))
	if levels := slices.Compact(eval[[]string](p, rowsOf("level"))); !slices.Equal(levels, []string{"bronze"}) {
		t.Errorf("the levels are %q", levels)
	}
	choose("pillar", "alerts")
	choose("verdict", "fail")
	p.until(`new URLSearchParams(location.search).get("verdict") === "fail"`)
	failing := eval[[]string](p, rowsOf("service"))
	if len(failing) == 0 || len(failing) >= len(bronze) {
		t.Errorf("services whose alerts fail: %q of %q", failing, bronze)
	}
	address := eval[string](p, "location.search")
	p.do(chromedp.Reload())
	if again := eval[[]string](p, rowsOf("service")); !slices.Equal(again, failing) || eval[string](p, "location.search") != address {
		t.Errorf("after a reload %q at %s", again, eval[string](p, "location.search"))
	}
	if chosen := eval[string](p, `[...document.querySelectorAll("#find select")].map(s => s.value).join()`); !strings.HasPrefix(chosen, "payments,,bronze,alerts,fail") {
		t.Errorf("after a reload the fields read %q", chosen)
	}
	for _, want := range [][]string{bronze, bronze, payments} { // the verdict, the pillar, the level
		eval[int](p, `(history.back(), 0)`)
		p.until(`JSON.stringify(` + rowsOf("service") + `) === ` + strconv.Quote(quotedList(want)))
	}
	p.do(chromedp.Click(chromedp.CSS(`#find [type=reset]`)))
	p.until(`location.search === "" && ` + rowsOf("service") + `.length === ` + strconv.Itoa(all))
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

func sortsServices(t *testing.T, b browser, file string) {
	p := b.tab(t)
	p.width(wide)
	p.open(file, "")
	scores := func() []int {
		var all []int
		for _, text := range eval[[]string](p, rowsOf("score")) {
			if n, err := strconv.Atoi(strings.TrimRight(text, " %")); err == nil {
				all = append(all, n)
			}
		}
		return all
	}
	head := `[...document.querySelectorAll("table.services th button")].find(b => b.innerText.toLowerCase().startsWith("score"))`
	eval[int](p, `(`+head+`.id = "score-head", 0)`)
	for _, direction := range []string{"ascending", "descending"} {
		p.do(chromedp.Click(chromedp.CSS("#score-head")))
		p.until(head + `.closest("th").getAttribute("aria-sort") === "` + direction + `"`)
		got := scores()
		want := slices.Sorted(slices.Values(got))
		if direction == "descending" {
			slices.Reverse(want)
		}
		if len(got) < 10 || !slices.Equal(got, want) {
			t.Errorf("%s: %v", direction, got)
		}
	}
	if search := eval[string](p, "location.search"); search != "?sort=-score" {
		t.Errorf("the address ends in %q", search)
	}
	p.do(chromedp.Reload())
	if got := scores(); !slices.IsSortedFunc(got, func(a, b int) int { return b - a }) {
		t.Errorf("after a reload: %v", got)
	}
}

func showsPlaces(t *testing.T, b browser, file string, selectors ...string) {
	p := b.tab(t)
	p.width(wide)
	for _, selector := range selectors {
		p.open(file, "")
		id := eval[string](p, `[...document.querySelectorAll(`+strconv.Quote(selector)+`)].at(-1)?.id ?? ""`)
		if id == "" {
			t.Errorf("%s has no %s", filepath.Base(file), selector)
			continue
		}
		for _, way := range []string{"address", "link"} {
			p.open(filepath.Join(filepath.Dir(file), "ledger.html"), "") // so that all is closed again
			if way == "address" {
				p.open(file, "#"+id)
			} else {
				p.open(file, "")
				eval[int](p, `(location.hash = `+strconv.Quote(id)+`, 0)`)
			}
			p.until(`(() => {
				const e = document.getElementById(` + strconv.Quote(id) + `), box = e.getBoundingClientRect();
				return e.checkVisibility() && box.height > 10 && box.top < innerHeight && box.bottom > 0 && !e.closest("details:not([open])");
			})()`)
		}
	}
}

func copies(t *testing.T, b browser, report string) {
	files, err := filepath.Glob(filepath.Join(report, "checks", "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	p := b.tab(t)
	p.width(wide)
	for _, file := range files {
		p.open(file, "")
		if !eval[bool](p, `document.querySelector(".copyable button") !== null`) {
			continue
		}
		code := eval[string](p, `document.querySelector(".copyable pre").textContent`)
		p.do(chromedp.Click(chromedp.CSS(".copyable button")))
		p.until(`["Copied", "Press Ctrl+C"].includes(document.querySelector(".copyable button").textContent)`)
		if eval[string](p, `document.querySelector(".copyable button").textContent`) != "Copied" {
			t.Fatal("nothing was copied")
		}
		p.do(chromedp.Focus(chromedp.CSS("header form input[name=q]")))
		p.command("paste")
		if got := eval[string](p, `document.querySelector("header form input[name=q]").value`); letters(got) != letters(code) || letters(got) == "" {
			t.Errorf("%s: pasted %q, expected %q", filepath.Base(file), got, code)
		}
		return
	}
	t.Error("no page of a check has code to copy")
}

func letters(text string) string { return strings.Join(strings.Fields(text), "") }
