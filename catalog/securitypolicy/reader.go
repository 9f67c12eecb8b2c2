package securitypolicy

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// reader collects what a file states.
type reader struct {
	policy  *catalog.SecurityPolicy
	reports bool // it speaks of reporting vulnerabilities

	severity      string // that the headings above speak of, …
	severityLevel int    // … and the level of the heading
	timesBy       map[string]string
	graded        []catalog.Text // times for a severity
}

func newReader(file string) *reader {
	return &reader{policy: &catalog.SecurityPolicy{At: catalog.Place{File: file}}, timesBy: map[string]string{}}
}

var (
	mail       = regexp.MustCompile(`[A-Za-z0-9][\w.+-]*(?:@|\[@\]|\s?\[at\]\s?|\s?\(at\)\s?)[A-Za-z0-9][\w-]*(?:\.[A-Za-z0-9][\w-]*)+`)
	webAddress = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `\])]+`)
	// reporting matches sentences that ask for reports of vulnerabilities.
	reporting = regexp.MustCompile(`(?i)\b(?:report|disclos|submit|e-?mail|contact|found|find|discover|notif)\w*\b.*\b(?:vulnerabilit|security (?:issue|bug|problem|concern|flaw|hole|report)|secure?ly|privately|confidential|exploit)|\b(?:vulnerabilit\w+|security (?:issue|bug|problem|concern|flaw|report)s?)\b.*\b(?:report|disclos|submit|e-?mail|contact|notif)`)
	// privately matches sentences about the form for private reports that code hosts have.
	privately = regexp.MustCompile(`(?i)private(?:ly)? (?:vulnerability )?report|\b(?:open|file|submit|create|draft|through|via|us(?:e|ing))\b[^.]{0,40}security advisor(?:y|ies)|\b(?:click|press|us(?:e|ing)|via)\b[^.]{0,40}report a vulnerability|confidential issue|security tab`)
	// others matches what the maintainers do themselves.
	others = regexp.MustCompile(`(?i)\b(?:we|maintainers?|team|distributors?|project) (?:will|may|can|have|also|create)`)
	// channel matches a chat channel for security.
	channel = regexp.MustCompile(`(?:^|\s|["'(` + "`" + `])(#[a-z0-9_-]*(?:security|secops|infosec|csirt|psirt|vuln)[a-z0-9_-]*)`)
	// forms matches addresses of forms that take reports.
	forms = regexp.MustCompile(`(?i)/security/advisories(?:/new)?/?$|^https?://(?:www\.)?(?:hackerone|bugcrowd|intigriti|yeswehack|huntr|hackenproof|immunefi|synack|openbugbounty)\.|//(?:app\.|bounty\.)?(?:hackerone|bugcrowd|intigriti|yeswehack)\.|report[-_]?(?:a[-_])?(?:security[-_])?(?:vuln|issue|security)|msrc\.microsoft\.com|g\.co/vulnz|bughunters|bug-?bounty|tidelift\.com/security|/security/(?:team/)?contact|/security/report|vulnerability[-_]report`)
	// policies matches addresses of another policy.
	policies = regexp.MustCompile(`(?i)security[-_ ]?(?:policy|process|response|disclosure|release)|security\.(?:md|html|txt)|(?:responsible|vulnerability|coordinated)[-_ ]?disclosure|/security/?(?:[#?].*)?$|security#|#security$|reporting[-_ ]?(?:a[-_ ])?(?:security|vulnerab|bug)|disclosure[-_ ]policy|CVD`)
	// securityTab matches the page of a repository that shows its own policy and advisories.
	securityTab = regexp.MustCompile(`^https?://github\.com/[^/]+/[^/]+/security/?$`)
	// stock matches the text of the forms that code hosts offer.
	stock = regexp.MustCompile(`(?i)use this section to tell people|tell them where to go, how often they can expect|insert contact|\[(?:your )?(?:security )?(?:e-?mail|contact)[^\]]*\]|<(?:your )?(?:security )?(?:e-?mail|contact)[^>]*>`)
	// unreal matches addresses that nobody reads.
	unreal = regexp.MustCompile(`(?i)no-?reply|@(?:[\w-]+\.)*example\.(?:com|org|net)$|@(?:your|my)[\w-]*\.|@domain\.|@company\.|@localhost`)
)

