package sboms

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// spdx reads an SPDX 2 document in JSON. Its components are its packages, without the one that it describes.
// https://spdx.github.io/spdx-spec/v2.3/
type spdx struct {
	*bill
	name      catalog.Text
	packages  []spdxPackage
	described map[string]bool // identifiers of what the document describes
}

type spdxPackage struct {
	id            string
	name, version catalog.Text
}

func (s *spdx) read(w *jsonwalk.Walker) error {
	s.described = map[string]bool{}
	err := w.Object(func(key string) error {
		switch key {
		case "spdxVersion":
			return s.scalar(w, &s.sbom.Version)
		case "name":
			return s.scalar(w, &s.name)
		case "creationInfo":
			return s.creation(w)
		case "packages":
			return w.Array(func() error { return s.pack(w) })
		case "documentDescribes":
			return w.Array(func() error {
				id, _, err := w.Scalar()
				s.described[id] = true
				return err
			})
		case "relationships":
			return w.Array(func() error { return s.relationship(w) })
		}
		return w.Skip()
	})
	s.finish()
	return err
}

func (s *spdx) creation(w *jsonwalk.Walker) error {
	return w.Object(func(key string) error {
		if key == "created" {
			return s.scalar(w, &s.sbom.Created)
		}
		return w.Skip()
	})
}

// pack reads one package. Places are worked out for the described one only, since that takes a look at all lines above.
func (s *spdx) pack(w *jsonwalk.Walker) error {
	var p spdxPackage
	err := w.Object(func(key string) (err error) {
		switch key {
		case "SPDXID":
			p.id, _, err = w.Scalar()
			return err
		case "name":
			return offsetScalar(w, &p.name)
		case "versionInfo":
			return offsetScalar(w, &p.version)
		}
		return w.Skip()
	})
	s.packages = append(s.packages, p)
	return err
}

func (s *spdx) relationship(w *jsonwalk.Walker) error {
	var from, kind, to string
	err := w.Object(func(key string) (err error) {
		switch key {
		case "spdxElementId":
			from, _, err = w.Scalar()
		case "relationshipType":
			kind, _, err = w.Scalar()
		case "relatedSpdxElement":
			to, _, err = w.Scalar()
		default:
			err = w.Skip()
		}
		return err
	})
	s.relate(from, kind, to)
	return err
}

// relate takes in a relationship of either notation.
func (s *spdx) relate(from, kind, to string) {
	kind = strings.ToUpper(kind)
	switch {
	case kind == "DESCRIBES" && from == "SPDXRef-DOCUMENT":
		s.described[to] = true
	case kind == "DESCRIBED_BY" && to == "SPDXRef-DOCUMENT":
		s.described[from] = true
	case to == "NONE" || to == "NOASSERTION":
	case isDependency(kind):
		s.sbom.Related = true
	}
}

// isDependency reports whether a relationship says that one element needs another: DEPENDS_ON, RUNTIME_DEPENDENCY_OF,
// STATIC_LINK, HAS_PREREQUISITE. That a package contains another one says where it is, not who needs it.
func isDependency(kind string) bool {
	return kind == "DEPENDS_ON" || strings.HasSuffix(kind, "DEPENDENCY_OF") || strings.HasSuffix(kind, "_LINK") || strings.Contains(kind, "PREREQUISITE")
}

// finish checks the version and counts.
func (s *spdx) finish() {
	version := s.sbom.Version.Value
	s.sbom.Version.Value = strings.TrimPrefix(version, "SPDX-")
	if !strings.HasPrefix(version, "SPDX-2.") {
		s.fail(s.sbom.Version.At.Line, catalog.Unsupported, "SPDX version %q is not read. keep the document as SPDX-2.3 too", version)
	}
	s.count()
}

// count counts the packages, and takes the subject's name and version from the one that is it, else from the document.
func (s *spdx) count() {
	s.sbom.Format = "SPDX"
	s.sbom.Subject = s.located(s.name)
	subject := s.subject()
	for i, p := range s.packages {
		if i != subject {
			s.component(p.version.Value)
			continue
		}
		s.sbom.Subject = s.located(p.name)
		if isVersion(p.version.Value) {
			s.sbom.Release = s.located(p.version)
		}
	}
}

// subject gives the index of the one package that the document describes; -1 when it describes none, or several.
func (s *spdx) subject() int {
	found := -1
	for i, p := range s.packages {
		if p.id == "" || !s.described[p.id] {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// located gives a text whose place was kept as an offset, or as a line in tag-value notation.
func (s *spdx) located(t catalog.Text) catalog.Text {
	if t.At.Line > 0 || t.Value == "" {
		return t
	}
	return s.text(t.Value, t.At.Col)
}
