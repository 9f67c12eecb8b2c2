package threats

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// IsPath reports whether a file would be a threat model by its path: its name, or the folder that it stands in, speaks of
// threat models, or its name of something that often holds one (an attack surface, a security assessment, threats below
// a folder for security). Templates, examples and guides are none. Models in JSON and YAML with other names are told by
// their content, see [Read].
func IsPath(file string) bool {
	if !pages.IsPath(file) && !isStructured(file) && !isForeign(file) {
		return false
	}
	return isNamed(file) || pages.IsPath(file) && mayHold(file)
}

// Unread gives the gap of a file that is a threat model by its name in a format that is not read: one of the Microsoft
// Threat Modeling Tool (.tm7), a text in another markup, or an office document. ok is false for every other file.
func Unread(file string) (g catalog.Gap, ok bool) {
	switch ext := strings.ToLower(path.Ext(file)); {
	case ext == ".tm7":
		return gap(catalog.Place{File: file}, "files of the Microsoft Threat Modeling Tool are not read. %s", wayOut), true
	case isForeign(file) && isNamed(file):
		return gap(catalog.Place{File: file}, "a threat model as %s is not read. %s", ext, wayOut), true
	}
	return catalog.Gap{}, false
}

// foreignEndings are of files that hold text for people and are not read.
var foreignEndings = []string{".tm7", ".pdf", ".docx", ".doc", ".odt", ".rst", ".adoc", ".asciidoc", ".org", ".txt"}

func isForeign(file string) bool {
	return slices.Contains(foreignEndings, strings.ToLower(path.Ext(file)))
}

func isStructured(file string) bool {
	return slices.Contains([]string{".json", ".yaml", ".yml"}, strings.ToLower(path.Ext(file)))
}

// asides are words of names and folders of what is no model in force.
var asides = []string{"template", "example", "sample", "archive", "archived", "fixture", "fixtures", "testdata", "guide", "training", "tutorial",
	"workshop", "lab", "labs", "checklist", "methodology", "schema", "howto", "finding", "findings", "course", "lesson", "exercise", "prompt", "prompts", "skill", "skills", "config", "configuration"}

// trialFolders hold models for tests and for show.
var trialFolders = []string{"test", "tests", "testdata", "__tests__", "spec", "e2e", "fixture", "fixtures", "example", "examples", "demo", "demos", "sample", "samples", "template", "templates"}

// isTrialFile reports whether a file stands in a folder of tests, examples or demonstrations.
func isTrialFile(file string) bool {
	folders := strings.Split(strings.ToLower(path.Dir(path.Clean(file))), "/")
	return slices.ContainsFunc(folders, func(f string) bool { return slices.Contains(trialFolders, f) })
}

// isNamed reports whether a path speaks of a threat model: by the file's name, or by the folder that it stands in. The
// introduction of a collection ("threat-models/README.md") is none.
func isNamed(file string) bool {
	segments := segmentsOf(file)
	if slices.ContainsFunc(segments, aside) {
		return false
	}
	name := segments[len(segments)-1]
	if strings.ToLower(path.Ext(file)) == ".tm7" || speaksOfModels(name) {
		return true
	}
	if !inCollection(segments) {
		return false
	}
	collection := strings.HasSuffix(strings.Join(segments[len(segments)-2], ""), "s")
	return !isStructured(file) && (!collection || !introduces(name))
}

// inCollection reports whether a file stands in a folder of threat models.
func inCollection(segments [][]string) bool {
	return len(segments) > 1 && speaksOfModels(segments[len(segments)-2])
}

func introduces(name []string) bool {
	return len(name) == 1 && slices.Contains([]string{"readme", "index", "contributing", "changelog", "process"}, name[0])
}

func aside(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(asides, w) || slices.Contains(asides, strings.TrimSuffix(w, "s"))
	})
}

// speaksOfModels reports whether words hold "threat model" in one of its spellings.
func speaksOfModels(words []string) bool {
	joined := strings.Join(words, " ")
	for _, name := range []string{"threat model", "threats model", "threatmodel", "threat analysis", "threagile"} {
		if strings.Contains(" "+joined, " "+name) {
			return true
		}
	}
	return false
}

// mayHold reports whether a page's name speaks of something that often is a threat model, so that it is one when it says
// what one says.
func mayHold(file string) bool {
	segments := segmentsOf(file)
	if slices.ContainsFunc(segments, aside) {
		return false
	}
	name, folders := strings.Join(segments[len(segments)-1], " "), segments[:len(segments)-1]
	for _, often := range []string{"attack surface", "self assessment", "security assessment", "security model", "security risk", "abuse case", "stride", "risk assessment", "security design", "security architecture"} {
		if strings.Contains(name, often) {
			return true
		}
	}
	secure := slices.ContainsFunc(folders, func(f []string) bool {
		return slices.Contains(f, "security") || slices.Contains(f, "threat") || slices.Contains(f, "threats")
	})
	return secure && slices.Contains([]string{"threats", "threat", "risks", "attackers", "adversaries"}, name)
}

// segmentsOf gives the words of each segment of a path in lower case, those of the name without its ending.
func segmentsOf(file string) [][]string {
	file = strings.TrimSuffix(file, path.Ext(file))
	var all [][]string
	for segment := range strings.SplitSeq(strings.ToLower(path.Clean(file)), "/") {
		all = append(all, wordsOf(segment))
	}
	return all
}

// wordsOf gives the words of a text in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// aboutOf gives what a model is about by its title, as in "Checkout threat model", and by its name in a folder of threat
// models.
func aboutOf(title catalog.Text, file string) []catalog.Text {
	var all []catalog.Text
	about := subject(title.Value)
	if about != "" {
		all = append(all, catalog.Text{Value: about, At: title.At})
	}
	segments := segmentsOf(file)
	if name := segments[len(segments)-1]; (isNamed(file) || inCollection(segments)) && !introduces(name) {
		base := path.Base(file)
		stem, _, _ := strings.Cut(base, ".")
		if speaksOfModels(name) {
			stem = subject(strings.NewReplacer("_", "-", "threatmodel", "threat-model").Replace(strings.ToLower(stem)))
		}
		if stem != "" && !strings.EqualFold(stem, about) {
			all = append(all, catalog.Text{Value: stem, At: catalog.Place{File: file}})
		}
	}
	return all
}

// subject takes the words about threat models off a title: "checkout" is left of "Threat model: checkout".
func subject(title string) string {
	rest := modelWords.ReplaceAllString(title, " ")
	if rest == title {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "(")
	return strings.Trim(strings.Join(strings.Fields(rest), " "), " -–—:()[]")
}