// heading keeps the severity that the sections below a heading are about.
func (r *reader) heading(h catalog.Heading) {
	if s := severities(h.Text); len(s) == 1 {
		r.severity, r.severityLevel = s[0], h.Level
	} else if h.Level <= r.severityLevel {
		r.severity, r.severityLevel = "", 0
	}
}

func (r *reader) paragraph(p pages.Paragraph) {
	line := 0
	for _, s := range sentences(p.Value) {
		line = lineOf(p, s, line)
		at := p.At
		if line < len(p.Lines) {
			at = p.Lines[line].At
		}
		r.sentence(catalog.Text{Value: s, At: at})
	}
}

// texts reads a text without lines of its own.
func (r *reader) texts(t catalog.Text) {
	for _, s := range sentences(t.Value) {
		r.sentence(catalog.Text{Value: s, At: t.At})
	}
}

func (r *reader) sentence(t catalog.Text) {
	if reporting.MatchString(t.Value) {
		r.reports = true
	}
	if stock.MatchString(t.Value) {
		r.policy.Placeholders = append(r.policy.Placeholders, pages.Quote(t))
		return
	}
	for _, address := range mail.FindAllString(t.Value, -1) {
		r.contact(catalog.Text{Value: address, At: t.At})
	}
	if privately.MatchString(t.Value) && !others.MatchString(t.Value) {
		r.contact(t)
		r.reports = true
	}
	if m := channel.FindStringSubmatch(t.Value); m != nil {
		r.contact(catalog.Text{Value: m[1], At: t.At})
	}
	r.time(t, "")
}

// link reads a link: to a mailbox, a form, or another policy.
func (r *reader) link(l catalog.PageLink) {
	target := catalog.Text{Value: l.Target, At: l.At}
	switch {
	case strings.HasPrefix(l.Target, "mailto:"):
		address, _, _ := strings.Cut(strings.TrimPrefix(l.Target, "mailto:"), "?")
		r.contact(catalog.Text{Value: address, At: l.At})
	case strings.HasPrefix(l.Target, "#"), strings.HasSuffix(l.Target, "/thanks"), strings.Contains(l.Target, "/tags/"), strings.Contains(l.Target, "img.shields.io"), strings.Contains(l.Target, "/actions/workflows/"):
	case strings.Contains(l.Target, "docs.github.com"):
		if strings.Contains(l.Target, "privately-reporting") {
			r.contact(target)
		}
	case forms.MatchString(l.Target):
		r.contact(target)
		r.reports = true
	case securityTab.MatchString(l.Target) && !policies.MatchString(l.Text):
	case policies.MatchString(l.Target), policies.MatchString(l.Text) && len(l.Text) < 80:
		if r.policy.Elsewhere.Value == "" && !isSelf(l.Target) {
			r.policy.Elsewhere = target
		}
	}
}

// isSelf reports whether a link leads back to a part of a page named SECURITY beside it.
func isSelf(target string) bool {
	return strings.HasPrefix(strings.TrimPrefix(target, "./"), "SECURITY.md#")
}

// contact adds a contact once. An address that nobody reads waits to be replaced.
func (r *reader) contact(t catalog.Text) {
	t = pages.Quote(t)
	same := func(other catalog.Text) bool { return strings.EqualFold(other.Value, t.Value) }
	if unreal.MatchString(t.Value) {
		if !strings.Contains(strings.ToLower(t.Value), "reply") && !slices.ContainsFunc(r.policy.Placeholders, same) {
			r.policy.Placeholders = append(r.policy.Placeholders, t)
		}
		return
	}
	if !slices.ContainsFunc(r.policy.Contacts, same) {
		r.policy.Contacts = append(r.policy.Contacts, t)
	}
}
