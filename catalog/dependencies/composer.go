package dependencies

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// readComposer counts the required packages; names without a vendor are the platform's (php, ext-json).
func readComposer(s *source, m *catalog.Manifest) bool {
	root := s.json()
	if root == nil {
		return false
	}
	m.Name = root.Get("name").Text()
	var t tally
	for _, section := range []string{"require", "require-dev"} {
		for _, d := range root.Get(section).Labels() {
			if strings.Contains(d.Key, "/") {
				t.add(d.Key, exactSemver.MatchString(d.Value) || commit.MatchString(d.Value))
			}
		}
	}
	t.declare(m)
	return true
}

func readComposerLock(s *source, m *catalog.Manifest) bool {
	return s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			if key != "packages" && key != "packages-dev" {
				return w.Skip()
			}
			return w.Array(func() error { m.Packages++; return w.Skip() })
		})
	})
}
