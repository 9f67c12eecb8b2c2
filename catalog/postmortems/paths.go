package postmortems

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog/pages"
)

// certainty is how much a path alone says.
type certainty int

const (
	no    certainty = iota
	maybe           // it is one when its text has the parts of one
	yes
)

// IsPath says whether a path looks like a postmortem's: a page in a folder of postmortems, incident reports, post-incident
// reviews or root cause analyses, one in a folder of incidents that bears a date or a number, or one with such a name
// ("PM2024-001 Ingress is down.md", "2026-03-01-postmortem.md"). The introduction of a collection ("postmortems/README.md")
// and pages about how postmortems are written are none. Forms to be filled in are.
func IsPath(file string) bool { return judge(file) != no }

// Folders that hold reports, and those in which reports stand among other pages.
var (
	collections = []string{"postmortem", "postmortems", "incidentreport", "incidentreports", "incidentreview", "incidentreviews",
		"postincidentreview", "postincidentreviews", "pir", "pirs", "rca", "rcas", "coe", "coes", "outagereports"}
	mixed = []string{"incident", "incidents", "outage", "outages", "retrospective", "retrospectives", "retros", "learningreviews"}
)

var (
	spoken   = regexp.MustCompile(`post-?_?mortem|incident[-_ ]?(?:report|review|retro)|post[-_ ]?incident|outage[-_ ]?report`)
	numbered = regexp.MustCompile(`^(?:pm|inc|incident|pir|rca|coe|sev\d?)[-_ ]?\d{3,}`)
	dated    = regexp.MustCompile(`(?:^|\D)20\d\d(?:\D|$)|\d{5,}`)
	// about are words of pages that say how such reports are written, or that hold none.
	about = []string{"guide", "guides", "guideline", "guidelines", "process", "policy", "procedure", "procedures", "howto", "culture", "checklist",
		"playbook", "runbook", "practices", "training", "faq", "generator", "prompt", "skill", "criteria", "response", "analysis", "reference", "workflow", "write"}
	introductions = []string{"readme", "index", "_index", "contributing", "changelog", "overview", "toc", "summary", "license"}
	endings       = []string{".adoc", ".asciidoc", ".rst", ".org", ".textile"} // markup that pages recognises and does not read
)

func judge(file string) certainty {
	file = strings.ToLower(path.Clean(file))
	name := path.Base(file)
	if !isPage(name) {
		return no
	}
	stem := stemOf(name)
	words := wordsOf(stem)
	folders := strings.Split(path.Dir(file), "/")
	if slices.Contains(introductions, stem) {
		return introduction(folders)
	}
	bears := dated.MatchString(stem) || numbered.MatchString(stem)
	if !bears && slices.ContainsFunc(words, func(w string) bool { return slices.Contains(about, w) }) {
		return no
	}
	return named(stem, words, folders, bears)
}

// named judges a page by its name and the folders above it.
func named(stem string, words, folders []string, bears bool) certainty {
	speaks := spoken.MatchString(stem) || slices.Contains(words, "rca") || slices.Contains(words, "pir")
	switch {
	case holds(folders, collections), numbered.MatchString(stem), speaks && bears:
		return yes
	case speaks, holds(folders, mixed[:4]) && (bears || dated.MatchString(folders[len(folders)-1]) || strings.Contains(stem, "incident") || strings.Contains(stem, "outage")):
		return maybe
	case holds(folders, mixed[4:]) && (strings.Contains(stem, "incident") || strings.Contains(stem, "outage")):
		return maybe
	}
	return no
}

// introduction judges a README: it is the report itself where each report has a folder of its own.
func introduction(folders []string) certainty {
	last := folders[len(folders)-1]
	above := folders[:len(folders)-1]
	if !dated.MatchString(last) && !numbered.MatchString(last) {
		return no
	}
	switch {
	case holds(above, collections):
		return yes
	case holds(above, mixed[:4]):
		return maybe
	}
	return no
}

// holds reports whether one of the folders has one of the names, whatever signs stand in it.
func holds(folders, names []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return slices.Contains(names, strings.Join(wordsOf(f), "")) })
}

func isPage(name string) bool {
	if pages.IsPath(name) || slices.Contains(endings, path.Ext(name)) {
		return true
	}
	return numbered.MatchString(name) && !fileEnding.MatchString(name) // "PM2022-009 - Bad AMI"
}

var fileEnding = regexp.MustCompile(`\.[a-z][a-z0-9]{0,5}$`)

// stemOf gives a file's name without its endings.
func stemOf(name string) string {
	for _, ending := range append([]string{".erb", ".html", ".md", ".markdown", ".mdx"}, endings...) {
		name = strings.TrimSuffix(name, ending)
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, ".md"), ".html")
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// isForm reports whether a file's name or folder says that it is a form to be filled in, or an example of one that is.
func isForm(file string) bool {
	file = strings.ToLower(path.Clean(file))
	stem, folders := stemOf(path.Base(file)), strings.Split(path.Dir(file), "/")
	forms, examples := []string{"template", "templates", "tmpl", "skeleton"}, []string{"example", "examples", "sample", "samples"}
	says := func(words []string) bool {
		return slices.ContainsFunc(wordsOf(stem), func(w string) bool { return slices.Contains(words, w) }) || holds(folders, words)
	}
	return says(forms) || says(examples) && !dated.MatchString(stem) && !numbered.MatchString(stem) // "2026-05-02-sample-rate"
}
