package dependencies

import (
	"path"
	"regexp"
	"strings"

	"obsready/catalog"
)

// isRequirements reports whether a file is named as pip's requirements are: requirements.txt, dev-requirements.txt,
// requirements_test.in, requirements/base.txt.
func isRequirements(dir, base string) bool {
	ext := path.Ext(base)
	if ext != ".txt" && ext != ".in" && ext != ".lock" {
		return false
	}
	return strings.Contains(base, "requirements") || ext != ".lock" && path.Base(dir) == "requirements"
}

func isConstraints(base string) bool {
	return path.Ext(base) == ".txt" && strings.Contains(base, "constraints")
}

// specification is one requirement as PEP 508 writes it.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
type specification struct {
	name   string
	pinned bool // to one version, one commit or one archive
	local  bool // a folder or file
}

var (
	requirementName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$`)
	specifiers      = regexp.MustCompile(`^(?:(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,]+\s*(?:,\s*|$))+$`)
	exactSpecifier  = regexp.MustCompile(`^===?\s*[^\s,*]+$`)
	repositoryURL   = regexp.MustCompile(`^(?:git|hg|svn|bzr)\+`)
	archiveURL      = regexp.MustCompile(`^https?://.*(?:\.whl|\.tar\.gz|\.tar\.bz2|\.zip|#sha256=[0-9a-f]{64})(?:#.*)?$`)
)

// parseSpecification takes a requirement apart; ok is false for text that is none.
func parseSpecification(text string) (spec specification, ok bool) {
	text, _, _ = strings.Cut(text, ";")
	text = strings.TrimSpace(text)
	if isLocal(text) || text == "." || strings.HasPrefix(text, ".[") || strings.HasPrefix(text, "/") {
		return specification{name: text, local: true}, true
	}
	if repositoryURL.MatchString(text) || strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		return fromURL(text, text), true
	}
	m := requirementName.FindStringSubmatch(text)
	if m == nil {
		return spec, false
	}
	name := strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(m[1]))
	rest := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(m[2], "("), ")"))
	if url, isURL := strings.CutPrefix(rest, "@"); isURL {
		return fromURL(name, strings.TrimSpace(url)), true
	}
	if rest != "" && !specifiers.MatchString(rest) {
		return spec, false
	}
	return specification{name: name, pinned: exactSpecifier.MatchString(rest)}, true
}

func fromURL(name, url string) specification {
	return specification{name: name, pinned: commit.MatchString(url) || archiveURL.MatchString(url), local: isLocal(url)}
}

// addSpecifications counts requirements that stand in a structured file; what cannot be read counts as one that is not
// pinned, since the tool would read it.
func (t *tally) addSpecifications(texts ...string) {
	for _, text := range texts {
		spec, ok := parseSpecification(text)
		if !ok {
			spec.name = text
		}
		if !spec.local {
			t.add(spec.name, spec.pinned)
		}
	}
}

// readRequirements reads a file for `pip install -r`. It locks when every requirement is pinned. A file of other lines
// is no requirements file; single lines that cannot be read are a gap, since they may be what is not pinned.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
func readRequirements(s *source, m *catalog.Manifest) bool {
	r := requirementsReader{source: s, manifest: m}
	r.read()
	if r.bad > r.good && r.good+len(m.Constraints)+r.options == 0 || r.bad > 2*r.good+2 {
		return false
	}
	r.tally.declare(m)
	m.Lock = m.Declares && m.Pinned == m.Packages && r.bad == 0 && path.Ext(s.file) != ".in"
	if r.bad > 0 {
		cause, way := catalog.Syntax, "write one requirement on each line"
		if strings.Contains(r.badText, "{{") || strings.Contains(r.badText, "{%") || strings.Contains(r.badText, "<%") {
			cause, way = catalog.Template, "keep a rendered copy in the catalog"
		}
		s.gap(r.badLine, cause, "%q is no requirement. %s", r.badText, way)
	}
	return true
}

// readConstraints reads a file for `pip install -c`, which declares nothing by itself and locks when it is all pinned.
func readConstraints(s *source, m *catalog.Manifest) bool {
	ok := readRequirements(s, m)
	m.Declares = false
	return ok
}

type requirementsReader struct {
	source            *source
	manifest          *catalog.Manifest
	tally             tally
	good, bad         int
	options           int
	badLine           int
	badText           string
	logical           strings.Builder // a line with those that continue it
	logicalLine, line int
}

func (r *requirementsReader) read() {
	for n, line := range r.source.lines {
		r.line = n
		text := string(line)
		if r.logical.Len() == 0 {
			r.logicalLine = n
		}
		if part, continued := strings.CutSuffix(text, `\`); continued {
			r.logical.WriteString(part + " ")
			continue
		}
		r.logical.WriteString(text)
		r.requirement(r.logical.String())
		r.logical.Reset()
	}
	r.requirement(r.logical.String())
}

func (r *requirementsReader) requirement(text string) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "#") {
		return
	}
	text, _, _ = strings.Cut(text, " #")
	text, _, _ = strings.Cut(text, "\t#")
	text = strings.TrimSpace(text)
	if editable, ok := cutOption(text, "-e", "--editable"); ok {
		text = editable
	}
	switch {
	case text == "":
		return
	case strings.HasPrefix(text, "-"):
		r.options++
		if file, ok := cutOption(text, "-c", "--constraint"); ok {
			r.constraint(file)
		}
		return
	}
	text, _, _ = strings.Cut(text, " --") // options of a requirement, as in --hash
	spec, ok := parseSpecification(text)
	if !ok {
		if r.bad++; r.bad == 1 {
			r.badLine, r.badText = r.logicalLine, text[:min(len(text), 100)]
		}
		return
	}
	r.good++
	if !spec.local {
		r.tally.add(spec.name, spec.pinned)
	}
}

// constraint keeps the path of a constraints file of the repository.
func (r *requirementsReader) constraint(file string) {
	if strings.Contains(file, "://") || len(r.manifest.Constraints) >= maxMembers {
		return
	}
	joined := path.Join(path.Dir(r.source.file), file)
	r.manifest.Constraints = append(r.manifest.Constraints, r.source.text(joined, r.logicalLine))
}

// cutOption gives the value of an option, which stands after a blank or an equals sign.
func cutOption(text string, names ...string) (value string, ok bool) {
	for _, name := range names {
		if rest, found := strings.CutPrefix(text, name); found && rest != "" && (rest[0] == ' ' || rest[0] == '=' || rest[0] == '\t') {
			return strings.TrimSpace(rest[1:]), true
		}
	}
	return "", false
}
