package owners

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

const github = "" +
	"# the catch-all\n" +
	"*            @acme/core   ops@example.org\n" +
	"*.js         @js-owner # inline\n" +
	"/services/checkout/ @acme/payments\n" +
	"docs/*       @writers\n" +
	"/build/logs/\n" +
	"\tapps/my\\ app/ @Acme/Apps_1\n"

// gitlab is a file with sections.
const gitlab = `* @lead
[Docs] @writers @group/sub/docs
docs/
README.md @@maintainers
^[Optional][2] @opt
*.go
[docs]
/docs/api/ @api
[Empty]
`

func rules(facts catalog.Facts) []string {
	var lines []string
	for _, r := range facts.CodeOwners[0].Rules {
		line := r.Pattern.Value
		for _, o := range r.Owners {
			line += " " + o.Value
		}
		if r.Section != "" {
			line += " in " + r.Section
		}
		lines = append(lines, line)
	}
	return lines
}

func TestRead(t *testing.T) {
	facts := Read("CODEOWNERS", []byte(github))
	want := []string{"* @acme/core ops@example.org", "*.js @js-owner", "/services/checkout/ @acme/payments", "docs/* @writers", "/build/logs/", `apps/my\ app/ @Acme/Apps_1`}
	if diff := cmp.Diff(want, rules(facts)); diff != "" || facts.Gaps != nil {
		t.Error(diff, facts.Gaps)
	}
	last := facts.CodeOwners[0].Rules[5]
	if last.Pattern.At != (catalog.Place{File: "CODEOWNERS", Line: 7, Col: 2}) || last.Owners[0].At != (catalog.Place{File: "CODEOWNERS", Line: 7, Col: 16}) {
		t.Errorf("got places %v and %v", last.Pattern.At, last.Owners[0].At)
	}
}

func TestReadSections(t *testing.T) {
	facts := Read("CODEOWNERS", []byte(gitlab))
	want := []string{
		"* @lead", "docs/ @writers @group/sub/docs in docs", "README.md @@maintainers in docs", "*.go @opt in optional", "/docs/api/ @api in docs",
	}
	if diff := cmp.Diff(want, rules(facts)); diff != "" || facts.Gaps != nil {
		t.Error(diff, facts.Gaps)
	}
	if at := facts.CodeOwners[0].Rules[1].Owners[0].At; at.Line != 2 || at.Col != 8 {
		t.Errorf("a default owner is at %v, want the section's line", at)
	}
}

func TestInvalidLinesAreGaps(t *testing.T) {
	for line, want := range map[string]string{
		"/x payments":                       `owner "payments"`,
		"/x @acme/payments @":               `owner "@"`,
		"/x @team,":                         `owner "@team,"`,
		"!/x @a":                            "excludes",
		"/x/[id]/y @a":                      "brackets",
		"/a***b @a":                         "consecutive",
		"// @a":                             "matches nothing",
		"x#y @a":                            "holds a #",
		"/ü @a":                             "unusual",
		strings.Repeat("a", 2000) + " @a":   "2000 bytes",
		"[Section] writers":                 `owner "writers"`,
		"/\\" + strings.Repeat("*", 3) + "": "consecutive",
	} {
		facts := Read("CODEOWNERS", []byte("* @core\n"+line+"\n/after @b\n"))
		if len(facts.Gaps) != 1 || len(facts.CodeOwners[0].Rules) != 2 {
			t.Errorf("%q: got gaps %v and rules %q", line, facts.Gaps, rules(facts))
			continue
		}
		g := facts.Gaps[0]
		if !strings.Contains(g.Detail, want) || g.Cause != catalog.Syntax || !g.Concerns(catalog.Owners) || g.At.Line != 2 {
			t.Errorf("%q: got gap %v", line, g)
		}
	}
}

