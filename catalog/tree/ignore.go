package tree

import (
	"path"
	"strings"
)

// ignoreRule is one line of a .gitignore file, as gitignore(5) describes them.
type ignoreRule struct {
	base     string   // folder of the file that holds it: the rule applies below
	segments []string // one when the rule is for a name at any depth
	anchored bool     // it is for a path from base
	folders  bool     // it is for folders only
	keep     bool     // it takes back what earlier rules ignore
}

// parseIgnore reads the rules of one file.
func parseIgnore(base string, text []byte) []ignoreRule {
	var rules []ignoreRule
	for line := range strings.Lines(string(text)) {
		if r, ok := parseRule(base, strings.TrimRight(line, "\r\n")); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

func parseRule(base, line string) (ignoreRule, bool) {
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	r := ignoreRule{base: base}
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	line, r.keep = strings.CutPrefix(line, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	r.anchored = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return r, false
	}
	line = strings.ReplaceAll(line, "[!", "[^") // package path has the other spelling
	r.segments = strings.Split(line, "/")
	return r, true
}

// ignored reports whether the rules, general ones first, ignore a path none of whose folders is ignored. The last rule
// that matches decides.
func ignored(rules []ignoreRule, p string, folder bool) bool {
	for i := len(rules) - 1; i >= 0; i-- {
		if rules[i].matches(p, folder) {
			return !rules[i].keep
		}
	}
	return false
}

func (r ignoreRule) matches(p string, folder bool) bool {
	if r.folders && !folder {
		return false
	}
	if !r.anchored {
		return matchName(r.segments[0], path.Base(p))
	}
	if r.base != "" {
		p = strings.TrimPrefix(p, r.base+"/")
	}
	return matchSegments(r.segments, strings.Split(p, "/"))
}

// matchSegments matches names against patterns of which "**" stands for any number of names. It remembers the last "**"
// only, which is enough since all of them match anything, and keeps hostile patterns cheap.
func matchSegments(patterns, names []string) bool {
	p, n := 0, 0
	star, resume := -1, 0
	for n < len(names) {
		switch {
		case p < len(patterns) && patterns[p] == "**":
			if p == len(patterns)-1 {
				return true // "a/**" is everything inside
			}
			star, resume = p, n
			p++
		case p < len(patterns) && matchName(patterns[p], names[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	return p == len(patterns)
}

// matchName matches one name. A pattern that is not well formed matches nothing, so its files are shown.
func matchName(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}
