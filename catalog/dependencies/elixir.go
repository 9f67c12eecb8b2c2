package dependencies

import (
	"bytes"
	"regexp"

	"obsready/catalog"
)

var (
	mixDependency = regexp.MustCompile(`\{:(\w+),\s*(?:"([^"]*)"|(?:git|github|gitlab|hex):)`)
	mixLocal      = regexp.MustCompile(`\b(?:path:|in_umbrella:\s*true)`)
	mixExact      = regexp.MustCompile(`^\s*(?:==\s*)?\d+\.\d+\.\d+[\w.+-]*$`)
	mixRef        = regexp.MustCompile(`\bref:\s*"[0-9a-f]{40}"`)
	mixApp        = regexp.MustCompile(`^\s*app:\s*:(\w+)`)
	mixUmbrella   = regexp.MustCompile(`^\s*apps_path:\s*"([^"]+)"`)
)

// readMix counts the dependencies of an Elixir project, one a line as the formatter writes them; an umbrella's projects
// share its lockfile.
func readMix(s *source, m *catalog.Manifest) bool {
	var t tally
	for n, line := range s.lines {
		text := string(line)
		if trimmed := bytes.TrimLeft(line, " \t"); len(trimmed) > 0 && trimmed[0] == '#' {
			continue
		}
		if found := mixApp.FindStringSubmatch(text); found != nil {
			m.Name = s.text(found[1], n)
		}
		if found := mixUmbrella.FindStringSubmatch(text); found != nil {
			addMembers(m, s.text(found[1]+"/*", n))
		}
		if mixLocal.MatchString(text) {
			continue
		}
		for _, found := range mixDependency.FindAllStringSubmatch(text, -1) {
			t.add(found[1], mixExact.MatchString(found[2]) || mixRef.MatchString(text))
		}
	}
	t.declare(m)
	return true
}

func readMixLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if bytes.Contains(line, []byte(`": {:hex,`)) || bytes.Contains(line, []byte(`": {:git,`)) {
			m.Packages++
		}
	}
	return true
}
