// Package budgets reads error budget policies: Markdown pages, or parts of them, that say what changes when an error
// budget is spent. It answers "when does the policy apply, what happens then, who decides, and when is it looked at
// again?" and never "is it a good policy?" or "whose is it?".
//
// A policy is prose, so what is found is a choice of its own lines and sentences, the surest first, each with its place.
// English is understood, as far as policies share their words: the example of the SRE workbook, tables of budget left
// and action, lists below "At 75 % consumed". What waits to be written (TODO, <date>) is passed over.
// Source: SRE workbook, appendix B "Example Error Budget Policy".
package budgets

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// Hint says what is known of a file before it is read.
type Hint int

// The hints, the weakest first.
const (
	Maybe Hint = iota // a policy only if its headings say so
	Path              // its path is that of a policy
	Named             // an SLO, journey, service or team names it as its policy
)

// Read gives the error budget policy that a page holds; ok is false when it holds none. A page that is named, or whose
// path is that of a policy, is one whatever it says; of any other the part below a heading such as "Error budget policy"
// is read.
//
// In: what pages.Read makes of the file, which becomes the policy's Page, and the file's bytes.
func Read(page *catalog.Page, data []byte, hint Hint) (*catalog.BudgetPolicy, bool) {
	part, found := policyPart(page)
	if !found && hint == Maybe {
		return nil, false
	}
	p := &catalog.BudgetPolicy{Page: page, At: part.at}
	extract(p, readUnits(page, data, part))
	return p, true
}

// part is the part of a page that is the policy: lines from first up to last, 0 for the page's end.
type part struct {
	first, last int
	at          catalog.Place
}

// policyPart finds the part of a page that its title or a heading calls the policy; else the part is the whole page.
func policyPart(p *catalog.Page) (part, bool) {
	whole := part{at: p.At}
	if isPolicyTitle(p.Title.Value) {
		whole.at = p.Title.At
		return whole, true
	}
	for i, h := range p.Headings {
		if !isPolicyTitle(h.Text) {
			continue
		}
		found := part{first: h.At.Line, at: h.At}
		for _, next := range p.Headings[i+1:] {
			if next.Level <= h.Level {
				found.last = next.At.Line
				break
			}
		}
		return found, true
	}
	return whole, false
}

// isPolicyTitle reports whether a title is that of an error budget policy: it speaks of a policy and of the budget or
// the SLO, in a few words.
func isPolicyTitle(title string) bool {
	words := wordsOf(title)
	has := func(stems ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			return slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(w, stem) })
		})
	}
	about := has("budget") || has("slo")
	return len(words) <= 12 && about && has("polic") || has("budget") && has("error") && len(words) <= 6 && has("procedure", "enforcement", "rules", "freeze")
}

// folders whose pages are no policy in force.
var samples = []string{"template", "templates", "example", "examples", "sample", "samples", "archive", "archived", "fixtures", "testdata"}

// IsPath reports whether a path is that of an error budget policy, as "docs/error-budget-policy.md" and
// "ERROR_BUDGET_POLICY.md" are. A template or an example is none.
func IsPath(file string) bool {
	words := nameWords(file)
	return words != nil && slices.Contains(words, "policy") && (slices.Contains(words, "budget") || slices.Contains(words, "slo"))
}

// MayHold reports whether a page may hold a policy, by a path that speaks of SLOs or error budgets, so that it is worth
// reading.
func MayHold(file string) bool {
	return slices.ContainsFunc(nameWords(file), func(w string) bool { return w == "budget" || w == "slo" || w == "sla" || w == "reliability" })
}

// nameWords gives the words of a page's name in the singular, nil for what is no page and for samples.
func nameWords(file string) []string {
	if !pages.IsPath(file) {
		return nil
	}
	folder, base := path.Split(strings.ToLower(file))
	for _, f := range strings.Split(folder, "/") {
		if slices.Contains(samples, f) {
			return nil
		}
	}
	base, _, _ = strings.Cut(base, ".")
	words := wordsOf(base)
	for i, w := range words {
		switch {
		case w == "policies":
			words[i] = "policy"
		case slices.Contains(samples, w):
			return nil
		case w == "slos" || w == "budgets" || w == "slas":
			words[i] = strings.TrimSuffix(w, "s")
		case w == "errorbudget" || w == "errorbudgets":
			words[i] = "budget"
		}
	}
	return words
}

// wordsOf gives the words of a text in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
