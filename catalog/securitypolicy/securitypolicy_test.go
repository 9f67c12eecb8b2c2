package securitypolicy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/pages"
)

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"SECURITY.md": true, ".github/SECURITY.md": true, "docs/SECURITY.rst": true, "SECURITY.txt": true, "SECURITY": true, "services/shop/SECURITY.adoc": true, "security.md": true, "docs/security.md": true,
		".well-known/security.txt": true, "web/public/.well-known/security.txt": true, "docs/security-policy.md": true,
		"docs/explanation/security.md": false, "security.go": false, "security": false, "security.yml": false, ".github/ISSUE_TEMPLATE/SECURITY.md": false, "SECURITY-INSIGHTS.yml": false,
	} {
		if got := IsPath(file); got != want {
			t.Errorf("IsPath(%q) = %v", file, got)
		}
	}
}

func readPage(t *testing.T, text string) (*catalog.SecurityPolicy, bool) {
	t.Helper()
	o, gaps := pages.ReadOutline("SECURITY.md", []byte(text))
	if o == nil {
		t.Fatal(gaps)
	}
	return ReadPage(o)
}

func values(texts []catalog.Text) string {
	all := make([]string, len(texts))
	for i, x := range texts {
		all[i] = x.Value
	}
	return strings.Join(all, "; ")
}

