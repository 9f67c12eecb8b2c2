package pages

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"obsready/catalog"
)

// slug gives the fragment that GitHub makes of a heading's text: lower case, blanks as dashes, and no signs but
// dashes and underscores (the rules of github-slugger).
func slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(text)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd, unicode.Nl, unicode.Pc):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// slugger counts the slugs of a page that are taken.
type slugger map[string]int

// unique gives the slug, with "-1", "-2", … appended when it is taken.
func (s slugger) unique(slug string) string {
	given := slug
	for {
		if _, taken := s[given]; !taken {
			break
		}
		s[slug]++
		given = slug + "-" + strconv.Itoa(s[slug])
	}
	s[given] = 0
	return given
}

// HasAnchor reports whether the fragment of a link addresses a part of the page: an id set by hand, or a heading as
// any of the common site generators would address it. Upper and lower case are the same, "user-content-" before it
// is GitHub's own, and the empty fragment is the page.
//
// In: the fragment without or with its "#", percent-encoded or not.
func HasAnchor(p *catalog.Page, fragment string) bool {
	fragment = strings.TrimPrefix(fragment, "#")
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	fragment, _, _ = strings.Cut(fragment, ":~:") // the browser's own part: text to be highlighted
	fragment = strings.ToLower(strings.TrimPrefix(fragment, "user-content-"))
	if fragment == "" {
		return true
	}
	for _, a := range p.Anchors {
		if strings.ToLower(a) == fragment {
			return true
		}
	}
	base, number := cutNumber(fragment)
	core := letters(fragment)
	equal := 0 // headings that yield the base
	for i, h := range p.Headings {
		if strings.ToLower(h.Anchor) == fragment {
			return true
		}
		if !strings.Contains(core, letters(h.Text)) {
			continue
		}
		names := slugs(h.Text)
		if slices.Contains(names, fragment) || isBelow(p.Headings[:i], h, fragment, names) {
			return true
		}
		if number > 0 && slices.Contains(names, base) {
			equal++
		}
	}
	// The second of two equal headings is "x-1" or "x_1" to most generators and "x-2" to some.
	return equal > 1 && number <= equal
}

// letters gives what every generator keeps of a text: its ASCII letters and digits in lower case, without digits
// before the first letter.
func letters(text string) string {
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		c := text[i] | 0x20
		if c >= 'a' && c <= 'z' && text[i] < 0x80 {
			kept = append(kept, c)
		} else if text[i] >= '0' && text[i] <= '9' && len(kept) > 0 {
			kept = append(kept, text[i])
		}
	}
	return string(kept)
}

var trailingNumber = regexp.MustCompile(`^(.+)[-_]([1-9][0-9]{0,3})$`)

// cutNumber cuts the number off that tells equal headings apart; it is 0 when there is none.
func cutNumber(fragment string) (base string, number int) {
	m := trailingNumber.FindStringSubmatch(fragment)
	if m == nil {
		return fragment, 0
	}
	number, _ = strconv.Atoi(m[2])
	return m[1], number
}

// isBelow reports whether the fragment is that of the heading behind the one it stands below ("impact-severity"), as
// some generators tell equal headings apart.
func isBelow(before []catalog.Heading, h catalog.Heading, fragment string, names []string) bool {
	if !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(fragment, "-"+n) }) {
		return false
	}
	repeated := slices.ContainsFunc(before, func(g catalog.Heading) bool { return strings.EqualFold(g.Text, h.Text) })
	if !repeated {
		return false
	}
	for _, parent := range slices.Backward(before) {
		if parent.Level < h.Level {
			return slices.ContainsFunc(slugs(parent.Text), func(up string) bool {
				return slices.ContainsFunc(names, func(n string) bool { return fragment == up+"-"+n })
			})
		}
	}
	return false
}

var (
	dashes      = regexp.MustCompile(`-+`)
	blanks      = regexp.MustCompile(`[\s-]+`)
	signs       = regexp.MustCompile(`[^\p{L}\p{M}\p{N}]+`)
	asciiSigns  = regexp.MustCompile(`[^a-z0-9]+`)
	notWord     = regexp.MustCompile(`[^\p{L}\p{M}\p{N}_\s-]`)
	notKramdown = regexp.MustCompile(`[^a-z0-9 -]`)
)

// slugs gives the fragments that site generators make of a heading's text, in lower case.
func slugs(text string) []string {
	lower := strings.ToLower(text)
	github := slug(text)
	fromLetter := strings.TrimLeftFunc(lower, func(r rune) bool { return r < 'a' || r > 'z' })
	python := strings.Trim(blanks.ReplaceAllString(notWord.ReplaceAllString(lower, ""), "-"), "-")
	all := []string{
		github,
		strings.Trim(dashes.ReplaceAllString(github, "-"), "-"),                    // GitLab, Hugo
		strings.ReplaceAll(github, "_", ""),                                        // kramdown's GitHub parser
		strings.ReplaceAll(notKramdown.ReplaceAllString(fromLetter, ""), " ", "-"), // kramdown
		strings.Trim(signs.ReplaceAllString(lower, "-"), "-"),                      // Redcarpet, Sphinx
		strings.Trim(asciiSigns.ReplaceAllString(lower, "-"), "-"),                 // Rails' parameterize
		strings.Trim(signs.ReplaceAllString(lower, "_"), "_"),                      // MediaWiki
		python,                      // Python-Markdown, MkDocs
		"markdown-header-" + python, // Bitbucket
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" || s == "markdown-header-" })
}
