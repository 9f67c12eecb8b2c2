package dependencies

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

var (
	flakeInput = regexp.MustCompile(`\burl\s*=\s*"((?:github|gitlab|sourcehut|git\+https?|git\+ssh|https?|tarball\+https?|flake):[^"]+|[\w-]+(?:/[\w.-]+)?)"\s*;`)
	flakeRev   = regexp.MustCompile(`[/=][0-9a-f]{40}\b`)
)

// readFlake counts the inputs of a Nix flake that are not folders.
func readFlake(s *source, m *catalog.Manifest) bool {
	var t tally
	for _, line := range s.lines {
		text, _, _ := strings.Cut(string(line), "# ")
		for _, found := range flakeInput.FindAllStringSubmatch(text, -1) {
			t.add(found[1], flakeRev.MatchString(found[1]))
		}
	}
	t.declare(m)
	return true
}

// readFlakeLock counts the locked inputs; the root node is the flake itself.
func readFlakeLock(s *source, m *catalog.Manifest) bool {
	return s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			if key != "nodes" {
				return w.Skip()
			}
			return w.Object(func(node string) error {
				if node != "root" {
					m.Packages++
				}
				return w.Skip()
			})
		})
	})
}