func TestUnreadable(t *testing.T) {
	facts := Read("CODEOWNERS", []byte("\xff\x00"))
	if len(facts.CodeOwners) != 0 || len(facts.Gaps) != 1 || facts.Gaps[0].Cause != catalog.Encoding {
		t.Errorf("got %+v", facts)
	}
	facts = Read("CODEOWNERS", []byte(strings.Repeat("#\n", MaxLines+10)))
	if len(facts.Gaps) != 1 || facts.Gaps[0].Cause != catalog.TooLarge {
		t.Errorf("got %v", facts.Gaps)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct{ text, path, want string }{
		{github, "main.go", "@acme/core ops@example.org"},
		{github, "services/checkout/x/main.go", "@acme/payments"},
		{github, "/services/checkout/catalog.toml", "@acme/payments"},
		{github, "services/checkout/", "@acme/payments"},
		{github, "services/checkout2/a", "@acme/core ops@example.org"},
		{github, "services/", "@acme/core ops@example.org"},
		{github, "", "@acme/core ops@example.org"},
		{github, "a/b.js", "@js-owner"},
		{github, "docs/a.md", "@writers"},
		{github, "docs/sub/a.md", "@acme/core ops@example.org"}, // docs/* is not recursive
		{github, "other/docs/a.md", "@acme/core ops@example.org"},
		{github, "build/logs/x", ""},
		{github, "apps/my app/x", "@Acme/Apps_1"},
		{"/ @a\n", "x", "none"},
		{"/x @a\n", "y", "none"},
		{gitlab, "a.txt", "@lead"},
		{gitlab, "docs/a.txt", "@lead @writers @group/sub/docs"},
		{gitlab, "sub/docs/a.txt", "@lead @writers @group/sub/docs"},
		{gitlab, "docs/api/x.go", "@lead @api @opt"},
		{"[A]\nsub/x @a\n", "deep/sub/x", "@a"}, // GitLab anchors only what begins with a slash
		{"sub/x @a\n", "deep/sub/x", "none"},
	} {
		owners := Read("CODEOWNERS", []byte(c.text)).CodeOwners[0]
		r, ok := Match(owners, c.path)
		var got []string
		for _, o := range r.Owners {
			got = append(got, o.Value)
		}
		if ok != (c.want != "none") || ok && strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.path, got, ok, c.want)
		}
	}
}

func TestIsPath(t *testing.T) {
	for path, want := range map[string]bool{
		"CODEOWNERS": true, ".github/CODEOWNERS": true, ".gitlab/CODEOWNERS": true, "docs/CODEOWNERS": true,
		"services/a/CODEOWNERS": false, "codeowners": false, "docs/CODEOWNERS.md": false, "a/.github/CODEOWNERS": false,
	} {
		if IsPath(path) != want {
			t.Errorf("%s: got %v", path, !want)
		}
	}
}

func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	files, read, owned := 0, 0, 0
	causes := map[catalog.Cause]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "CODEOWNERS" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		facts := Read("CODEOWNERS", data)
		files++
		for _, g := range facts.Gaps {
			causes[g.Cause]++
			t.Logf("%s: %v", path, g)
		}
		for _, c := range facts.CodeOwners {
			read += len(c.Rules)
			if _, ok := NewMatcher(c).Match("some/folder/"); ok {
				owned++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d rules, %d files with a catch-all, gaps %v", files, read, owned, causes)
}

func BenchmarkMatch(b *testing.B) {
	for name, format := range map[string]string{"anchored": "/services/s%d/ @t\n", "floating": "services-s%d/ @t\n", "wildcards": "**/s%d-*/x @t\n"} {
		var text strings.Builder
		text.WriteString("* @core\n")
		for i := range 2000 {
			fmt.Fprintf(&text, format, i)
		}
		m := NewMatcher(Read("CODEOWNERS", []byte(text.String())).CodeOwners[0])
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				m.Match(fmt.Sprintf("services/s%d/catalog.toml", i%10_000))
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(github), "a/b")
	f.Add([]byte(gitlab), "docs/")
	f.Add([]byte("/ @a\n// @b\n\\ @c\n**/ @d\n* @e"), "")
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		facts := Read("CODEOWNERS", data)
		lines := strings.Count(string(data), "\n") + 1
		for _, g := range facts.Gaps {
			if g.Detail == "" || g.Cause == "" || g.At.Line > lines {
				t.Fatalf("a bad gap: %+v", g)
			}
		}
		for _, c := range facts.CodeOwners {
			for _, r := range c.Rules {
				if at := r.Pattern.At; r.Pattern.Value == "" || at.Line < 1 || at.Line > lines || at.Col < 1 {
					t.Fatalf("a bad rule: %+v", r)
				}
			}
			m := NewMatcher(c)
			m.Match(path)
			if len(m.rules) != len(c.Rules) {
				t.Fatalf("%d of %d rules can be matched", len(m.rules), len(c.Rules))
			}
		}
	})
}
