package dependencies

import (
	"bytes"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readChart counts a Helm chart's dependencies that come from a repository; those of a folder beside it are none.
// https://helm.sh/docs/topics/charts/#chart-dependencies
func readChart(s *source, m *catalog.Manifest) bool {
	root := s.yaml()
	if root == nil || root.Get("name") == nil {
		return false
	}
	m.Name = root.Get("name").Text()
	countCharts(root, m)
	return true
}

// readChartRequirements reads the file in which version 1 charts had their dependencies. Others use its name as well.
func readChartRequirements(s *source, m *catalog.Manifest) bool {
	root := s.yaml()
	if root.Get("dependencies") == nil {
		return false
	}
	countCharts(root, m)
	return true
}

func countCharts(root *document.Node, m *catalog.Manifest) {
	var t tally
	for _, d := range root.Get("dependencies").List() {
		repository := d.Get("repository").Str()
		if repository != "" && !isLocal(repository) {
			name := d.First("alias", "name").Str()
			t.add(name, exactSemver.MatchString(d.Get("version").Str()))
		}
	}
	t.declare(m)
}

func readChartLock(s *source, m *catalog.Manifest) bool {
	root := s.yaml()
	m.Packages = len(root.Get("dependencies").List())
	return root != nil
}

// readRequirementsLock reads what is a version 1 chart's lockfile or one of pip's requirements, by its content.
func readRequirementsLock(s *source, m *catalog.Manifest) bool {
	if bytes.HasPrefix(s.data, []byte("dependencies:")) || bytes.Contains(s.data, []byte("\ndependencies:")) {
		m.Lock = readChartLock(s, m)
		m.Pinned = m.Packages
		return m.Lock
	}
	m.Ecosystem, m.Tool = "pypi", "pip"
	return readRequirements(s, m)
}
