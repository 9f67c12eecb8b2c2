package sboms

import (
	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// readOpenVEX reads an OpenVEX document. Its subject is the product, when all statements are about one.
// https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
func (b *bill) readOpenVEX(w *jsonwalk.Walker) error {
	b.sbom.Format, b.sbom.VEX = "OpenVEX", true
	products := map[string]catalog.Text{}
	err := w.Object(func(key string) error {
		switch key {
		case "@context":
			value, at, err := w.Scalar()
			if value != "" && b.sbom.Version.IsZero() {
				b.sbom.Version = b.text(openVEXVersion(value), at)
			}
			return err
		case "timestamp":
			return b.scalar(w, &b.sbom.Created)
		case "statements":
			return w.Array(func() error { return b.statement(w, products) })
		}
		return w.Skip()
	})
	if len(products) == 1 {
		for _, product := range products {
			b.sbom.Subject = product
		}
	}
	return err
}

// openVEXVersion gives the version at the end of the context's address, "https://openvex.dev/ns/v0.2.0".
func openVEXVersion(context string) string {
	for i := len(context) - 1; i >= 0; i-- {
		if context[i] == '/' {
			if version := context[i+1:]; len(version) > 1 && version[0] == 'v' {
				return version[1:]
			}
			break
		}
	}
	return ""
}

// statement collects the products of a statement: identifiers in early versions, objects with one later.
func (b *bill) statement(w *jsonwalk.Walker, products map[string]catalog.Text) error {
	keep := func() error {
		value, at, err := w.Scalar()
		if _, seen := products[value]; value != "" && !seen && len(products) < 2 {
			products[value] = b.text(value, at)
		}
		return err
	}
	return w.Object(func(key string) error {
		if key != "products" {
			return w.Skip()
		}
		return w.Array(func() error {
			if !w.IsTable() {
				return keep()
			}
			return w.Object(func(key string) error {
				if key == "@id" {
					return keep()
				}
				return w.Skip()
			})
		})
	})
}

// readCSAF reads a document of CSAF's VEX profile.
// https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html
func (b *bill) readCSAF(w *jsonwalk.Walker) error {
	b.sbom.Format, b.sbom.VEX = "CSAF", true
	return w.Object(func(key string) error {
		if key != "document" {
			return w.Skip()
		}
		return w.Object(func(key string) error {
			switch key {
			case "csaf_version":
				return b.scalar(w, &b.sbom.Version)
			case "title":
				return b.scalar(w, &b.sbom.Subject)
			case "tracking":
				return b.tracking(w)
			}
			return w.Skip()
		})
	})
}

func (b *bill) tracking(w *jsonwalk.Walker) error {
	return w.Object(func(key string) error {
		if key == "current_release_date" {
			return b.scalar(w, &b.sbom.Created)
		}
		return w.Skip()
	})
}
