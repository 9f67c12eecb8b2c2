package owners

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hmarr/codeowners"

	"obsready/catalog"
)

// Matcher finds the owners of paths. It compiles the patterns once: use it for more than one path. It is safe for
// concurrent use.
type Matcher struct {
	rules    []rule // in the order of the file
	sections []string
}

// rule is a compiled rule.
type rule struct {
	*catalog.OwnerRule
	match   codeowners.Rule
	literal string // that every matching path contains; a cheap test before the costly one
}

// NewMatcher compiles the rules of a file. Rules that [Read] would not have given are left out.
func NewMatcher(c *catalog.CodeOwners) *Matcher {
	m := &Matcher{}
	gitlab := path.Base(path.Dir(c.At.File)) == ".gitlab" || slices.ContainsFunc(c.Rules, func(r catalog.OwnerRule) bool { return r.Section != "" })
	seen := map[string]bool{}
	for i := range c.Rules {
		pattern := c.Rules[i].Pattern.Value
		if gitlab && !strings.HasPrefix(pattern, "/") {
			pattern = "**/" + pattern // GitLab anchors only what begins with a slash, GitHub all that holds one
		}
		compiled, err := compile(pattern)
		if err != nil {
			continue
		}
		m.rules = append(m.rules, rule{&c.Rules[i], compiled, literal(pattern)})
		if s := c.Rules[i].Section; !seen[s] {
			seen[s] = true
			m.sections = append(m.sections, s)
		}
	}
	return m
}

// compile gives the matching form of one pattern.
func compile(pattern string) (codeowners.Rule, error) {
	set, err := codeowners.ParseFile(strings.NewReader(pattern))
	if err != nil {
		return codeowners.Rule{}, err
	}
	if len(set) != 1 || set[0].RawPattern() != pattern {
		return codeowners.Rule{}, fmt.Errorf("%q is no pattern", pattern)
	}
	return set[0], nil
}

// maxPattern is more than a path that is in use is long, in bytes; matching time grows with it.
const maxPattern = 1024

// invalid says what is wrong with a pattern, "" when it can be matched.
func invalid(pattern string) string {
	switch {
	case len(pattern) > maxPattern:
		return fmt.Sprintf("a pattern of %d bytes, which no path matches. name the folder above", len(pattern))
	case strings.HasPrefix(pattern, "!"):
		return fmt.Sprintf("pattern %q excludes paths, which GitHub does not know and is not read here. name the paths that are owned", pattern)
	case strings.ContainsAny(pattern, "[]"):
		return fmt.Sprintf("pattern %q has brackets, which code hosts do not read as ranges. use * instead", pattern)
	case strings.ContainsRune(pattern, '#'):
		return fmt.Sprintf("pattern %q holds a #, which code hosts read in different ways. use ? instead, or put a blank before a comment", pattern)
	case strings.TrimLeft(pattern, "/") == "" && pattern != "/":
		return fmt.Sprintf("pattern %q matches nothing. use * for all files", pattern)
	}
	if _, err := compile(pattern); err != nil {
		return fmt.Sprintf("pattern %q cannot be matched (%v). use ? in place of unusual characters", pattern, err)
	}
	return ""
}

// literal gives the longest run of a pattern without wildcards: every path that it matches contains it.
func literal(pattern string) string {
	longest := ""
	for run := range strings.FieldsFuncSeq(pattern, func(r rune) bool { return strings.ContainsRune(`*?\`, r) }) {
		if run = strings.Trim(run, "/"); len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// fileInside stands for a file of a folder: it has a name that no pattern spells out.
const fileInside = "\x01"

// Match gives the rule that decides about a path: the last that matches. A path that ends with a slash is a folder, and
// stands for those of its files that no pattern names.
//
// With GitLab's sections the last rule of each section has a say. Then the rule given is that of the last section in
// the file that has one, and its owners are those of all sections, in the order of the sections, without repetition.
func (m *Matcher) Match(path string) (catalog.OwnerRule, bool) {
	path = strings.TrimPrefix(path, "/")
	if path == "" || strings.HasSuffix(path, "/") {
		path += fileInside
	}
	if len(m.sections) <= 1 {
		if r := m.last(path, nil); r != nil {
			return *r, true
		}
		return catalog.OwnerRule{}, false
	}
	var decided catalog.OwnerRule
	found := false
	var all []catalog.Text
	for _, s := range m.sections {
		r := m.last(path, &s)
		if r == nil {
			continue
		}
		decided, found = *r, true
		all = appendNew(all, r.Owners)
	}
	decided.Owners = all
	return decided, found
}

// last gives the last rule that matches, of one section when one is given.
func (m *Matcher) last(path string, section *string) *catalog.OwnerRule {
	for i := len(m.rules) - 1; i >= 0; i-- {
		r := &m.rules[i]
		if section != nil && r.Section != *section || !strings.Contains(path, r.literal) || r.Pattern.Value == "/" {
			continue
		}
		if ok, err := r.match.Match(path); ok && err == nil {
			return r.OwnerRule
		}
	}
	return nil
}

func appendNew(all, more []catalog.Text) []catalog.Text {
	for _, o := range more {
		known := false
		for _, a := range all {
			known = known || strings.EqualFold(a.Value, o.Value)
		}
		if !known {
			all = append(all, o)
		}
	}
	return all
}

// Match gives the rule that decides about one path, as [Matcher.Match] does.
func Match(c *catalog.CodeOwners, path string) (catalog.OwnerRule, bool) {
	return NewMatcher(c).Match(path)
}
