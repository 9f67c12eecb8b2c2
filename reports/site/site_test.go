package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// pages writes the site of a report and gives its files by path.
func pages(t *testing.T, r *scorecard.Report) map[string]string {
	t.Helper()
	files, err := written(r)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func written(r *scorecard.Report) (files map[string]string, err error) {
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := Write(dir, r); err != nil {
		return nil, err
	}
	files = map[string]string{}
	return files, filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(file)
		name, _ := filepath.Rel(dir, file)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
}

// sites are the sites of all samples. They are written once for all tests.
func sites(t *testing.T) map[string]map[string]string {
	t.Helper()
	all, err := allSites()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var allSites = sync.OnceValues(func() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for name, r := range samples() {
		files, err := written(r)
		if err != nil {
			return nil, err
		}
		all[name] = files
	}
	return all, nil
})

// samples are reports of every sort: with and without a history or an earlier report, ugly and empty ones.
func samples() map[string]*scorecard.Report {
	all := map[string]*scorecard.Report{
		"sample": evaluate(sampleEstate(12)), "ugly": evaluate(uglyEstate()), "empty": evaluate(&catalog.Estate{}), "one": evaluate(sampleEstate(1)),
		"weeks": evaluate(sampleEstate(12)), "ugly weeks": evaluate(uglyEstate()), "compared": evaluate(sampleEstate(12)),
	}
	lookBack(all["weeks"], 27)
	lookBack(all["ugly weeks"], 9)
	compareWith(all["compared"], "2025.9")
	return all
}

// element is what tests ask of one element of a page.
type element struct {
	tag, text string
	attrs     map[string]string
}

// elements gives the elements of a page in the order of their start tags.
func elements(t *testing.T, name, page string) []element {
	t.Helper()
	var all []element
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{tag: n.Data, attrs: map[string]string{}}
		for _, a := range n.Attr {
			if _, ok := e.attrs[a.Key]; ok {
				t.Errorf("%s: <%s> has attribute %s twice", name, n.Data, a.Key)
			}
			e.attrs[a.Key] = a.Val
		}
		if n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
			e.text = n.FirstChild.Data
		}
		all = append(all, e)
	}
	return all
}

// optionalEnd are the elements whose end tags the table of services leaves out.
var optionalEnd = []string{"td", "th", "tr", "thead", "tbody"}

// void are the elements that have no end tag.
var void = []string{"meta", "link", "rect", "path", "line", "circle", "br", "img", "input"}

// TestBalance reads tags one by one: a parser of whole pages would mend what is missing in silence.
func TestBalance(t *testing.T) {
	for estate, files := range sites(t) {
		for name, page := range files {
			var open []string
			for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
				token := z.Token()
				if slices.Contains(optionalEnd, token.Data) || slices.Contains(void, token.Data) {
					continue
				}
				switch token.Type {
				case html.StartTagToken:
					open = append(open, token.Data)
				case html.EndTagToken:
					if len(open) == 0 || open[len(open)-1] != token.Data {
						t.Fatalf("%s/%s: </%s> closes %v", estate, name, token.Data, open)
					}
					open = open[:len(open)-1]
				}
			}
			if len(open) > 0 {
				t.Errorf("%s/%s: %v are not closed", estate, name, open)
			}
		}
	}
}

func TestLinksResolve(t *testing.T) {
	for estate, r := range samples() {
		files := sites(t)[estate]
		beside := append(TeamCalendars(r), CalendarFile, "deadlines.json") // that package reports writes
		ids := map[string]map[string]bool{}
		for name, page := range files {
			ids[name] = map[string]bool{}
			for _, el := range elements(t, name, page) {
				if id, ok := el.attrs["id"]; ok {
					if ids[name][id] {
						t.Errorf("%s/%s: id %q is there twice", estate, name, id)
					}
					ids[name][id] = true
				}
			}
		}
		for name, page := range files {
			for _, el := range elements(t, name, page) {
				href, ok := el.attrs["href"]
				if !ok || el.tag == "link" {
					continue
				}
				u, err := url.Parse(href)
				if err != nil {
					t.Errorf("%s/%s: link %q: %v", estate, name, href, err)
					continue
				}
				if u.Scheme != "" {
					if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
						t.Errorf("%s/%s: link %q", estate, name, href)
					}
					continue
				}
				target := name
				if u.Path != "" {
					target = path.Join(path.Dir(name), u.Path)
				}
				if _, ok := files[target]; !ok && !slices.Contains(beside, target) {
					t.Errorf("%s/%s: link %q leads to no page", estate, name, href)
				} else if u.Fragment != "" && !ids[target][u.Fragment] {
					t.Errorf("%s/%s: link %q leads to no part of %s", estate, name, href, target)
				}
			}
		}
	}
}

var policyOf = regexp.MustCompile(`'sha256-([^']+)'`)