func TestReadPage(t *testing.T) {
	for name, test := range map[string]struct {
		text       string
		contacts   string
		times      string
		bySeverity bool
		elsewhere  string
		open       int // placeholders
		no         bool
	}{
		"mail and time": {
			text:     "# Security\n\nReport vulnerabilities to [us](mailto:security@acme.dev?subject=x).\nWe will acknowledge them within three (3) business days. Thank you.\n",
			contacts: "security@acme.dev", times: "We will acknowledge them within three (3) business days.",
		},
		"table by severity": {
			text:     "# Security\n\nOpen a report at <https://github.com/acme/shop/security/advisories/new>.\n\n| Severity | Response | Fix |\n|---|---|---|\n| Critical | immediate | 7 days |\n| Low | 1 week | 90 days |\n",
			contacts: "https://github.com/acme/shop/security/advisories/new", times: "Critical | immediate | 7 days; Low | 1 week | 90 days", bySeverity: true,
		},
		"one sentence by severity": {
			text:     "Mail vulnerabilities to sec@acme.dev.\n\n- Fixes: critical within 7 days, high within 30 days\n",
			contacts: "sec@acme.dev", times: "Fixes: critical within 7 days, high within 30 days", bySeverity: true,
		},
		"headings by severity": {
			text:     "Mail vulnerabilities to sec@acme.dev.\n\n### Critical\n\n**Response time: 24 hours**\n\n### Low\n\n**Response time: 90 days**\n",
			contacts: "sec@acme.dev", times: "Response time: 24 hours; Response time: 90 days", bySeverity: true,
		},
		"severities first": {
			text:     "Mail vulnerabilities to sec@acme.dev. We acknowledge within 48 hours.\n\n| Severity | Fix |\n|---|---|\n| Critical | 7 days |\n| Low | 90 days |\n",
			contacts: "sec@acme.dev", times: "Critical | 7 days; Low | 90 days; We acknowledge within 48 hours.", bySeverity: true,
		},
		"the repository's own page": {
			text: "Report vulnerabilities to sec@acme.dev. We manage them on [GitHub](https://github.com/acme/shop/security).\n", contacts: "sec@acme.dev",
		},
		"form of the code host": {
			text:     "Please use GitHub's private vulnerability reporting to report an issue.\n",
			contacts: "Please use GitHub's private vulnerability reporting to report an issue.",
		},
		"channel":   {text: "Report vulnerabilities in `#security-reports` on Slack.\n", contacts: "#security-reports"},
		"bounty":    {text: "Report a vulnerability [here](https://hackerone.com/acme).\n", contacts: "https://hackerone.com/acme"},
		"elsewhere": {text: "# Security\n\nSee our [security policy](https://acme.dev/security/policy) for how to report vulnerabilities.\n", elsewhere: "https://acme.dev/security/policy"},
		"own times": {
			text:     "Report vulnerabilities to sec@acme.dev. We reply within 2 days. See the [disclosure policy](https://acme.dev/disclosure-policy).\n",
			contacts: "sec@acme.dev", times: "We reply within 2 days.",
		},
		"GitHub's form": {
			text: "## Reporting a Vulnerability\n\nUse this section to tell people how to report a vulnerability.\n\nTell them where to go, how often they can expect to get an update.\n", open: 2,
		},
		"placeholder address":   {text: "Report vulnerabilities to security@example.com.\n", open: 1},
		"times of other things": {text: "Report vulnerabilities to sec@acme.dev.\n\nTokens expire after 15 minutes and are rotated every 90 days. If you have not received a response within 2 days, write again.\n", contacts: "sec@acme.dev"},
		"no promise":            {text: "Report vulnerabilities to sec@acme.dev. We will not respond within 24 hours. We cannot always guarantee an answer in 2 days.\n", contacts: "sec@acme.dev"},
		"a day is not in 'and'": {text: "Report vulnerabilities to sec@acme.dev and we fix them and release.\n", contacts: "sec@acme.dev"},
		"what maintainers do":   {text: "Report vulnerabilities to sec@acme.dev. We will open a security advisory.\n", contacts: "sec@acme.dev"},
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := readPage(t, test.text)
			if !ok {
				t.Fatal("no policy")
			}
			if got := values(p.Contacts); got != test.contacts {
				t.Errorf("contacts %q, want %q", got, test.contacts)
			}
			if got := values(p.Times); got != test.times {
				t.Errorf("times %q, want %q", got, test.times)
			}
			if p.BySeverity != test.bySeverity || p.Elsewhere.Value != test.elsewhere || len(p.Placeholders) != test.open {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestReadPageOfAnotherKind(t *testing.T) {
	o, _ := pages.ReadOutline("docs/security.md", []byte("# Security of the product\n\nTraffic is encrypted. Contact sales@acme.dev.\n"))
	if p, ok := ReadPage(o); ok {
		t.Errorf("a page about encryption is a policy: %+v", p)
	}
}

func TestReadText(t *testing.T) {
	p, ok := ReadText(".well-known/security.txt", []byte("# our policy\n\nContact: mailto:security@acme.dev\nContact: https://acme.dev/report\nExpires: 2026-12-31T23:59:59Z\nCanonical: https://acme.dev/security/\nPolicy: https://acme.dev/policy\n"))
	if !ok || values(p.Contacts) != "security@acme.dev; https://acme.dev/report" || p.Expires.Value != "2026-12-31T23:59:59Z" || p.Elsewhere.Value != "https://acme.dev/policy" {
		t.Errorf("got %+v", p)
	}
	if at := p.Expires.At.String(); at != ".well-known/security.txt:5:10" {
		t.Errorf("expires at %s", at)
	}
	p, ok = ReadText("SECURITY.rst", []byte("Security\n========\n\nReport vulnerabilities to sec@acme.dev.\nYou get a reply within 48 hours.\n"))
	if !ok || values(p.Contacts) != "sec@acme.dev" || values(p.Times) != "You get a reply within 48 hours." || p.Times[0].At.Line != 5 {
		t.Errorf("got %+v", p)
	}
	if _, ok := ReadText("SECURITY.txt", []byte{0xff, 0xfe}); ok {
		t.Error("a binary file is a policy")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# Security\n\nReport to a@b.cd within 2 days.\n\n| Severity | x |\n|---|---|\n| high | 2 d |\n")
	f.Add("Contact: mailto:a@b.cd\nExpires: 2026-01-01\n\n=====\n")
	f.Fuzz(func(t *testing.T, text string) {
		check := func(p *catalog.SecurityPolicy) {
			for _, x := range slices.Concat(p.Contacts, p.Times, []catalog.Text{p.Elsewhere, p.Expires}) {
				if x.Value != "" && (x.At.Line < 1 || x.At.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1) {
					t.Errorf("%q: no such place: %+v", text, x)
				}
			}
		}
		if o, _ := pages.ReadOutline("SECURITY.md", []byte(text)); o != nil {
			if p, ok := ReadPage(o); ok {
				check(p)
			}
		}
		if p, ok := ReadText("SECURITY.txt", []byte(text)); ok {
			check(p)
		}
	})
}

// TestCorpora reads the policies of public repositories. Each of them says whom to tell, or where that stands.
func TestCorpora(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpora/repo-hygiene/*/SECURITY.md")
	if len(files) == 0 {
		t.Skip("no corpora here")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := readPage(t, string(data))
		if !ok {
			t.Errorf("%s: no policy", file)
			continue
		}
		if len(p.Contacts) == 0 && p.Elsewhere.Value == "" {
			t.Errorf("%s: neither a contact nor another policy", file)
		}
	}
}

// TestLineOf finds the lines of sentences one after the other, so that a sentence that is said twice has two places.
func TestLineOf(t *testing.T) {
	p, ok := readPage(t, "# Security\nReport to a@x.example. We answer\nwithin 2 days. Fixes take 5 days.\nReport to a@x.example. We answer\nwithin 3 days.\n")
	if !ok {
		t.Fatal("no policy")
	}
	var lines []int
	for _, c := range p.Times {
		lines = append(lines, c.At.Line)
	}
	if !slices.Equal(lines, []int{2, 3, 4}) {
		t.Errorf("got the times %v", p.Times)
	}
	before := pages.Paragraph{Lines: make([]catalog.Text, maxLines+2)}
	before.Lines[maxLines+1].Value = "Far away."
	if got := lineOf(before, "Far away.", 1); got != 1 {
		t.Errorf("a sentence was looked for in line %d", got)
	}
}
