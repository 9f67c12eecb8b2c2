package pages

import (
	"path"
	"slices"
	"strings"
	"unicode"
)

var markdownEndings = []string{".md", ".markdown", ".mdx", ".md.erb", ".markdown.erb"}

// otherEndings are of markup that is recognised and not read.
var otherEndings = []string{".adoc", ".asciidoc", ".rst", ".org", ".textile"}

// IsPath says whether a path is a Markdown page's, by its ending.
func IsPath(file string) bool { return hasEnding(file, markdownEndings) }

func otherMarkup(file string) bool { return hasEnding(file, otherEndings) }

func hasEnding(file string, endings []string) bool {
	file = strings.ToLower(file)
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(file, e) })
}

// IsRunbookPath says whether a path looks like a runbook's: a page whose name, or a folder above it, speaks of
// runbooks, playbooks, standard operating procedures or alerts ("docs/runbooks/x.md", "checkout-runbook.md",
// "manual/alerts/x.html.md"). The introduction of a collection ("runbooks/README.md") is none.
//
// Pages in a markup that [Read] does not know are runbooks too, so that they become gaps.
func IsRunbookPath(file string) bool {
	if !IsPath(file) && !otherMarkup(file) {
		return false
	}
	segments := strings.Split(strings.ToLower(path.Clean(file)), "/")
	name, folders := stem(segments[len(segments)-1]), segments[:len(segments)-1]
	if speaksOfRunbooks(name) {
		return true
	}
	i := slices.IndexFunc(folders, func(f string) bool { return f == "alerts" || speaksOfRunbooks(f) })
	if i < 0 {
		return false
	}
	collection := i == len(folders)-1 && strings.HasSuffix(folders[i], "s")
	return !collection || !slices.Contains([]string{"readme", "index", "_index", "template", "contributing", "changelog"}, name)
}

// speaksOfRunbooks looks for the words inside one segment of a path, in lower case.
func speaksOfRunbooks(segment string) bool {
	words := strings.FieldsFunc(segment, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	joined := strings.Join(words, "")
	return strings.Contains(joined, "runbook") || strings.Contains(joined, "playbook") ||
		slices.Contains(words, "sop") || slices.Contains(words, "sops")
}

// stem gives a file's name without its endings: "x" for "x.html.md.erb".
func stem(file string) string {
	name := path.Base(file)
	for {
		ext := path.Ext(name)
		known := slices.Contains([]string{".erb", ".html"}, strings.ToLower(ext)) || IsPath(ext) || otherMarkup(ext)
		if !known || ext == name {
			return name
		}
		name = strings.TrimSuffix(name, ext)
	}
}
