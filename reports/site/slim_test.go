package site

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestSlim(t *testing.T) {
	for page, want := range map[string]string{
		`<p title="a &#34;b&#34;">say &#34;b&#34; and it&#39;s &#38;&#3 &#3`: `<p title="a &#34;b&#34;">say "b" and it's &#38;&#3 &#3`,
		`<script>"&#34;" < 1</script>&#34;`:                                  `<script>"&#34;" < 1</script>"`,
		`<style>a>b</style><p>&lt;script&gt;&#34;`:                           `<style>a>b</style><p>&lt;script&gt;"`,
		`plain`: `plain`, ``: ``, `<`: `<`, `<p`: `<p`, `<script>`: `<script>`,
	} {
		if got := string(slim([]byte(page))); got != want {
			t.Errorf("slim(%q) = %q, want %q", page, got, want)
		}
	}
}

// TestSlimSaysTheSame parses every page before and after.
func TestSlimSaysTheSame(t *testing.T) {
	r := evaluate(uglyEstate())
	s, err := newSite(r)
	if err != nil {
		t.Fatal(err)
	}
	tree := func(page string) string {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := html.Render(&b, root); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	s.each(func(path, name string, view func(page) any) {
		var b strings.Builder
		if err := s.templates.ExecuteTemplate(&b, name, view(s.page(path))); err != nil {
			t.Fatal(err)
		}
		if tree(b.String()) != tree(string(slim([]byte(b.String())))) {
			t.Errorf("%s says something else", path)
		}
	})
}
