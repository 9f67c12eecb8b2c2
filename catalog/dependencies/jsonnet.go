package dependencies

import "obsready/catalog"

// readJsonnetfile reads the manifest and the lockfile of jsonnet-bundler, which have the same shape; a lockfile has
// commit hashes for versions. https://github.com/jsonnet-bundler/jsonnet-bundler
func readJsonnetfile(s *source, m *catalog.Manifest) bool {
	root := s.json()
	if root == nil {
		return false
	}
	var t tally
	for _, d := range root.Get("dependencies").List() {
		if d.Get("source", "local") != nil {
			continue
		}
		remote := d.Get("source", "git", "remote").Str()
		t.add(remote+"//"+d.Get("source", "git", "subdir").Str()+d.Get("name").Str(), isHash(d.Get("version").Str()))
	}
	t.declare(m)
	m.Declares = m.Declares && !m.Lock
	return true
}
