package dependencies

import (
	"bytes"
	"regexp"
	"strings"

	"obsready/catalog"
)

var (
	gradleBlock  = regexp.MustCompile(`(?:^|[\s{])dependencies\s*\{`)
	gradleLine   = regexp.MustCompile(`^\s*(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly\w*|[rR]untimeOnly|[aA]nnotationProcessor|[cC]lasspath|[cC]ompile|[rR]untime|[pP]rovided)|kapt\w*|ksp\w*|"\w+"|add\("\w+",)\s*[( ]\s*(.+)$`)
	gradleLocal  = regexp.MustCompile(`^(?:platform\(|enforcedPlatform\(|testFixtures\()?\s*(?:project\b|projects\.|files\b|fileTree\b|gradleApi|localGroovy|gradleTestKit|gradleKotlinDsl|sourceSets\b)`)
	gradleModule = regexp.MustCompile(`["']([\w.-]+:[\w.-]+)(?::([^"':@]+))?[^"']*["']`)
	gradleName   = regexp.MustCompile(`^\s*rootProject\.name\s*=\s*["']([^"']+)["']`)
)

// readGradle counts the modules that the script's dependencies blocks name. A script is a program: what it adds in other
// ways, or through plugins, is not seen.
func readGradle(s *source, m *catalog.Manifest) bool {
	var t tally
	depth := 0 // of braces inside a dependencies block; 0 outside
	for _, line := range s.lines {
		text, _, _ := strings.Cut(string(line), "//")
		if depth == 0 {
			block := gradleBlock.FindStringIndex(text)
			if block == nil {
				continue
			}
			text = text[block[1]:]
			depth = 1
		}
		if found := gradleLine.FindStringSubmatch(text); found != nil && !gradleLocal.MatchString(found[1]) {
			name, pinned := gradleDependency(found[1])
			t.add(name, pinned)
		}
		depth = max(0, depth+strings.Count(text, "{")-strings.Count(text, "}"))
	}
	t.declare(m)
	return true
}

// gradleDependency gives a name to count by, and whether the script itself says one version.
func gradleDependency(text string) (name string, pinned bool) {
	if module := gradleModule.FindStringSubmatch(text); module != nil {
		return module[1], module[2] != "" && !floating(module[2]) && !strings.Contains(module[2], "$")
	}
	name, _, _ = strings.Cut(strings.TrimSpace(text), "{")
	return strings.TrimRight(name, ") "), false
}

// readGradleSettings finds the root of a build. Every project below it without a settings file of its own can only be
// built as a part of it, wherever the settings put it.
func readGradleSettings(s *source, m *catalog.Manifest) bool {
	m.Members = []catalog.Text{{Value: "**", At: catalog.Place{File: s.file}}}
	for n, line := range s.lines {
		if found := gradleName.FindSubmatch(line); found != nil {
			m.Name = s.text(string(found[1]), n)
			break
		}
	}
	return true
}

// readVersionCatalog counts the libraries that a catalog gives versions to. Nothing depends on them before a build
// script names them, so that it declares none.
// https://docs.gradle.org/current/userguide/version_catalogs.html
func readVersionCatalog(s *source, m *catalog.Manifest) bool {
	f, ok := s.toml()
	if !ok {
		return false
	}
	versions := f.table("versions")
	libraries := f.table("libraries")
	for _, name := range sortedKeys(libraries) {
		m.Packages++
		if version := catalogVersion(libraries[name], versions); version != "" && !floating(version) {
			m.Pinned++
		}
	}
	return true
}

func catalogVersion(library any, versions map[string]any) string {
	if notation, ok := library.(string); ok {
		parts := strings.Split(notation, ":")
		return parts[min(2, len(parts)-1)]
	}
	table, _ := library.(map[string]any)
	if ref, ok := table["version"].(map[string]any); ok {
		name, _ := ref["ref"].(string)
		version, _ := versions[name].(string)
		return version
	}
	version, _ := table["version"].(string)
	return version
}

// readGradleLock counts the lines of a lockfile, "group:artifact:version=configurations".
func readGradleLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if len(line) > 0 && line[0] != '#' && bytes.Count(line, []byte(":")) >= 2 {
			m.Packages++
		}
	}
	return true
}

// readVerification counts the components whose checksums Gradle compares: another version would fail the build.
func readVerification(s *source, m *catalog.Manifest) bool {
	m.Packages = bytes.Count(s.data, []byte("<component "))
	return true
}
