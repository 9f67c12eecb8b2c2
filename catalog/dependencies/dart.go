package dependencies

import (
	"obsready/catalog"
	"obsready/catalog/document"
)

// readPubspec counts the packages of a Dart or Flutter package; those of an SDK and of paths are none.
// https://dart.dev/tools/pub/dependencies
func readPubspec(s *source, m *catalog.Manifest) bool {
	root := s.yaml()
	if root == nil || root.Kind != document.Map {
		return false
	}
	m.Name = root.Get("name").Text()
	var t tally
	for _, section := range []string{"dependencies", "dev_dependencies"} {
		deps := root.Get(section)
		if deps == nil {
			continue
		}
		for _, p := range deps.Pairs {
			if p.Value.First("sdk", "path") != nil {
				continue
			}
			version := p.Value.Str() + p.Value.Get("version").Str()
			t.add(p.Key.Value, exactSemver.MatchString(version) || isHash(p.Value.Get("git", "ref").Str()))
		}
	}
	t.declare(m)
	addMembers(m, root.Get("workspace").Texts()...)
	return true
}

func readPubspecLock(s *source, m *catalog.Manifest) bool {
	m.Packages = countKeys(s, "packages")
	return true
}
