package sboms

import (
	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// cycloneDX reads a CycloneDX document in JSON. https://cyclonedx.org/docs/1.6/json/
type cycloneDX struct {
	*bill
	vulnerabilities int
	nesting         int
}

func (c *cycloneDX) read(w *jsonwalk.Walker) error {
	c.sbom.Format = "CycloneDX"
	err := w.Object(func(key string) error {
		switch key {
		case "specVersion":
			return c.scalar(w, &c.sbom.Version)
		case "metadata":
			return c.metadata(w)
		case "components":
			return c.components(w)
		case "dependencies":
			return w.Array(func() error { return c.dependency(w) })
		case "vulnerabilities":
			return w.Array(func() error { c.vulnerabilities++; return w.Skip() })
		}
		return w.Skip()
	})
	c.checkCycloneDX(c.sbom.Version)
	c.sbom.VEX = c.vulnerabilities > 0 && c.sbom.Components == 0
	return err
}

func (c *cycloneDX) metadata(w *jsonwalk.Walker) error {
	return w.Object(func(key string) error {
		switch key {
		case "timestamp":
			return c.scalar(w, &c.sbom.Created)
		case "component":
			return c.subject(w)
		}
		return w.Skip()
	})
}

// subject reads what the document describes, which is none of its own components; those that it is made of are.
func (c *cycloneDX) subject(w *jsonwalk.Walker) error {
	return w.Object(func(key string) error {
		switch key {
		case "name":
			return c.scalar(w, &c.sbom.Subject)
		case "version":
			return c.scalar(w, &c.sbom.Release)
		case "components":
			return c.components(w)
		}
		return w.Skip()
	})
}

func (c *cycloneDX) components(w *jsonwalk.Walker) error {
	if c.nesting++; c.nesting > maxNesting {
		c.fail(0, catalog.TooDeep, "components are nested deeper than %d levels", maxNesting)
		c.nesting--
		return w.Skip()
	}
	err := w.Array(func() error {
		if !w.IsTable() {
			return w.Skip()
		}
		version := ""
		err := w.Object(func(key string) (err error) {
			switch key {
			case "version":
				version, _, err = w.Scalar()
				return err
			case "components":
				return c.components(w)
			}
			return w.Skip()
		})
		c.component(version)
		return err
	})
	c.nesting--
	return err
}

// dependency sees whether an entry names anything that its component depends on or provides.
func (c *cycloneDX) dependency(w *jsonwalk.Walker) error {
	return w.Object(func(key string) error {
		if key != "dependsOn" && key != "provides" {
			return w.Skip()
		}
		return w.Array(func() error { c.sbom.Related = true; return w.Skip() })
	})
}
