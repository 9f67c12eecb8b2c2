package dependencies

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

func pythonFormat(base string) (format, bool) {
	switch base {
	case "pyproject.toml":
		return format{"pypi", "pip", false, readPyproject}, true
	case "setup.py":
		return format{"pypi", "setuptools", false, readSetupPy}, true
	case "setup.cfg":
		return format{"pypi", "setuptools", false, readSetupCfg}, true
	case "Pipfile":
		return format{"pypi", "pipenv", false, readPipfile}, true
	case "Pipfile.lock":
		return format{"pypi", "pipenv", true, readPipfileLock}, true
	case "poetry.lock":
		return format{"pypi", "poetry", true, readTOMLLock}, true
	case "uv.lock":
		return format{"pypi", "uv", true, readTOMLLock}, true
	case "pdm.lock":
		return format{"pypi", "pdm", true, readTOMLLock}, true
	case "pylock.toml":
		return format{"pypi", "pip", true, readTOMLLock}, true
	}
	return format{}, false
}

// readPyproject reads PEP 621's and PEP 735's tables and those of Poetry, PDM and uv. What the build itself requires
// ([build-system]) is not counted: no lockfile covers it.
func readPyproject(s *source, m *catalog.Manifest) bool {
	f, ok := s.toml()
	if !ok {
		return false
	}
	tools := f.table("tool")
	for _, tool := range []string{"poetry", "pdm", "uv"} {
		if _, uses := tools[tool]; uses {
			m.Tool = tool
		}
	}
	m.Name = f.text("project", "name")
	if m.Name.IsZero() {
		m.Name = f.text("tool", "poetry", "name")
	}
	var t tally
	addPEP621(&t, f)
	addPoetry(&t, f)
	t.declare(m)
	if uv := f.table("tool", "uv", "workspace"); uv != nil {
		addMembers(m, f.texts("tool", "uv", "workspace", "members")...)
		for _, not := range f.texts("tool", "uv", "workspace", "exclude") {
			addMembers(m, catalog.Text{Value: "!" + not.Value, At: not.At})
		}
	}
	return true
}

func addPEP621(t *tally, f *tomlFile) {
	sources := f.table("tool", "uv", "sources")
	add := func(list any) {
		for _, text := range stringsOf(list) {
			spec, _ := parseSpecification(text)
			if source, _ := sources[spec.name].(map[string]any); source["workspace"] == true || source["path"] != nil {
				continue
			}
			t.addSpecifications(text)
		}
	}
	add(f.value("project", "dependencies"))
	for _, groups := range []map[string]any{f.table("project", "optional-dependencies"), f.table("dependency-groups"), f.table("tool", "pdm", "dev-dependencies")} {
		for _, name := range sortedKeys(groups) {
			add(groups[name])
		}
	}
	add(f.value("tool", "uv", "dev-dependencies"))
}

// exactPoetry matches what Poetry takes as one version: a bare version is exact there.
var exactPoetry = regexp.MustCompile(`^(?:===?)?\s*v?\d[\w.+!-]*$`)

func addPoetry(t *tally, f *tomlFile) {
	tables := []map[string]any{f.table("tool", "poetry", "dependencies"), f.table("tool", "poetry", "dev-dependencies")}
	groups := f.table("tool", "poetry", "group")
	for _, name := range sortedKeys(groups) {
		tables = append(tables, f.table("tool", "poetry", "group", name, "dependencies"))
	}
	for _, table := range tables {
		delete(table, "python")
		addVersions(t, table, exactPoetry.MatchString)
	}
}

// addVersions counts the entries of a table of dependencies, as Poetry, Pipenv, Cargo and others write it: a version, a
// table with one, or a list of such tables.
func addVersions(t *tally, table map[string]any, exact func(version string) bool) {
	for _, name := range sortedKeys(table) {
		pinned, local := true, false
		for _, variant := range variantsOf(table[name]) {
			version, isLocal, isPinned := versionOf(variant)
			local = local || isLocal
			pinned = pinned && (isPinned || exact(version))
		}
		if !local {
			t.add(name, pinned)
		}
	}
}

func variantsOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if list, ok := v.([]map[string]any); ok {
		variants := make([]any, len(list))
		for i := range list {
			variants[i] = list[i]
		}
		return variants
	}
	return []any{v}
}

func versionOf(v any) (version string, local, pinned bool) {
	table, ok := v.(map[string]any)
	if !ok {
		version, _ = v.(string)
		return version, isLocal(version), false
	}
	version, _ = table["version"].(string)
	rev, _ := table["rev"].(string)
	ref, _ := table["ref"].(string)
	return version, table["path"] != nil, isHash(rev) || isHash(ref)
}

var fullHash = regexp.MustCompile(`^[0-9a-f]{40}$`)

func isHash(s string) bool { return fullHash.MatchString(s) }

// setupRequires matches the arguments of setup() that name dependencies.
var setupRequires = regexp.MustCompile(`\b(?:install_requires|extras_require|tests_require)\s*=|["'](?:install_requires|extras_require)["']\s*:`)

// readSetupPy sees whether the script names dependencies. How many those are, only Python itself could tell.
func readSetupPy(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		code, _, _ := strings.Cut(string(line), "#")
		m.Declares = m.Declares || setupRequires.MatchString(code)
	}
	return m.Declares
}

// readSetupCfg counts the requirements below install_requires and in the extras; most setup.cfg files hold the settings
// of other tools only.
func readSetupCfg(s *source, m *catalog.Manifest) bool {
	var t tally
	section, key := "", ""
	for n, line := range s.lines {
		text := strings.TrimSpace(string(line))
		indented := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
			continue
		case !indented && text[0] == '[':
			section, key = strings.Trim(text, "[]"), ""
			continue
		case !indented:
			name, value, _ := strings.Cut(text, "=")
			key, text = strings.TrimSpace(name), strings.TrimSpace(value)
		}
		switch {
		case text == "":
		case section == "metadata" && key == "name":
			m.Name = s.text(text, n)
		case section == "options" && key == "install_requires" || section == "options.extras_require":
			if !strings.HasPrefix(text, "file:") {
				t.addSpecifications(text)
			}
		}
	}
	t.declare(m)
	return m.Declares
}

func readPipfile(s *source, m *catalog.Manifest) bool {
	f, ok := s.toml()
	if !ok {
		return false
	}
	var t tally
	for _, section := range sortedKeys(f.values) {
		if section == "source" || section == "requires" || section == "scripts" || section == "pipenv" {
			continue
		}
		addVersions(&t, f.table(section), func(v string) bool { return exactSpecifier.MatchString(v) })
	}
	t.declare(m)
	return true
}

// readPipfileLock counts the packages of "default", "develop" and further categories.
func readPipfileLock(s *source, m *catalog.Manifest) bool {
	return s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(category string) error {
			if category == "_meta" {
				return w.Skip()
			}
			return w.Object(func(string) error { m.Packages++; return w.Skip() })
		})
	})
}

// localSource matches the source of a package that is a folder of the repository, in uv.lock, pylock.toml and pdm.lock.
var localSource = regexp.MustCompile(`^source = \{ ?(?:editable|virtual|directory|path|workspace)\b|^path = "\.`)

// readTOMLLock counts the `[[package]]` tables of poetry.lock, uv.lock, pdm.lock and the `[[packages]]` of pylock.toml,
// without those of the repository's own folders.
func readTOMLLock(s *source, m *catalog.Manifest) bool {
	inside := false
	for _, line := range s.lines {
		switch {
		case len(line) == 0:
		case line[0] == '[':
			table := strings.TrimSpace(string(line))
			if inside = table == "[[package]]" || table == "[[packages]]"; inside {
				m.Packages++
			}
		case inside && (line[0] == 's' || line[0] == 'p') && localSource.Match(line):
			m.Packages--
			inside = false
		}
	}
	return true
}
