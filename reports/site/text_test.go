package site

import (
	"strings"
	"testing"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/scorecard"
)

func TestOutward(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/x?y=1#z": "https://a.example/x?y=1#z",
		"http://a.example":          "http://a.example",
		"mailto:team@a.example":     "mailto:team@a.example",
		"javascript:alert(1)":       "",
		" JavaScript:alert(1)":      "",
		"java\nscript:alert(1)":     "",
		"data:text/html,x":          "",
		"//a.example/x":             "",
		"https:":                    "",
		"docs/x.md":                 "",
		"":                          "",
		"file:///etc/passwd":        "",
		"https://a.example/\x00":    "",
	} {
		if got := outward(address); got != want {
			t.Errorf("outward(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestSpans(t *testing.T) {
	for text, want := range map[string]string{
		"set `for` and `x<y`": "set <code>for</code> and <code>x&lt;y</code>",
		"a `tick alone <b>":   "a `tick alone &lt;b&gt;",
		"<script>`</script>`": "&lt;script&gt;<code>&lt;/script&gt;</code>",
		"":                    "",
		"no span":             "no span",
	} {
		if got := string(spans(text)); got != want {
			t.Errorf("spans(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMarkdownIsHarmless(t *testing.T) {
	got, err := markdown("Set `owner`. <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>\n\n- one\n- two")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "javascript:", "<img"} {
		if strings.Contains(string(got), bad) {
			t.Errorf("%q is in %s", bad, got)
		}
	}
	if !strings.Contains(string(got), "<code>owner</code>") || !strings.Contains(string(got), "<li>one</li>") {
		t.Errorf("got %s", got)
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}

// TestPercentNeverFlatters proves that only a full score reads 100 and that no unknown reads as none.
func TestPercentNeverFlatters(t *testing.T) {
	for _, test := range []struct {
		score            scorecard.Score
		percent, unknown string
	}{
		{scorecard.Score{Earned: 999.9, Possible: 1000, Unknown: 0.1}, "99", "1"},
		{scorecard.Score{Earned: 1000, Possible: 1000}, "100", ""},
		{scorecard.Score{Earned: 29, Possible: 100, Unknown: 7}, "29", "7"},
		{scorecard.Score{}, "", ""},
	} {
		if p, u := percent(test.score), unknownPercent(test.score); p != test.percent || u != test.unknown {
			t.Errorf("%v: %s and %s, want %s and %s", test.score, p, u, test.percent, test.unknown)
		}
	}
}

func TestCommitLink(t *testing.T) {
	for permalink, want := range map[string]string{
		"https://github.com/a/b/blob/{commit}/{path}#L{line}":         "https://github.com/a/b/commit/0123456789abcdef",
		"https://gitlab.com/a/b/-/blob/{commit}/{path}#L{line}":       "https://gitlab.com/a/b/-/commit/0123456789abcdef",
		"https://codeberg.org/a/b/src/commit/{commit}/{path}#L{line}": "https://codeberg.org/a/b/commit/0123456789abcdef",
		"https://bitbucket.org/a/b/src/{commit}/{path}#lines-{line}":  "https://bitbucket.org/a/b/commits/0123456789abcdef",
		"https://git.example/?p=b;h={commit};f={path}":                "",
		"javascript:alert(1)//blob/{commit}":                          "",
		"":                                                            "",
	} {
		got := commitLink(catalog.Revision{Permalink: catalog.Permalink(permalink)}, "0123456789abcdef")
		if got != (link{"01234567", want}) {
			t.Errorf("%s: %v", permalink, got)
		}
	}
	if got := commitLink(catalog.Revision{}, ""); got != (link{}) {
		t.Errorf("no commit: %v", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "plain", "a\x00b", "\xff\xfe", "x\u202ey\u2066", "tab\tline\n", "\u0085", "é\x7f"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		cleaned := clean(append([]byte(nil), page...))
		if !utf8.Valid(cleaned) {
			t.Fatalf("%q is not UTF-8", cleaned)
		}
		for _, r := range string(cleaned) {
			if r != utf8.RuneError && unwanted(r) {
				t.Fatalf("%q holds %q", cleaned, r)
			}
		}
		if strings.Map(drop, string(page)) != strings.Map(drop, string(cleaned)) {
			t.Fatalf("%q became %q", page, cleaned)
		}
	})
}

// drop takes away what may be replaced and what it is replaced by.
func drop(r rune) rune {
	if unwanted(r) {
		return -1
	}
	return r
}
