package dependencies

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// project is the part of an MSBuild file that matters here.
// https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
type project struct {
	Groups []struct {
		References []packageReference `xml:"PackageReference"`
		Versions   []packageReference `xml:"PackageVersion"`
	} `xml:"ItemGroup"`
}

type packageReference struct {
	Include string `xml:"Include,attr"`
	Version string `xml:"Version,attr"`
	Child   string `xml:"Version"`
}

// exactNuGet matches a version that NuGet takes exactly: a bare version is a lower bound.
var exactNuGet = regexp.MustCompile(`^\[\s*[^,\s]+\s*\]$`)

func (p packageReference) pinned() bool {
	return exactNuGet.MatchString(strings.TrimSpace(p.Version + p.Child))
}

func readProject(s *source, m *catalog.Manifest) bool {
	var p project
	if !s.xml(&p) {
		return false
	}
	var t tally
	for _, group := range p.Groups {
		for _, r := range group.References {
			if r.Include != "" {
				t.add(r.Include, r.pinned())
			}
		}
	}
	t.declare(m)
	return true
}

// readCentralPackages counts the versions that are managed in one place. Nothing depends on them before a project names
// them, so that the file declares none.
func readCentralPackages(s *source, m *catalog.Manifest) bool {
	var p project
	if !s.xml(&p) {
		return false
	}
	for _, group := range p.Groups {
		for _, v := range group.Versions {
			m.Packages++
			if v.pinned() {
				m.Pinned++
			}
		}
	}
	return true
}

// readPackagesConfig reads the older list, which has every package, also those that others bring along, with its exact
// version: it declares and locks.
func readPackagesConfig(s *source, m *catalog.Manifest) bool {
	var config struct {
		Packages []struct {
			ID      string `xml:"id,attr"`
			Version string `xml:"version,attr"`
		} `xml:"package"`
	}
	if !s.xml(&config) {
		return false
	}
	var t tally
	for _, p := range config.Packages {
		t.add(p.ID, p.Version != "")
	}
	t.declare(m)
	m.Lock = m.Declares && m.Pinned == m.Packages
	return true
}

// readNuGetLock counts packages over all target frameworks, each once; projects of the solution are none.
func readNuGetLock(s *source, m *catalog.Manifest) bool {
	names := map[string]bool{}
	ok := s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			if key != "dependencies" {
				return w.Skip()
			}
			return w.Object(func(string) error {
				return w.Object(func(name string) error { return addNuGet(w, names, name) })
			})
		})
	})
	m.Packages = len(names)
	return ok
}

func addNuGet(w *jsonwalk.Walker, names map[string]bool, name string) error {
	kind := ""
	err := w.Object(func(key string) (err error) {
		if key != "type" {
			return w.Skip()
		}
		kind, _, err = w.Scalar()
		return err
	})
	if kind != "Project" {
		names[name] = true
	}
	return err
}
