package sboms

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// spdx3 reads an SPDX 3 document in JSON-LD, whose elements stand in one list. Its components are its packages, of
// software, models and data, without the one that is the root of its bill.
// https://spdx.github.io/spdx-spec/v3.0.1/
type spdx3 struct {
	*bill
	packages    []spdxPackage
	roots       map[string]bool // of bills; else of the document
	docRoots    map[string]bool
	name        catalog.Text
	assessments int
}

func (s *spdx3) read(w *jsonwalk.Walker) error {
	s.roots, s.docRoots = map[string]bool{}, map[string]bool{}
	err := w.Object(func(key string) error {
		if key == "@graph" {
			return w.Array(func() error { return s.element(w) })
		}
		return w.Skip()
	})
	s.finish()
	return err
}

// element3 is what matters of one element, whatever its type is.
type element3 struct {
	kind, id, relationship string
	name, version          catalog.Text // places are offsets
	created, spec          catalog.Text
	roots                  []string
	targets                int
}

func (s *spdx3) element(w *jsonwalk.Walker) error {
	var e element3
	err := w.Object(func(key string) (err error) {
		switch key {
		case "type", "@type":
			e.kind, _, err = w.Scalar()
		case "spdxId", "@id":
			e.id, _, err = w.Scalar()
		case "name":
			err = offsetScalar(w, &e.name)
		case "software_packageVersion":
			err = offsetScalar(w, &e.version)
		case "created":
			err = offsetScalar(w, &e.created)
		case "specVersion":
			err = offsetScalar(w, &e.spec)
		case "relationshipType":
			e.relationship, _, err = w.Scalar()
		case "to":
			err = w.Array(func() error { e.targets++; return w.Skip() })
		case "rootElement":
			err = w.Array(func() error {
				root, _, err := w.Scalar()
				e.roots = append(e.roots, root)
				return err
			})
		default:
			err = w.Skip()
		}
		return err
	})
	s.take(e)
	return err
}

// offsetScalar keeps the offset of a value as its column until the place is needed.
func offsetScalar(w *jsonwalk.Walker, into *catalog.Text) error {
	value, at, err := w.Scalar()
	*into = catalog.Text{Value: value, At: catalog.Place{Col: at}}
	return err
}

func (s *spdx3) take(e element3) {
	switch {
	case e.kind == "CreationInfo":
		if s.sbom.Version.IsZero() && e.spec.Value != "" {
			s.sbom.Version = s.text(e.spec.Value, e.spec.At.Col)
		}
		if s.sbom.Created.IsZero() && e.created.Value != "" {
			s.sbom.Created = s.text(e.created.Value, e.created.At.Col)
		}
	case e.kind == "SpdxDocument":
		s.name = e.name
		addAll(s.docRoots, e.roots)
	case e.kind == "software_Sbom" || e.kind == "Bom" || e.kind == "Bundle":
		addAll(s.roots, e.roots)
	case e.kind == "software_Package" || e.kind == "ai_AIPackage" || e.kind == "dataset_DatasetPackage":
		s.packages = append(s.packages, spdxPackage{id: e.id, name: e.name, version: e.version})
	case strings.HasSuffix(e.kind, "VulnAssessmentRelationship"):
		s.assessments++
	case strings.HasSuffix(e.kind, "Relationship"):
		related := e.relationship == "dependsOn" || strings.HasSuffix(e.relationship, "Link") || strings.Contains(e.relationship, "Prerequisite")
		s.sbom.Related = s.sbom.Related || related && e.targets > 0
	}
}

func addAll(set map[string]bool, ids []string) {
	for _, id := range ids {
		set[id] = true
	}
}

func (s *spdx3) finish() {
	roots := s.roots
	if len(roots) == 0 {
		roots = s.docRoots
	}
	shared := spdx{bill: s.bill, packages: s.packages, described: roots, name: s.name}
	shared.count()
	s.sbom.VEX = s.assessments > 0 && s.sbom.Components == 0
	if version := s.sbom.Version; !strings.HasPrefix(version.Value, "3.") {
		s.fail(version.At.Line, catalog.Unsupported, "SPDX version %q is not read. keep the document as 3.0 or SPDX-2.3 too", version.Value)
	}
}
