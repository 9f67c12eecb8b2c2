package reports

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

func TestMarkdownIsNotTooLong(t *testing.T) {
	for _, n := range []int{0, 10, 300} {
		out := render(t, "markdown", crowd(n), Options{})
		if got := utf8.RuneCountInString(out); got > maxMarkdown {
			t.Errorf("%d services: %d characters", n, got)
		}
	}
}

// TestMarkdownSaysWhatWasLeftOut uses names that grow when they are escaped.
func TestMarkdownSaysWhatWasLeftOut(t *testing.T) {
	r := crowd(60)
	for _, c := range r.Cards {
		c.Service.ID = strings.Repeat("@", 200)
	}
	for _, team := range r.Teams {
		if team.Team != nil {
			team.Team.ID = strings.Repeat("@", 200)
		}
	}
	out := render(t, "markdown", r, Options{})
	if got := utf8.RuneCountInString(out); got > maxMarkdown {
		t.Errorf("%d characters", got)
	}
	if !strings.Contains(out, "left out, because a comment holds no more") {
		t.Errorf("nothing says that rows were left out:\n%s", out)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// FuzzEscape renders escaped text as GitHub does and expects the text, in a paragraph, a list and a table, without any markup.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{
		hostileService, hostileTeam, "`code` | *bold* _it_ ~~no~~ [a](http://x) ![i](y)", "# head", "1. one", "2) two", "- dash", "+ plus", "= line", "--- ", "> quote",
		"&lt; &amp; &#64;x", "a\\|b\\", "www.example.com http://x.y a@b.c", ":tada: a.yaml:100:5", "$x$", "GH-12 acme/x#12", "    code", "\\", "<!-- x -->", "~~~", "***", "[x]: y", "[ ] task",
	} {
		f.Add(seed)
	}
	renderer := goldmark.New(goldmark.WithExtensions(extension.GFM))
	f.Fuzz(func(t *testing.T, text string) {
		want := strings.Join(strings.Fields(plain(text)), " ")
		if want == "" {
			return
		}
		for form, open := range map[string]string{"%s\n": "<p>", "- %s\n": "<ul><li>", "| a |\n|---|\n| %s |\n": "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>"} {
			var b bytes.Buffer
			if err := renderer.Convert([]byte(strings.Replace(form, "%s", escape(want), 1)), &b); err != nil {
				t.Fatal(err)
			}
			out := strings.ReplaceAll(strings.ReplaceAll(b.String(), "\n", ""), "\u200b", "")
			inner, ok := strings.CutPrefix(out, open)
			if !ok {
				t.Fatalf("%q in %q makes %q", want, form, out)
			}
			for _, end := range []string{"</table>", "</tbody>", "</tr>", "</td>", "</ul>", "</li>", "</p>"} {
				inner = strings.TrimSuffix(inner, end)
			}
			if found := tag.FindString(inner); found != "" {
				t.Errorf("%q makes markup: %q", want, found)
			}
			if got := html.UnescapeString(inner); got != want {
				t.Errorf("%q in %q shows as %q", want, form, got)
			}
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{hostileTeam, "a\r\nb\tc", "\x9b31m", "a\u200bb\u2066c\u00ad\ufeff", "\xff", "👩\u200d🚀", "\U000e0041"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := plain(text)
		if !utf8.ValidString(got) || strings.IndexFunc(got, steers) >= 0 {
			t.Errorf("plain(%q) = %q", text, got)
		}
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Errorf("plain(%q) = %q hides that something was there", text, got)
		}
		if plain(got) != got {
			t.Errorf("plain is not done after once with %q", text)
		}
	})
}
