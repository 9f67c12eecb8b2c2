package pages

import (
	"testing"

	"obsready/catalog"
)

func TestSlug(t *testing.T) {
	for text, want := range map[string]string{
		"How to fix it":      "how-to-fix-it",
		"What's next?":       "whats-next",
		"A & B":              "a--b",
		"snake_case":         "snake_case",
		"🚨 Impact":           "-impact",
		"Überlast prüfen":    "überlast-prüfen",
		"v1.2 (beta)":        "v12-beta",
		"1. Check the queue": "1-check-the-queue",
	} {
		if got := slug(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestUnique(t *testing.T) {
	s := slugger{}
	for _, c := range []struct{ slug, want string }{{"a", "a"}, {"a", "a-1"}, {"a-1", "a-1-1"}, {"a", "a-2"}, {"b", "b"}} {
		if got := s.unique(c.slug); got != c.want {
			t.Errorf("%q: got %q, want %q", c.slug, got, c.want)
		}
	}
}

func TestHasAnchor(t *testing.T) {
	p := read(t, "x.md", `# Alerts: High5xxRate
<a name="Old"></a> <span id="sp"></span>

## 2. Check the A/B test's log_file
## Impact {#custom}
### Severity
## Mitigation
### Severity
### Severity

{: #kram .x}

## Größe prüfen
`)
	for fragment, want := range map[string]bool{
		"":                                true,
		"#":                               true,
		"#:~:text=Impact":                 true,
		"old":                             true,
		"sp":                              true,
		"custom":                          true,
		"kram":                            true,
		"alerts-high5xxrate":              true,
		"Alerts-High5xxRate":              true,
		"user-content-severity":           true,
		"2-check-the-ab-tests-log_file":   true, // GitHub
		"2-check-the-a-b-test-s-log-file": true, // Rails, Redcarpet
		"check-the-ab-tests-logfile":      true, // kramdown
		"2_check_the_a_b_test_s_log_file": true, // MediaWiki
		"severity-2":                      true,
		"severity_1":                      true,
		"severity-3":                      true,
		"mitigation-severity":             true,
		"gr%C3%B6%C3%9Fe-pr%C3%BCfen":     true,
		"severity-4":                      false,
		"severity-0":                      false,
		"impact-1":                        false,
		"impact-severity-x":               false,
		"sever":                           false,
		"high5xxrate":                     false,
		"check":                           false,
		"fo-o":                            false,
		"top-impact":                      false,
		"alerts":                          false,
		"%zz":                             false,
	} {
		if got := HasAnchor(p, fragment); got != want {
			t.Errorf("%q: got %v", fragment, got)
		}
	}
}

func TestSection(t *testing.T) {
	p := read(t, "x.md", "# Mitigation of disks\n## Customer impact\n## 2) 🔥 IMPACT!\n## How to diagnose it\n## Symptoms\n## Roll-back steps\n")
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"impact"}, "2) 🔥 IMPACT!"},
		{[]string{"customer impact"}, "Customer impact"},
		{[]string{"diagnosis", "diagnose"}, "How to diagnose it"},
		{[]string{"symptom"}, "Symptoms"},
		{[]string{"roll back"}, "Roll-back steps"},
		{[]string{"mitigation"}, ""}, // only in the title
		{[]string{"how diagnose"}, ""},
		{[]string{"", "…"}, ""},
		{nil, ""},
	} {
		h, ok := Section(p, c.names...)
		if h.Text != c.want || ok != (c.want != "") {
			t.Errorf("%q: got %q", c.names, h.Text)
		}
	}
	if _, ok := Section(&catalog.Page{}, "impact"); ok {
		t.Error("a section of an empty page")
	}
}

func TestIsRunbookPath(t *testing.T) {
	for path, want := range map[string]bool{
		"docs/runbooks/checkout.md":          true,
		"docs/RunBooks/Checkout.MD":          true,
		"services/a/runbook.md":              true,
		"checkout-run-book.md":               true,
		"docs/alert-playbooks/x.markdown":    true,
		"ops/sop/restore.md":                 true,
		"source/manual/alerts/x.html.md.erb": true,
		"runbooks/checkout/README.md":        true,
		"docs/runbook/README.md":             true,
		"runbooks/x.adoc":                    true,
		"runbooks/README.md":                 false,
		"runbooks/_index.md":                 false,
		"ansible/playbooks/site.yaml":        false,
		"docs/sophisticated.md":              false,
		"README.md":                          false,
		"docs/architecture.md":               false,
	} {
		if got := IsRunbookPath(path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
}
