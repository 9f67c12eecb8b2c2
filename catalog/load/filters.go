package load

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
)

// maxFilterFiles bounds how many files of a folder the path filters of a workflow are tried on. A filter of which they
// do not tell counts as one that lets something through.
const maxFilterFiles = 5000

// startsFor reports whether changes below a folder can start a workflow of the repository at root: one of its triggers
// has no path filter, or one that lets a file of the folder through.
func (l *loader) startsFor(w *catalog.Workflow, root, folder string) bool {
	if folder == root || len(w.Triggers) == 0 {
		return true
	}
	files := l.below(folder)
	for _, t := range w.Triggers {
		if len(t.Paths)+len(t.IgnoredPaths) == 0 {
			return true
		}
		only, not := pathFilter(w.Format, t.Paths), pathFilter(w.Format, t.IgnoredPaths)
		few := files[:min(len(files), maxFilterFiles)]
		if len(few) < len(files) {
			few = only.candidates(files, root)
		}
		if len(few) > maxFilterFiles || slices.ContainsFunc(few, func(file string) bool {
			file = strings.TrimPrefix(strings.TrimPrefix(file, root), "/")
			return (only == nil || only.admits(file)) && !not.admits(file)
		}) {
			return true
		}
	}
	return false
}

// filter is a list of path patterns; the last one that matches decides.
// Source: GitHub Actions, "Filter pattern cheat sheet".
type filter []filterPattern

type filterPattern struct {
	not   bool
	begin string // what every path that it matches begins with
	match *regexp.Regexp
}

func pathFilter(format string, patterns []catalog.Text) filter {
	var f filter
	for _, p := range patterns {
		text, not := strings.CutPrefix(p.Value, "!")
		text = strings.TrimPrefix(text, "/")
		source := patternSource(text)
		if format == "azure" { // a path stands for all that is below it
			source = patternSource(strings.TrimSuffix(strings.TrimSuffix(text, "*"), "/")) + "(?:/.*)?"
		}
		if re, err := regexp.Compile("^(?s:" + source + ")$"); err == nil {
			begin, _, _ := strings.Cut(text, "*")
			if i := strings.IndexAny(begin, "?+[\\"); i >= 0 { // the character before may be missing
				_, size := utf8.DecodeLastRuneInString(begin[:i])
				begin = begin[:i-size]
			}
			f = append(f, filterPattern{not, strings.TrimSuffix(begin, "/"), re})
		}
	}
	return f
}

// patternSource gives a pattern as a regular expression: "*" is any text without a slash and "**" any text, "?" and "+"
// repeat the character before them, "[a-z]" is one of several characters, and a backslash takes the next one literally.
func patternSource(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "**/") && (i == 0 || pattern[i-1] == '/'):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(pattern[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case (c == '?' || c == '+') && i > 0, c == '[', c == ']', c == '-':
			b.WriteByte(c)
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	return b.String()
}

// admits reports whether the filter lets a file through.
func (f filter) admits(file string) bool {
	for _, p := range slices.Backward(f) {
		if p.match.MatchString(file) {
			return !p.not
		}
	}
	return false
}

// candidates gives the files that begin as one of the patterns does; without patterns all of them are.
func (f filter) candidates(files []string, root string) []string {
	if f == nil {
		return files
	}
	var all []string
	for _, p := range f {
		if p.not {
			continue
		}
		begin := p.begin
		if root != "" {
			begin = root + "/" + begin
		}
		for i := sort.SearchStrings(files, begin); i < len(files) && strings.HasPrefix(files[i], begin) && len(all) <= maxFilterFiles; i++ {
			all = append(all, files[i])
		}
	}
	return all
}