// TestNothingRuns holds pages to their promise: no script and no style but those that the policy names by hash, no
// handler, nothing loaded from anywhere, whatever the names in the catalog are.
func TestNothingRuns(t *testing.T) {
	for estate, files := range sites(t) {
		for name, page := range files {
			var allowed []string
			carried := 0
			for i, el := range elements(t, name, page) {
				switch {
				case el.attrs["http-equiv"] == "Content-Security-Policy":
					if i > 4 {
						t.Errorf("%s/%s: the policy comes too late", estate, name)
					}
					for _, m := range policyOf.FindAllStringSubmatch(el.attrs["content"], -1) {
						allowed = append(allowed, m[1])
					}
					if !strings.HasPrefix(el.attrs["content"], "default-src 'none';") {
						t.Errorf("%s/%s: policy %q", estate, name, el.attrs["content"])
					}
				case el.tag == "script" && el.attrs["type"] == "application/json": // runs nothing
				case el.tag == "script" || el.tag == "style":
					carried++
					sum := sha256.Sum256([]byte(el.text))
					if !slices.Contains(allowed, base64.StdEncoding.EncodeToString(sum[:])) {
						t.Errorf("%s/%s: <%s> is not the site's own: %.80s", estate, name, el.tag, el.text)
					}
				case el.tag == "form" && el.attrs["role"] == "search" && (el.attrs["action"] == "" || path.Join(path.Dir(name), el.attrs["action"]) == "services.html"):
				case slices.Contains([]string{"img", "iframe", "object", "embed", "form", "base", "video", "i", "u"}, el.tag):
					t.Errorf("%s/%s: <%s> comes from the catalog", estate, name, el.tag)
				}
				for key := range el.attrs {
					if strings.HasPrefix(key, "on") || key == "style" || key == "src" {
						t.Errorf("%s/%s: <%s %s>", estate, name, el.tag, key)
					}
				}
			}
			if len(allowed) != carried {
				t.Errorf("%s/%s: the policy allows %d texts, and the page has %d", estate, name, len(allowed), carried)
			}
		}
	}
}

func TestNoControlCharacters(t *testing.T) {
	for name, page := range sites(t)["ugly weeks"] {
		if !utf8.ValidString(page) {
			t.Errorf("%s is not UTF-8", name)
		}
		if i := strings.IndexFunc(page, func(r rune) bool { return r != utf8.RuneError && unwanted(r) }); i >= 0 {
			t.Errorf("%s holds %q", name, page[max(0, i-20):i+20])
		}
	}
}

// TestReadable holds pages to what a screen reader needs.
func TestReadable(t *testing.T) {
	for estate, files := range sites(t) {
		for name, page := range files {
			counts := map[string]int{}
			for _, el := range elements(t, name, page) {
				counts[el.tag]++
				if el.tag == "th" && el.attrs["scope"] == "" {
					t.Errorf("%s/%s: a heading of a table has no scope", estate, name)
				}
				if el.tag == "svg" && el.attrs["aria-label"] == "" && el.attrs["aria-hidden"] == "" {
					t.Errorf("%s/%s: a drawing has no text", estate, name)
				}
			}
			for _, tag := range []string{"h1", "main", "title"} {
				if counts[tag] != 1 {
					t.Errorf("%s/%s: %d <%s>", estate, name, counts[tag], tag)
				}
			}
			if counts["caption"] != counts["table"] {
				t.Errorf("%s/%s: %d captions for %d tables", estate, name, counts["caption"], counts["table"])
			}
			if strings.Contains(page, "ZgotmplZ") {
				t.Errorf("%s/%s: a value stands where it cannot", estate, name)
			}
		}
	}
}

// TestMethodNamesEveryRung fails when the ladder gets a rung that the method does not explain.
func TestMethodNamesEveryRung(t *testing.T) {
	for r := catalog.ByName; r <= catalog.ByPipeline; r++ {
		if rungMeanings[r] == "" {
			t.Errorf("%q is not explained", r)
		}
	}
}

func TestDeterminism(t *testing.T) {
	again := samples()
	for _, name := range []string{"weeks", "compared"} {
		if !maps.Equal(pages(t, again[name]), sites(t)[name]) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

func TestExistingPageIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("older"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, evaluate(sampleEstate(1))); err == nil {
		t.Error("an older page was overwritten")
	}
	if err := Write(filepath.Join(dir, "missing"), evaluate(sampleEstate(1))); err == nil {
		t.Error("a missing directory was accepted")
	}
}

// TestSize keeps the page of a large estate, and the style that every page carries, small.
func TestSize(t *testing.T) {
	if n := len(squeeze(styleSource)); n > 17<<10 {
		t.Errorf("the style has %d bytes", n)
	}
	r := evaluate(sampleEstate(1000))
	lookBack(r, 27)
	s, err := newSite(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct {
		name string
		view any
		most int
	}{{"estate", s.page("index.html").estate(), 200_000}, {"servicespage", s.page("services.html").servicesPage(), 400_000}, {"causespage", s.page("causes.html").causesPage(), 200_000}} {
		var b bytes.Buffer
		if err := s.templates.ExecuteTemplate(&b, page.name, page.view); err != nil {
			t.Fatal(err)
		}
		if b.Len() > page.most {
			t.Errorf("%s of 1,000 services has %d bytes", page.name, b.Len())
		}
	}
}

// TestGolden compares what a reader sees of one service with every verdict and a name that needs escaping.
func TestGolden(t *testing.T) {
	e := sampleEstate(4)
	e.Services = e.Services[3:]
	e.Services[0].ID = `a<b>&"c"`
	e.Services[0].Alerts[0].Item.Runbook.State = catalog.NoSuchFile
	r := evaluate(e)
	// The words of actions and answers are scorecard's.
	card := r.Cards[0]
	card.Actions = []scorecard.Action{{Check: r.Checks[0], Gain: 2.5, Levels: 1, Text: "Set `owner`"}}
	card.Answers = func() []scorecard.Answer {
		return []scorecard.Answer{{Question: checks.Protect, Status: scorecard.NotAnswered, Missing: []string{"the data classes"}}}
	}
	got := body(pages(t, r)[servicePaths(r.Cards).at[0]])
	golden := filepath.Join("testdata", "service.golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (UPDATE_GOLDEN=1 rewrites it):\n%s", golden, diff)
	}
}

// body gives the text of a page's main part, one line for each line that holds any.
func body(page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && within(n, "main") {
			if text := strings.Join(strings.Fields(n.Data), " "); text != "" {
				b.WriteString(text + "\n")
			}
		}
	}
	return b.String()
}

func within(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}
