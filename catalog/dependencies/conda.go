package dependencies

import (
	"bytes"
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// condaExact matches a specification of one version: a single "=" is a prefix of versions unless a build follows.
var condaExact = regexp.MustCompile(`^[^=<>!~\s]+\s*(?:==\s*[^*\s=,|]+|=[^*\s=,|]+=[^*\s,|]+)$`)

// readConda counts the packages of an environment, pip's too. It locks when all are pinned. Other tools call files
// environment.yml as well; without a list of dependencies it is none of conda's.
// https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
func readConda(s *source, m *catalog.Manifest) bool {
	if !bytes.Contains(s.data, []byte("dependencies:")) {
		return false
	}
	root := s.yaml()
	list := root.Get("dependencies")
	if list == nil || list.Kind != document.List {
		return false
	}
	m.Name = root.Get("name").Text()
	var t tally
	for _, item := range list.Items {
		if spec := item.Str(); spec != "" {
			name := strings.FieldsFunc(spec, func(r rune) bool { return strings.ContainsRune("=<>!~ ", r) })
			if len(name) > 0 {
				t.add(name[0], condaExact.MatchString(spec))
			}
		}
		for _, spec := range item.Get("pip").Texts() {
			t.addSpecifications(spec.Value)
		}
	}
	t.declare(m)
	m.Lock = m.Declares && m.Pinned == m.Packages
	return true
}

func readCondaLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if bytes.HasPrefix(line, []byte("- name: ")) {
			m.Packages++
		}
	}
	return true
}
