package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is one Chromium for a whole test, which talks to no network. OBSREADY_BROWSER names the program; without it
// the test is skipped when none is found.
type browser struct{ ctx context.Context }

func openBrowser(t *testing.T) browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(findBrowser(t)), chromedp.UserDataDir(filepath.Join(t.TempDir(), "profile")), chromedp.WindowSize(1280, 900),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.Flag("hide-scrollbars", false))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("could not start the browser: %v", err)
	}
	return browser{ctx}
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

// tab is a tab of the browser. It notes what the browser complains of, and what is asked of anything but the disk.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// tab opens a tab. When the test ends, each complaint is an error of it.
func (b browser) tab(t *testing.T) *tab {
	t.Helper()
	p := b.quietTab(t)
	t.Cleanup(func() {
		for _, c := range p.heard() {
			t.Errorf("the browser complains: %s", c)
		}
	})
	return p
}

// quietTab is tab for a test that expects complaints.
func (b browser) quietTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute) // against a browser that hangs
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("could not open a tab: %v", err)
	}
	return p
}

// listen notes what no page may do: print, throw, break its own policy, ask for anything but a file.
func (p *tab) listen(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if scheme, _, _ := strings.Cut(e.Request.URL, ":"); scheme != "file" && scheme != "data" {
			p.complain("the page asks for " + e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelVerbose {
			p.complain(string(e.Entry.Source) + ": " + e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		var words []string
		for _, a := range e.Args {
			words = append(words, string(a.Value)+a.Description)
		}
		p.complain("console." + string(e.Type) + ": " + strings.Join(words, " "))
	case *runtime.EventExceptionThrown:
		thrown := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			thrown += " " + e.ExceptionDetails.Exception.Description
		}
		p.complain("exception: " + thrown)
	}
}

func (p *tab) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, text)
}

// heard gives the complaints so far, when what the page had begun is done.
func (p *tab) heard() []string {
	p.t.Helper()
	time.Sleep(50 * time.Millisecond) // a page whose scripts are off has no timers of its own
	eval[int](p, `0`)
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.complaints...)
}

func (p *tab) try(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.try(chromedp.Do(p.ctx, steps...))
}

// open opens a file, with what stands behind its name in an address: "?q=x", "#y".
func (p *tab) open(file, behind string) {
	p.t.Helper()
	p.do(chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String() + behind))
}

// call sends a command of the browser's protocol.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	result, err := chromedp.Call(p.ctx, command, params)
	p.try(err)
	return result
}

// eval gives the value of an expression, of a promise when its value is to come.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for an expression to be true.
func (p *tab) until(expression string) {
	p.t.Helper()
	for range 500 {
		if eval[bool](p, "Boolean("+expression+")") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("it never came about: %s, at %s", expression, eval[string](p, "location.href"))
}

// press presses keys: characters, and those of the package kb.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// command has the browser carry out an editing command at the focus, as "paste".
func (p *tab) command(name string) {
	p.t.Helper()
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown", Key: "F20", Commands: []string{name}})
}

// wide and narrow are the widths that pages are looked at with.
const (
	wide   = 1280
	narrow = 360
)

func (p *tab) width(columns int64) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(columns, 900))
}

// media sets what the reader prefers: "light" or "dark", and what for, "screen" or "print".
func (p *tab) media(kind, scheme string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// scripts says whether pages may run scripts.
func (p *tab) scripts(allowed bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allowed})
}

// axeFinding is a rule of axe-core that a page breaks.
type axeFinding struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target  []any
		Summary string `json:"failureSummary"`
	}
}

// axe gives what axe-core holds against the page, of impact serious or critical, one line for each rule and element.
func (p *tab) axe(source string) []string {
	p.t.Helper()
	eval[bool](p, source+"\n;typeof axe === 'object'")
	text := eval[string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`)
	var found []axeFinding
	p.try(json.Unmarshal([]byte(text), &found))
	var lines []string
	for _, f := range found {
		if f.Impact != "serious" && f.Impact != "critical" {
			continue
		}
		for i, n := range f.Nodes {
			if i == 3 {
				lines = append(lines, fmt.Sprintf("%s (%s): and %d more", f.ID, f.Impact, len(f.Nodes)-i))
				break
			}
			lines = append(lines, fmt.Sprintf("%s (%s) at %v: %s. %s", f.ID, f.Impact, n.Target, f.Help, strings.ReplaceAll(n.Summary, "\n", " ")))
		}
	}
	return lines
}

// axeSource gives the source of axe-core that OBSREADY_AXE names, "" when it names none.
func axeSource(t *testing.T) string {
	t.Helper()
	named := os.Getenv("OBSREADY_AXE")
	if named == "" {
		return ""
	}
	source, err := os.ReadFile(named)
	if err != nil {
		t.Fatalf("could not read the axe-core of OBSREADY_AXE: %v", err)
	}
	return string(source)
}
