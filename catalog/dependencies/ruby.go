package dependencies

import (
	"bytes"
	"regexp"
	"strings"

	"obsready/catalog"
)

var (
	gemLine   = regexp.MustCompile(`^\s*gem[\s(]\s*["']([^"']+)["'](.*)$`)
	gemSpec   = regexp.MustCompile(`\.add_(?:runtime_|development_)?dependency[\s(]\s*(?:%q[<(]|["'])([^"'>)]+)["'>)](.*)$`)
	gemName   = regexp.MustCompile(`^\s*\w+\.name\s*=\s*["']([^"']+)["']`)
	gemPath   = regexp.MustCompile(`\bpath:|:path\s*=>`)
	gemExact  = regexp.MustCompile(`^\s*,\s*["']=?\s*\d+(?:\.\w+)*["']\s*\)?\s*(?:$|,\s*[\w:]|#|if\b|unless\b)`)
	gemCommit = regexp.MustCompile(`\bref:\s*["'][0-9a-f]{40}["']`)
)

// readGemfile counts the gems that Bundler is asked for. A Gemfile is a program: gems that it adds in other ways are
// not seen.
func readGemfile(s *source, m *catalog.Manifest) bool {
	countGems(s, m, gemLine)
	return true
}

func readGemspec(s *source, m *catalog.Manifest) bool {
	countGems(s, m, gemSpec)
	return true
}

func countGems(s *source, m *catalog.Manifest, call *regexp.Regexp) {
	var t tally
	for n, line := range s.lines {
		text := string(line)
		if found := gemName.FindStringSubmatch(text); found != nil && m.Name.IsZero() && call == gemSpec {
			m.Name = s.text(found[1], n)
		}
		if found := call.FindStringSubmatch(text); found != nil && !strings.HasPrefix(strings.TrimSpace(text), "#") && !gemPath.MatchString(found[2]) {
			t.add(found[1], gemExact.MatchString(found[2]) || gemCommit.MatchString(found[2]))
		}
	}
	t.declare(m)
}

// readGemfileLock counts the specs of registries and repositories; those below PATH are folders.
func readGemfileLock(s *source, m *catalog.Manifest) bool {
	section := ""
	for _, line := range s.lines {
		switch {
		case len(line) == 0:
		case line[0] != ' ':
			section = string(line)
		case section != "GEM" && section != "GIT":
		case len(line) > 4 && bytes.HasPrefix(line, []byte("    ")) && line[4] != ' ':
			m.Packages++
		}
	}
	return true
}
