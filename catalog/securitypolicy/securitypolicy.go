// Package securitypolicy reads the files that say how to report a vulnerability: SECURITY pages and security.txt. It
// answers "whom does one tell, and when does one hear back?" and never whether that is soon enough.
package securitypolicy

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// names are the names of such files in lower case, without their endings.
var names = []string{"security", "security-policy", "security_policy", "vulnerability-disclosure", "vulnerability_disclosure", "vulnerability-disclosure-policy", "vulnerability-response", "vulnerability-management",
	"responsible-disclosure", "reporting-security-issues"}

// endings are those that are read: Markdown, and text in which markup does not matter.
var endings = []string{"", ".md", ".markdown", ".txt", ".rst", ".adoc", ".asciidoc"}

// hostFolders are where code hosts look for a policy; there a name in lower case counts.
var hostFolders = []string{".", ".github", ".gitlab", "docs", ".well-known"}

// IsPath reports whether a file would be a security policy by its path: "SECURITY.md" anywhere, other spellings and names
// where code hosts look for them, and security.txt.
// Source: GitHub documentation, "Adding a security policy to your repository"; RFC 9116, section 3.
func IsPath(file string) bool {
	name := path.Base(file)
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	switch {
	case IsText(file) && strings.EqualFold(name, "security.txt"):
		return true
	case !slices.Contains(endings, strings.ToLower(ending)) || !slices.Contains(names, strings.ToLower(stem)):
		return false
	case strings.HasSuffix(path.Dir(file), "_TEMPLATE"): // of an issue
		return false
	case stem == strings.ToUpper(stem):
		return true
	}
	return ending != "" && slices.Contains(hostFolders, path.Dir(file)) || strings.Contains(stem, "-") || strings.Contains(stem, "_")
}

// IsText reports whether [ReadText] reads the file, and not [ReadPage].
func IsText(file string) bool { return !pages.IsPath(file) }

// ReadPage gives the policy that a Markdown page is; ok is false when the page says nothing about reporting
// vulnerabilities.
func ReadPage(o *pages.Outline) (policy *catalog.SecurityPolicy, ok bool) {
	r := newReader(o.Page.At.File)
	for i, s := range o.Sections {
		r.heading(s.Heading)
		if i > 0 {
			r.texts(catalog.Text{Value: s.Heading.Text, At: s.Heading.At})
		}
		for _, p := range s.Paragraphs {
			r.paragraph(p)
		}
		for _, item := range s.Items {
			r.texts(item.Text)
		}
		for _, t := range s.Tables {
			r.table(t)
		}
	}
	for _, l := range o.Page.Links {
		r.link(l)
	}
	r.policy.Page, r.policy.At = o.Page, o.Page.At
	r.policy.Placeholders = append(slices.Clone(o.Page.Placeholders), r.policy.Placeholders...)
	return r.finish(o.Page.Words)
}

// ReadText gives the policy that a security.txt or another text file is; ok is false when it says nothing about
// reporting vulnerabilities.
func ReadText(file string, data []byte) (policy *catalog.SecurityPolicy, ok bool) {
	r := newReader(file)
	r.policy.At = catalog.Place{File: file}
	words := 0
	for _, p := range paragraphs(file, data) {
		words += len(strings.Fields(p.Value))
		if r.fields(p.Lines) {
			continue
		}
		r.paragraph(p)
		for _, l := range p.Lines {
			for _, address := range webAddress.FindAllString(l.Value, -1) {
				r.link(catalog.PageLink{Target: strings.TrimRight(address, ".,;:"), At: l.At})
			}
		}
	}
	return r.finish(words)
}

// finish gives the policy when there is one, the times for severities before the others. Who refers to another policy, and states no time, leaves it to that one.
func (r *reader) finish(words int) (*catalog.SecurityPolicy, bool) {
	p := r.policy
	p.Times = append(r.graded, p.Times...)
	if len(p.Times) > 0 || words > maxReferral {
		p.Elsewhere = catalog.Text{}
	}
	p.BySeverity = r.bySeverity()
	return p, r.reports || len(p.Contacts)+len(p.Placeholders) > 0 && isPolicyName(p.At.File) || p.Elsewhere.Value != "" && isPolicyName(p.At.File)
}

// maxReferral is how many words a page may have that does no more than to refer to another one.
const maxReferral = 250

// isPolicyName reports whether a file's name alone tells that it is a policy.
func isPolicyName(file string) bool {
	stem := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return stem == strings.ToUpper(stem) || strings.EqualFold(path.Base(file), "security.txt")
}
